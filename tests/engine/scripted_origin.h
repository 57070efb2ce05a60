/*
 * A component that does what a test says, as the engine's checkpoints see it
 *
 * Its memory is that of 'live'. While it runs, memory changes wherever 'scratch' says, and nobody
 * may ask for its state. Everything that the engine does is counted.
 */

#ifndef CAPIMG__TESTS__ENGINE__SCRIPTED_ORIGIN_H
#define CAPIMG__TESTS__ENGINE__SCRIPTED_ORIGIN_H

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <vector>

#include "capimg/origin.h"
#include "tests/support/segment_memory.h"

namespace Capimg::Test
{

class Scripted_origin final : public Engine::Origin
{
  public:
	struct Item
	{
		Engine::Object_head head {};
		std::function<void(Metadata::Object::Writer const &, std::uint64_t first_block)>
			describe {};
		Code error = Code::OK;
		std::uint64_t address = 0; /* of a dataspace's content */
	};

	struct Absent
	{
		std::uint32_t dataspace;
		std::uint64_t offset, size;
		Metadata::Absent_reason reason = Metadata::Absent_reason::NOT_CAPTURED;
	};

	/* ---- what the test sets ---- */

	Segment_memory live {};
	std::vector<Item> items {};
	Engine::Description about {};
	std::vector<Engine::Thread_spot> spots {};
	std::vector<Engine::Code_span> spans {};
	std::vector<Engine::Raw_badge_spot> raw {};
	std::vector<Wire::Text> features {};
	Cap_hints hint {};
	std::function<Engine::Cap_note(std::uint64_t)> note_of {};
	std::vector<Absent> absent {};
	std::uint64_t run_limit = ~std::uint64_t(0); /* bytes of a captured run at most */
	std::uint64_t page = 4096;                   /* granularity of 'changed' */

	/* called at each moment that something runs on, with its number: run_on and wait */
	std::function<void(Scripted_origin &, unsigned)> moment {};
	std::function<void(Scripted_origin &)> resumed {};

	/* calls that fail: number n of all that can, from 0 on */
	unsigned fail_at = ~0u;
	Error failure { Code::VANISHED, 0, "origin" };

	/* ---- what happened ---- */

	bool paused = false, captured_now = false;
	unsigned pauses = 0, resumes = 0, captures = 0, deltas = 0, kept_count = 0, dropped = 0;
	std::vector<std::uint32_t> forgotten {};
	unsigned moments = 0, ran_one = 0, ran_all = 0, waits = 0, calls = 0;

  private:
	std::optional<Segment_memory> _copy {};
	std::optional<std::map<std::uint64_t, std::vector<std::uint8_t>>> _kept {};

	Status _try() { return calls++ == fail_at ? Status(failure) : ok; }

	void _state() const { EXPECT_TRUE(paused) << "state of a running component"; }

	void _moment()
	{
		if (moment) moment(*this, moments);
		moments++;
	}

	Item const &_dataspace(std::uint32_t id) const
	{
		for (Item const &item : items)
			if (item.head.id == id && item.head.stored_size) return item;
		throw std::out_of_range("no such dataspace");
	}

  public:
	/* state may be asked for without a pause: for 'measure' */
	bool always = false;

	Status pause() override
	{
		pauses++;
		paused = true;
		return _try();
	}

	void resume() override
	{
		EXPECT_TRUE(paused);
		resumes++;
		paused = false;
		if (resumed) resumed(*this);
	}

	Status run_on(std::uint32_t) override
	{
		_state();
		ran_one++;
		_moment();
		return _try();
	}

	Status run_on() override
	{
		_state();
		ran_all++;
		_moment();
		return _try();
	}

	void wait() override
	{
		_state();
		waits++;
		_moment();
	}

	Engine::Description description() override { return about; }
	std::uint32_t cpu_features() override { return std::uint32_t(features.size()); }
	Wire::Text cpu_feature(std::uint32_t n) override { return features.at(n); }

	std::uint32_t threads() override { return std::uint32_t(spots.size()); }
	Engine::Thread_spot thread(std::uint32_t n) override
	{
		_state();
		return spots.at(n);
	}

	std::uint32_t unsafe_code() override { return std::uint32_t(spans.size()); }
	Engine::Code_span unsafe_code(std::uint32_t n) override { return spans.at(n); }

	std::uint32_t objects() override
	{
		if (!always) _state();
		return std::uint32_t(items.size());
	}
	Engine::Object_head object(std::uint32_t n) override
	{
		if (!always) _state();
		return items.at(n).head;
	}

	Status describe(std::uint32_t n, Metadata::Object::Writer const &writer,
					Capimg::uint64_t first_block) override
	{
		if (!always) _state();
		if (Status const s = _try()) return s;
		if (items.at(n).describe) items[n].describe(writer, first_block);
		return ok;
	}

	/* all states of the component are asked for while it is paused: this one as well */
	void forget(std::uint32_t id) override
	{
		_state();
		std::erase_if(items, [id](Item const &item) { return item.head.id == id; });
		forgotten.push_back(id);
	}

	std::uint32_t raw_badges() override
	{
		if (!always) _state();
		return std::uint32_t(raw.size());
	}
	Engine::Raw_badge_spot raw_badge(std::uint32_t n) override
	{
		if (!always) _state();
		return raw.at(n);
	}
	Engine::Cap_note note(Capimg::uint64_t kcap) override
	{
		_state();
		return note_of ? note_of(kcap) : Engine::Cap_note {};
	}

