/*
 * Import of generated cores: contents, what was not captured, names, notes, and the image
 */

#include <algorithm>
#include <cstring>
#include <random>

#include <elf.h>

#include <gtest/gtest.h>

#include "libimage/address_space.h"
#include "libimage/core_memory.h"
#include "libimage/dataspace_reader.h"
#include "libimage/image.h"
#include "libimage/image_error.h"
#include "libimage/import.h"
#include "libimage/manifest.h"
#include "libimage/sink.h"
#include "tests/support/elf_core_builder.h"
#include "tests/support/small_image.h"

namespace
{

using namespace Capimg;
using Test::Elf_core_builder;
using Kind = Content::Extent::Kind;

struct Import
{
	std::string file;
	Elf_core core;
	Import_plan plan;

	explicit Import(Elf_core_builder const &builder, Import_options const &options = {})
		: file(builder.build()),
		  core("test.core", { file.data(), file.size() }),
		  plan(core, options)
	{}

	Schema::Manifest::Reader manifest() { return plan.manifest().asReader(); }

	std::vector<std::byte> write(Profile const &profile = {}, unsigned threads = 1)
	{
		Head head {};
		head.set_writer("test");
		head.machine = plan.machine();
		head.profile = profile;
		Memory_sink sink;
		Writer writer(sink, head, { .threads = threads });
		plan.write(writer);
		return sink.bytes();
	}
};

std::string random_bytes(std::size_t size, unsigned seed)
{
	std::mt19937 random(seed);
	std::string result;
	while (result.size() < size) result += char(random());
	return result;
}

Elf_core_builder core_with_tails()
{
	Elf_core_builder builder(EM_X86_64);
	builder.process("server")
		.thread(7, std::string(27 * 8, 'r'))
		.segment({ .address = 0x10000, .size = 0x5000, .content = random_bytes(0x2345, 1) })
		.segment({ .address = 0x20000, .size = 0x3000 })
		.segment({ .address = 0x30000, .size = 0x2000, .content = random_bytes(0x2000, 2) })
		.segment({ .address = 0x40000, .size = 0x123, .content = random_bytes(0x11, 3) });
	return builder;
}

TEST(Import_plan, What_lies_beyond_the_file_size_is_absent)
{
	Import import(core_with_tails());
	ASSERT_EQ(import.plan.pieces().size(), 3u);

	Import_plan::Piece &piece = import.plan.pieces()[0];
	EXPECT_EQ(piece.id, 3u);
	EXPECT_EQ(piece.size, 0x5000u);
	EXPECT_EQ(piece.content->extent(0).kind, Kind::BYTES);
	EXPECT_EQ(piece.content->extent(0x2344).size, 1u);
	Content::Extent const rest = piece.content->extent(0x2345);
	EXPECT_EQ(rest.kind, Kind::ABSENT);
	EXPECT_EQ(rest.reason, Absent_reason::NOT_CAPTURED);
	EXPECT_EQ(rest.size, 0x5000u - 0x2345);

	auto const objects = import.manifest().getObjects();
	EXPECT_FALSE(objects[3].getDataspace().getStored());
	EXPECT_EQ(objects[3].getDataspace().getAbsentReason(), Schema::AbsentReason::NOT_CAPTURED);
}

TEST(Import_plan, What_lies_beyond_the_file_size_is_zero_if_the_user_says_so)
{
	Import import(core_with_tails(), { .fill_zero = true });
	ASSERT_EQ(import.plan.pieces().size(), 4u);
	EXPECT_EQ(import.plan.pieces()[0].content->extent(0x2345).kind, Kind::ZERO);
	EXPECT_EQ(import.plan.pieces()[1].content->extent(0).kind, Kind::ZERO);
	EXPECT_EQ(import.plan.pieces()[1].content->extent(0).size, 0x3000u);
	for (auto const object : import.manifest().getObjects()) {
		if (object.isDataspace()) {
			EXPECT_TRUE(object.getDataspace().getStored());
		}
	}
}

TEST(Import_plan, Image_holds_the_memory)
{
	for (bool const fill_zero : { false, true }) {
		Import import(core_with_tails(), { .fill_zero = fill_zero });
		std::vector<std::byte> const bytes = import.write();
		Image const image = Capimg::Test::open_image(bytes);

		EXPECT_EQ(image.manifest().getLabel(), "server");
		EXPECT_EQ(image.head().machine, import.plan.machine());

		auto const regions = image.manifest().getObjects()[1].getRegionMap().getRegions();
		ASSERT_EQ(regions.size(), import.core.segments().size());

		for (unsigned i = 0; i < regions.size(); i++) {
			Elf_core::Segment const &segment = import.core.segments()[i];
			auto const object = image.object(regions[i].getDataspace());
			ASSERT_TRUE(object.has_value());
			auto const dataspace = object->getDataspace();
			if (!dataspace.getStored()) {
				EXPECT_EQ(segment.file_size, 0u);
				EXPECT_FALSE(fill_zero);
				continue;
			}

			std::uint64_t const known = fill_zero ? segment.size : segment.file_size;
			std::vector<std::byte> out(segment.size);
			Dataspace_reader const reader(image, object->getId());
			EXPECT_EQ(reader.read(0, out), segment.size - known);
			EXPECT_EQ(std::memcmp(out.data(), import.core.bytes(segment).base(), segment.file_size),
					  0);
			EXPECT_TRUE(std::all_of(out.begin() + std::ptrdiff_t(segment.file_size), out.end(),
									[](std::byte b) { return b == std::byte(0); }));

			/* the part of the last known block that was not captured is named */
			std::uint64_t const block_end = (segment.file_size + 4095) / 4096 * 4096;
			std::uint64_t const named_end = std::min(block_end, segment.size);
			if (!fill_zero && named_end > segment.file_size) {
				ASSERT_EQ(dataspace.getAbsent().size(), 1u);
				auto const absent = dataspace.getAbsent()[0];
				EXPECT_EQ(absent.getOffset(), segment.file_size);
				EXPECT_EQ(absent.getSize(), named_end - segment.file_size);
				EXPECT_EQ(absent.getReason(), Schema::AbsentReason::NOT_CAPTURED);
			} else {
				EXPECT_EQ(dataspace.getAbsent().size(), 0u);
			}
		}
	}
}

TEST(Import_plan, Images_of_fixtures_show_the_same_memory)
{
	for (char const *const name : { "foc-counter", "foc-churn-3", "linux-server" }) {
		SCOPED_TRACE(name);
		Elf_core const core(std::string(CAPIMG_TEST_DATA) + "/fixtures/" + name + ".core");
		Import_plan plan(core, {});
		Head head {};
		head.machine = plan.machine();
		Memory_sink sink;
		Writer writer(sink, head, { .threads = 1 });
		plan.write(writer);

		Image const image = Capimg::Test::open_image(sink.bytes());
		Address_space const space(image);
		Core_memory const memory(core);
		std::uint64_t known = 0;

		for (std::uint64_t at = 0;;) {
			auto const want = memory.extent_from(at);
			auto const have = space.extent_from(at);
			ASSERT_EQ(bool(want), bool(have));
			if (!want) break;
			ASSERT_EQ(want->addr, have->addr);

			std::size_t const size = std::size_t(std::min(want->size, have->size));
			std::vector<std::byte> a(size), b(size);
			ASSERT_FALSE(memory.read(want->addr, Bytes(a.data(), size)));
			ASSERT_FALSE(space.read(want->addr, Bytes(b.data(), size)));
			ASSERT_EQ(a, b);
			known += size;
			at = want->addr + size;
		}
		EXPECT_GT(known, 500'000u);
	}
}

TEST(Import_plan, Same_core_same_image)
{
	std::vector<std::byte> const once = Import(core_with_tails()).write();
	EXPECT_EQ(Import(core_with_tails()).write(), once);
	EXPECT_EQ(Import(core_with_tails()).write({}, 2), once);
}

TEST(Import_plan, Ids_count_from_one_in_the_documented_order)
{
	Import import(core_with_tails());
	auto const objects = import.manifest().getObjects();
	ASSERT_EQ(objects.size(), 7u);
	for (unsigned i = 0; i < objects.size(); i++) EXPECT_EQ(objects[i].getId(), i + 1);
	EXPECT_TRUE(objects[0].isPdSession());
	EXPECT_TRUE(objects[1].isRegionMap());
	for (unsigned i = 2; i < 6; i++) EXPECT_TRUE(objects[i].isDataspace());
	EXPECT_TRUE(objects[6].isThread());
	EXPECT_EQ(objects[6].getThread().getNativeId(), 7u);
	EXPECT_TRUE(objects[6].getThread().getStarted());
}

TEST(Import_plan, Name_that_is_no_text)
{
	auto label = [](std::string const &name) {
		Import import(Elf_core_builder(EM_X86_64).process(name));
		return std::string(import.manifest().getLabel().cStr());
	};
	EXPECT_EQ(label("f\xc3\xbc\xc3\x9f"), "f\xc3\xbc\xc3\x9f");
	EXPECT_EQ(label("a\xff"
					"b\xc3"),
			  "a?b?");
	EXPECT_EQ(label("123456789012345\xc3"), "123456789012345?"); /* cut within a character */
	EXPECT_EQ(label(""), "");
}

TEST(Import_plan, Notes_of_the_process_are_kept_as_they_are)
{
	Elf_core_builder builder(EM_X86_64);
	builder.process("p", "p --secret")
		.note("VENDOR", 0xabcdef, "payload")
		.thread(1, std::string(216, 'r'));
	builder.note("CORE", NT_FILE, "files");
	Import import(builder);

	auto const notes = import.manifest().getNotes();
	ASSERT_EQ(notes.size(), 3u);
	EXPECT_EQ(notes[0].getType(), unsigned(NT_PRPSINFO));
	EXPECT_EQ(notes[0].getContent().size(), 136u);
	EXPECT_EQ(notes[1].getOwner(), "VENDOR");
	EXPECT_EQ(notes[1].getType(), 0xabcdefu);
	EXPECT_EQ(notes[1].getContent(),
			  capnp::Data::Reader(reinterpret_cast<kj::byte const *>("payload"), 7));
	EXPECT_EQ(notes[2].getType(), unsigned(NT_FILE));
}

TEST(Import_plan, Core_without_memory_or_threads)
{
	Import import(Elf_core_builder(EM_X86_64).process("empty"));
	EXPECT_EQ(import.manifest().getObjects().size(), 2u);
	EXPECT_TRUE(import.plan.pieces().empty());
	EXPECT_FALSE(import.write().empty());
}

TEST(Import_plan, More_memory_than_an_image_can_hold)
{
	std::uint64_t const limit = 4ull << 40;
	Elf_core_builder builder(EM_X86_64);
	builder.segment({ .address = 0x1000, .size = 1ull << 62 }); /* nothing was captured: no block */
	builder.segment({ .address = 1ull << 63, .size = limit / 2, .content = "x" });
	EXPECT_EQ(Import(builder).plan.pieces().size(), 1u);

	builder.segment({ .address = 3ull << 62, .size = limit / 2, .content = "y" });
	auto refused = [&](Import_options const &options, std::size_t header) {
		try {
			Import const import(builder, options);
			ADD_FAILURE() << "accepted";
		} catch (Image_error const &error) {
			EXPECT_EQ(error.info().code, Code::LIMIT);
			EXPECT_EQ(error.info().field, "p_memsz");
			EXPECT_EQ(error.info().offset, builder.program_header_offset(header));
		}
	};
	refused({}, 3);
	refused({ .fill_zero = true }, 1);
}

TEST(Import_plan, Options_are_in_the_manifest)
{
	Import import(core_with_tails(), { .kernel = Schema::Kernel::NOVA, .genode_version = "24.05" });
	EXPECT_EQ(import.manifest().getKernel(), Schema::Kernel::NOVA);
	EXPECT_EQ(import.manifest().getGenodeVersion(), "24.05");
	EXPECT_EQ(import.manifest().getFpuSize(), 0u);
}

}
