#include "capimg/component_manifest.h"

#include "libimage/core/arena.h"

namespace Capimg::Engine
{

using namespace Metadata;

/* 'block_size' is a power of two: no division, which 32-bit targets would need a library for */
static uint64_t blocks_of(uint64_t size, uint32_t block_size)
{
	return (size >> __builtin_ctz(block_size)) + ((size & (block_size - 1)) != 0);
}

void Component_manifest::_description(Parents const &parents)
{
	Description const d = _origin.description();
	_root.kernel(d.kernel);
	_root.sequence(d.sequence);
	_root.time_base(d.time_base);
	_root.timestamp_frequency(d.timestamp_frequency);
	_root.fpu_size(d.fpu_size);
	_root.memory_searched(_place.complete());

	if (!d.label.empty()) _root.label(d.label);
	if (!d.genode_version.empty()) _root.genode_version(d.genode_version);
	if (!d.binary_name.empty() || !d.binary_digest.empty()) {
		auto const binary = _root.init_binary();
		binary.name(d.binary_name);
		if (!d.binary_digest.empty()) binary.digest(d.binary_digest);
	}
	if (uint32_t const count = _origin.cpu_features()) {
		auto const features = _root.init_cpu_features(count);
		for (uint32_t i = 0; i < count; i++) features.set(i, _origin.cpu_feature(i));
	}
	if (parents.count()) {
		auto const parent = _root.init_parent();
		State_digest const &state = parents.parent->trailer().state;
		parent.sequence(parents.parent->manifest().sequence());
		parent.state_digest(Const_bytes(state.bytes, State_digest::SIZE));
	}
	if (!d.epoch.empty()) _root.epoch(d.epoch);
	if (!d.group.empty()) _root.group(d.group);
}

Status Component_manifest::_objects(uint32_t block_size)
{
	uint32_t const count = _origin.objects(), unknown = _unknown;
	if (uint64_t(count) + unknown > Limit::MAX_OBJECTS)
		return { Code::LIMIT, 0, "Manifest.objects", uint64_t(count) + unknown,
				 Limit::MAX_OBJECTS };

	uint32_t last = 0;
	auto const list = _root.init_objects(count + unknown);
	for (uint32_t i = 0; i < count && !_builder->status(); i++) {
		Object_head const head = _origin.object(i);
		if (head.id <= last) return { Code::OUT_OF_ORDER, 0, "Object.id", head.id, last };
		last = head.id;

		uint64_t const blocks = blocks_of(head.stored_size, block_size);
		if (blocks > Limit::MAX_BLOCKS - _blocks)
			return { Code::LIMIT, 0, "block count", blocks, Limit::MAX_BLOCKS };

		Object::Writer const object = list[i];
		object.id(head.id);
		object.badge(head.badge);
		if (Status const status = _origin.describe(i, object, blocks ? _blocks : 0)) return status;
		_blocks += blocks;
		_dataspaces += blocks != 0;
	}

	if (unknown && last > ~0u - unknown) return { Code::LIMIT, 0, "Object.id", last, ~0u };
	if (_counting()) return ok;

	_table->give_ids(last + 1);
	uint32_t i = count;
	_table->for_each_unknown([&](uint32_t id, uint64_t badge) {
		Object::Writer const object = list[i++];
		object.id(id);
		object.badge(badge);
		object.capability();
	});
	return ok;
}

/* the spot names an object */
bool Component_manifest::_badge(Raw_badge_spot const &spot) const
{
	return spot.badge && !(_place.found() && spot.badge == _place.map().invalid_id);
}

/* they are written when the component runs again, and nobody knows them any more */
Status Component_manifest::_keep_raw_badges()
{
	uint32_t const total = _origin.raw_badges();
	uint32_t count = 0;
	for (uint32_t i = 0; i < total; i++) count += _badge(_origin.raw_badge(i));

	_raw_count = count;
	if (_counting() || !count) return ok;

	Arena arena(Bytes(_work.base() + SCAN_WORK, _work.size() - SCAN_WORK));
	_raw = arena.take<Raw_badge_spot>(count);
	if (!_raw) return arena.no_space();

	for (uint32_t i = 0, k = 0; i < total && k < count; i++)
		if (Raw_badge_spot const spot = _origin.raw_badge(i); _badge(spot)) _raw[k++] = spot;
	return ok;
}

Status Component_manifest::_raw_badges()
{
	if (!_raw_count) return ok;

	auto const list = _root.init_raw_badges(_raw_count);
	if (_counting()) return ok;

	for (uint32_t i = 0; i < _raw_count; i++) {
		Raw_badge_spot const &spot = _raw[i];
		uint32_t const object = _table->find(spot.badge);
		if (!object) return { Code::INCONSISTENT, spot.address, "RawBadge.object", spot.badge };

		Raw_badge::Writer const raw = list[i];
		raw.place(spot.place);
		raw.address(spot.address);
		raw.width(spot.width);
		raw.object(object);
		raw.thread(spot.thread);
		raw.word(spot.word);
	}
	return ok;
}

void Component_manifest::_safe_spots()
{
	uint32_t const count = _origin.unsafe_code();
	if (!count) return;

	auto const list = _root.init_safe_spots(count);
	for (uint32_t i = 0; i < count; i++) {
		Code_span const span = _origin.unsafe_code(i);
		list[i].start(span.start);
		list[i].size(span.size);
		if (!span.name.empty()) list[i].name(span.name);
	}
}

Status Component_manifest::state(Wire::Builder &builder, Bytes message, uint32_t block_size,
								 Parents const &parents)
{
	if (_work.size() < SCAN_WORK) return { Code::NO_SPACE, 0, "work", _work.size(), SCAN_WORK };

	_builder = &builder;
	_message = message;
	_root = builder.init_root<Manifest>();
	_description(parents);
	if (Status const status = _objects(block_size)) return status;
	if (Status const status = _space()) return status;
	return _keep_raw_badges();
}

Status Component_manifest::rest(uint64_t &held)
{
	held = 0;
	if (Status const status = _pools(held)) return status;
	if (Status const status = _raw_badges()) return status;
	_safe_spots();
	return ok;
}

}
