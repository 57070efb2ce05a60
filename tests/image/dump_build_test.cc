/*
 * Images as directories, both ways
 */

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libimage/build.h"
#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/manifest_check.h"
#include "libimage/dump.h"
#include "libimage/elf_core.h"
#include "libimage/import.h"
#include "libimage/json_value.h"
#include "libimage/message_json.h"
#include "libimage/strict_json.h"
#include "tests/support/small_image.h"

namespace Capimg
{

using namespace Test;

namespace
{

namespace fs = std::filesystem;
using Bytes_vector = std::vector<std::byte>;

/* a directory of its own for each test, removed at the end */
class Scratch
{
	std::string _path;

  public:
	Scratch()
	{
		char const *const directory = std::getenv("TMPDIR");
		_path = std::string(directory ? directory : "/tmp") + "/capimg-dump-XXXXXX";
		if (!::mkdtemp(_path.data())) throw std::runtime_error("mkdtemp");
	}
	~Scratch() { fs::remove_all(_path); }

	std::string operator/(std::string const &name) const { return _path + "/" + name; }

	/* names of what is there, hidden files included */
	std::size_t entries() const
	{
		return std::size_t(std::distance(fs::directory_iterator(_path), fs::directory_iterator()));
	}
};

Dump_options quick() { return { .durable = false, .threads = 1 }; }

Bytes_vector built(std::string const &directory)
{
	Memory_sink sink;
	build(directory, sink, { .threads = 1 });
	return sink.bytes();
}

Bytes_vector dumped_and_built(Bytes_vector const &image)
{
	Scratch scratch;
	dump(open_image(image), scratch / "d", quick());
	return built(scratch / "d");
}

Json document_of(std::string const &directory)
{
	Bytes_vector const bytes = read_file(directory + "/image.json");
	return parse_json({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, "image.json");
}

void write_document(std::string const &directory, std::string const &text)
{
	std::ofstream(directory + "/image.json", std::ios::trunc) << text;
}

template <typename FN>
void edit(std::string const &directory, FN const &fn)
{
	Json document = document_of(directory);
	fn(document);
	write_document(directory, document.dump(1));
}

void write_text(std::string const &path, std::string const &text)
{
	std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
}

/* "file: field: message" with the directory's name taken out */
template <typename FN>
std::string refusal(std::string const &directory, FN const &fn)
{
	try {
		fn();
	} catch (Image_error const &e) {
		std::string file = e.info().file;
		if (file.starts_with(directory)) file.erase(0, directory.size());
		return file + ": " + (e.info().field.empty() ? "" : e.info().field + ": ") +
			   e.info().message;
	}
	return "accepted";
}

std::string build_refusal(std::string const &directory)
{
	return refusal(directory, [&] { built(directory); });
}

/* dataspaces with all kinds of blocks */
Small_image mixed(Codec_id codec = Codec_id::RAW, std::uint8_t dedup = 10)
{
	Small_image small;
	small.head.machine = { Architecture::X86_64, 64, 4096 };
	small.head.profile = { 4096, codec, std::int8_t(codec == Codec_id::ZSTD ? 3 : 0),
						   codec_version(codec), dedup };
	small.head.optional_features = 0x8000000000000001;
	std::string text;
	while (text.size() < 9000) text += "text that packs well, ";

	small.dataspaces.push_back(Pieces().random(10000, 1).zero(100000).text(text).absent(4096 * 5));
	small.dataspaces.push_back(Pieces().random(8192, 2).random(8192, 2).random(5, 3));
	small.dataspaces.push_back(Pieces()
								   .absent(4096, Absent_reason::IN_ROM)
								   .absent(8192, Absent_reason::REDACTED)
								   .text("x")
								   .absent(99)
								   .zero(20000)
								   .absent(7, Absent_reason::REDACTED));
	small.dataspaces.push_back(Pieces().zero(1));
	small.dataspaces.push_back(Pieces().absent(5000));
	return small;
}

Bytes_vector provenance_message()
{
	Bytes_vector buffer(4096);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	auto const records = builder.init_root<Metadata::Provenance>().init_records(2);
	records[0].action("rewrite");
	records[1].detail("second \"record\"");
	buffer.resize(value_or_throw(builder.finish()).size());
	return buffer;
}

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
	Scratch scratch;
	Image const image = open_image(mixed(Codec_id::ZSTD).write());
	Dump_options options = quick();
	options.check = true;
	options.durable = true;
	dump(image, scratch / "a", options);
	dump(image, scratch / "b", quick());
	EXPECT_EQ(read_file(scratch / "a/image.json"), read_file(scratch / "b/image.json"));
	EXPECT_EQ(read_file(scratch / "a/dataspaces/3.bin"), read_file(scratch / "b/dataspaces/3.bin"));
	EXPECT_EQ(scratch.entries(), 2u);
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

	Scratch scratch;
	Image const image = open_image(bytes);
	Dump_options options = quick();
	options.check = true;
	EXPECT_NE(refusal("", [&] { dump(image, scratch / "d", options); })
				  .find("an image built of the dump would differ here"),
			  std::string::npos);
	EXPECT_EQ(scratch.entries(), 0u);
	dump(image, scratch / "d", quick());
}

TEST(Dump, shows_what_the_files_cannot)
{
	Scratch scratch;
	dump(open_image(mixed().write()), scratch / "d", quick());
	Json const json = document_of(scratch / "d");

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
	Scratch scratch;
	dump(open_image(small.write()), scratch / "d", quick());

	std::string const path = scratch / "d/dataspaces/3.bin";
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

	Scratch scratch;
	dump(open_image(image), scratch / "d", quick());
	EXPECT_EQ(built(scratch / "d"), image);

	Json const sections = document_of(scratch / "d")["sections"];
	ASSERT_EQ(sections.size(), 4u);
	EXPECT_EQ(sections[0]["file"], "sections/0-0x10001.bin");
	EXPECT_EQ(sections[1]["provenance"]["records"][1]["detail"], "second \"record\"");
	EXPECT_EQ(sections[3]["file"], "sections/3-0x5.bin");
	EXPECT_EQ(read_file(scratch / "d/sections/0-0x10001.bin").size(), 2u);
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
	Scratch scratch;
	dump(open_image(mixed().write()), scratch / "d", quick());
	edit(scratch / "d", [](Json &json) {
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
	Bytes_vector const image = built(scratch / "d");
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

	Scratch scratch;
	dump(open_image(some), scratch / "some", quick());
	Json const holes = document_of(scratch / "some")["dataspaces"][0]["holes"];
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
		dump(image, scratch / "d", quick());
		ADD_FAILURE() << "dumped without a parent";
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().code, Code::NO_PARENT);
	}
	EXPECT_EQ(scratch.entries(), 1u);

	image.set_parent(parent_image);
	dump(image, scratch / "d", quick());
	EXPECT_EQ(built(scratch / "d"), chunks);
}

TEST(Dump, does_not_take_the_place_of_other_files)
{
	Scratch scratch;
	Image const image = open_image(mixed().write());
	Dump_options force = quick();
	force.force = true;
	std::string const d = scratch / "d";

	write_text(scratch / "file", "x");
	EXPECT_EQ(refusal(scratch / "file", [&] { dump(image, scratch / "file", force); }),
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
	EXPECT_EQ(scratch.entries(), 2u);
}

TEST(Dump, follows_a_link_to_the_directory_that_it_replaces)
{
	Scratch scratch;
	Image const image = open_image(mixed().write());
	dump(image, scratch / "d", quick());
	fs::create_directory_symlink("d", scratch / "link");
	Dump_options force = quick();
	force.force = true;
	dump(image, scratch / "link", force);
	EXPECT_TRUE(fs::is_symlink(scratch / "link"));
	EXPECT_EQ(scratch.entries(), 2u);
}

TEST(Dump, leaves_nothing_behind_when_it_fails)
{
	Scratch scratch;
	Bytes_vector bytes = mixed().write();
	Image const image = open_image(bytes);
	bytes[image.block(0).where] ^= std::byte(1);
	EXPECT_THROW(dump(open_image(bytes), scratch / "d", quick()), Image_error);
	EXPECT_EQ(scratch.entries(), 0u);
	EXPECT_THROW(dump(image, scratch / "missing/d", quick()), Image_error);
	EXPECT_EQ(scratch.entries(), 0u);
}

/* ---- build ---- */

class Build_dump : public testing::Test
{
  protected:
	Scratch scratch {};
	std::string const d = scratch / "d";

	Build_dump()
	{
		Small_image small = mixed();
		small.sections.push_back({ Section_kind(0x10001), 0, { std::byte(1) } });
		dump(open_image(small.write()), d, quick());
	}
};

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
	dump(open_image(small.write()), scratch / "z", quick());

	Memory_sink sink;
	Build_result const result = build(scratch / "z", sink, { .threads = 1 });
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
	fs::rename(file, scratch / "outside");

	fs::create_symlink(scratch / "outside", file);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is a symbolic link");
	fs::remove(file);

	ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is not a plain file");
	fs::remove(file);

	fs::create_directory(file);
	EXPECT_EQ(build_refusal(d), "/dataspaces/4.bin: this is not a plain file");
	fs::remove(file);
	fs::rename(scratch / "outside", file);
	EXPECT_EQ(build_refusal(d), "accepted");

	fs::rename(d + "/dataspaces", scratch / "elsewhere");
	fs::create_directory_symlink(scratch / "elsewhere", d + "/dataspaces");
	EXPECT_NE(build_refusal(d), "accepted");
	fs::remove(d + "/dataspaces");
	fs::rename(scratch / "elsewhere", d + "/dataspaces");

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
