/*
 * The engine's writer, called in the wrong order, out of memory, and with a medium that is full
 */

#include <gtest/gtest.h>

#include <functional>

#include "libimage/image_error.h"
#include "tests/engine/written_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

using State = Engine::Writer::State;

namespace
{

std::vector<std::byte> small_image(Codec_id codec = Codec_id::RAW)
{
	Small_image small;
	small.head.profile = { 4096, codec, std::int8_t(codec_levels(codec).usual),
						   codec_version(codec), 0 };
	small.dataspaces.push_back(Pieces().random(8192, 1).zero(4096).text(std::string(4096, 'x')));
	small.dataspaces.push_back(Pieces().absent(8192).random(10, 2));
	return small.write();
}

/* every function, and the state in which it is allowed */
struct Call
{
	State in;
	std::function<Status(Engine::Writer &, Image const &)> call;
};

std::vector<Call> const CALLS {
	{ State::OPEN, [](auto &w, auto &) { return w.manifest().error(); } },
	{ State::OPEN, [](auto &w, auto &i) { return w.manifest(to_core(i.manifest_bytes())); } },
	{ State::OBJECTS, [](auto &w, auto &) { return w.begin_blocks({}); } },
	{ State::BLOCKS, [](auto &w, auto &) { return w.block({}); } },
	{ State::BLOCKS, [](auto &w, auto &) { return w.zero(1); } },
	{ State::BLOCKS, [](auto &w, auto &) { return w.absent(1, Block_absence::IN_ROM); } },
	{ State::BLOCKS, [](auto &w, auto &) { return w.inherit(0, 1); } },
	{ State::BLOCKS, [](auto &w, auto &) { return w.seal(); } },
};

/* all calls that the state does not allow */
void call_wrongly(Written_image &written, Image const &image)
{
	State const state = written.writer.state();
	unsigned const appends = written.sink.appends();
	auto const blocks = written.writer.blocks();
	for (Call const &call : CALLS) {
		if (call.in == state) continue;
		EXPECT_EQ(call.call(written.writer, image).code, Code::BAD_STATE);
		EXPECT_EQ(written.writer.state(), state);
		EXPECT_EQ(written.sink.appends(), appends);
		EXPECT_EQ(written.writer.blocks(), blocks);
	}
}

}

TEST(Engine_writer, wrong_order_changes_nothing)
{
	auto const host = small_image();
	Image const image = open_image(host);
	Written_image written(image);
	auto &writer = written.writer;

	EXPECT_EQ(writer.state(), State::OPEN);
	call_wrongly(written, image);
	ASSERT_FALSE(writer.manifest(to_core(image.manifest_bytes())));
	EXPECT_EQ(writer.state(), State::OBJECTS);
	call_wrongly(written, image);
	ASSERT_FALSE(writer.begin_blocks({}));
	for (std::uint64_t n = 0, count = 0; n < image.blocks(); n += count) {
		EXPECT_EQ(writer.state(), State::BLOCKS);
		call_wrongly(written, image);
		EXPECT_EQ(writer.seal().code, Code::BAD_STATE);
		EXPECT_EQ(writer.state(), State::BLOCKS);
		ASSERT_FALSE(written.block(n, count, false));
	}
	ASSERT_FALSE(writer.seal());
	call_wrongly(written, image);
	EXPECT_TRUE(written.sink.bytes() == host);
}

TEST(Engine_writer, failed_stays_failed)
{
	auto const host = small_image();
	Image const image = open_image(host);

	std::vector<std::function<Status(Engine::Writer &)>> const wrong {
		[](auto &w) { return w.block({}); },
		[](auto &w) { return w.zero(1000); },
		[](auto &w) { return w.absent(1, Block_absence::NONE); },
		[](auto &w) { return w.inherit(0, 1); },
	};
	for (auto const &call : wrong) {
		Written_image written(image);
		ASSERT_FALSE(written.writer.manifest(to_core(image.manifest_bytes())));
		ASSERT_FALSE(written.writer.begin_blocks({}));
		EXPECT_EQ(call(written.writer).code, Code::BAD_ARGUMENT);
		EXPECT_EQ(written.writer.state(), State::FAILED);
		call_wrongly(written, image);
		EXPECT_LT(written.sink.bytes().size(), host.size());
	}
}

