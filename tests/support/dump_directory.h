/*
 * Directories that images become, for tests that write and change them
 */

#ifndef CAPIMG__TESTS__SUPPORT__DUMP_DIRECTORY_H
#define CAPIMG__TESTS__SUPPORT__DUMP_DIRECTORY_H

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "libimage/build.h"
#include "libimage/compression.h"
#include "libimage/dump.h"
#include "libimage/json_value.h"
#include "libimage/strict_json.h"
#include "scratch_directory.h"
#include "small_image.h"

namespace Capimg::Test
{

namespace fs = std::filesystem;
using Bytes_vector = std::vector<std::byte>;

/* names of what is in a directory, hidden files included */
inline std::size_t entries(std::string const &directory)
{
	return std::size_t(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

inline Dump_options quick() { return { .durable = false, .threads = 1 }; }

inline Bytes_vector built(std::string const &directory)
{
	Memory_sink sink;
	build(directory, sink, { .threads = 1 });
	return sink.bytes();
}

inline Bytes_vector dumped_and_built(Bytes_vector const &image)
{
	Scratch_directory scratch;
	dump(open_image(image), scratch.path("d"), quick());
	return built(scratch.path("d"));
}

inline Json document_of(std::string const &directory)
{
	Bytes_vector const bytes = read_file(directory + "/image.json");
	return parse_json({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, "image.json");
}

inline void write_document(std::string const &directory, std::string const &text)
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

inline void write_text(std::string const &path, std::string const &text)
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

inline std::string build_refusal(std::string const &directory)
{
	return refusal(directory, [&] { built(directory); });
}

/* dataspaces with all kinds of blocks */
inline Small_image mixed(Codec_id codec = Codec_id::RAW, std::uint8_t dedup = 10)
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

}

#endif /* CAPIMG__TESTS__SUPPORT__DUMP_DIRECTORY_H */
