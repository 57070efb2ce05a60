/*
 * What the host's tools make of the engine's images
 */

#include <filesystem>
#include <gtest/gtest.h>
#include <set>

#include "libimage/build.h"
#include "libimage/compression.h"
#include "libimage/convert.h"
#include "libimage/diff.h"
#include "libimage/dump.h"
#include "libimage/rewrite.h"
#include "libimage/verify.h"
#include "life.h"
#include "tests/support/small_image.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Host : public testing::TestWithParam<unsigned>
{};

/* what the engine wrote, all checks of the host find sound */
TEST_P(Host, finds_images_sound)
{
	for (uint64_t seed = 80; seed < 84; seed++) {
		Life life(seed, GetParam(), 2);
		Verify_options options;
		options.threads = 1;
		for (Image_bytes const &image : life.images) {
			Capimg::Test::Temporary_file const file(on_host(image));
			Verify_report const report = verify(file.path(), options);
			EXPECT_TRUE(report.sound()) << "seed " << seed << ": " << report.findings[0].check
										<< ' ' << report.findings[0].message;
			options.parents = { std::make_shared<Image>(Capimg::Test::open_image(on_host(image))) };
		}
	}
}

/* the host gives all objects other badges, in another order; the loader gives them new ones */
TEST_P(Host, a_rewritten_image_is_restored)
{
	for (uint64_t seed = 90; seed < 94; seed++) {
		Life life(seed, GetParam(), 1);
		Capimg::Image const image = Capimg::Test::open_image(on_host(life.images[0]));
		Badge_request request;
		request.fresh = 0x2000;
		Rewrite_plan const plan(image, request);
		Memory_sink sink;
		(void)plan.write(sink, { 1, nullptr });
		Image_bytes const rewritten = from_host(sink.bytes());
		ASSERT_EQ(life.restore_there({ &rewritten }), "") << "seed " << seed;
	}
}

/* images that the host has compressed */
TEST_P(Host, a_compressed_image_is_restored)
{
	for (Codec_id codec : { Codec_id::ZSTD, Codec_id::LZ4 })
		for (uint64_t seed = 95; seed < 97; seed++) {
			Life life(seed, GetParam(), 1);
			Convert_options options;
			options.profile = { 4096, codec, int8_t(codec_levels(codec).usual),
								codec_version(codec), 0 };
			options.writer.threads = 1;
			Memory_sink sink;
			auto const report =
				convert(Capimg::Test::open_image(on_host(life.images[0])), sink, options);
			EXPECT_FALSE(report.state_changed);
			Image_bytes const compressed = from_host(sink.bytes());
			ASSERT_LT(compressed.size(), life.images[0].size());

			Host_codec decoder;
			ASSERT_EQ(life.restore_there({ &compressed }, &decoder), "") << "seed " << seed;
		}
}

/* what came or went besides RPC objects of the component's own */
std::string others_than_rpc_objects(Diff const &diff)
{
	std::string result;
	diff.for_each_change([&](Diff_change const &c) {
		bool const same = c.what == Diff_change::What::CHANGED;
		bool const object = c.a != Diff::NONE || c.b != Diff::NONE;
		if (!same && object && c.kind != "nativeCapability") result += c.kind + ' ';
	});
	return result;
}

/* two images of one life: objects that came and went, and pages that differ */
TEST_P(Host, diff_tells_what_the_component_did)
{
	for (uint64_t seed = 100; seed < 106; seed++) {
		Life const life(seed, GetParam(), 2, false);
		Capimg::Image const a = Capimg::Test::open_image(on_host(life.images[0])),
							b = Capimg::Test::open_image(on_host(life.images[1]));
		Diff const diff(a, b);

		auto ids = [](Capimg::Image const &image) {
			std::set<uint32_t> result;
			for (auto const &o : image.manifest().getObjects()) result.insert(o.getId());
			return result;
		};
		auto const before = ids(a), after = ids(b);
		for (uint32_t id : before)
			if (!after.contains(id)) {
				EXPECT_EQ(diff.match().in_b(diff.a().position(id)), Diff::NONE);
			}
		EXPECT_EQ(diff.came() + before.size(), diff.gone() + after.size()) << "seed " << seed;

		/*
		 * one that was being made, or is freed and dangles, may be taken for another: it stands at
		 * another place then
		 */
		EXPECT_EQ(others_than_rpc_objects(diff), "") << "seed " << seed;

		std::map<uint32_t, uint64_t> pages, found;
		for (auto const &[id, bytes] : life.captures[0]) {
			auto const &now = life.captures[1].at(id);
			for (size_t i = 0; i < bytes.size(); i += 4096)
				if (!std::equal(bytes.begin() + std::ptrdiff_t(i),
								bytes.begin() + std::ptrdiff_t(std::min(bytes.size(), i + 4096)),
								now.begin() + std::ptrdiff_t(i)))
					pages[id]++;
		}
		for (auto const &ds : diff.memory())
			diff.for_each_range(
				ds, [&](Diff::Range const &r) { found[diff.a().object(ds.a).id()] += r.pages; });
		EXPECT_EQ(found, pages) << "seed " << seed;
		EXPECT_TRUE(Diff(a, a).equal());
	}
}

TEST_P(Host, a_dump_is_built_into_the_same_image)
{
	for (uint64_t seed = 110; seed < 113; seed++) {
		Life const life(seed, GetParam(), 1);
		Capimg::Test::Temporary_file const place({}, "");
		std::string const directory = place.path() + ".dump";
		dump(Capimg::Test::open_image(on_host(life.images[0])), directory,
			 { .durable = false, .threads = 1 });
		Memory_sink sink;
		(void)build(directory, sink, { .threads = 1 });
		std::filesystem::remove_all(directory);
		EXPECT_TRUE(from_host(sink.bytes()) == life.images[0]) << "seed " << seed;
	}
}

INSTANTIATE_TEST_SUITE_P(layouts, Host, testing::ValuesIn(running_layouts()));

}
