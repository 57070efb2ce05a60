/*
 * The builder: order, space, and what it refuses to write
 */

#include <gtest/gtest.h>

#include "libimage/core/generated/image_copy.h"
#include "libimage/core/wire_check.h"

namespace Capimg::Test
{

using namespace Metadata;
using Wire::Builder;

namespace
{

class Builder_test : public testing::Test
{
  protected:
	std::vector<uint8_t> buffer = std::vector<uint8_t>(4096, 0xa5);
	Builder builder { Bytes(buffer.data(), buffer.size()) };

	Code finish() { return builder.finish().error().code; }
};

/* some of everything that can be opened */
void write_sample(Builder &builder)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	manifest.kernel(Kernel::FOC);
	manifest.label("component");
	manifest.init_binary().name("binary");

	auto const features = manifest.init_cpu_features(2);
	features.set(0, "fpu");
	features.set(1, "sse");

	auto const objects = manifest.init_objects(3);
	objects[0].id(1);
	objects[0].label("one");
	Thread::Writer const thread = objects[0].init_thread();
	thread.started(true);
	thread.name("ep");
	thread.registers().init_x86x64().rax(5);
	thread.init_utcb().init_words(2).set(1, 7);

	objects[1].id(2);
	objects[1].capability();
	Rm_session::Writer const session = objects[2].init_rm_session();
	session.init_session().init_affinity().x(-1);
	session.init_region_maps(3).set(2, 9);

	auto const notes = manifest.init_notes(1);
	notes[0].content(Const_bytes("xyz", 3));
}

}

TEST_F(Builder_test, sample_is_sound)
{
	write_sample(builder);
	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message) << message.error().field;

	Result<Manifest::Reader> const manifest = Wire::open<Manifest>(*message, {});
	ASSERT_TRUE(manifest) << manifest.error().field;
	EXPECT_EQ(manifest->kernel(), Kernel::FOC);
	EXPECT_STREQ(manifest->label().string(), "component");
	EXPECT_STREQ(manifest->cpu_features()[1].string(), "sse");
	ASSERT_EQ(manifest->objects().size(), 3u);
	EXPECT_EQ(manifest->objects()[0].which(), Object::Which::THREAD);
	EXPECT_EQ(manifest->objects()[0].thread().registers().x86x64().rax(), 5u);
	EXPECT_EQ(manifest->objects()[0].thread().utcb().words()[1], 7u);
	EXPECT_EQ(manifest->objects()[2].rm_session().session().affinity().x(), -1);
	EXPECT_EQ(manifest->objects()[2].rm_session().region_maps()[2], 9u);
	EXPECT_EQ(manifest->objects()[3].id(), 0u) << "out of range reads the default";
	EXPECT_EQ(manifest->objects()[0].dataspace().size(), 0u) << "not the member that is there";
	EXPECT_EQ(manifest->notes()[0].content().size(), 3u);
}

TEST(Builder, out_of_space_everywhere)
{
	std::vector<uint8_t> whole(4096);
	Builder reference(Bytes(whole.data(), whole.size()));
	write_sample(reference);
	size_t const size = reference.finish()->size();

	for (size_t space = 0; space < size; space++) {
		std::vector<uint8_t> small(space, 0xa5);
		Builder builder(Bytes(small.data(), small.size()));
		write_sample(builder);
		Result<Const_bytes> const message = builder.finish();
		ASSERT_FALSE(message) << space;
		EXPECT_EQ(message.error().code, Code::NO_SPACE) << space;
	}

	std::vector<uint8_t> exact(size, 0xa5);
	Builder builder(Bytes(exact.data(), exact.size()));
	write_sample(builder);
	ASSERT_TRUE(builder.finish());
	whole.resize(size);
	EXPECT_EQ(exact, whole) << "what the buffer held before must not show";
}

TEST_F(Builder_test, finish_without_root_is_refused) { EXPECT_EQ(finish(), Code::BAD_STATE); }

TEST_F(Builder_test, second_root_is_refused)
{
	(void)builder.init_root<Manifest>();
	(void)builder.init_root<Manifest>();
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, second_finish_is_refused)
{
	(void)builder.init_root<Manifest>();
	EXPECT_EQ(finish(), Code::OK);
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, earlier_slot_is_refused)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	manifest.genode_version("26.02");
	manifest.label("late");
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, same_slot_twice_is_refused)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	manifest.label("one");
	manifest.label("two");
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, earlier_element_is_refused)
{
	auto const objects = builder.init_root<Manifest>().init_objects(2);
	objects[1].label("two");
	objects[0].label("one");
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, passed_sibling_is_refused)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	Binary::Writer const binary = manifest.init_binary();
	(void)manifest.init_objects(1);
	binary.name("late");
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, passed_list_of_texts_is_refused)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	auto const features = manifest.init_cpu_features(2);
	features.set(0, "fpu");
	(void)manifest.init_objects(1);
	features.set(1, "late");
	EXPECT_EQ(finish(), Code::BAD_STATE);
}