	std::uint32_t pd() override { return 1; }
	Cap_hints hints() override { return hint; }

	Memory const &memory() override
	{
		if (!always) _state();
		return live;
	}

	Status capture(bool delta) override
	{
		_state();
		EXPECT_FALSE(captured_now);
		if (Status const s = _try()) return s;
		captured_now = true;
		captures++;
		deltas += delta;
		_copy.emplace();
		for (auto const &[addr, bytes] : live.segments()) _copy->add(addr, bytes);
		return ok;
	}

	Memory const &captured() override
	{
		EXPECT_TRUE(captured_now);
		return *_copy;
	}

	Result<Engine::Captured_run> captured(std::uint32_t dataspace, Capimg::uint64_t offset) override
	{
		EXPECT_TRUE(captured_now);
		if (Status const s = _try()) return s;
		Item const &item = _dataspace(dataspace);
		std::uint64_t size = std::min(run_limit, item.head.stored_size - offset);

		for (Absent const &a : absent) {
			if (a.dataspace != dataspace) continue;
			if (offset >= a.offset && offset - a.offset < a.size)
				return Engine::Captured_run { Engine::Captured_run::ABSENT,
											  std::min(size, a.offset + a.size - offset),
											  {},
											  a.reason };
			if (offset < a.offset) size = std::min(size, a.offset - offset);
		}

		Bytes const at = _copy->at(item.address + offset);
		EXPECT_GE(at.size(), size);
		Const_bytes const bytes(at.base(), size);
		std::size_t const zeros = bytes.first_non_zero();
		if (zeros >= 512) return Engine::Captured_run { Engine::Captured_run::ZERO, zeros, {}, {} };
		return Engine::Captured_run { Engine::Captured_run::BYTES, size, bytes, {} };
	}

	Result<Extent> changed(std::uint32_t dataspace, Capimg::uint64_t offset) override
	{
		EXPECT_TRUE(captured_now);
		if (Status const s = _try()) return s;
		Item const &item = _dataspace(dataspace);
		std::uint64_t const size = item.head.stored_size;
		if (!_kept || !_kept->contains(item.address) || _kept->at(item.address).size() != size)
			return Extent { offset, size - offset };

		auto const &before = _kept->at(item.address);
		std::uint8_t const *const now = _copy->at(item.address).base();
		for (std::uint64_t at = offset / page * page; at < size; at += page)
			if (!equal_memory(before.data() + at, now + at, std::min(page, size - at)))
				return Extent { at, std::min(page, size - at) };
		return Error { Code::NOT_FOUND, offset, "changed" };
	}

	void done(bool keep) override
	{
		EXPECT_TRUE(captured_now);
		captured_now = false;
		(keep ? kept_count : dropped)++;
		if (keep) _kept = _copy->segments();
	}

	/* the component runs, and every capture has come to its end */
	bool at_rest() const
	{
		return !paused && !captured_now && captures == kept_count + dropped && pauses == resumes;
	}
};

/* PD session 1, its address space 2, and a dataspace from id 3 on for each segment of memory */
inline void add_memory(Scripted_origin &origin)
{
	using Engine::Object_head;
	using Which = Metadata::Object::Which;

	origin.items.push_back({ Object_head { 1, 0, Which::PD_SESSION, 0 },
							 [](auto const &o, auto) { o.init_pd_session().address_space(2); } });

	auto const segments = origin.live.segments();
	origin.items.push_back(
		{ Object_head { 2, 0, Which::REGION_MAP, 0 }, [segments](auto const &o, auto) {
			 auto const list = o.init_region_map().init_regions(std::uint32_t(segments.size()));
			 std::uint32_t i = 0;
			 for (auto const &[address, bytes] : segments) {
				 list[i].address(address);
				 list[i].size(bytes.size());
				 list[i].dataspace(3 + i);
				 list[i].readable(true);
				 list[i++].writeable(true);
			 }
		 } });
	std::uint32_t id = 3;
	for (auto const &[address, bytes] : segments) {
		std::uint64_t const size = bytes.size();
		std::uint32_t const self = id++;
		origin.items.push_back(
			{ Object_head { self, 0, Which::DATASPACE, size },
			  [size, self, &origin](auto const &o, auto first_block) {
				  auto const d = o.init_dataspace();
				  d.kind(Metadata::Dataspace_kind::RAM);
				  d.size(size);
				  d.stored(true);
				  d.first_block(first_block);

				  std::uint32_t count = 0;
				  for (auto const &a : origin.absent)
					  count += a.dataspace == self && a.offset % 4096 + a.size % 4096;
				  if (!count) return;
				  auto const list = d.init_absent(count);
				  std::uint32_t i = 0;
				  for (auto const &a : origin.absent) {
					  if (a.dataspace != self || !(a.offset % 4096 + a.size % 4096)) continue;
					  list[i].offset(a.offset);
					  list[i].size(a.size);
					  list[i++].reason(a.reason);
				  }
			  },
			  Code::OK, address });
	}
}

}

#endif /* CAPIMG__TESTS__ENGINE__SCRIPTED_ORIGIN_H */
