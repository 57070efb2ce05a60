/*
 * Memory of real components against what an independent decoder read from it
 */

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "libimage/core/cap_find.h"
#include "libimage/core/cap_read.h"
#include "libimage/core/cap_refs.h"
#include "libimage/core/object_pool.h"
#include "tests/support/core_memory.h"

using namespace Capimg;
using Json = nlohmann::json;

static uint64_t number(Json const &value)
{
	if (value.is_string()) return std::stoull(value.get<std::string>(), nullptr, 0);
	return value.is_number_unsigned() ? value.get<uint64_t>() : uint64_t(value.get<int64_t>());
}

class Cap_fixture : public testing::TestWithParam<char const *>
{
  protected:
	Capimg::Test::Segment_memory memory {};
	Json truth {};
	Cap_find_result found {};
	std::vector<uint8_t> work = std::vector<uint8_t>(CAP_FIND_WORK);

	void SetUp() override
	{
		std::string const base = std::string(CAPIMG_TEST_DATA "/fixtures/") + GetParam();
		Capimg::Test::load_core(base + ".core", memory);
		truth = Json::parse(std::ifstream(base + ".json"));

		ASSERT_FALSE(find_cap_maps(memory, {}, Bytes(work.data(), work.size()), found));
		ASSERT_EQ(found.count, 1u);
	}

	bool foc() const { return truth["kernel"] == "foc"; }
	Cap_map const &map() const { return found.candidates[0].map; }
};

TEST_P(Cap_fixture, MapIsFoundWithoutHints)
{
	Json const &want = foc() ? truth["capMap"] : truth["capSpace"];
	Cap_candidate const &c = found.candidates[0];

	EXPECT_EQ(c.reason, Cap_reason::ONLY);
	EXPECT_EQ(c.contradictions, 0u);
	EXPECT_FALSE(found.exhausted);
	EXPECT_EQ(c.nodes, number(truth["inTree"]));
	EXPECT_EQ(c.used, truth["entries"].size());
	EXPECT_STREQ(cap_kernel_name(map().kernel), truth["kernel"].get<std::string>().c_str());
	EXPECT_LE(c.layout().first_release, 2602);
	EXPECT_GE(c.layout().last_release, 2602);

	EXPECT_EQ(map().array, number(want["array"]));
	EXPECT_EQ(map().count, number(want["count"]));
	EXPECT_EQ(map().stride, number(want["stride"]));
	EXPECT_EQ(map().root, number(want[foc() ? "root" : "tree"]));
	EXPECT_EQ(map().id_offset, number(want[foc() ? "idOffset" : "keyOffset"]));
	EXPECT_EQ(map().ref_offset, number(want["refOffset"]));
	if (foc()) {
		EXPECT_EQ(map().depth_offset, number(want["depthOffset"]));
	} else {
		EXPECT_EQ(map().node_offset, number(want["avlOffset"]));
		EXPECT_EQ(map().socket_offset, number(want["socketOffset"]));
		EXPECT_EQ(map().foreign_offset, number(want["foreignOffset"]));
	}
}

TEST_P(Cap_fixture, EntriesAreThoseOfTheDecoder)
{
	std::vector<uint8_t> bits(Cap_reader::work_size(map()));
	Cap_reader reader(memory, map(), Bytes(bits.data(), bits.size()));
	ASSERT_FALSE(reader.open());
	EXPECT_EQ(reader.nodes(), number(truth["inTree"]));

	uint64_t index = 0;
	for (Json const &want : truth["entries"]) {
		Result<Cap_entry> const e = reader.next_used(index);
		ASSERT_FALSE(e.failed());
		EXPECT_EQ(e->slot, number(want["slot"]));
		EXPECT_EQ(e->ref_count, number(want["refCount"]));
		EXPECT_EQ(e->in_tree, want["inTree"].get<bool>());
		EXPECT_EQ(e->badge, number(want[foc() ? "badge" : "key"]));
		if (foc()) {
			EXPECT_TRUE(e->has_kcap);
			EXPECT_EQ(e->kcap, number(want["kcap"]));
			EXPECT_EQ(e->stale, !e->in_tree && e->badge != 0xffffffff);
		} else {
			EXPECT_FALSE(e->has_kcap);
			EXPECT_EQ(e->index, number(want["index"]));
			EXPECT_EQ(e->socket, want["socket"].get<int32_t>());
			EXPECT_EQ(e->foreign, want["foreign"].get<bool>());
			EXPECT_FALSE(e->stale);
		}

		if (e->in_tree) {
			Result<uint64_t> const looked_up = reader.find(e->badge);
			ASSERT_FALSE(looked_up.failed());
			EXPECT_EQ(*looked_up, e->index);
		}
		index = e->index + 1;
	}
	EXPECT_EQ(reader.next_used(index).error().code, Code::NOT_FOUND);
	EXPECT_EQ(reader.find(0x0dd).error().code, Code::NOT_FOUND);

	EXPECT_EQ(reader.locks().tree, Lock_state::FREE);
	EXPECT_EQ(reader.locks().allocator, foc() ? Lock_state::FREE : Lock_state::UNKNOWN);
}

