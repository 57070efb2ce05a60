#include "small_hostile.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include <capnp/message.h>

#include "image_parts.h"
#include "libimage/compression.h"
#include "libimage/core/head.h"
#include "libimage/core/storage.h"
#include "libimage/core/trailer.h"
#include "libimage/manifest.h"
#include "reseal.h"

namespace Capimg::Test
{

namespace
{

using Bytes_vector = std::vector<std::byte>;
using Fill = std::function<void(Schema::Manifest::Builder)>;

constexpr std::uint64_t GIB = 1ull << 30, MIB = 1 << 20;

/* structs without the zero words at their ends: Cap'n Proto's canonical form */
Bytes_vector shortest(Fill const &fill)
{
	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	fill(manifest);
	auto const words = capnp::canonicalize(manifest.asReader());
	Bytes_vector bytes(8 + words.size() * 8);
	put(bytes, 4, 4, words.size());
	std::ranges::copy(std::as_bytes(std::span(words.begin(), words.size())), bytes.begin() + 8);
	return bytes;
}

class Maker
{
	Image_parts _parts {};
	Bytes_vector _directory {}, _entries {};

  public:
	explicit Maker(Profile const &profile, std::uint64_t page = 4096, std::uint64_t features = 0)
	{
		Head head;
		head.profile = profile;
		head.machine.architecture = Architecture::X86_64;
		head.machine.page_size = std::uint32_t(page);
		head.required_features = features;
		head.set_writer("x");
		_parts.front.resize(Head::SIZE);
		if (head.encode({ _parts.front.data(), Head::SIZE })) throw std::logic_error("head");
		_parts.state.resize(State_digest::SIZE);
	}

	/* 1024 blocks alike, without an index of their own */
	void uniform(Block_kind kind, std::uint64_t chunks, std::uint64_t where = 0)
	{
		for (std::uint64_t i = 0; i < chunks; i++) {
			_directory.resize(_directory.size() + 32);
			auto const entry = std::span(_directory).last(32);
			put(entry, 0, 1, std::uint64_t(kind));
			put(entry, 1, 1, kind == Block_kind::ABSENT);
			put(entry, 8, 8, where);
		}
		_parts.blocks += chunks * Limit::CHUNK_BLOCKS;
	}

	/* a chunk of blocks that are stored */
	void stored(Block_kind kind, std::vector<Bytes_vector> const &blocks)
	{
		for (Bytes_vector const &block : blocks) {
			std::size_t const at = _entries.size();
			_entries.resize(at + 32);
			put(_entries, at, 1, std::uint64_t(kind));
			put(_entries, at + 4, 4, block.size());
			put(_entries, at + 8, 8, _parts.front.size());
			_parts.front.insert(_parts.front.end(), block.begin(), block.end());
		}
		_parts.front.resize((_parts.front.size() + 7) / 8 * 8);
		_directory.resize(_directory.size() + 32);
		put(_directory, _directory.size() - 24, 8, _parts.front.size());
		_parts.front.insert(_parts.front.end(), _entries.begin(), _entries.end());
		_parts.blocks += blocks.size();
	}

	/* as many records of the storage section as there are stored dataspaces */
	Bytes_vector finish(Fill const &fill)
	{
		Bytes_vector const manifest = shortest(fill);
		Bytes_vector storage;
		Message<Schema::Manifest> const message(manifest);
		for (auto const object : message.root().getObjects()) {
			if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
			storage.resize(storage.size() + Storage::ENTRY_SIZE);
			put(storage, storage.size() - Storage::ENTRY_SIZE, 4, object.getId());
			put(storage, storage.size() - 40, 8, _parts.blocks);
		}
		_parts.sections = { { 1, 1, _directory }, { 2, 1, manifest }, { 3, 1, storage } };
		_parts.repair_digests();
		_parts.repair_state();
		return _parts.write();
	}
};

void object(Schema::Object::Builder o, std::uint32_t id) { o.setId(id); }

/* PD 1 with region map 2, which shows dataspace 3 */
void address_space(capnp::List<Schema::Object>::Builder objects, unsigned regions,
				   std::uint64_t size, std::uint64_t first = 0)
{
	object(objects[0], 1);
	objects[0].initPdSession().setAddressSpace(2);
	object(objects[1], 2);
	auto list = objects[1].initRegionMap().initRegions(regions);
	for (unsigned i = 0; i < regions; i++) {
		list[i].setAddress(first + i * size);
		list[i].setSize(size);
		list[i].setDataspace(3);
		list[i].setReadable(true);
		list[i].setWriteable(true);
	}
}

void stored_dataspace(Schema::Object::Builder o, std::uint64_t size)
{
	object(o, 3);
	o.initDataspace().setSize(size);
	o.getDataspace().setStored(true);
}

void absent_dataspace(Schema::Object::Builder o, std::uint32_t id, std::uint64_t size)
{
	object(o, id);
	o.initDataspace().setSize(size);
	o.getDataspace().setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);
}

Profile profile(std::uint32_t block, Codec_id codec = Codec_id::RAW, int level = 0, int dedup = 0)
{
	return { block, codec, std::int8_t(level), codec_version(codec), std::uint8_t(dedup) };
}

/* blocks alike through the whole image, shown once or as often as there is room */
Bytes_vector alike(Block_kind kind, Profile const &p, std::uint64_t chunks, unsigned regions)
{
	Maker maker(p);
	maker.uniform(kind, chunks);
	std::uint64_t const size = chunks * Limit::CHUNK_BLOCKS * p.block_size;
	return maker.finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(3);
		address_space(objects, regions, size);
		stored_dataspace(objects[2], size);
	});
}

