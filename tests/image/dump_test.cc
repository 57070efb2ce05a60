/*
 * Images that become directories, and images again
 */

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include "libimage/core/checksum.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/manifest_check.h"
#include "libimage/elf_core.h"
#include "libimage/import.h"
#include "libimage/message_json.h"
#include "tests/support/dump_directory.h"

namespace Capimg
{

using namespace Test;

static Bytes_vector provenance_message()
{
	Bytes_vector buffer(4096);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	auto const records = builder.init_root<Metadata::Provenance>().init_records(2);
	records[0].action("rewrite");
	records[1].detail("second \"record\"");
	buffer.resize(value_or_throw(builder.finish()).size());
	return buffer;
}

TEST(Dump, every_codec_and_profile_comes_back)
{
	for (Codec_id const codec : { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 })
		for (std::uint8_t const dedup : { 0, 10 })
			for (std::uint32_t const block : { 4096u, 65536u }) {
				SCOPED_TRACE(std::string(codec_name(codec)) + " " + std::to_string(block));
				Small_image small = mixed(codec, dedup);
				small.head.profile.block_size = block;
				Bytes_vector const image = small.write();
				EXPECT_EQ(dumped_and_built(image), image);
			}
}

RC_GTEST_PROP(Dump, any_image_comes_back, (std::uint64_t seed))
{
	std::mt19937_64 random(seed);
	auto const below = [&](std::uint64_t n) { return random() % n; };

	Small_image small;
	Codec_id const codec = Codec_id(below(3));
	small.head.profile = { std::uint32_t(4096 << below(4)), codec,
						   std::int8_t(codec == Codec_id::RAW ? 0 : 1 + below(3)),
						   codec_version(codec), std::uint8_t(below(8)) };
	for (std::uint64_t n = below(4); n; n--) {
		Pieces pieces;
		for (std::uint64_t k = 1 + below(6); k; k--) {
			std::uint64_t const size = below(2) ? 1 + below(20000) : 4096 * (1 + below(8));
			switch (below(4)) {
			case 0: pieces.zero(size); break;
			case 1: pieces.absent(size, Absent_reason(1 + below(3))); break;
			case 2: pieces.text(std::string(size, char(1 + below(3)))); break;
			default: pieces.random(size, unsigned(below(4))); break;
			}
		}
		small.dataspaces.push_back(pieces);
	}
	Bytes_vector const image = small.write();
	RC_ASSERT(dumped_and_built(image) == image);
}

TEST(Dump, imported_components_come_back)
{
	for (char const *name : { "foc-counter", "linux-server" }) {
		SCOPED_TRACE(name);
		Elf_core const core(std::string(CAPIMG_TEST_DATA "/fixtures/") + name + ".core");
		Import_plan plan(core, {});
		Head head;
		head.machine = plan.machine();
		Memory_sink sink;
		Writer writer(sink, head, { .threads = 1 });
		plan.write(writer);
		EXPECT_TRUE(dumped_and_built(sink.bytes()) == sink.bytes());
	}
}

TEST(Dump, is_the_same_each_time_and_checks_itself)
{
	Scratch_directory scratch;
	Image const image = open_image(mixed(Codec_id::ZSTD).write());
	Dump_options options = quick();
	options.check = true;
	options.durable = true;
	dump(image, scratch.path("a"), options);
	dump(image, scratch.path("b"), quick());
	EXPECT_EQ(read_file(scratch.path("a/image.json")), read_file(scratch.path("b/image.json")));
	EXPECT_EQ(read_file(scratch.path("a/dataspaces/3.bin")),
			  read_file(scratch.path("b/dataspaces/3.bin")));
	EXPECT_EQ(entries(scratch.path()), 2u);
}

TEST(Dump, check_finds_an_image_that_is_not_what_its_profile_says)
{
	/* stored without looking for duplicates, and then said to be stored with */
	Bytes_vector bytes = mixed(Codec_id::RAW, 0).write();
	std::size_t const end = bytes.size() - Trailer::SIZE;
	Capimg::Bytes const all(bytes.data(), bytes.size());
	Capimg::Bytes const tail(bytes.data() + end, Trailer::SIZE);

	Head head = value_or_throw(Head::decode(all));
	Trailer trailer = value_or_throw(Trailer::decode(tail, bytes.size()));
	head.profile.dedup_log2 = 10;
	throw_if(head.encode(all));
	trailer.head_digest = checksum({ bytes.data(), Head::SIZE });
	throw_if(trailer.encode(tail));

	Scratch_directory scratch;
	Image const image = open_image(bytes);
	Dump_options options = quick();
	options.check = true;
	EXPECT_NE(refusal("", [&] { dump(image, scratch.path("d"), options); })
				  .find("an image built of the dump would differ here"),
			  std::string::npos);
	EXPECT_EQ(entries(scratch.path()), 0u);
	dump(image, scratch.path("d"), quick());
}

TEST(Dump, shows_what_the_files_cannot)
{
	Scratch_directory scratch;
	dump(open_image(mixed().write()), scratch.path("d"), quick());
	Json const json = document_of(scratch.path("d"));

	EXPECT_EQ(json.begin().key(), "schema");
	EXPECT_EQ(json["schema"], "capimg.dump/1");
	EXPECT_EQ(json["machine"],
			  Json({ { "architecture", "x86_64" }, { "wordBits", 64 }, { "pageSize", "0x1000" } }));
	EXPECT_EQ(json["head"]["optionalFeatures"], "0x8000000000000001");
	EXPECT_EQ(json["head"]["writer"], "test");
	EXPECT_FALSE(json["head"].contains("reserved"));
	EXPECT_EQ(json["profile"]["dedupLog2"], 10);
	EXPECT_EQ(json["manifest"]["label"], "small");

	ASSERT_EQ(json["dataspaces"].size(), 5u);
	EXPECT_EQ(json["dataspaces"][1], Json({ { "id", 4 }, { "file", "dataspaces/4.bin" } }));
	Json const &holes = json["dataspaces"][2]["holes"];
	ASSERT_EQ(holes.size(), 2u);
	EXPECT_EQ(holes[0], Json({ { "offset", "0x0" }, { "size", "0x1000" }, { "absent", "inRom" } }));
	EXPECT_EQ(holes[1],
			  Json({ { "offset", "0x1000" }, { "size", "0x2000" }, { "absent", "redacted" } }));
	EXPECT_EQ(json["dataspaces"][4]["holes"][0]["size"], hex_text(5000));
}

TEST(Dump, files_have_the_bytes_and_holes_where_there_are_none)
{
	Small_image small;
	small.dataspaces.push_back(
		Pieces().zero(64 * 4096).text("in the middle").absent(4083).zero(1 << 26));
	Scratch_directory scratch;
	dump(open_image(small.write()), scratch.path("d"), quick());

	std::string const path = scratch.path("d/dataspaces/3.bin");
	struct stat st
	{};
	ASSERT_EQ(::stat(path.c_str(), &st), 0);
	EXPECT_EQ(st.st_size, (64 + 1) * 4096 + (1 << 26));
	EXPECT_LT(st.st_blocks * 512, 1 << 20);
	Bytes_vector const bytes = read_file(path);
	EXPECT_EQ(std::string(reinterpret_cast<char const *>(bytes.data()) + 64 * 4096, 14),
			  std::string("in the middle\0", 14));
}

TEST(Dump, unknown_sections_and_provenance_come_back)
{
	Small_image small = mixed();
	small.sections.push_back({ Section_kind(0x10001), 0, { std::byte(1), std::byte(2) } });
	small.sections.push_back({ Section_kind::PROVENANCE, 0, provenance_message() });
	small.sections.push_back({ Section_kind(0x10001), 0, {} });
	small.sections.push_back({ Section_kind(5), 0, Bytes_vector(70000, std::byte(7)) });
	Bytes_vector const image = small.write();

	Scratch_directory scratch;
	dump(open_image(image), scratch.path("d"), quick());
	EXPECT_EQ(built(scratch.path("d")), image);

	Json const sections = document_of(scratch.path("d"))["sections"];
	ASSERT_EQ(sections.size(), 4u);
	EXPECT_EQ(sections[0]["file"], "sections/0-0x10001.bin");
	EXPECT_EQ(sections[1]["provenance"]["records"][1]["detail"], "second \"record\"");
	EXPECT_EQ(sections[3]["file"], "sections/3-0x5.bin");
	EXPECT_EQ(read_file(scratch.path("d/sections/0-0x10001.bin")).size(), 2u);
}

TEST(Dump, a_head_of_a_newer_minor_version_comes_back)
{
	Small_image small = mixed();
	small.head.minor = 7;
	for (unsigned i = 0; i < Head::RESERVED_SIZE; i++) small.head.reserved[i] = std::uint8_t(i);
	small.head.machine.architecture = Architecture(4711);
	std::fill_n(small.head.writer, Head::WRITER_SIZE, 'w');
	Bytes_vector const full = small.write();
	EXPECT_EQ(dumped_and_built(full), full);

	/* not a text: bytes behind the end of it, or no UTF-8 */
	small.head.writer[3] = 0;
	Bytes_vector const rest = small.write();
	EXPECT_EQ(dumped_and_built(rest), rest);
	small.head.set_writer("\xff\xfe");
	Bytes_vector const binary = small.write();
	EXPECT_EQ(dumped_and_built(binary), binary);
}

TEST(Dump, unknown_fields_of_the_manifest_come_back)
{
	Scratch_directory scratch;
	dump(open_image(mixed().write()), scratch.path("d"), quick());
	edit(scratch.path("d"), [](Json &json) {
		Json &manifest = json["manifest"];
		manifest["kernel"] = 99;
		manifest["cpuFeatures"] = { "avx", "sse" };
		manifest["unknown"] = {
			{ "dataWords", 9 },
			{ "pointerCount", 30 },
			{ "words", { { "8", "0xdeadbeef" } } },
			{ "pointers",
			  { { "29",
				  { { "list",
					  { { "element", "byte" }, { "count", 2 }, { "data", "0102" } } } } } } },
			{ "elements", { { "objects", { { "dataWords", 4 }, { "pointerCount", 3 } } } } }
		};
		manifest["objects"].push_back({ { "id", 100 }, { "unknown", { { "tag", 200 } } } });
		manifest["objects"][0]["unknown"] = { { "words", { { "3", "0x7" } } } };
	});
	Bytes_vector const image = built(scratch.path("d"));
	EXPECT_EQ(dumped_and_built(image), image);

	Image const opened = open_image(image);
	EXPECT_EQ(unsigned(opened.manifest().getKernel()), 99u);
	EXPECT_EQ(opened.manifest().getObjects()[7].getId(), 100u);
}

TEST(Dump, inherited_blocks_come_back)
{
	Small_image parent;
	parent.dataspaces.push_back(Pieces().random(4096 * 3000, 9));
	Bytes_vector const parent_bytes = parent.write();
	auto const parent_image = std::make_shared<Image const>(open_image(parent_bytes));
	auto const &state = parent_image->trailer().state.bytes;

	auto const digests = [&](std::uint64_t first, std::uint64_t count) {
		std::vector<std::uint64_t> result;
		for (std::uint64_t i = 0; i < count; i++)
			result.push_back(parent_image->block(first + i).digest);
		return result;
	};

	Small_image child;
	child.head.required_features = Feature::INHERITED;
	child.parent_digest.assign(reinterpret_cast<std::byte const *>(state),
							   reinterpret_cast<std::byte const *>(state) + 32);
	child.dataspaces.push_back(Pieces()
								   .inherited(5, digests(5, 3))
								   .random(4096, 1)
								   .inherited(100, digests(100, 2))
								   .inherited(1, digests(1, 1)));
	Bytes_vector const some = child.write();
	EXPECT_EQ(dumped_and_built(some), some); /* the chunk has the digests: no parent is needed */

	Scratch_directory scratch;
	dump(open_image(some), scratch.path("some"), quick());
	Json const holes = document_of(scratch.path("some"))["dataspaces"][0]["holes"];
	ASSERT_EQ(holes.size(), 3u);
	EXPECT_EQ(holes[0]["parentBlock"], "5");
	EXPECT_EQ(holes[0]["digests"].get<std::string>().size(), 48u);
	EXPECT_EQ(holes[2]["parentBlock"], "1");

	/* whole chunks: their digests are the parent's */
	child.dataspaces[0] = Pieces().inherited(7, digests(7, 2500)).random(100, 3);
	Bytes_vector const chunks = child.write();
	Image image = open_image(chunks);
	ASSERT_FALSE(image.directory().chunk(0).stored());
	try {
		dump(image, scratch.path("d"), quick());
		ADD_FAILURE() << "dumped without a parent";
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().code, Code::NO_PARENT);
	}
	EXPECT_EQ(entries(scratch.path()), 1u);

