/*
 * When a checkpoint is taken: threads that are settled and out of unsafe code, locks that are free
 */

#include <gtest/gtest.h>

#include "tests/engine/taken_checkpoint.h"
#include "tests/support/component.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

using Engine::Checkpoint;

namespace
{

constexpr std::uint64_t CODE = 0x50000;

/* a component with a map, pools, and two threads */
struct Busy_component
{
	Component component;
	Scripted_origin origin {};
	Taken_checkpoint taken { origin };

	explicit Busy_component(unsigned layout = 0) : component({ .layout = layout, .seed = 5 })
	{
		for (auto const &[addr, bytes] : component.memory().segments())
			origin.live.add(addr, bytes);
		add_memory(origin);
		origin.about.kernel = Metadata::Kernel::UNKNOWN;
		origin.hint.kernel = component.layout().kernel;
		origin.hint.word_bytes = component.layout().word_bytes;
		origin.spots = { { 100, true, Metadata::Ipc_phase::USER_MODE, 0x1000 },
						 { 101, true, Metadata::Ipc_phase::USER_MODE, 0x2000 } };
		origin.spans = { { CODE, 0x100, "ipc_call" }, { CODE + 0x1000, 0x100, "reply_wait" } };
		Status const status = taken.measure();
		EXPECT_FALSE(status) << text_of(status);
	}

	std::uint64_t pool_lock() const { return component.pool_lock(component.pools().back().tree); }
	std::uint64_t map_lock() const { return component.tree_lock(); }
	std::uint64_t allocator_lock() const { return component.map().array - 4; }

	void lock(std::uint64_t addr) { origin.live.store(addr, 0, 4); }
	void unlock(std::uint64_t addr) { origin.live.store(addr, 1, 4); }

	void expect_taken()
	{
		Status const status = taken.take();
		ASSERT_FALSE(status) << text_of(status);
		EXPECT_FALSE(origin.paused);
		ASSERT_FALSE(taken.write());
		EXPECT_TRUE(origin.at_rest());
		EXPECT_EQ(origin.kept_count, 1u);
	}

	void expect_busy(std::string const &field, std::uint64_t offset, std::uint64_t value)
	{
		Status const status = taken.take();
		EXPECT_EQ(status.code, Code::BUSY);
		EXPECT_EQ(status.field, field);
		EXPECT_EQ(status.offset, offset);
		EXPECT_EQ(status.value, value);
		EXPECT_EQ(taken.checkpoint.effort().attempts, Checkpoint::MAX_ATTEMPTS);
		EXPECT_TRUE(origin.at_rest());
		EXPECT_EQ(origin.kept_count, 0u);
		EXPECT_EQ(taken.write().code, Code::BAD_STATE);
		EXPECT_EQ(taken.sink.appends(), 0u);
	}
};

}

TEST(Checkpoint_point, threads_settle)
{
	Busy_component c;
	c.origin.spots[1].settled = false;
	c.origin.moment = [](Scripted_origin &o, unsigned n) { o.spots[1].settled = n >= 4; };
	c.expect_taken();
	EXPECT_EQ(c.origin.waits, 5u);
	EXPECT_EQ(c.taken.checkpoint.effort().attempts, 6u);
	EXPECT_EQ(c.origin.pauses, 1u);

	Busy_component never;
	never.origin.spots[0].settled = false;
	never.expect_busy("thread", 0x1000, 100);
}

