/*
 * Import on top of an earlier image: a squashed delta is the whole image
 */

#include <elf.h>
#include <gtest/gtest.h>
#include <random>

#include "libimage/compression.h"
#include "libimage/delta.h"
#include "libimage/image_chain.h"
#include "libimage/image_error.h"
#include "libimage/squash.h"
#include "libimage/verify.h"
#include "tests/support/elf_core_builder.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;
using Segments = std::vector<Elf_core_builder::Segment>;

struct Options
{
	Profile profile {};
	Image const *parent = nullptr;
	std::uint64_t sequence = 0;
	bool fill_zero = false;
};

Bytes_vector imported(Segments const &segments, Options const &options)
{
	Elf_core_builder builder(EM_X86_64);
	for (auto const &segment : segments) builder.segment(segment);
	std::string const file = builder.build();

	Elf_core const core("test.core", { file.data(), file.size() });
	Import_plan plan(core, { .search = false, .fill_zero = options.fill_zero });
	if (options.parent)
		inherit(plan, *options.parent);
	else
		plan.manifest().setSequence(options.sequence);

	Head head;
	head.machine = plan.machine();
	head.profile = options.profile;
	if (options.parent) head.required_features |= Feature::INHERITED;
	Memory_sink sink;
	Writer writer(sink, head, { .threads = 2 });
	plan.write(writer);
	return sink.bytes();
}

/* memory that is partly captured; pages of few kinds */
class Memory_model
{
	std::mt19937 _random;

	unsigned _below(unsigned n) { return unsigned(_random() % n); }

	std::string _page()
	{
		unsigned const kind = _below(6);
		return kind ? std::string(4096, char('a' + kind)) : std::string(4096, 0);
	}

	Elf_core_builder::Segment _segment(std::uint64_t address)
	{
		Elf_core_builder::Segment segment { .address = address };
		for (unsigned i = 0, pages = 1 + _below(40); i < pages; i++) segment.content += _page();
		segment.content.resize(segment.content.size() - _below(4096));
		segment.size = segment.content.size() + _below(3) * 2500;
		return segment;
	}

  public:
	Segments segments {};

	explicit Memory_model(unsigned seed) : _random(seed)
	{
		for (unsigned i = 0, count = 1 + _below(5); i < count; i++)
			segments.push_back(_segment(0x100000 * (i + 1)));
	}

	void change()
	{
		for (auto &segment : segments) {
			if (!_below(5)) {
				segment = _segment(segment.address);
				continue;
			}
			for (std::size_t at = 0; at + 4096 <= segment.content.size(); at += 4096)
				if (!_below(4)) segment.content.replace(at, 4096, _page());
			if (!_below(2)) segment.content[_below(unsigned(segment.content.size()))] = 'x';
			if (!_below(4)) segment.content.resize(1 + _below(unsigned(segment.content.size())));
		}
		if (segments.size() > 1 && !_below(4)) segments.pop_back();
	}
};

Bytes_vector squashed(Bytes_vector const &image, Images const &parents)
{
	Image opened = open_image(image);
	connect_parents(opened, parents, Ancestors::ALL);
	Memory_sink sink;
	(void)squash(opened, sink, { .threads = 2 });
	return sink.bytes();
}

}

TEST(Delta, squashed_is_the_whole_image)
{
	std::uint64_t inherited = 0;
	for (unsigned seed = 0; seed < 60; seed++) {
		Codec_id const codec = Codec_id(seed % 3);
		Options options;
		options.profile = { seed % 5 ? 4096u : 16384u, codec,
							std::int8_t(codec_levels(codec).usual), codec_version(codec), 8 };
		options.fill_zero = seed % 7 == 0;

		Memory_model memory(seed);
		Images parents { std::make_shared<Image>(open_image(imported(memory.segments, options))) };

		for (unsigned i = 1; i <= 3; i++) {
			memory.change();
			Options delta = options;
			delta.parent = parents.back().get();
			options.sequence = i;
			auto const bytes = imported(memory.segments, delta);

			auto const image = std::make_shared<Image>(open_image(bytes));
			for (Storage const &storage : image->storage()) inherited += storage.inherited;
			EXPECT_EQ(squashed(bytes, parents), imported(memory.segments, options)) << seed;
			image->set_parent(parents.back());
			parents.push_back(image);
		}
	}
	EXPECT_GT(inherited, 1000u);
}

TEST(Delta, one_changed_byte_costs_one_block)
{
	Segments segments { { .address = 0x100000, .size = 64 * 4096, .content = {} } };
	for (int i = 0; i < 64; i++) segments[0].content += std::string(4096, char('A' + i));
	Image const parent = open_image(imported(segments, {}));

	segments[0].content[10 * 4096 + 5] = '!';
	Image const delta = open_image(imported(segments, { .parent = &parent }));
	EXPECT_EQ(delta.storage()[0].stored, 1u);
	EXPECT_EQ(delta.storage()[0].inherited, 63u);
	EXPECT_EQ(delta.block(10).kind, Block_kind::RAW);
	EXPECT_EQ(delta.manifest().getSequence(), 1u);
}

TEST(Delta, equal_digests_are_no_proof)
{
	/* a parent that claims the digest of other bytes: nothing of it may be inherited */
	Segments const ours {
		{ .address = 0x100000, .size = 4096, .content = std::string(4096, 'a') }
	};
	Segments const theirs {
		{ .address = 0x100000, .size = 4096, .content = std::string(4096, 'b') }
	};
	Image const image = open_image(imported(ours, {}));

	auto bytes = imported(theirs, {});
	std::size_t const chunk = open_image(bytes).directory().chunk(0).offset;
	put(bytes, chunk + 16, 8, image.block(0).digest);
	put(bytes, chunk + 24, 8, image.block(0).digest);
	reseal(bytes);
	Image const parent = open_image(bytes);
	try {
		Image const delta = open_image(imported(ours, { .parent = &parent }));
		EXPECT_EQ(delta.block(0).kind, Block_kind::RAW);
	} catch (Image_error const &error) {
		EXPECT_EQ(error.info().code, Code::DAMAGED);
	}
}

TEST(Delta, parents_that_do_not_fit)
{
	Segments const segments { { .address = 0x100000, .size = 4096, .content = "x" } };
	auto const code = [&](Image const &parent) {
		try {
			(void)imported(segments, { .parent = &parent });
		} catch (Image_error const &error) {
			return error.info().code;
		}
		return Code::OK;
	};

	Small_image small;
	small.head.machine.architecture = Architecture::RISCV_64;
	EXPECT_EQ(code(open_image(small.write())), Code::WRONG_PARENT);
	EXPECT_EQ(code(open_image(imported(segments, { .sequence = ~0ull }))), Code::LIMIT);

	/* another component, of the same machine: nothing is inherited */
	Small_image other;
	other.head.machine = { Architecture::X86_64, 64, 4096 };
	EXPECT_EQ(code(open_image(other.write())), Code::OK);
}
