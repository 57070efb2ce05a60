#include "ecu.h"

#include <algorithm>
#include <sstream>

namespace Capimg::Sim
{

uint64_t identity_of(std::string const &label)
{
	uint32_t hash = 2166136261u;
	for (char c : label) hash = (hash ^ uint8_t(c)) * 16777619u;
	hash &= 0x7fffffff;
	return hash ? hash : 1;
}

Ecu::Ecu(Config const &config)
	: layout(cap_layouts().rows[config.layout]),
	  badges(layout.kernel == Cap_kernel::FOC ? 4 : 1,
			 std::min<uint64_t>(layout.max_badge, 1u << 28), config.reuse, config.seed),
	  random(config.seed)
{
	badges.age(config.age);
	account.grant({ 64u << 20, 20000 });
}

Ecu::~Ecu() = default;

void Ecu::_forget(Object &gone)
{
	auto clear = [&](auto *&pointer) {
		if (pointer == &gone) pointer = nullptr;
	};

	for (auto const &[number, o] : _objects) {
		if (Pd *pd = as<Pd>(o.get())) {
			std::erase_if(pd->caps, [&](auto const &c) { return c.second == &gone; });
			for (Thread *&t : pd->threads) clear(t);
			clear(pd->space);
			clear(pd->stack_area);
			clear(pd->linker_area);
			clear(pd->native);
			clear(pd->parent);
		}
		if (Thread *t = as<Thread>(o.get())) {
			clear(t->target);
			clear(t->partner);
			clear(t->caller);
			clear(t->waits_for);
			clear(t->gate);
			clear(t->irq);
			clear(t->cpu);
			std::erase(t->queue, &gone);
			if ((t->run == Thread::Run::SENDING && !t->target) ||
				(t->run == Thread::Run::REPLY && !t->partner))
				t->run = Thread::Run::LOST;
		}
		if (Gate *g = as<Gate>(o.get())) clear(g->thread);
		if (Service *s = as<Service>(o.get())) clear(s->root);
		if (Irq *i = as<Irq>(o.get())) clear(i->thread);
		if (Region_map *m = as<Region_map>(o.get())) {
			std::erase_if(m->regions, [&](auto const &r) { return r.second.dataspace == &gone; });
			clear(m->content);
			clear(m->fault_handler);
		}
		if (Dataspace *d = as<Dataspace>(o.get())) clear(d->managed);
		if (Session *s = as<Session>(o.get())) clear(s->handler);
		if (Rom_session *s = as<Rom_session>(o.get())) clear(s->content);
		if (Rm_session *s = as<Rm_session>(o.get())) std::erase(s->maps, &gone);
		if (Cpu_session *s = as<Cpu_session>(o.get())) clear(s->native);
		if (Semaphore *s = as<Semaphore>(o.get())) {
			clear(s->source);
			clear(s->bound);
		}
		if (Source *s = as<Source>(o.get())) clear(s->semaphore);
		if (Context *c = as<Context>(o.get())) {
			clear(c->source);
			clear(c->holder);
		}
		clear(o->companion);
		if (o->pd == &gone) o->pd = nullptr;
	}
}

void Ecu::destroy(Object &object)
{
	std::vector<Object *> companions;
	for (auto const &[number, o] : _objects)
		if (o->companion == &object) companions.push_back(o.get());
	for (Object *c : companions) destroy(*c);

	for (auto const &[who, observer] : observers) observer(object);
	if (object.account) object.account->give_back(object.cost);
	if (object.badge > 1) badges.free(object.badge);

	/* a session whose quota others still use: what they pay goes to nobody */
	if (Session *session = as<Session>(&object))
		for (auto const &[number, o] : _objects)
			if (o->account == &session->own) o->account = nullptr;

	_forget(object);
	map_version++;
	std::erase(_clocked, &object);
	_objects.erase(object.number);
}

static uint64_t digest(uint8_t const *bytes, size_t size)
{
	uint64_t hash = 14695981039346656037ull;
	for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 1099511628211ull;
	return hash;
}

static void print_thread(std::ostream &out, Thread const &t)
{
	out << " run " << unsigned(t.run) << " slot " << t.slot << " wakeups " << t.wakeups;
	for (uint64_t r : t.reg) out << ' ' << r;
	for (uint64_t w : t.utcb) out << ' ' << w;
	out << " buffer " << t.buffer[0] << " fpu " << digest(t.fpu.data(), t.fpu.size()) << " log "
		<< t.log.size() << " target " << (t.target ? t.target->badge : 0) << " caller "
		<< (t.caller ? t.caller->slot : 999) << " queue " << t.queue.size();
}

static void print_details(std::ostream &out, Object const &object)
{
	Object *const o = const_cast<Object *>(&object);
	if (Thread *t = as<Thread>(o)) print_thread(out, *t);
	if (Gate *g = as<Gate>(o)) out << " thread " << (g->thread ? g->thread->badge : 0);
	if (Dataspace *d = as<Dataspace>(o))
		out << " size " << d->size << " bytes " << digest(d->bytes.data(), d->bytes.size());
	if (Region_map *m = as<Region_map>(o))
		for (auto const &[addr, r] : m->regions)
			out << " [" << addr << ' ' << r.size << ' ' << r.offset << ' '
				<< (r.dataspace ? r.dataspace->badge : 0) << ']';
	if (Session *s = as<Session>(o))
		out << " quota " << s->own.quota().ram << ' ' << s->own.quota().caps << " used "
			<< s->own.used().ram << ' ' << s->own.used().caps << " handler "
			<< (s->handler ? s->handler->badge : 0);
	if (Timer_session *t = as<Timer_session>(o)) out << " timeout " << t->timeout;
	if (Service *s = as<Service>(o)) out << " root " << (s->root ? s->root->badge : 0);
	if (Semaphore *s = as<Semaphore>(o))
		out << " count " << s->count << " bound " << (s->bound ? s->bound->badge : 0);
	if (Context *c = as<Context>(o)) out << " imprint " << c->imprint << " pending " << c->pending;
	if (Pd *pd = as<Pd>(o))
		for (auto const &[kcap, c] : pd->caps) out << " {" << kcap << ' ' << c->label << '}';
}

std::string Ecu::fingerprint() const
{
	std::ostringstream out;
	out << "account " << account.used().ram << ' ' << account.used().caps << " badges";
	for (uint64_t badge : badges.used()) out << ' ' << badge;
	out << '\n';
	for (auto const &[number, o] : _objects) {
		out << unsigned(o->kind) << ' ' << o->label << " badge " << o->badge;
		print_details(out, *o);
		out << '\n';
	}
	return out.str();
}

}
