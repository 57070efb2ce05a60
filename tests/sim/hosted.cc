#include "hosted.h"

namespace Capimg::Sim
{

Hosted::Hosted(Ecu &ecu) : _ecu(ecu)
{
	_ecu.observers[this] = [this](Object &object) { _gone(object); };
	_ecu.creation_observers[this] = [this](Object &object) {
		if (object.pd == pd) _take(object);
	};
}

Hosted::~Hosted()
{
	_ecu.observers.erase(this);
	_ecu.creation_observers.erase(this);
}

void Hosted::_gone(Object &object)
{
	auto const it = _ids.find(&object);
	if (it == _ids.end()) return;
	Known &known = _known[it->second];
	known.object = nullptr;

	Gate const *const gate = as<Gate>(&object);
	if (gate && object.kind == Kind::RPC) {
		known.entrypoint = gate->thread ? id(gate->thread) : 0;
		known.order = gate->order;
	} else {
		_known.erase(it->second);
	}
	_ids.erase(it);
	if (&object == pd) pd = nullptr;
}

void Hosted::look()
{
	for (auto const &[number, o] : _ecu.objects()) {
		if (!pd || o->pd != pd || o->kind == Kind::IRQ || _ids.contains(o.get())) continue;
		_take(*o);
	}
}

void Hosted::_take(Object &object)
{
	while (_known.contains(_next)) _next++;
	add(_next++, object);
}

void Hosted::add(uint32_t id, Object &object)
{
	/* who had this badge before has it no longer */
	std::erase_if(_known, [&](auto const &k) {
		return !k.second.object && object.badge && k.second.badge == object.badge;
	});
	_known[id] = { id, object.badge, &object, 0, 0, false };
	_ids[&object] = id;
}

void Hosted::add_dangling(uint32_t id, uint64_t badge, uint32_t entrypoint, uint64_t order)
{
	_known[id] = { id, badge, nullptr, entrypoint, order, true };
}

void Hosted::remove(uint32_t id)
{
	auto const it = _known.find(id);
	if (it == _known.end()) return;
	if (it->second.object) _ids.erase(it->second.object);
	_known.erase(it);
}

uint32_t Hosted::id(Object const *object) const
{
	auto const it = _ids.find(object);
	return it == _ids.end() ? 0 : it->second;
}

Object *Hosted::object(uint32_t id) const
{
	auto const it = _known.find(id);
	return it == _known.end() ? nullptr : it->second.object;
}

}
