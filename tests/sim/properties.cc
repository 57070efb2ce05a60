#include "properties.h"

#include <sstream>

namespace Capimg::Sim
{

using namespace Field;

namespace
{

/* memory of the component in words */
struct View
{
	Address_space &memory;
	Binary const &binary;

	uint64_t word(uint64_t base, unsigned i = 0) const
	{
		return memory.load(base + uint64_t(i) * binary.word(), binary.word());
	}
	uint64_t variable(uint64_t data, unsigned i) const
	{
		return data + uint64_t(FIRST + i * VARIABLE_WORDS) * binary.word();
	}
};

}

std::string check_running(Running &running, Facts const &facts)
{
	std::ostringstream out;
	View const view { running.memory(), facts.binary };
	for (auto const &p : facts.programs) {
		Thread const *const t = running.pd().threads[p.slot];
		if (!t) {
			out << "thread " << p.slot << " is gone";
			break;
		}
		if (t->run == Thread::Run::FAULT) out << t->label << ": " << t->fault;
		if (t->run == Thread::Run::LOST) out << t->label << " sleeps for ever";
		bool const calls =
			p.data && (p.routine == CLIENT || p.routine == FACTORY || p.routine == TIMER);
		if (calls && view.word(p.data, ERRORS))
			out << t->label << ": " << view.word(p.data, ERRORS) << " wrong answers";
		bool const serves = p.routine == SERVER || p.routine == PLAIN_SERVER;
		if (serves && view.word(p.data, DROPPED)) out << t->label << " dropped requests";
		if (!out.str().empty()) break;
	}
	return out.str();
}

std::string check_finished(Running &running, Facts const &facts, std::vector<Ecu *> const &outside)
{
	if (std::string const wrong = check_running(running, facts); !wrong.empty()) return wrong;

	std::ostringstream out;
	View const view { running.memory(), facts.binary };
	auto calls = facts.outside_requests; /* by identity, as clients counted them */
	uint64_t locked = 0;

	for (auto const &p : facts.programs) {
		if (!p.data) continue;
		bool const works = p.routine != SERVER && p.routine != PLAIN_SERVER && p.routine != SIGNALS;
		if (works && view.word(p.data, ROUNDS)) {
			out << "thread " << p.slot << " (" << program(p.routine).name << ") is stuck, state "
				<< unsigned(running.pd().threads[p.slot]->run);
			return out.str();
		}
		if (p.routine == LOCKER) locked += view.word(p.data, ANSWERS);
		if (p.routine == CLIENT) {
			for (unsigned i = 0; i < view.word(p.data, VARIABLES); i++) {
				uint64_t const v = view.variable(p.data, i), passed = view.word(v, PASSED);
				calls[view.word(v, IDENTITY)] += view.word(v, COUNT);
				if (passed) calls[view.word(passed, IDENTITY)] += view.word(v, COUNT);
			}
			Thread const &t = *running.pd().threads[p.slot];
			if (Const_bytes(t.fpu.data(), t.fpu.size()).u64(0) != view.word(p.data, MIRROR))
				return t.label + ": FPU state was lost";
		}
		if (p.routine == FACTORY)
			calls[view.word(p.data, ROOT + IDENTITY)] += view.word(p.data, ROOT + COUNT);
		if (p.routine == SERVER) {
			uint64_t const end = view.word(p.data, BLOCK);
			uint64_t const size = uint64_t(Binary::OBJECT_WORDS) * facts.binary.word();
			for (uint64_t o = view.word(p.data, FIRST_BLOCK); o < end; o += size)
				if (view.word(facts.binary.object_calls(o)) != 1)
					return "an object that was made was not called exactly once";
		}
	}

	for (auto const &rpc : facts.rpcs) {
		uint64_t const executed = view.word(facts.binary.object_calls(rpc.object));
		if (executed == calls[rpc.identity]) continue;
		out << "object " << rpc.identity << " executed " << executed << " calls of "
			<< calls[rpc.identity];
		return out.str();
	}
	for (auto const &[label, identity] : facts.externals) {
		uint64_t executed = 0;
		for (Ecu *ecu : outside) executed += ecu->outside_calls[identity];
		if (executed == calls[identity]) continue;
		out << label << " executed " << executed << " calls of " << calls[identity];
		return out.str();
	}
	for (uint64_t handler : facts.handlers)
		if (view.word(handler, TIMES_HANDLED) != view.word(handler, SUBMITTED)) {
			out << "handler executed " << view.word(handler, TIMES_HANDLED) << " signals of "
				<< view.word(handler, SUBMITTED);
			return out.str();
		}
	if (view.word(facts.lock, COUNTER) != locked) return "a lock did not exclude";
	return {};
}

std::string check_capabilities(Running &running, Facts const &facts)
{
	std::ostringstream out;
	Binary const &b = facts.binary;
	Address_space &memory = running.memory();
	std::vector<uint8_t> bits(Cap_reader::work_size(b.map));
	Cap_reader reader(memory, b.map, Bytes(bits.data(), bits.size()));
	if (Status const s = reader.open()) {
		out << "map: " << error_text(s.code) << ' ' << s.field << " at " << s.offset;
		return out.str();
	}
	for (uint64_t i = 0;;) {
		Result<Cap_entry> const e = reader.next_used(i);
		if (e.failed()) break;
		i = e->index + 1;
		auto const it = running.pd().caps.find(e->kcap);
		Object const *const object = it == running.pd().caps.end() ? nullptr : it->second;
		if (e->badge == b.layout->invalid_id) continue;
		if (e->in_tree == e->stale)
			out << "entry " << e->index << " is neither in the tree nor stale";
		if (object && object->badge != e->badge)
			out << "entry " << e->index << " says " << e->badge << ", " << object->label << " is "
				<< object->badge;
		if (!out.str().empty()) return out.str();
	}

	Cap_ops const ops(running.ecu(), running.pd(), memory, b);
	for (auto const &rpc : facts.rpcs) {
		uint64_t pool = 0;
		for (auto const &p : facts.programs)
			if (p.slot == rpc.server) pool = p.data;
		uint64_t const cap = memory.load(b.object_cap(rpc.object), b.word());
		if (ops.pool_find(pool, ops.badge_of(cap)) != rpc.object) {
			out << "object " << rpc.identity << " is not found in its pool";
			return out.str();
		}
		auto const it = running.pd().caps.find(ops.kcap_of(cap));
		if (it == running.pd().caps.end() || it->second->kind != Kind::RPC) {
			out << "object " << rpc.identity << " has no capability in the kernel";
			return out.str();
		}
	}
	if (memory.load(b.parent_word, b.word()) != running.pd().parent->badge)
		return "the parent's word is not its badge";
	return {};
}

std::string check_quota(Ecu const &ecu)
{
	std::ostringstream out;
	std::map<Account const *, Amount> paid;
	for (auto const &[number, o] : ecu.objects()) {
		Amount &sum = paid[o->account];
		sum.ram += o->cost.ram;
		sum.caps += o->cost.caps;
		if (o->badge > 1 && !ecu.badges.used().contains(o->badge))
			out << o->label << " has badge " << o->badge << ", which is free";
	}
	if (!(paid[&ecu.account] == ecu.account.used())) out << "the runtime's account does not add up";
	for (auto const &[number, o] : ecu.objects())
		if (Session *s = as<Session>(o.get()); s && !(paid[&s->own] == s->own.used()))
			out << s->label << ": quota does not add up";
	return out.str();
}

}
