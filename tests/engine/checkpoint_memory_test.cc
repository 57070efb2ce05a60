/*
 * Contents of checkpoints, whole ones and deltas, are those of the moment of the pause
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "libimage/dataspace_reader.h"
#include "libimage/verify.h"
#include "tests/engine/taken_checkpoint.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

std::vector<std::uint64_t> const ADDRESSES { 0x100000, 0x40000000, 0x80000000 };

/* memory without a capability map, that changes while the component runs */
struct Changing_component
{
	std::mt19937_64 random;
	Scripted_origin origin {};
	std::vector<std::vector<std::uint8_t>> at_pause {};

	Changing_component(std::vector<std::uint64_t> const &sizes, std::uint64_t seed) : random(seed)
	{
		for (std::size_t i = 0; i < sizes.size(); i++) {
			std::vector<std::uint8_t> bytes(sizes[i]);
			for (std::size_t at = 0; at < bytes.size(); at += 4096)
				if (random() % 3)
					for (std::size_t k = at; k < std::min(at + 4096, bytes.size()); k++)
						bytes[k] = std::uint8_t(random());
			origin.live.add(ADDRESSES[i], bytes);
		}
		add_memory(origin);
		origin.about.kernel = Metadata::Kernel::HW;
		origin.resumed = [this](Scripted_origin &) { change(); };
	}

	/* a few places, some of them become zero */
	void change()
	{
		at_pause.clear();
		for (auto const &[address, bytes] : origin.live.segments()) {
			at_pause.push_back(bytes);
			Bytes const live = origin.live.at(address);
			for (unsigned i = 0; i < 5; i++) {
				std::size_t const at = random() % bytes.size();
				std::size_t const size = std::min<std::size_t>(random() % 9000, bytes.size() - at);
				fill_memory(live.base() + at, std::uint8_t(random() % 3), size);
			}
		}
	}

	/* what is absent reads as zero */
	std::vector<std::uint8_t> expected(std::size_t i) const
	{
		auto bytes = at_pause.at(i);
		for (auto const &a : origin.absent)
			if (a.dataspace == 3 + i)
				std::fill_n(bytes.begin() + std::ptrdiff_t(a.offset), a.size, std::uint8_t(0));
		return bytes;
	}
};

/* decoded bytes of block 'n', zeros if it is absent */
std::vector<std::uint8_t> block_of(Image const &image, std::uint64_t n)
{
	std::vector<std::byte> buffer(image.size_of_block(n));
	std::vector<std::uint8_t> result(buffer.size());
	if (image.block(n).kind == Block_kind::ABSENT) return result;
	auto const bytes = image.read_block(n, buffer);
	copy_memory(result.data(), bytes.data(), bytes.size());
	return result;
}

bool same_content(Image const &image, Changing_component const &component)
{
	for (std::size_t i = 0; i < image.ranges().size(); i++) {
		auto const &range = image.ranges()[i];
		std::vector<std::uint8_t> bytes;
		for (std::uint64_t n = range.first_block; bytes.size() < range.size; n++) {
			auto const block = block_of(image, n);
			bytes.insert(bytes.end(), block.begin(), block.end());
		}
		if (bytes != component.expected(i)) return false;
	}
	return image.ranges().size() == component.at_pause.size();
}

/* checkpoints, each a delta of the one before, opened by both libraries */
struct Series
{
	Images images {};
	std::vector<std::unique_ptr<Opened_image>> opened {};
	std::vector<Engine::Image const *> newest_first {};

	Engine::Parents parents()
	{
		newest_first.clear();
		for (std::size_t i = opened.size(); i--;) newest_first.push_back(&opened[i]->image);
		if (newest_first.empty()) return {};
		return { newest_first[0], newest_first.data() + 1, unsigned(newest_first.size() - 1) };
	}

	std::string add(std::vector<std::byte> const &bytes)
	{
		Image image = open_image(bytes);
		if (!images.empty()) image.set_parent(images.back());
		Temporary_file const file(bytes);
		Verify_options options;
		options.parents = images;
		auto const report = verify(file.path(), options);
		images.push_back(std::make_shared<Image>(std::move(image)));
		opened.push_back(std::make_unique<Opened_image>(bytes));
		return report.sound() ? "" : report.findings[0].field + ": " + report.findings[0].message;
	}
};

}

RC_GTEST_PROP(Checkpoint_memory, contents_of_the_pause, ())
{
	auto const block_size = *rc::gen::element(4096u, 16384u, 65536u);
	auto const codec = *rc::gen::element(Codec_id::RAW, Codec_id::LZ4);
	Profile const profile { block_size, codec, std::int8_t(codec_levels(codec).usual),
							codec_version(codec), 0 };

	auto const size = rc::gen::inRange<std::uint64_t>(1, 300000);
	Changing_component component({ *size, *size, *size }, *rc::gen::arbitrary<std::uint64_t>());
	component.origin.run_limit = *rc::gen::element<std::uint64_t>(~0ull, 1 << 20, 4096, 5000, 700);
	component.origin.page = *rc::gen::element<std::uint64_t>(4096, 1024, 65536);
	if (*rc::gen::arbitrary<bool>()) {
		std::uint64_t const stored = component.origin.items[2].head.stored_size;
		std::uint64_t const at = *rc::gen::inRange<std::uint64_t>(0, stored);
		component.origin.absent.push_back({ 3, at, stored - at });
	}

	Series series;
	for (unsigned i = *rc::gen::inRange(1, 5); i--;) {
		Taken_checkpoint taken(component.origin, block_size);
		Status const status = taken.all(series.parents(), profile);
		RC_ASSERT(!status);
		RC_ASSERT(component.origin.at_rest());
		RC_ASSERT(series.add(taken.sink.bytes()) == "");
		RC_ASSERT(same_content(*series.images.back(), component));
		RC_ASSERT(taken.checkpoint.effort().blocks == series.images.back()->blocks());
	}
}