TEST(Engine_writer, heads_that_it_cannot_write)
{
	Sodium_sha256 hash;
	Vector_sink sink;
	Host_encoder encoder(Codec_id::LZ4, 1);
	auto const result = [&](Profile const &profile, Engine::Encoder *e) {
		Head head;
		head.profile = profile;
		Engine::Writer writer(head, {}, sink, hash, e);
		Code const code = writer.manifest(Const_bytes()).code;
		EXPECT_EQ(writer.state(), code == Code::OK ? State::OBJECTS : State::FAILED);
		return code;
	};
	EXPECT_EQ(result({ 4096, Codec_id::RAW, 0, 0, 0 }, nullptr), Code::OK);
	EXPECT_EQ(result({ 4096, Codec_id::RAW, 0, 0, 10 }, nullptr), Code::UNSUPPORTED);
	EXPECT_EQ(result({ 4096, Codec_id::RAW, 0, 0, 0 }, &encoder), Code::BAD_ARGUMENT);
	EXPECT_EQ(result({ 4096, Codec_id::LZ4, 1, 1, 0 }, nullptr), Code::BAD_ARGUMENT);
	EXPECT_EQ(result({ 1000, Codec_id::RAW, 0, 0, 0 }, nullptr), Code::INVALID);
	EXPECT_EQ(sink.appends(), 0u);
}

TEST(Engine_writer, too_little_directory_or_work)
{
	auto const host = small_image(Codec_id::LZ4);
	Image const image = open_image(host);
	std::size_t const directory = Engine::Writer::directory_size(image.blocks(), 2);
	std::size_t const spare = Engine::Writer::WORK_SIZE - Engine::Writer::work_size(4096);

	for (std::size_t missing = 1; missing <= directory; missing++) {
		Written_image written(image, missing);
		EXPECT_EQ(written.replay().code, Code::NO_SPACE);
		EXPECT_EQ(written.writer.state(), State::FAILED);
		EXPECT_EQ(written.sink.appends(), 0u);
	}
	for (std::size_t size = 0; size < Engine::Writer::work_size(4096); size += 997) {
		Written_image written(image, 0, Engine::Writer::WORK_SIZE - size);
		EXPECT_EQ(written.replay().code, Code::NO_SPACE);
		EXPECT_EQ(written.sink.appends(), 0u);
	}
	Written_image almost(image, 0, spare + 1);
	EXPECT_EQ(almost.replay().code, Code::NO_SPACE);
	Written_image just(image, 0, spare);
	EXPECT_FALSE(just.replay());
	EXPECT_TRUE(just.sink.bytes() == host);
}

TEST(Engine_writer, sink_fails_at_every_append)
{
	for (Codec_id const codec : { Codec_id::RAW, Codec_id::ZSTD }) {
		auto const host = small_image(codec);
		Image const image = open_image(host);
		Written_image whole(image);
		ASSERT_FALSE(whole.replay());

		for (unsigned i = 0; i < whole.sink.appends(); i++) {
			Written_image written(image);
			written.sink.fail_at = i;
			EXPECT_EQ(written.replay().code, Code::NO_SPACE);
			EXPECT_EQ(written.writer.state(), State::FAILED);
			EXPECT_THROW(open_image(written.sink.bytes()), Image_error);
		}
	}
}

/* the manifest built in the writer's own memory, of every size up to what it takes */
TEST(Engine_writer, builds_the_manifest)
{
	auto const build = [](Engine::Writer &writer) -> Status {
		auto const builder = writer.manifest();
		if (builder.failed()) return builder.error();
		auto const root = (*builder)->init_root<Metadata::Manifest>();
		root.label("built");
		auto const objects = root.init_objects(1);
		objects[0].id(7);
		auto const dataspace = objects[0].init_dataspace();
		dataspace.size(5000);
		dataspace.stored(true);
		return writer.begin_blocks({});
	};

	std::size_t need = 0;
	for (std::size_t size = 0; !need; size++) {
		ASSERT_LT(size, 1000u);
		Guarded_memory manifest(size), directory(Engine::Writer::directory_size(2, 1)),
			work(Engine::Writer::WORK_SIZE);
		Sodium_sha256 hash;
		Vector_sink sink;
		Head head;
		Engine::Writer writer(head, { manifest.bytes(), directory.bytes(), work.bytes() }, sink,
							  hash);
		Status const status = build(writer);
		if (status) {
			EXPECT_EQ(status.code, Code::NO_SPACE);
			EXPECT_EQ(sink.appends(), 0u);
			continue;
		}
		need = size;

		std::vector<std::byte> const block(4096, std::byte(1)), rest(904, std::byte(2));
		ASSERT_FALSE(writer.block(to_core(block)));
		ASSERT_FALSE(writer.block(to_core(rest)));
		ASSERT_FALSE(writer.seal());

		Image const image = open_image(sink.bytes());
		EXPECT_EQ(image.manifest_bytes().size(), size);
		EXPECT_EQ(image.storage().at(0).stored_bytes, 5000u);
	}

	/* a builder without memory counts the same */
	Wire::Builder counting;
	auto const root = counting.init_root<Metadata::Manifest>();
	root.label("built");
	auto const objects = root.init_objects(1);
	(void)objects[0].init_dataspace();
	EXPECT_EQ(counting.used(), need);
	EXPECT_TRUE(counting.finish()->empty());
}