TEST_P(Cap_fixture, PoolsAreThoseOfTheDecoder)
{
	std::map<uint64_t, uint64_t> pools;
	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan scan(memory, map(), Bytes(buffer.data(), buffer.size()));
	for (Result<Object_pool> pool = scan.next();; pool = scan.next()) {
		if (pool.failed()) {
			EXPECT_EQ(pool.error().code, Code::NOT_FOUND);
			break;
		}
		EXPECT_EQ(pool->lock, Lock_state::FREE);
		pools[pool->tree] = pool->objects;
	}

	if (foc()) {
		std::map<uint64_t, uint64_t> want;
		for (Json const &pool : truth["objectPools"])
			want[number(pool["tree"])] = number(pool["objects"]);
		EXPECT_EQ(pools, want);
	} else {
		/* the decoder does not list them; it is the server that has two on Fiasco.OC */
		EXPECT_EQ(pools.size(), 2u);
		uint64_t objects = 0;
		for (auto const &[tree, count] : pools) objects += count;
		EXPECT_EQ(objects, number(truth["inTree"]));
	}
}

TEST_P(Cap_fixture, CapabilityVariablesAreThoseOfTheDecoder)
{
	std::vector<uint8_t> bits(Cap_ref_scan::work_size(map()));
	Cap_ref_scan scan(memory, map(), Bytes(bits.data(), bits.size()));

	uint64_t all = 0, internal = 0;
	for (Result<Cap_ref> ref = scan.next(); !ref.failed(); ref = scan.next()) {
		EXPECT_EQ(memory.load(ref->addr, 8), map().slot(ref->index));
		all++;
		internal += ref->internal;
	}
	RecordProperty("internal", int(internal));
	if (foc()) {
		EXPECT_EQ(all, number(truth["capabilityVariables"])) << "internal: " << internal;
	} else {
		EXPECT_GT(all, truth["entries"].size());
	}
}

TEST_P(Cap_fixture, WithoutDirectAccessTheSameIsFound)
{
	memory.peek_allowed(false);
	Cap_find_result again {};
	ASSERT_FALSE(find_cap_maps(memory, {}, Bytes(work.data(), work.size()), again));
	ASSERT_EQ(again.count, 1u);
	EXPECT_EQ(again.candidates[0].map, map());
}

TEST_P(Cap_fixture, HintsNarrowOrNameThePlace)
{
	auto find = [&](Cap_hints const &hints) {
		Cap_find_result result {};
		EXPECT_FALSE(find_cap_maps(memory, hints, Bytes(work.data(), work.size()), result));
		return result;
	};

	Cap_hints hints {};
	hints.kernel = map().kernel;
	hints.release = 2602;
	hints.word_bytes = 8;
	ASSERT_EQ(find(hints).count, 1u);
	EXPECT_EQ(find(hints).candidates[0].map, map());

	/* the array, the object around it, the tree object */
	uint64_t const object = foc() ? map().array - 12 : map().array;
	for (uint64_t addr : { map().array, object, map().root }) {
		Cap_hints place {};
		place.has_addr = true;
		place.addr = addr;
		Cap_find_result const at = find(place);
		ASSERT_EQ(at.count, 1u) << std::hex << addr;
		EXPECT_EQ(at.candidates[0].map, map());
		EXPECT_FALSE(at.candidates[0].tree);
	}

	Cap_hints wrong {};
	wrong.kernel = foc() ? Cap_kernel::LINUX : Cap_kernel::FOC;
	EXPECT_EQ(find(wrong).count, 0u);
	EXPECT_EQ(find(wrong).best().error().code, Code::NOT_FOUND);

	wrong = {};
	wrong.release = 1608;
	EXPECT_EQ(find(wrong).count, 0u);

	wrong = {};
	wrong.has_addr = true;
	wrong.addr = map().array + 4;
	EXPECT_EQ(find(wrong).count, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, Cap_fixture,
						 testing::Values("foc-counter", "foc-server-1", "foc-server-2",
										 "foc-churn-1", "foc-churn-2", "foc-churn-3",
										 "linux-server"),
						 [](auto const &info) {
							 std::string name = info.param;
							 std::replace(name.begin(), name.end(), '-', '_');
							 return name;
						 });