TEST(Checkpoint_point, unsafe_code_is_left)
{
	Busy_component c;
	c.origin.spots[1].ip = CODE + 0xff;
	c.origin.moment = [](Scripted_origin &o, unsigned n) {
		/* out of one span into another, amid that not settled, and out */
		if (n == 2) o.spots[1].ip = CODE + 0x1000;
		if (n == 3) o.spots[1].settled = false;
		if (n == 4) o.spots[1] = { 101, true, Metadata::Ipc_phase::USER_MODE, CODE + 0x100 };
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.ran_one, 4u);
	EXPECT_EQ(c.origin.waits, 1u);
	EXPECT_EQ(c.origin.ran_all, 0u);

	/* blocked in the kernel, nothing is under way */
	Busy_component blocked;
	blocked.origin.spots[1] = { 101, true, Metadata::Ipc_phase::RECEIVING, CODE };
	blocked.expect_taken();
	EXPECT_EQ(blocked.origin.ran_one, 0u);

	Busy_component never;
	never.origin.spots[1].ip = CODE + 0x1010;
	never.expect_busy("reply_wait", CODE + 0x1010, 101);
	EXPECT_EQ(never.origin.captures, 0u);
}

/* a thread that waits in unsafe code for what another one has: that one gets its turn */
TEST(Checkpoint_point, all_run_now_and_then)
{
	Busy_component c;
	c.origin.spots[0].ip = CODE;
	c.origin.moment = [](Scripted_origin &o, unsigned) {
		if (o.ran_all) o.spots[0].ip = 0x1000;
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.ran_one, Engine::Consistent_point::ALL_RUN_EVERY - 1);
	EXPECT_EQ(c.origin.ran_all, 1u);
}

class Checkpoint_locks : public testing::TestWithParam<unsigned>
{};

TEST_P(Checkpoint_locks, of_the_map)
{
	Busy_component c(GetParam());
	c.lock(c.map_lock());
	c.origin.moment = [&](Scripted_origin &, unsigned n) {
		if (n == 6) c.unlock(c.map_lock());
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.ran_all, 7u);
	EXPECT_EQ(c.origin.captures, 1u);

	Busy_component never(GetParam());
	never.lock(never.map_lock());
	never.expect_busy("cap_map lock", never.map_lock(), 0);

	if (c.component.layout().kernel != Cap_kernel::FOC) return;
	Busy_component allocator(GetParam());
	allocator.lock(allocator.allocator_lock());
	allocator.expect_busy("cap_alloc lock", allocator.allocator_lock(), 0);
}

/* known from 'measure': looked at before anything is captured */
TEST_P(Checkpoint_locks, of_a_pool)
{
	Busy_component c(GetParam());
	c.lock(c.pool_lock());
	c.origin.moment = [&](Scripted_origin &, unsigned n) {
		if (n == 6) c.unlock(c.pool_lock());
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.ran_all, 7u);
	EXPECT_EQ(c.origin.captures, 1u);

	Busy_component never(GetParam());
	never.lock(never.pool_lock());
	never.expect_busy("pool lock", never.pool_lock(), 0);
	EXPECT_EQ(never.origin.captures, 0u);
}

/* seen in what was captured only: that attempt is void, the next ones look first */
TEST_P(Checkpoint_locks, of_an_unknown_pool)
{
	Busy_component c(GetParam());
	Taken_checkpoint fresh(c.origin);
	fresh.sizes = c.taken.sizes;
	c.lock(c.pool_lock());
	c.origin.moment = [&](Scripted_origin &, unsigned n) {
		if (n == 6) c.unlock(c.pool_lock());
	};
	Status const status = fresh.take();
	ASSERT_FALSE(status) << text_of(status);
	ASSERT_FALSE(fresh.write());
	EXPECT_EQ(c.origin.ran_all, 7u);
	EXPECT_EQ(c.origin.captures, 2u);
	EXPECT_EQ(c.origin.dropped, 1u);
}

INSTANTIATE_TEST_SUITE_P(layouts, Checkpoint_locks, testing::Values(0u, 3u, 4u, 8u, 12u));

std::size_t pools_of(Taken_checkpoint const &taken)
{
	Temporary_file const file(taken.sink.bytes());
	return Image(file.path()).manifest().getBadgeTrees().size();
}

