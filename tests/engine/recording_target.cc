#include "recording_target.h"

#include "libimage/json_value.h"

namespace Capimg::Test
{

using Engine::Created;

static std::string text(Wire::Text t) { return { t.string(), t.size() }; }
static std::string id_text(std::uint32_t id) { return " " + std::to_string(id); }

Status Recording_target::_call(std::string const &line)
{
	if (_calls++ == fail_at) {
		log.push_back("fail: " + line);
		return { Code::DENIED, 0, "" };
	}
	log.push_back(line);
	return ok;
}

Created Recording_target::_create(std::string const &what, Object const &object,
								  std::string const &more)
{
	if (Status const s = _call(what + id_text(object.id()) + more)) return s;
	if (!objects.insert(object.id()).second) throw std::logic_error("made twice");
	return badge(object.id(), object.badge());
}

bool Recording_target::has_cpu_feature(Wire::Text name) const { return !missing.count(text(name)); }

Result<Engine::Module_info> Recording_target::module(Wire::Text name) const
{
	if (missing.count(text(name))) return Error { Code::NOT_FOUND, 0, "module" };
	return module_info;
}

bool Recording_target::provides(Wire::Text service, Wire::Text) const
{
	return !missing.count(text(service));
}

bool Recording_target::external(Wire::Text owner, Wire::Text) const
{
	return !missing.count(text(owner));
}

Created Recording_target::pd(Object const &o) { return _create("pd", o); }
Created Recording_target::session(Object const &o) { return _create("session", o); }
Created Recording_target::native_capability(Object const &o) { return _create("native", o); }
Created Recording_target::dangling(Object const &o) { return _create("dangling", o); }
Created Recording_target::signal_source(Object const &o) { return _create("source", o); }
Created Recording_target::signal_context(Object const &o) { return _create("context", o); }
Created Recording_target::external(Object const &o) { return _create("external", o); }
Created Recording_target::service(Object const &o) { return _create("service", o); }

Created Recording_target::ram(Object const &o)
{
	Created const created = _create("ram", o);
	if (!created.failed()) contents[o.id()].resize(o.dataspace().size());
	return created;
}

Created Recording_target::region_map(Object const &o, Capimg::uint32_t rm)
{
	return _create("region_map", o, " of" + id_text(rm));
}

Created Recording_target::thread(Object const &o)
{
	return _create("thread", o, " slot" + id_text(o.thread().slot()));
}

Created Recording_target::companion(Engine::Companion companion, Capimg::uint32_t id,
									Capimg::uint32_t of)
{
	if (Status const s = _call(std::string("companion ") + companion_name(companion) + id_text(id) +
							   " of" + id_text(of)))
		return s;
	if (of && !objects.count(of) && !companions.count(of)) throw std::logic_error("no owner");
	if (!companions.insert(id).second) throw std::logic_error("made twice");
	owners[id] = of;
	return badge(id, old_badges[id]);
}

/* companions go with their owners, and those of companions as well */
void Recording_target::destroy(Capimg::uint32_t id)
{
	log.push_back("destroy" + id_text(id));
	if (!objects.erase(id)) throw std::logic_error("destroyed, but not there");
	contents.erase(id);

	std::set<std::uint32_t> gone { id };
	if (owners.empty()) return;
	for (unsigned round = 0; round < 2; round++)
		for (auto const &[companion, of] : owners)
			if (gone.count(of)) gone.insert(companion);
	for (std::uint32_t companion : gone) {
		companions.erase(companion);
		owners.erase(companion);
		contents.erase(companion);
	}
	/* the parent's is nobody's, and goes with everything */
	if (objects.empty()) {
		companions.clear();
		owners.clear();
	}
}

Status Recording_target::connect(Object const &o) { return _call("connect" + id_text(o.id())); }

Status Recording_target::attach(Capimg::uint32_t map, Metadata::Region::Reader const &region)
{
	if (Status const s = _call("attach" + id_text(region.dataspace()) + " to" + id_text(map) +
							   " at " + hex_text(region.address())))
		return s;
	regions.insert({ map, region.address() });
	return ok;
}

void Recording_target::detach(Capimg::uint32_t map, Capimg::uint64_t address)
{
	log.push_back("detach from" + id_text(map) + " at " + hex_text(address));
	if (!regions.erase({ map, address })) throw std::logic_error("detached, but not there");
}

Result<Bytes> Recording_target::window(Capimg::uint32_t dataspace, Capimg::uint64_t offset,
									   size_t size)
{
	if (quiet_windows && _calls != fail_at)
		_calls++;
	else if (Status const s = _call("window" + id_text(dataspace)))
		return s;

	auto const found = contents.find(dataspace);
	if (found == contents.end()) throw std::logic_error("window of what is not there");
	if (!size || !within(offset, size, found->second.size()))
		throw std::logic_error("window beyond the dataspace");

	/* as little as is allowed */
	size_t const most = size_t(0x10000 - (offset & 0xffff));
	return Bytes(found->second.data() + offset, std::min(size, most));
}

Status Recording_target::install(Capimg::uint32_t pd, Capimg::uint64_t kcap,
								 Capimg::uint32_t object)
{
	if (!objects.count(object) && !companions.count(object))
		throw std::logic_error("installed, but not there");
	return _call("install" + id_text(object) + " at " + hex_text(kcap) + " of" + id_text(pd));
}

Status Recording_target::thread_state(Object const &o)
{
	if (!started.empty()) throw std::logic_error("a thread runs already");
	auto const words = o.thread().utcb().words();
	return _call("state" + id_text(o.id()) + (words.size() ? " " + hex_text(words[0]) : ""));
}

Status Recording_target::wakeups(Capimg::uint32_t id, Capimg::uint32_t count)
{
	return _call("wakeups" + id_text(id) + id_text(count));
}

Status Recording_target::start(Capimg::uint32_t id, bool receive_first)
{
	if (Status const s = _call("start" + id_text(id) + (receive_first ? " receive_first" : "")))
		return s;
	if (!started.insert(id).second) throw std::logic_error("started twice");
	return ok;
}

void Recording_target::stop(Capimg::uint32_t id)
{
	log.push_back("stop" + id_text(id));
	if (!started.erase(id)) throw std::logic_error("stopped, but not started");
}

Status Recording_target::release(Capimg::uint32_t id)
{
	if (!started.count(id)) throw std::logic_error("released, but not started");
	return _call("release" + id_text(id));
}

Status Recording_target::await_call(Capimg::uint32_t id)
{
	return _call("await_call" + id_text(id));
}

Status Recording_target::submit(Capimg::uint32_t id, Capimg::uint32_t count)
{
	return _call("submit" + id_text(id) + id_text(count));
}

Status Recording_target::arm(Object const &o) { return _call("arm" + id_text(o.id())); }

}