/* what did not change is inherited and not read */
TEST(Checkpoint_memory, delta_reads_what_changed)
{
	Changing_component component({ 3000 * 4096, 10000 }, 1);
	component.origin.resumed = nullptr;
	Series series;

	Taken_checkpoint first(component.origin);
	ASSERT_FALSE(first.all());
	ASSERT_EQ(series.add(first.sink.bytes()), "");
	EXPECT_EQ(component.origin.deltas, 0u);

	component.origin.live.at(ADDRESSES[0] + 4096 * 5 + 7).base()[0] ^= 1;
	Taken_checkpoint second(component.origin);
	ASSERT_FALSE(second.all(series.parents()));
	ASSERT_EQ(series.add(second.sink.bytes()), "");
	EXPECT_EQ(component.origin.deltas, 1u);
	EXPECT_EQ(second.checkpoint.effort().read_blocks, 1u);
	EXPECT_EQ(second.checkpoint.effort().blocks, 3003u);
	EXPECT_EQ(series.images.back()->storage()[0].stored, 1u);
	EXPECT_EQ(series.images.back()->manifest().getParent().getSequence(),
			  series.images.front()->manifest().getSequence());

	/* a dataspace of another size, and one that is new, are written anew */
	component.origin.live.add(ADDRESSES[1], std::vector<std::uint8_t>(10001, 5));
	component.origin.live.add(ADDRESSES[2], std::vector<std::uint8_t>(4096, 6));
	component.origin.items.clear();
	add_memory(component.origin);
	Taken_checkpoint third(component.origin);
	ASSERT_FALSE(third.all(series.parents()));
	ASSERT_EQ(series.add(third.sink.bytes()), "");
	EXPECT_EQ(series.images.back()->storage()[0].stored, 0u);
	EXPECT_EQ(series.images.back()->storage()[1].stored, 3u);
	EXPECT_EQ(series.images.back()->storage()[2].stored, 1u);
}

/* what is absent of a block: in several pieces for one reason, for several, and in part */
TEST(Checkpoint_memory, absent_parts)
{
	Changing_component component({ 4 * 4096 }, 3);
	component.origin.live.at(ADDRESSES[0])
		.copy_from(0, to_core(std::vector(4 * 4096, std::byte(9))));
	component.origin.absent = {
		{ 3, 0, 2000 },    { 3, 2000, 2096 },
		{ 3, 4096, 1000 }, { 3, 5096, 3096, Metadata::Absent_reason::IN_ROM },
		{ 3, 10000, 100 },
	};
	Taken_checkpoint taken(component.origin);
	ASSERT_FALSE(taken.all());
	Series series;
	EXPECT_EQ(series.add(taken.sink.bytes()), "");

	Image const &image = *series.images[0];
	EXPECT_EQ(image.block(0).kind, Block_kind::ABSENT);
	EXPECT_EQ(image.block(0).absence, Block_absence::NOT_CAPTURED);
	EXPECT_EQ(image.block(1).kind, Block_kind::ZERO);
	EXPECT_EQ(image.block(2).kind, Block_kind::RAW);
	EXPECT_TRUE(same_content(image, component));
}

/* changes since the last image that was kept: one that was not completed does not count */
TEST(Checkpoint_memory, delta_of_the_one_that_was_kept)
{
	Changing_component component({ 20 * 4096 }, 2);
	Series series;
	Taken_checkpoint first(component.origin);
	ASSERT_FALSE(first.all());
	ASSERT_EQ(series.add(first.sink.bytes()), "");

	Taken_checkpoint failing(component.origin);
	failing.sink.fail_at = 3;
	EXPECT_EQ(failing.all(series.parents()).code, Code::NO_SPACE);
	EXPECT_EQ(component.origin.dropped, 1u);

	Taken_checkpoint dropped(component.origin);
	ASSERT_FALSE(dropped.measure(series.parents()));
	ASSERT_FALSE(dropped.take(series.parents()));
	dropped.checkpoint.drop();
	dropped.checkpoint.drop();
	EXPECT_EQ(component.origin.dropped, 2u);
	EXPECT_TRUE(component.origin.at_rest());

	Taken_checkpoint second(component.origin);
	ASSERT_FALSE(second.all(series.parents()));
	ASSERT_EQ(series.add(second.sink.bytes()), "");
	EXPECT_TRUE(same_content(*series.images.back(), component));
}

/* one object for several checkpoints: it knows which image was kept last */
TEST(Checkpoint_memory, delta_of_another_one)
{
	Changing_component component({ 20 * 4096 }, 2);
	Series series;
	Taken_checkpoint taken(component.origin);
	for (unsigned i = 0; i < 3; i++) {
		taken.sink.clear();
		ASSERT_FALSE(taken.all(series.parents()));
		ASSERT_EQ(series.add(taken.sink.bytes()), "");
		EXPECT_TRUE(same_content(*series.images.back(), component));
	}
	unsigned const pauses = component.origin.pauses;
	EXPECT_EQ(taken.take(&series.opened[1]->image).code, Code::WRONG_PARENT);
	EXPECT_EQ(component.origin.pauses, pauses);

	/* whole ones are always possible */
	taken.sink.clear();
	EXPECT_FALSE(taken.all());
}
