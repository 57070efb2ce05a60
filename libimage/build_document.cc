#include "build_document.h"

#include <algorithm>
#include <cstring>

#include "core/manifest_check.h"
#include "core/utf8.h"
#include "message_json.h"
#include "strict_json.h"

namespace Capimg
{

using namespace Dump_format;

namespace
{

using Dataspace = Build_document::Dataspace;

Json read_document(Input_file const &file)
{
	std::vector<std::byte> const bytes = file.content(MAX_JSON_SIZE);
	return parse_json({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, file.name());
}

/* ---- head ---- */

void fill(void *to, std::size_t size, Json const &value, Json_path const &path)
{
	auto const bytes = bytes_value(value, path);
	if (bytes.size() != size) path.fail("must be " + std::to_string(size) + " bytes");
	std::memcpy(to, bytes.data(), size);
}

void read_head(Json const &value, Json_path const &path, Head &head)
{
	Json_object const object(value, path,
							 { "major", "minor", "requiredFeatures", "optionalFeatures", "writer",
							   "writerBytes", "reserved" });

	head.major = std::uint16_t(number_value(object.at("major"), object.path("major"), 0xffff));
	head.minor = std::uint16_t(number_value(object.at("minor"), object.path("minor"), 0xffff));
	head.required_features =
		hex_value(object.at("requiredFeatures"), object.path("requiredFeatures"));
	head.optional_features =
		hex_value(object.at("optionalFeatures"), object.path("optionalFeatures"));

	if (Json const *const bytes = object.find("writerBytes")) {
		if (object.has("writer")) path.fail("there are both \"writer\" and \"writerBytes\"");
		fill(head.writer, Head::WRITER_SIZE, *bytes, object.path("writerBytes"));
	} else {
		std::string const &writer = text_value(object.at("writer"), object.path("writer"));
		if (writer.size() > Head::WRITER_SIZE)
			object.path("writer").fail("must be at most 64 bytes long");
		head.set_writer(writer.c_str());
	}
	if (Json const *const reserved = object.find("reserved"))
		fill(head.reserved, Head::RESERVED_SIZE, *reserved, object.path("reserved"));
}

void read_machine(Json const &value, Json_path const &path, Machine &machine)
{
	Json_object const object(value, path, { "architecture", "wordBits", "pageSize" });

	Json const &architecture = object.at("architecture");
	Json_path const architecture_path = object.path("architecture");
	if (!architecture.is_string())
		machine.architecture = Architecture(number_value(architecture, architecture_path, 0xffff));
	else if (!architecture_from(text_value(architecture, architecture_path), machine.architecture))
		architecture_path.fail("there is no architecture of this name",
							   "others than the known ones are given as ELF's number");

	machine.word_bits =
		std::uint8_t(number_value(object.at("wordBits"), object.path("wordBits"), 0xff));
	machine.page_size =
		std::uint32_t(hex_value(object.at("pageSize"), object.path("pageSize"), ~std::uint32_t(0)));
}

void read_profile(Json const &value, Json_path const &path, Profile &profile)
{
	Json_object const object(value, path,
							 { "blockSize", "codec", "level", "codecVersion", "dedupLog2" });

	profile.block_size = std::uint32_t(
		hex_value(object.at("blockSize"), object.path("blockSize"), ~std::uint32_t(0)));
	if (!codec_from(text_value(object.at("codec"), object.path("codec")), profile.codec))
		object.path("codec").fail("there is no codec of this name", "one of raw, zstd, lz4");
	profile.level = std::int8_t(integer_value(object.at("level"), object.path("level"), -128, 127));
	profile.codec_version = std::uint32_t(
		number_value(object.at("codecVersion"), object.path("codecVersion"), ~std::uint32_t(0)));
	profile.dedup_log2 =
		std::uint8_t(number_value(object.at("dedupLog2"), object.path("dedupLog2"), 0xff));
}

/* what no reader would accept */
void check_head(Head const &head, Json_path const &path)
{
	std::byte bytes[Head::SIZE];
	Status status = head.encode({ bytes, sizeof(bytes) });
	if (!status) status = Head::decode({ bytes, sizeof(bytes) }).error();
	if (!status) return;

	/* "head.pageSize" stands in the document as "machine.pageSize", but its name says enough */
	path.child("head").fail(status.code,
							std::string(status.field) + ": " + error_text(status.code));
}

/* ---- manifest ---- */

/* null unless it is an object with this member */
Json *member(Json *object, char const *key)
{
	if (!object || !object->is_object()) return nullptr;
	auto const at = object->find(key);
	return at == object->end() ? nullptr : &*at;
}

std::uint64_t blocks_of(std::uint64_t size, std::uint32_t block_size)
{
	return size / block_size + (size % block_size != 0);
}

/*
 * Give the stored dataspaces that have no "firstBlock" the one they must have
 *
 * Anything that is not as it has to be is left to those who check it.
 */
void number_blocks(Json &manifest, std::uint32_t block_size)
{
	Json *const objects = member(&manifest, "objects");
	if (!objects || !objects->is_array()) return;

	std::uint64_t next = 0;
	std::string const file;
	for (Json &object : *objects) {
		Json *const dataspace = member(&object, "dataspace");
		Json const *const stored = member(dataspace, "stored"), *const size =
																	member(dataspace, "size");
		if (!stored || *stored != true || !size || !size->is_string()) continue;

		std::uint64_t const first = next;
		try {
			next += blocks_of(hex_value(*size, Json_path(file)), block_size);
		} catch (Image_error const &) {
			return;
		}
		if (!dataspace->contains("firstBlock")) (*dataspace)["firstBlock"] = std::to_string(first);
	}
}

std::vector<std::byte> read_manifest(Json const &value, Json_path const &path, Head const &head)
{
	std::vector<std::byte> message =
		message_from_json(value, path, Metadata::Manifest::shape, MESSAGE_LIMITS);
	Const_bytes const bytes(message.data(), message.size());
	Metadata::Manifest::Reader const manifest(Wire::root(*Wire::open_segment(bytes)));

	Manifest_context context { head.profile.block_size, head.machine.page_size, 0 };
	for (unsigned i = 0; i < manifest.objects().size(); i++) {
		auto const dataspace = manifest.objects()[i].dataspace();
		if (!dataspace.stored()) continue;
		std::uint64_t const blocks = blocks_of(dataspace.size(), context.block_size);
		if (!add(context.blocks, blocks, context.blocks) || context.blocks > Limit::MAX_BLOCKS)
			path.fail(Code::LIMIT, "the dataspaces have more blocks than an image may have");
	}

	Status const status = check_manifest(bytes, context).error();
	if (!status) return message;

	std::string where = message_path(Metadata::Manifest::shape, manifest.wire(), status.offset);
	std::string message_text = std::string(status.field) + ": " + error_text(status.code);
	if (status.value || status.limit)
		message_text += " (" + hex_text(status.value) +
						(status.limit ? ", limit " + hex_text(status.limit) : "") + ")";
	throw Image_error({ path.file(),
						status.code,
						{},
						path.text() + (where.empty() ? "" : "." + where),
						message_text,
						{} });
}

/* ---- dataspaces ---- */

std::vector<std::uint64_t> read_digests(Json const &value, Json_path const &path,
										std::uint64_t count)
{
	auto const bytes = bytes_value(value, path);
	if (bytes.size() / 8 != count || bytes.size() % 8)
		path.fail("must be 16 hexadecimal digits for each of " + std::to_string(count) + " blocks");

	std::vector<std::uint64_t> digests(count);
	for (std::size_t i = 0; i < bytes.size(); i++)
		digests[i / 8] = digests[i / 8] << 8 | std::uint64_t(bytes[i]);
	return digests;
}

/* 'floor' is the end of the hole before */
Hole read_hole(Json const &value, Json_path const &path, std::uint64_t floor,
			   std::uint64_t dataspace_size, std::uint32_t block_size)
{
	Json_object const object(value, path, { "offset", "size", "absent", "parentBlock", "digests" });
	Hole hole;
	hole.offset = hex_value(object.at("offset"), object.path("offset"));
	hole.size = hex_value(object.at("size"), object.path("size"));

	if (hole.offset < floor) object.path("offset").fail("overlaps the range before");
	if (hole.offset % block_size)
		object.path("offset").fail("must be a multiple of the block size");
	if (!hole.size || !within(hole.offset, hole.size, dataspace_size))
		object.path("size").fail("the range must not be empty, nor reach beyond the dataspace");
	if (hole.size % block_size && hole.offset + hole.size != dataspace_size)
		object.path("size").fail("must be whole blocks");

	if (Json const *const absent = object.find("absent")) {
		if (object.has("parentBlock") || object.has("digests"))
			path.fail("a range is absent or inherited, not both");
		Json_path const absent_path = object.path("absent");
		if (!reason_from(text_value(*absent, absent_path), hole.reason))
			absent_path.fail("there is no such reason", "one of notCaptured, inRom, redacted");
		return hole;
	}

	std::uint64_t const count = blocks_of(hole.size, block_size);
	hole.parent_block = decimal_value(object.at("parentBlock"), object.path("parentBlock"));
	if (!within(hole.parent_block, count, Limit::MAX_BLOCKS))
		object.path("parentBlock").fail(Code::LIMIT, "no image has so many blocks");
	hole.digests = read_digests(object.at("digests"), object.path("digests"), count);
	return hole;
}

Dataspace read_dataspace(Json const &value, Json_path const &path, std::uint32_t id,
						 std::uint64_t size, std::uint32_t block_size)
{
	Json_object const object(value, path, { "id", "file", "holes" });

	if (number_value(object.at("id"), object.path("id"), ~std::uint32_t(0)) != id)
		object.path("id").fail("the next stored dataspace of the manifest is " +
							   std::to_string(id));
	if (text_value(object.at("file"), object.path("file")) != dataspace_file(id))
		object.path("file").fail("must be \"" + dataspace_file(id) + "\"");

	Dataspace dataspace { id, size, {} };
	Json const *const holes = object.find("holes");
	if (!holes) return dataspace;

	Json_path const holes_path = object.path("holes");
	std::uint64_t floor = 0;
	for (Json const &hole : array_value(*holes, holes_path)) {
		Json_path const hole_path = holes_path.element(dataspace.holes.size());
		dataspace.holes.push_back(read_hole(hole, hole_path, floor, size, block_size));
		floor = dataspace.holes.back().offset + dataspace.holes.back().size;
	}
	return dataspace;
}

std::vector<Dataspace> read_dataspaces(Json const &value, Json_path const &path,
									   std::vector<std::byte> const &message,
									   std::uint32_t block_size)
{
	Const_bytes const bytes(message.data(), message.size());
	Metadata::Manifest::Reader const manifest(Wire::root(*Wire::open_segment(bytes)));
	Json::array_t const &values = array_value(value, path);

	std::vector<Dataspace> dataspaces;
	for (unsigned i = 0; i < manifest.objects().size(); i++) {
		auto const object = manifest.objects()[i];
		if (!object.dataspace().stored()) continue;

		std::size_t const n = dataspaces.size();
		if (n == values.size())
			path.fail("the stored dataspace " + std::to_string(object.id()) +
					  " of the manifest is missing");
		dataspaces.push_back(read_dataspace(values[n], path.element(n), object.id(),
											object.dataspace().size(), block_size));
	}
	if (dataspaces.size() != values.size())
		path.element(dataspaces.size()).fail("the manifest has no more stored dataspaces");
	return dataspaces;
}

/* ---- sections ---- */

Build_document::Section read_section(Json const &value, Json_path const &path, std::size_t n)
{
	Json_object const object(value, path, { "kind", "flags", "file", "provenance" });
	Json_path const kind_path = object.path("kind"), flags_path = object.path("flags");

	Section section;
	section.kind = Section_kind(hex_value(object.at("kind"), kind_path, ~std::uint32_t(0)));
	section.flags = std::uint32_t(hex_value(object.at("flags"), flags_path, Section::REQUIRED));

	bool const provenance = section.kind == Section_kind::PROVENANCE;
	if (section.known() && !provenance) kind_path.fail("this section is made by the build itself");
	if (!section.known() && section.required())
		flags_path.fail(Code::UNSUPPORTED_FEATURE, "a required section must be known");

	if (provenance) {
		if (object.has("file")) object.path("file").fail("provenance has no file");
		return { section.kind, section.flags,
				 message_from_json(object.at("provenance"), object.path("provenance"),
								   Metadata::Provenance::shape, MESSAGE_LIMITS) };
	}
	if (object.has("provenance")) object.path("provenance").fail("this is not of the kind 0x4");
	if (text_value(object.at("file"), object.path("file")) != section_file(n, section.kind))
		object.path("file").fail("must be \"" + section_file(n, section.kind) + "\"");
	return { section.kind, section.flags, {} };
}

}

Build_document::Build_document(Input_directory const &directory)
{
	static constexpr std::size_t OWN_SECTIONS = 3; /* directory, manifest, storage */

	Input_file const file = directory.open(DOCUMENT);
	Json document = read_document(file);

	Json_path const path(file.name());
	Json_object const object(
		document, path,
		{ "schema", "head", "machine", "profile", "manifest", "dataspaces", "sections" });

	if (text_value(object.at("schema"), object.path("schema")) != SCHEMA)
		object.path("schema").fail(Code::UNSUPPORTED_VERSION,
								   std::string("must be \"") + SCHEMA + "\"");

	read_head(object.at("head"), object.path("head"), head);
	read_machine(object.at("machine"), object.path("machine"), head.machine);
	read_profile(object.at("profile"), object.path("profile"), head.profile);
	check_head(head, path);

	(void)object.at("manifest");
	number_blocks(document["manifest"], head.profile.block_size);
	manifest = read_manifest(object.at("manifest"), object.path("manifest"), head);
	dataspaces = read_dataspaces(object.at("dataspaces"), object.path("dataspaces"), manifest,
								 head.profile.block_size);

	Json_path const sections_path = object.path("sections");
	Json::array_t const &values = array_value(object.at("sections"), sections_path);
	if (values.size() > Limit::MAX_SECTIONS - OWN_SECTIONS)
		sections_path.fail(Code::LIMIT, "an image has at most 1021 of them");
	for (std::size_t i = 0; i < values.size(); i++) {
		sections.push_back(read_section(values[i], sections_path.element(i), i));
		auto const provenance = [](Section const &s) { return s.kind == Section_kind::PROVENANCE; };
		if (std::ranges::count_if(sections, provenance) > 1)
			sections_path.element(i).fail(Code::DUPLICATE,
										  "there is one section of provenance at most");
	}
}

}