/* a pool that is being changed: its tree is in no order, which must not hide it */
TEST(Checkpoint_point, pool_amid_a_change)
{
	Busy_component c;
	auto const pool = c.component.pools().front();
	std::uint64_t const lock = c.component.pool_lock(pool.tree);
	std::uint64_t const node = pool.objects.front().node;
	auto const depth = c.origin.live.load(node + 24, 1);
	c.lock(lock);
	c.origin.live.store(node + 24, depth + 3, 1);
	c.origin.moment = [&](Scripted_origin &o, unsigned) {
		o.live.store(node + 24, depth, 1);
		c.unlock(lock);
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.captures, 1u);
	EXPECT_EQ(pools_of(c.taken), c.component.pools().size());
}

/* each lock is taken by somebody in turn: attempts are counted over all pauses */
TEST(Checkpoint_point, pools_taken_in_turn)
{
	Busy_component c;
	auto const pools = c.component.pools();
	ASSERT_EQ(pools.size(), 2u);
	std::uint64_t const locks[] { c.component.pool_lock(pools[0].tree),
								  c.component.pool_lock(pools[1].tree) };
	unsigned held = 0;
	c.lock(locks[0]);
	c.origin.moment = [&](Scripted_origin &, unsigned) {
		c.unlock(locks[held]);
		held = 1 - held;
		c.lock(locks[held]);
	};
	Status const status = c.taken.take();
	EXPECT_EQ(status.code, Code::BUSY);
	EXPECT_EQ(std::string(status.field), "pool lock");
	EXPECT_LE(c.taken.checkpoint.effort().attempts, Checkpoint::MAX_ATTEMPTS + 1);
	EXPECT_TRUE(c.origin.at_rest());
}

/* stores to memory, one by one */
struct Recorder
{
	struct Store
	{
		std::uint64_t addr, value;
		unsigned width;
	};

	Segment_memory &memory;
	std::vector<Store> stores {};

	std::uint64_t load(std::uint64_t addr, unsigned width) const
	{
		return memory.load(addr, width);
	}
	void store(std::uint64_t addr, std::uint64_t value, unsigned width)
	{
		memory.store(addr, value, width);
		stores.push_back({ addr, value, width });
	}
};

/* nobody has seen the pool before, and it is captured behind any store of an operation */
TEST(Checkpoint_point, unknown_pool_at_every_store)
{
	Busy_component model;
	auto const pool = model.component.pools().front();
	Recorder recorder { model.origin.live };
	Cap_map const map = model.component.map();
	Basic_avl_model<Recorder> avl(recorder, 8, [&](std::uint64_t node) {
		return recorder.load(recorder.load(node + 32, 8) + map.id_offset, map.id_width);
	});

	/* nearly empty, then in ascending and descending order: the topmost node is rotated */
	auto const &objects = pool.objects;
	for (std::size_t i = 0; i < objects.size(); i++)
		if (i != 10) avl.remove(objects[i].node);
	std::size_t const first = recorder.stores.size();
	auto const insert = [&](std::size_t i) {
		avl.construct(objects[i].node);
		avl.insert(pool.tree, objects[i].node);
	};
	for (std::size_t const i : { 14u, 16u, 17u, 18u, 8u, 7u, 2u, 4u, 3u, 12u, 11u }) insert(i);
	for (unsigned i = 0; i < 10; i++) avl.remove(avl.left(pool.tree));
	auto const &stores = recorder.stores;

	for (std::size_t done = first; done < stores.size(); done++) {
		Busy_component amid;
		Taken_checkpoint unknown(amid.origin);
		unknown.sizes = amid.taken.sizes;
		amid.lock(amid.component.pool_lock(pool.tree));
		for (std::size_t i = 0; i < done; i++)
			amid.origin.live.store(stores[i].addr, stores[i].value, stores[i].width);
		amid.origin.moment = [&](Scripted_origin &o, unsigned n) {
			if (n) return;
			for (std::size_t i = done; i < stores.size(); i++)
				o.live.store(stores[i].addr, stores[i].value, stores[i].width);
			amid.unlock(amid.component.pool_lock(pool.tree));
		};
		Status const status = unknown.take();
		ASSERT_FALSE(status) << text_of(status);
		ASSERT_EQ(amid.origin.captures, 2u) << "behind store " << done;
		ASSERT_FALSE(unknown.write());
		ASSERT_EQ(pools_of(unknown), 2u);
	}
}