TEST_F(Builder_test, plain_values_may_be_late)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	auto const objects = manifest.init_objects(2);
	objects[1].label("two");
	(void)manifest.init_notes(1);
	objects[0].id(7);
	manifest.sequence(8);
	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message);
	Manifest::Reader const read = *Wire::open<Manifest>(*message, {});
	EXPECT_EQ(read.objects()[0].id(), 7u);
	EXPECT_EQ(read.sequence(), 8u);
}

TEST_F(Builder_test, nothing_changes_after_finish)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	auto const objects = manifest.init_objects(1);
	ASSERT_EQ(finish(), Code::OK);
	std::vector<uint8_t> const before = buffer;
	manifest.sequence(1);
	manifest.memory_searched(true);
	objects[0].badge(5);
	manifest.init_notes(3);
	EXPECT_EQ(buffer, before);
	EXPECT_EQ(builder.status().code, Code::BAD_STATE);
}

TEST_F(Builder_test, index_out_of_range_is_refused)
{
	auto const objects = builder.init_root<Manifest>().init_objects(2);
	objects[2].id(1);
	EXPECT_EQ(finish(), Code::BAD_ARGUMENT);
}

TEST_F(Builder_test, value_index_out_of_range_is_refused)
{
	auto const maps = builder.init_root<Rm_session>().init_region_maps(2);
	maps.set(2, 1);
	EXPECT_EQ(finish(), Code::BAD_ARGUMENT);
}

TEST_F(Builder_test, text_that_is_not_utf8_is_refused)
{
	builder.init_root<Manifest>().label("\xff");
	EXPECT_EQ(finish(), Code::INVALID);
}

TEST_F(Builder_test, text_with_nul_is_refused)
{
	builder.init_root<Manifest>().label(Wire::Text("a\0b", 3));
	EXPECT_EQ(finish(), Code::INVALID);
}

TEST_F(Builder_test, counts_beyond_the_encoding_are_refused)
{
	(void)builder.init_root<Manifest>().init_objects(~0u);
	EXPECT_EQ(finish(), Code::LIMIT);

	Builder other(Bytes(buffer.data(), buffer.size()));
	(void)other.init_root<Rm_session>().init_region_maps(~0u);
	EXPECT_EQ(other.status().code, Code::LIMIT);
}

TEST_F(Builder_test, blobs_beyond_the_encoding_are_refused)
{
	if constexpr (sizeof(size_t) > 4) {
		/* refused before a byte of it is read */
		Const_bytes const huge(buffer.data(), (size_t(1) << 16 << 16) + 8);
		builder.init_root<Manifest>().epoch(huge);
		EXPECT_EQ(finish(), Code::LIMIT);
	}
}

TEST_F(Builder_test, empty_struct_takes_no_word)
{
	uint32_t const root = builder.structure(0, 0, 2);
	EXPECT_NE(builder.structure(root, 0, 0), 0u);
	builder.text(root + 1, "a");
	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message);
	EXPECT_EQ(message->size(), Wire::FRAMING + 4 * Wire::WORD);
	EXPECT_EQ(message->u64(Wire::FRAMING + Wire::WORD), Wire::EMPTY_STRUCT);
}

TEST_F(Builder_test, nesting_is_limited)
{
	uint32_t at = builder.structure(0, 0, 1);
	for (unsigned i = 1; i < Wire::MAX_DEPTH; i++) at = builder.structure(at, 0, 1);
	EXPECT_FALSE(builder.status());
	at = builder.structure(at, 0, 1);
	EXPECT_EQ(builder.status().code, Code::LIMIT);
}

TEST_F(Builder_test, first_error_sticks)
{
	Manifest::Writer const manifest = builder.init_root<Manifest>();
	manifest.label("\xff");
	manifest.label("fine");
	manifest.init_objects(1)[5].id(1);
	EXPECT_EQ(finish(), Code::INVALID);
}

TEST(Builder, lists_of_bits)
{
	/* the schema has none; the encoding has */
	std::vector<uint8_t> buffer(256, 0xa5);
	Builder builder(Bytes(buffer.data(), buffer.size()));
	uint32_t const root = builder.structure(0, 0, 1);
	Wire::Struct_writer const writer(builder, root, 0, 1);
	auto const bits = writer.init_values<bool>(0, 70);
	for (uint32_t i = 0; i < 70; i++) bits.set(i, i % 3 == 0);
	bits.set(0, false);

	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message);
	Result<Wire::Segment> const segment = Wire::open_segment(*message);
	auto const read = Wire::root(*segment).values<bool>(0);
	ASSERT_EQ(read.size(), 70u);
	for (uint32_t i = 0; i < 70; i++) EXPECT_EQ(read[i], i && i % 3 == 0);
}

}