/* a capability map of 1 Mi entries in zeros */
Bytes_vector large_map(Schema::MapStructure structure, std::uint32_t stride, bool absent)
{
	Maker maker(profile(MIB));
	std::uint64_t const size = absent ? 4 * GIB : 3 * GIB;
	if (!absent) maker.uniform(Block_kind::ZERO, 3);
	return maker.finish([&](Schema::Manifest::Builder m) {
		m.setKernel(Schema::Kernel::FOC);
		auto objects = m.initObjects(3);
		address_space(objects, 1, size, 0x1000);
		absent ? absent_dataspace(objects[2], 3, size) : stored_dataspace(objects[2], size);
		auto layout = m.initCapabilitySpaces(1)[0].initLayout();
		m.getCapabilitySpaces()[0].setPd(1);
		layout.setWordBytes(8);
		layout.setStructure(structure);
		layout.setArray(0x10000);
		layout.setCount(Limit::MAX_CAPABILITIES);
		layout.setStride(stride);
		layout.setRoot(0x2000);
		layout.setDepthOffset(24);
		layout.setIdOffset(26);
		layout.setIdWidth(2);
		layout.setRefOffset(28);
		layout.setRefWidth(1);
		layout.setSocketOffset(0xffff);
		layout.setForeignOffset(0xffff);
		layout.setHasSelectors(true);
		layout.setSelectorShift(12);
		layout.setInvalidId(0xffff);
		layout.setMaxBadge(0xfffe);
		layout.setBadgeStep(4);
	});
}

/* blocks of 1 MiB, each in a few bytes of the file */
Bytes_vector bombs(Codec_id codec, std::uint32_t block, int level, int dedup, std::size_t count)
{
	std::vector<Bytes_vector> blocks;
	Compressor compressor(codec, codec == Codec_id::ZSTD ? 19 : 0);
	for (std::size_t i = 0; i < count; i++) {
		Bytes_vector const content(block, std::byte(i + 1));
		Bytes_vector out(block);
		out.resize(compressor.compress(content, out));
		blocks.push_back(out);
	}
	Maker maker(profile(block, codec, level, dedup), 4096,
				codec == Codec_id::ZSTD ? Feature::ZSTD : Feature::LZ4);
	maker.stored(codec == Codec_id::ZSTD ? Block_kind::ZSTD : Block_kind::LZ4, blocks);
	return maker.finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(3);
		address_space(objects, 1, count * block);
		stored_dataspace(objects[2], count * block);
	});
}

/* an address space of nothing but absence, to the last address */
Bytes_vector endless(std::uint64_t size, std::uint64_t region, std::uint64_t page)
{
	return Maker(profile(4096), page).finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(3);
		address_space(objects, 1, region);
		absent_dataspace(objects[2], 3, size);
	});
}

/* managed dataspaces within each other, each one shown by the map above several times */
Bytes_vector nested(unsigned levels, unsigned times)
{
	return Maker(profile(4096)).finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(2 * levels);
		std::uint64_t size = 1ull << 40;
		for (unsigned i = 0; i < levels; i++) {
			std::uint32_t const map = 2 * i + 1, dataspace = map + 1;
			object(objects[2 * i], map);
			object(objects[2 * i + 1], dataspace);
			auto regions = objects[2 * i].initRegionMap().initRegions(times);
			for (unsigned k = 0; k < times; k++) {
				regions[k].setAddress(k * (size / times / 4096 * 4096));
				regions[k].setSize(size / times / 4096 * 4096);
				regions[k].setDataspace(dataspace);
			}
			size = size / times / 4096 * 4096;
			absent_dataspace(objects[2 * i + 1], dataspace, size);
			if (i + 1 < levels) objects[2 * i + 1].getDataspace().setRegionMap(map + 2);
		}
	});
}

