#include "capimg/restore_calls.h"

#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;

size_t Restore_calls::work_size(Manifest::Reader const &manifest)
{
	auto const objects = manifest.objects();
	size_t threads = 0;
	for (uint32_t i = 0; i < objects.size(); i++) threads += objects[i].which() == Which::THREAD;

	return Arena::size_of<Spot>(threads) + Arena::size_of<uint32_t>(threads) +
		   Arena::size_of<uint32_t>(objects.size());
}

/* place of the thread that answers calls to an object */
uint32_t Restore_calls::_server_of(uint32_t id) const
{
	uint32_t const i = find_object(_objects, id);
	if (i >= _objects.size()) return NONE;

	Restore_role const &role = _roles[i];
	if (role.companion) return role.kind == Companion::GATE ? _place[role.of] : NONE;
	if (role.dangling) return NONE;

	uint32_t const entrypoint = find_object(_objects, _objects[i].native_capability().entrypoint());
	return entrypoint < _objects.size() ? _place[entrypoint] : NONE;
}

void Restore_calls::_find_servers()
{
	for (uint32_t i = 0; i < _count; i++) {
		Thread::Reader const thread = _objects[_spots[i].object].thread();
		if (thread.started() && thread.phase() != Ipc_phase::USER_MODE)
			_spots[i].server = _server_of(thread.call_target());
	}
}

void Restore_calls::_find_clients()
{
	for (uint32_t i = 0; i < _count; i++) {
		Spot &spot = _spots[i];
		Thread::Reader const thread = _objects[spot.object].thread();

		/* the reply to a thread outside is lost */
		uint32_t const caller = find_object(_objects, thread.served_caller());
		if (caller >= _objects.size() || _objects[caller].which() != Which::THREAD) continue;

		uint32_t const client = _place[caller];
		bool const in_call = client != NONE && _spots[client].server == i &&
							 _objects[caller].thread().phase() != Ipc_phase::SENDING;
		if (!thread.started() || !in_call) {
			spot.contradicts = true;
			continue;
		}
		spot.client = client;
		_spots[client].in_call = true;
		_servers++;
	}
}

/* a server was ordered: those that had to wait for it wait for one less */
void Restore_calls::_done(uint32_t place, uint32_t &end)
{
	auto const less = [&](uint32_t i) {
		if (!--_spots[i].before) _order[end++] = i;
	};

	uint32_t const server = _spots[place].server;
	if (server != NONE && _spots[server].client == place) less(server);
	for (uint32_t i = _spots[place].waiting; i != NONE; i = _spots[i].next) less(i);
}

void Restore_calls::_sort()
{
	for (uint32_t i = _count; i-- > 0;) {
		uint32_t const server = _spots[i].server;
		if (_spots[i].client == NONE || server == NONE || _spots[server].client == NONE) continue;

		if (_spots[server].client == i) {
			_spots[server].before++;
		} else {
			_spots[i].before++;
			_spots[i].next = _spots[server].waiting;
			_spots[server].waiting = i;
		}
	}

	uint32_t end = 0;
	for (uint32_t i = 0; i < _count; i++)
		if (_spots[i].client != NONE && !_spots[i].before) _order[end++] = i;

	for (_ordered = 0; _ordered < end; _ordered++) _done(_order[_ordered], end);
}

Status Restore_calls::open(Arena &arena, uint32_t const *threads, uint32_t count)
{
	_count = count;
	_spots = arena.take<Spot>(count);
	_order = arena.take<uint32_t>(count);
	_place = arena.take<uint32_t>(_objects.size());
	if (!_spots || !_order || !_place) return arena.no_space();

	for (uint32_t i = 0; i < _objects.size(); i++) _place[i] = NONE;
	for (uint32_t i = 0; i < count; i++) {
		_spots[i] = {};
		_spots[i].object = threads[i];
		_place[threads[i]] = i;
	}
	_ordered = _servers = 0;

	_find_servers();
	_find_clients();
	_sort();
	return ok;
}

void Restore_calls::check(Refusal_sink &sink) const
{
	for (uint32_t i = 0; i < _count; i++) {
		Object::Reader const object = _objects[_spots[i].object];
		if (_spots[i].contradicts)
			sink.refusal({ Refusal_code::UNBOUND, object.id(), object.thread().name() });
		if (_spots[i].before)
			sink.refusal({ Refusal_code::CALL_CYCLE, object.id(), object.thread().name() });
	}
}

uint32_t Restore_calls::client(uint32_t thread) const
{
	uint32_t const place = _place[thread];
	if (place == NONE || _spots[place].client == NONE) return NONE;
	return _spots[_spots[place].client].object;
}

bool Restore_calls::involved(uint32_t thread) const
{
	uint32_t const place = _place[thread];
	return place != NONE && (_spots[place].in_call || _spots[place].client != NONE);
}

}
