#include "nested_maps.h"

#include "libimage/manifest.h"

namespace Capimg::Test
{

namespace
{

constexpr std::uint64_t PAGE = 4096;

/* objects of a manifest under construction; ids are given one by one */
struct Maker
{
	struct Dataspace
	{
		std::uint32_t id;
		std::uint64_t size;
		bool stored;
		std::uint32_t map; /* managed */
		Writer::Stored stored_at {};
	};
	struct Region
	{
		std::uint64_t address, size, offset;
		std::uint32_t dataspace;
	};
	struct Map
	{
		std::uint32_t id;
		std::vector<Region> regions {};
	};

	Memory_sink sink {};
	Writer writer;
	std::vector<Dataspace> dataspaces {};
	std::vector<Map> maps {}; /* the first one is the address space */

	explicit Maker(Head const &head) : writer(sink, head, { .threads = 1 }) {}

	void add(std::uint32_t id, Pieces content)
	{
		auto const at = writer.add_dataspace(id, content.size(), content);
		dataspaces.push_back({ id, content.size(), true, 0, at });
	}

	static void write(Schema::Dataspace::Builder builder, Dataspace const &d)
	{
		builder.setSize(d.size);
		builder.setStored(d.stored);
		builder.setRegionMap(d.map);
		if (!d.stored) return;
		builder.setFirstBlock(d.stored_at.first_block);
		auto absent = builder.initAbsent(unsigned(d.stored_at.absent.size()));
		for (unsigned k = 0; k < absent.size(); k++) {
			absent[k].setOffset(d.stored_at.absent[k].offset);
			absent[k].setSize(d.stored_at.absent[k].size);
			absent[k].setReason(Schema::AbsentReason(d.stored_at.absent[k].reason));
		}
	}

	std::vector<std::byte> finish()
	{
		capnp::MallocMessageBuilder message;
		auto manifest = message.initRoot<Schema::Manifest>();
		auto objects = manifest.initObjects(unsigned(1 + dataspaces.size() + maps.size()));

		/* ids ascend: PD session, address space, dataspaces, other maps */
		unsigned at = 0;
		objects[at].setId(1);
		objects[at++].initPdSession().setAddressSpace(maps[0].id);
		auto const add_map = [&](Map const &map) {
			objects[at].setId(map.id);
			auto regions = objects[at++].initRegionMap().initRegions(unsigned(map.regions.size()));
			for (unsigned i = 0; i < regions.size(); i++) {
				regions[i].setAddress(map.regions[i].address);
				regions[i].setSize(map.regions[i].size);
				regions[i].setOffset(map.regions[i].offset);
				regions[i].setDataspace(map.regions[i].dataspace);
			}
		};
		add_map(maps[0]);
		for (Dataspace const &d : dataspaces) {
			objects[at].setId(d.id);
			write(objects[at++].initDataspace(), d);
		}
		for (std::size_t i = 1; i < maps.size(); i++) add_map(maps[i]);

		writer.finish(encode_manifest(manifest.asReader()));
		return sink.bytes();
	}
};

std::uint64_t pages(std::uint64_t size) { return (size + PAGE - 1) / PAGE * PAGE; }

}

std::vector<std::byte> nested_maps(unsigned seed, Profile const &profile)
{
	std::mt19937 random(seed);
	auto const below = [&](std::uint64_t n) { return random() % n; };

	Head head;
	head.profile = profile;
	Maker maker(head);
	maker.maps.push_back({ 2 });

	std::uint32_t id = 3;
	for (std::uint64_t i = 0, count = 1 + below(6); i < count; i++) {
		Pieces pieces;
		for (std::uint64_t k = 0, parts = 1 + below(4); k < parts; k++) {
			std::uint64_t const size = 1 + below(3 * PAGE);
			switch (below(4)) {
			case 0: pieces.zero(size); break;
			case 1: pieces.absent(size); break;
			default: pieces.random(size, unsigned(random())); break;
			}
		}
		maker.add(id++, std::move(pieces));
	}
	for (std::uint64_t i = 0, count = below(3); i < count; i++)
		maker.dataspaces.push_back({ id++, 1 + below(5 * PAGE), false, 0 });

	std::uint32_t const maps = std::uint32_t(below(8));
	std::uint32_t const first_map = id + maps;
	for (std::uint32_t i = 0; i < maps; i++) {
		maker.dataspaces.push_back({ id++, 1 + below(64 * PAGE), false, first_map + i });
		maker.maps.push_back({ first_map + i });
	}

	for (Maker::Map &map : maker.maps) {
		std::uint64_t at = below(3) * PAGE;
		for (std::uint64_t i = 0, count = 1 + below(12); i < count; i++) {
			Maker::Dataspace const &d = maker.dataspaces[below(maker.dataspaces.size())];
			if (d.map && d.map <= map.id) continue;
			std::uint64_t const unit = below(3) ? PAGE : 1;
			std::uint64_t const whole = pages(d.size);
			std::uint64_t const offset = below(whole) / unit * unit;
			std::uint64_t size = std::max<std::uint64_t>(1, below(whole - offset) / unit * unit);
			if (!below(3)) size = whole - offset;
			map.regions.push_back({ at, size, offset, d.id });
			at += size + (below(2) ? 0 : below(3 * PAGE));
		}
	}

	/* the last page of all, now and then */
	if (!below(4)) maker.maps[0].regions.push_back({ ~std::uint64_t(0) - (PAGE - 1), PAGE, 0, 3 });
	return maker.finish();
}

std::vector<std::byte> stacked_maps(unsigned levels, unsigned times, bool content)
{
	Maker maker { Head {} };
	maker.maps.push_back({ 2 });
	maker.add(3, Pieces().random(PAGE, 1));

	/* managed dataspace i shows map i; each map is as large as its regions */
	std::uint32_t const first_map = 3 + levels;
	std::uint64_t size = PAGE;
	for (unsigned i = 1; i < levels; i++) size *= times;
	for (unsigned i = 0; i < levels; i++) {
		bool const last = i + 1 == levels;
		for (unsigned k = 0; k < times && (content || !last); k++)
			maker.maps[i].regions.push_back({ k * size, size, 0, 3 + (last ? 0 : i + 1) });
		if (last) break;
		maker.dataspaces.push_back({ 4 + i, size, false, first_map + i });
		maker.maps.push_back({ first_map + i });
		size /= times;
	}
	return maker.finish();
}

}