/* a whole chunk of a parent that nobody has */
Bytes_vector inherited(std::uint64_t chunks)
{
	Maker maker(profile(MIB), 4096, Feature::INHERITED);
	maker.uniform(Block_kind::INHERITED, chunks, 7);
	std::uint64_t const size = chunks * Limit::CHUNK_BLOCKS * MIB;
	return maker.finish([&](Schema::Manifest::Builder m) {
		kj::byte const digest[32] {};
		m.initParent().setStateDigest(kj::arrayPtr(digest, 32));
		auto objects = m.initObjects(3);
		address_space(objects, 1, size);
		stored_dataspace(objects[2], size);
	});
}

/* pools and raw badges all over memory that is zero */
Bytes_vector declared()
{
	Maker maker(profile(MIB));
	maker.uniform(Block_kind::ZERO, 1);
	return maker.finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(3);
		address_space(objects, 1, GIB);
		stored_dataspace(objects[2], GIB);
		objects[2].setBadge(0x104);
		auto trees = m.initBadgeTrees(1);
		for (auto tree : trees) {
			tree.setRoot(0x1000);
			tree.setCapabilityOffset(0x30);
			auto nodes = tree.initNodes(2);
			for (unsigned i = 0; i < 2; i++) {
				nodes[i].setAddress(0x1000 * (i + 1));
				nodes[i].setObject(3);
			}
		}
		auto badge = m.initRawBadges(1)[0];
		badge.setPlace(Schema::RawBadgePlace::STACK);
		badge.setAddress(~0ull - 3);
		badge.setWidth(8);
		badge.setObject(3);
	});
}

/* as many objects as there is room for, with the highest ids */
Bytes_vector objects(unsigned count)
{
	return Maker(profile(4096)).finish([&](Schema::Manifest::Builder m) {
		auto objects = m.initObjects(count);
		for (unsigned i = 0; i < count; i++) objects[i].setId(~0u - count + i);
	});
}

}

std::vector<Small_hostile> small_hostile()
{
	std::vector<Small_hostile> list {
		{ "zeros-1m", alike(Block_kind::ZERO, profile(MIB), 6, 1) },
		{ "zeros-4k", alike(Block_kind::ZERO, profile(4096), 6, 1) },
		{ "zeros-aliased", alike(Block_kind::ZERO, profile(MIB), 1, 7) },
		{ "zeros-dedup", alike(Block_kind::ZERO, profile(MIB, Codec_id::RAW, 0, 24), 6, 1) },
		{ "absent-blocks", alike(Block_kind::ABSENT, profile(MIB), 6, 1) },
		{ "absent-aliased", alike(Block_kind::ABSENT, profile(MIB), 1, 7) },
		{ "inherited", inherited(5) },
		{ "map-tree", large_map(Schema::MapStructure::TREE, 2048, false) },
		{ "map-list", large_map(Schema::MapStructure::LIST, 2048, false) },
		{ "map-dense", large_map(Schema::MapStructure::TREE, 32, false) },
		{ "map-absent", large_map(Schema::MapStructure::TREE, 4096, true) },
		{ "bombs-zstd", bombs(Codec_id::ZSTD, MIB, 1, 0, 2) },
		{ "bombs-zstd-19", bombs(Codec_id::ZSTD, MIB, 19, 24, 2) },
		{ "bombs-lz4", bombs(Codec_id::LZ4, 32768, 12, 24, 1) },
		{ "endless", endless(~0ull, ~0ull << 12, 4096) },
		{ "endless-pages", endless(1ull << 63, 1ull << 63, 1ull << 31) },
		{ "terabytes", endless(1ull << 44, 1ull << 44, 4096) },
		{ "nested-2", nested(2, 3) },
		{ "nested-3", nested(3, 1) },
		{ "declared", declared() },
		{ "objects", objects(20) },
	};
	std::string large;
	for (Small_hostile const &small : list)
		if (small.image.size() > SMALL_HOSTILE_SIZE)
			large += small.name + " has " + std::to_string(small.image.size()) + " bytes; ";
	if (!large.empty()) throw std::logic_error(large);
	return list;
}

}
