/*
 * The minimal image of docs/FORMAT.md, byte by byte, and the golden images of released versions
 */

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>

#include "libimage/manifest.h"
#include "libimage/verify.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

static std::vector<std::byte> minimal_image()
{
	Head head;
	head.machine.architecture = Architecture::X86_64;
	head.set_writer("capimg 1.0.0");

	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	manifest.setLabel("tiny");

	Memory_sink sink;
	Writer writer(sink, head, { .threads = 1 });
	writer.finish(encode_manifest(manifest.asReader()));
	return sink.bytes();
}

/* bytes of the lines "    0010  89 43 …" of the document, and runs "(12 zero bytes)" */
static std::vector<std::byte> documented_image()
{
	std::ifstream file(std::string(CAPIMG_SOURCE_DIR) + "/docs/FORMAT.md");
	std::vector<std::byte> bytes;
	std::regex const row("^    ([0-9a-f]{4})  ((?:[0-9a-f]{2} )*[0-9a-f]{2})?(?:\\(([0-9]+) zero "
						 "bytes\\))?  .*$");

	for (std::string line; std::getline(file, line);) {
		std::smatch match;
		if (!std::regex_match(line, match, row)) continue;
		EXPECT_EQ(bytes.size(), std::stoul(match[1], nullptr, 16)) << line;
		std::istringstream digits(match[2]);
		for (std::string byte; digits >> byte;)
			bytes.push_back(std::byte(std::stoul(byte, nullptr, 16)));
		if (match[3].matched) bytes.resize(bytes.size() + std::stoul(match[3]));
	}
	return bytes;
}

TEST(Minimal_image, is_as_documented)
{
	auto const bytes = minimal_image();
	EXPECT_EQ(documented_image(), bytes);
	Temporary_file const file(bytes);
	EXPECT_TRUE(verify(file.path(), {}).sound());
}

TEST(Golden_images, of_all_released_versions_are_read)
{
	unsigned count = 0;
	for (auto const &entry : std::filesystem::directory_iterator(CAPIMG_TEST_DATA "/golden")) {
		if (entry.path().extension() != ".img") continue;
		EXPECT_TRUE(verify(entry.path().string(), {}).sound()) << entry.path();
		EXPECT_NE(std::string(Image(entry.path().string()).manifest().getLabel().cStr()), "");
		count++;
	}
	EXPECT_GE(count, 3u);
}
