/*
 * Images built of directories that somebody changed
 */

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libimage/core/generated/image.h"
#include "libimage/message_json.h"
#include "tests/support/dump_directory.h"

namespace Capimg
{

using namespace Test;

namespace
{

class Build_dump : public testing::Test
{
  protected:
	Scratch_directory scratch {};
	std::string const d = scratch.path("d");

	Build_dump()
	{
		Small_image small = mixed();
		small.sections.push_back({ Section_kind(0x10001), 0, { std::byte(1) } });
		dump(open_image(small.write()), d, quick());
	}
};

}

TEST_F(Build_dump, numbers_of_first_blocks_may_be_left_out)
{
	Bytes_vector const image = built(d);
	edit(d, [](Json &json) {
		for (Json &object : json["manifest"]["objects"])
			if (object.contains("dataspace")) object["dataspace"].erase("firstBlock");
	});
	EXPECT_EQ(built(d), image);

	edit(d, [](Json &json) { json["manifest"]["objects"][3]["dataspace"]["firstBlock"] = "1"; });
	EXPECT_EQ(build_refusal(d),
			  "/image.json: manifest.objects[3].dataspace: Dataspace.firstBlock: " +
				  std::string(error_text(Code::OUT_OF_ORDER)) + " (0x1, limit 0x23)");
}

TEST_F(Build_dump, memory_can_be_changed)
{
	std::fstream file(d + "/dataspaces/4.bin", std::ios::in | std::ios::out | std::ios::binary);
	file.seekp(4096);
	file << "changed";
	file.close();

	Image const image = open_image(built(d));
	Bytes_vector buffer(4096);
	auto const bytes = image.read_block(image.ranges()[1].first_block + 1, buffer);
	EXPECT_EQ(std::string(reinterpret_cast<char const *>(bytes.data()), 7), "changed");
}

TEST_F(Build_dump, says_where_the_manifest_is_wrong)
{
	edit(d, [](Json &json) {
		json["manifest"]["objects"][1]["regionMap"]["regions"][2]["dataspace"] = 77;
	});
	EXPECT_EQ(build_refusal(d).substr(0, 73),
			  "/image.json: manifest.objects[1].regionMap.regions[2]: Region.dataspace: ");
	edit(d, [](Json &json) { json["manifest"]["objects"][1]["id"] = 1; });
	EXPECT_EQ(build_refusal(d).substr(0, 45), "/image.json: manifest.objects[1]: Object.id: ")
		<< build_refusal(d);
}

TEST_F(Build_dump, another_version_of_the_codec_is_a_warning)
{
	Small_image small = mixed(Codec_id::ZSTD);
	small.head.profile.codec_version = 1;
	dump(open_image(small.write()), scratch.path("z"), quick());

	Memory_sink sink;
	Build_result const result = build(scratch.path("z"), sink, { .threads = 1 });
	ASSERT_EQ(result.warnings.size(), 1u);
	EXPECT_NE(result.warnings[0].find("zstd"), std::string::npos);
	EXPECT_EQ(open_image(sink.bytes()).head().profile.codec_version, codec_version(Codec_id::ZSTD));
}

TEST_F(Build_dump, refuses_files_of_the_wrong_size_or_none)
{
	fs::resize_file(d + "/dataspaces/4.bin", 5);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: the file has 5 bytes, and the dataspace 16389");
	fs::remove(d + "/dataspaces/4.bin");
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: opening failed: No such file or directory");
	fs::remove_all(d + "/dataspaces");
	EXPECT_EQ(build_refusal(d), "/dataspaces/3.bin: opening failed: No such file or directory");
	fs::remove(d + "/image.json");
	EXPECT_EQ(build_refusal(d), "/image.json: opening failed: No such file or directory");
	fs::remove_all(d);
	EXPECT_EQ(build_refusal(d), ": opening failed: No such file or directory");
}

TEST_F(Build_dump, refuses_bytes_where_there_are_none)
{
	std::fstream file(d + "/dataspaces/5.bin", std::ios::in | std::ios::out | std::ios::binary);
	file.seekp(4097);
	file << "x";
	file.close();
	EXPECT_EQ(build_refusal(d),
			  "/dataspaces/5.bin: there are bytes in a range that is absent or inherited");

	edit(d, [](Json &json) { json["dataspaces"][2].erase("holes"); });
	EXPECT_EQ(build_refusal(d), "accepted");
}

TEST_F(Build_dump, leads_to_no_other_files)
{
	std::string const file = d + "/dataspaces/4.bin";
	fs::rename(file, scratch.path("outside"));

	fs::create_symlink(scratch.path("outside"), file);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is a symbolic link");
	fs::remove(file);

	ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is not a plain file");
	fs::remove(file);

	fs::create_directory(file);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is not a plain file");
	fs::remove(file);
	fs::rename(scratch.path("outside"), file);
	EXPECT_EQ(build_refusal(d), "accepted");

	fs::rename(d + "/dataspaces", scratch.path("elsewhere"));
	fs::create_directory_symlink(scratch.path("elsewhere"), d + "/dataspaces");
	EXPECT_NE(build_refusal(d), "accepted");
	fs::remove(d + "/dataspaces");
	fs::rename(scratch.path("elsewhere"), d + "/dataspaces");

	for (char const *name : { "../d/dataspaces/4.bin", "/etc/passwd", "dataspaces/../image.json",
							  "dataspaces/04.bin", "dataspaces//4.bin", "" })
	{
		edit(d, [&](Json &json) { json["dataspaces"][1]["file"] = name; });
		EXPECT_EQ(build_refusal(d),
				  "/image.json: dataspaces[1].file: must be \"dataspaces/4.bin\"");
	}
	edit(d, [&](Json &json) {
		json["dataspaces"][1]["file"] = "dataspaces/4.bin";
		json["sections"][0]["file"] = "dataspaces/4.bin";
	});
	EXPECT_EQ(build_refusal(d),
			  "/image.json: sections[0].file: must be \"sections/0-0x10001.bin\"");
}

struct Change
{
	char const *pointer; /* RFC 6901 */
	char const *value;   /* empty: remove it */
	char const *expected;
};

void PrintTo(Change const &change, std::ostream *out)
{
	*out << change.pointer << " = " << change.value;
}

void remove(Json &parent, std::string const &key)
{
	if (parent.is_array())
		parent.erase(std::stoul(key));
	else
		parent.erase(key);
}

class Build_refusal : public Build_dump, public testing::WithParamInterface<Change>
{};

TEST_P(Build_refusal, says_where_and_why)
{
	Change const &change = GetParam();
	edit(d, [&](Json &json) {
		Json::json_pointer const pointer(change.pointer);
		if (*change.value)
			json[pointer] = Json::parse(change.value);
		else
			remove(json[pointer.parent_pointer()], pointer.back());
	});
	EXPECT_THAT(build_refusal(d),
				testing::StartsWith(std::string("/image.json: ") + change.expected));
}

INSTANTIATE_TEST_SUITE_P(
	All, Build_refusal,
	testing::Values(
		Change { "/schema", "\"capimg.dump/2\"", "schema: must be \"capimg.dump/1\"" },
		Change { "/schema", "", "document: the key \"schema\" is missing" },
		Change { "/extra", "1", "extra: there is no such key here" },
		Change { "/manifest", "", "document: the key \"manifest\" is missing" },
		Change { "/manifest", "[]", "manifest: must be an object and not array" },
		Change { "/head/major", "2", "head: head.major: " },
		Change { "/head/requiredFeatures", "\"0x80\"", "head: head.requiredFeatures: " },
		Change { "/head/writer", "1", "head.writer: must be a string and not number" },
		Change { "/head/writerBytes", "\"00\"",
				 "head: there are both \"writer\" and \"writerBytes\"" },
		Change { "/head/reserved", "\"00\"", "head.reserved: must be 128 bytes" },
		Change { "/machine/architecture", "\"vax\"",
				 "machine.architecture: there is no architecture of this name" },
		Change { "/machine/wordBits", "16", "head: head.wordBits: " },
		Change { "/profile/blockSize", "\"0x1001\"", "head: head.blockSize: " },
		Change { "/profile/blockSize", "\"0x0\"", "head: head.blockSize: " },
		Change { "/profile/codec", "\"xz\"", "profile.codec: there is no codec of this name" },
		Change { "/profile/level", "128",
				 "profile.level: the number is out of range, which is -128 to 127" },
		Change { "/dataspaces/0", "",
				 "dataspaces[0].id: the next stored dataspace of the manifest is 3" },
		Change { "/dataspaces/4", "",
				 "dataspaces: the stored dataspace 7 of the manifest is missing" },
		Change { "/dataspaces/5", "{}",
				 "dataspaces[5]: the manifest has no more stored dataspaces" },
		Change { "/dataspaces/0/id", "4",
				 "dataspaces[0].id: the next stored dataspace of the "
				 "manifest is 3" },
		Change { "/dataspaces/2/holes/0/offset", "\"0x1\"",
				 "dataspaces[2].holes[0].offset: must be a multiple of the block size" },
		Change { "/dataspaces/2/holes/0/size", "\"0x0\"",
				 "dataspaces[2].holes[0].size: the range must not be empty, nor reach beyond the "
				 "dataspace" },
		Change { "/dataspaces/2/holes/1/size", "\"0xfffffffffffff000\"",
				 "dataspaces[2].holes[1].size: the range must not be empty, nor reach beyond the "
				 "dataspace" },
		Change { "/dataspaces/2/holes/0/size", "\"0x1001\"",
				 "dataspaces[2].holes[0].size: must be whole blocks" },
		Change { "/dataspaces/2/holes/1/offset", "\"0x0\"",
				 "dataspaces[2].holes[1].offset: overlaps the range before" },
		Change { "/dataspaces/2/holes/0/absent", "\"none\"",
				 "dataspaces[2].holes[0].absent: there is no such reason" },
		Change { "/dataspaces/2/holes/0/parentBlock", "\"1\"",
				 "dataspaces[2].holes[0]: a range is absent or inherited, not both" },
		Change { "/dataspaces/2/holes/0/absent", "",
				 "dataspaces[2].holes[0]: the key \"parentBlock\" is missing" },
		Change {
			"/dataspaces/2/holes/0",
			R"({"offset": "0x0", "size": "0x1000", "parentBlock": "1073741824", "digests": ""})",
			"dataspaces[2].holes[0].parentBlock: no image has so many blocks" },
		Change {
			"/dataspaces/2/holes/0",
			R"({"offset": "0x0", "size": "0x1000", "parentBlock": "0", "digests": "00"})",
			"dataspaces[2].holes[0].digests: must be 16 hexadecimal digits for each of 1 blocks" },
		Change { "/sections/0/kind", "\"0x2\"",
				 "sections[0].kind: this section is made by the build itself" },
		Change { "/sections/0/flags", "\"0x1\"",
				 "sections[0].flags: a required section must be known" },
		Change { "/sections/0/flags", "\"0x2\"",
				 "sections[0].flags: the number is out of range, which is 0x0 to 0x1" },
		Change { "/sections/0/kind", "\"0x4\"", "sections[0].file: provenance has no file" },
		Change { "/sections", "{}", "sections: must be an array and not object" }));

TEST_F(Build_dump, refuses_a_document_that_is_cut_short_anywhere)
{
	Bytes_vector const bytes = read_file(d + "/image.json");
	std::string const text(reinterpret_cast<char const *>(bytes.data()), bytes.size());
	for (std::size_t n = 0; n < text.size() - 2; n += 7) {
		write_document(d, text.substr(0, n));
		EXPECT_NE(build_refusal(d), "accepted") << n;
	}
	write_document(d, text + "x");
	EXPECT_NE(build_refusal(d), "accepted");
}

TEST(Message_path, names_each_struct_of_a_manifest)
{
	Image const image = open_image(mixed().write());
	auto const bytes = image.manifest_bytes();
	Wire::Struct_shape const &shape = Metadata::Manifest::shape;
	Wire::Struct_reader const root =
		Wire::root(*Wire::open_segment({ bytes.data(), bytes.size() }));
	Metadata::Manifest::Reader const manifest(root);

	EXPECT_EQ(message_path(shape, root, root.offset()), "");
	for (unsigned i = 0; i < manifest.objects().size(); i++) {
		auto const object = manifest.objects()[i];
		std::string const name = "objects[" + std::to_string(i) + "]";
		EXPECT_EQ(message_path(shape, root, object.wire().offset()), name);
		if (object.has_dataspace()) {
			EXPECT_EQ(message_path(shape, root, object.dataspace().wire().offset()),
					  name + ".dataspace");
		}
		auto const regions = object.region_map().regions();
		for (unsigned k = 0; k < regions.size(); k++)
			EXPECT_EQ(message_path(shape, root, regions[k].wire().offset()),
					  name + ".regionMap.regions[" + std::to_string(k) + "]");
	}
	for (std::uint64_t offset = 0; offset < bytes.size() + 100; offset++)
		(void)message_path(shape, root, offset);
}

}
