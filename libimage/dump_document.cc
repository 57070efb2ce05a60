#include "dump_document.h"

#include "core/generated/image.h"
#include "core/utf8.h"
#include "json_writer.h"
#include "message_json.h"

namespace Capimg
{

using namespace Dump_format;

static constexpr std::size_t WIDTH = 200; /* a capability's entry is one line */

static void write_head(Json_writer &json, Head const &head)
{
	json.key("head").begin_object();
	json.key("major").number(head.major);
	json.key("minor").number(head.minor);
	json.key("requiredFeatures").hex(head.required_features);
	json.key("optionalFeatures").hex(head.optional_features);

	/* a text, if it is one with nothing behind it */
	Const_bytes const writer(head.writer, Head::WRITER_SIZE);
	std::size_t const size = first_invalid_utf8(writer);
	Const_bytes const rest(writer.base() + size, writer.size() - size);
	if (rest.all_zero())
		json.key("writer").text({ head.writer, size });
	else
		json.key("writerBytes").bytes(std::as_bytes(std::span(head.writer, Head::WRITER_SIZE)));

	if (!Const_bytes(head.reserved, Head::RESERVED_SIZE).all_zero())
		json.key("reserved").bytes(std::as_bytes(std::span(head.reserved)));
	json.end_object();

	json.key("machine").begin_object();
	json.key("architecture");
	if (known_architecture(head.machine.architecture))
		json.text(architecture_name(head.machine.architecture));
	else
		json.number(unsigned(head.machine.architecture));
	json.key("wordBits").number(head.machine.word_bits);
	json.key("pageSize").hex(head.machine.page_size);
	json.end_object();

	json.key("profile").begin_object();
	json.key("blockSize").hex(head.profile.block_size);
	json.key("codec").text(codec_name(head.profile.codec));
	json.key("level").integer(head.profile.level);
	json.key("codecVersion").number(head.profile.codec_version);
	json.key("dedupLog2").number(head.profile.dedup_log2);
	json.end_object();
}

static void write_hole(Json_writer &json, Hole const &hole)
{
	json.begin_object();
	json.key("offset").hex(hole.offset);
	json.key("size").hex(hole.size);
	if (!hole.inherited()) {
		json.key("absent").text(reason_name(hole.reason));
	} else {
		std::vector<std::byte> digests(hole.digests.size() * 8);
		for (std::size_t i = 0; i < digests.size(); i++)
			digests[i] = std::byte(hole.digests[i / 8] >> (56 - 8 * (i % 8)));
		json.key("parentBlock").decimal(hole.parent_block);
		json.key("digests").bytes(digests);
	}
	json.end_object();
}

static void write_dataspaces(Json_writer &json, Image const &image,
							 std::vector<std::vector<Hole>> const &holes)
{
	json.key("dataspaces").begin_array();
	for (std::size_t i = 0; i < image.ranges().size(); i++) {
		std::uint32_t const id = image.ranges()[i].object;
		json.begin_object();
		json.key("id").number(id);
		json.key("file").text(dataspace_file(id));
		if (!holes[i].empty()) {
			json.key("holes").begin_array();
			for (Hole const &hole : holes[i]) write_hole(json, hole);
			json.end_array();
		}
		json.end_object();
	}
	json.end_array();
}

static Wire::Struct_reader message_root(std::span<std::byte const> bytes,
										Wire::Struct_shape const &shape, std::string const &file)
{
	return value_or_throw(Wire::check({ bytes.data(), bytes.size() }, shape, {}), file);
}

static void write_sections(Json_writer &json, Image const &image)
{
	std::size_t number = 0;
	json.key("sections").begin_array();
	for (std::size_t i = 0; i < image.sections().size(); i++) {
		Section const &section = image.sections()[i];
		if (made_by_writer(section)) continue;
		std::size_t const n = number++;

		json.begin_object();
		json.key("kind").hex(std::uint32_t(section.kind));
		json.key("flags").hex(section.flags);
		if (section.kind == Section_kind::PROVENANCE) {
			Wire::Struct_shape const &shape = Metadata::Provenance::shape;
			json.key("provenance");
			write_message(json, shape, message_root(image.section_bytes(i), shape, image.path()));
		} else {
			json.key("file").text(section_file(n, section.kind));
		}
		json.end_object();
	}
	json.end_array();
}

void write_dump_document(Sink &sink, Image const &image,
						 std::vector<std::vector<Hole>> const &holes)
{
	Json_writer json(sink, WIDTH);

	json.begin_object();
	json.key("schema").text(SCHEMA);
	write_head(json, image.head());

	Wire::Struct_shape const &shape = Metadata::Manifest::shape;
	json.key("manifest");
	write_message(json, shape, message_root(image.manifest_bytes(), shape, image.path()));

	write_dataspaces(json, image, holes);
	write_sections(json, image);
	json.end_object();
	json.finish();
}

}