/* a node and the one that replaces it name each other, as with stores in another order */
TEST(Checkpoint_point, unknown_pool_with_a_circle)
{
	Busy_component c;
	Segment_memory &live = c.origin.live;
	std::uint64_t const tree = c.component.pools().front().tree;
	std::uint64_t const top = live.load(tree, 8), heir = live.load(top + 8, 8);
	std::uint64_t const inner = live.load(heir, 8);
	Taken_checkpoint fresh(c.origin);
	fresh.sizes = c.taken.sizes;

	c.lock(c.component.pool_lock(tree));
	live.store(heir, top, 8);
	live.store(top + 16, heir, 8);
	c.origin.moment = [&](Scripted_origin &o, unsigned) {
		o.live.store(heir, inner, 8);
		o.live.store(top + 16, tree, 8);
		c.unlock(c.component.pool_lock(tree));
	};
	Status const status = fresh.take();
	ASSERT_FALSE(status) << text_of(status);
	EXPECT_EQ(c.origin.captures, 2u);
	ASSERT_FALSE(fresh.write());
	EXPECT_EQ(pools_of(fresh), 2u);
}

/* only what was seen before tells that an empty tree is a pool */
TEST(Checkpoint_point, known_pool_amid_its_first_insertion)
{
	Busy_component c;
	std::uint64_t const tree = c.component.pools().front().tree;
	auto const left = c.origin.live.load(tree, 8), depth = c.origin.live.load(tree + 24, 1);
	c.origin.live.store(tree, 0, 8);
	c.origin.live.store(tree + 24, 1, 1);
	c.lock(c.component.pool_lock(tree));
	c.origin.moment = [&](Scripted_origin &o, unsigned) {
		o.live.store(tree, left, 8);
		o.live.store(tree + 24, depth, 1);
		c.unlock(c.component.pool_lock(tree));
	};
	c.expect_taken();
	EXPECT_EQ(c.origin.captures, 1u);
	EXPECT_EQ(c.origin.ran_all, 1u);
	EXPECT_EQ(pools_of(c.taken), 2u);
}

/* what points to nodes or capabilities, and is followed by zeros, is no pool that is held */
TEST(Checkpoint_point, look_alikes_hold_nothing)
{
	for (unsigned const layout : { 0u, 6u }) {
		Busy_component c(layout);
		auto const pool = c.component.pools().front();
		Cap_map const map = c.component.map();
		std::uint64_t const slot = map.slot(pool.objects.front().index);
		std::uint64_t place = 0x70000000;
		auto const look_alike = [&](std::uint64_t left, std::uint64_t policy, unsigned depth) {
			c.origin.live.add(place, std::vector<std::uint8_t>(4096));
			c.origin.live.store(place + 64, left, 8);
			c.origin.live.store(place + 64 + 24, depth, 1);
			c.origin.live.store(place + 64 + 32, policy, 8);
			place += 4096;
		};
		for (auto const &object : pool.objects)
			for (unsigned depth = 1; depth < 6; depth++) look_alike(object.node, 0x1101c8, depth);
		look_alike(slot, slot, 4);
		look_alike(slot, 0x1101c8, 4);
		c.expect_taken();
		EXPECT_EQ(c.origin.captures, 1u);
		EXPECT_EQ(c.origin.ran_all, 0u);
		EXPECT_EQ(pools_of(c.taken), 2u);
	}
}