	image.set_parent(parent_image);
	dump(image, scratch.path("d"), quick());
	EXPECT_EQ(built(scratch.path("d")), chunks);
}

TEST(Dump, does_not_take_the_place_of_other_files)
{
	Scratch_directory scratch;
	Image const image = open_image(mixed().write());
	Dump_options force = quick();
	force.force = true;
	std::string const d = scratch.path("d");

	write_text(scratch.path("file"), "x");
	EXPECT_EQ(refusal(scratch.path("file"), [&] { dump(image, scratch.path("file"), force); }),
			  ": there is a file of this name");
	EXPECT_EQ(refusal("", [&] { dump(image, "-", force); }),
			  "-: a dump is a directory and cannot go to standard output");

	fs::create_directory(d);
	dump(image, d + "/", quick()); /* an empty directory is as good as none */
	EXPECT_EQ(refusal(d, [&] { dump(image, d, quick()); }), ": the directory holds a dump already");

	edit(d, [](Json &json) { json["manifest"]["label"] = "changed"; });
	dump(image, d, force);
	EXPECT_EQ(document_of(d)["manifest"]["label"], "small");

	write_text(d + "/dataspaces/notes.txt", "mine");
	EXPECT_EQ(refusal(d, [&] { dump(image, d, force); }),
			  ": the directory holds other files than those of a dump");
	fs::remove(d + "/dataspaces/notes.txt");
	write_text(d + "/image.json", "{}");
	EXPECT_EQ(refusal(d, [&] { dump(image, d, force); }),
			  ": the directory holds other files than those of a dump");
	EXPECT_EQ(entries(scratch.path()), 2u);
}

TEST(Dump, follows_a_link_to_the_directory_that_it_replaces)
{
	Scratch_directory scratch;
	Image const image = open_image(mixed().write());
	dump(image, scratch.path("d"), quick());
	fs::create_directory_symlink("d", scratch.path("link"));
	Dump_options force = quick();
	force.force = true;
	dump(image, scratch.path("link"), force);
	EXPECT_TRUE(fs::is_symlink(scratch.path("link")));
	EXPECT_EQ(entries(scratch.path()), 2u);
}

TEST(Dump, leaves_nothing_behind_when_it_fails)
{
	Scratch_directory scratch;
	Bytes_vector bytes = mixed().write();
	Image const image = open_image(bytes);
	bytes[image.block(0).where] ^= std::byte(1);
	EXPECT_THROW(dump(open_image(bytes), scratch.path("d"), quick()), Image_error);
	EXPECT_EQ(entries(scratch.path()), 0u);
	EXPECT_THROW(dump(image, scratch.path("missing/d"), quick()), Image_error);
	EXPECT_EQ(entries(scratch.path()), 0u);
}

}
