#include "inspect.h"

#include <map>

#include "core/generated/image.h"
#include "enum_names.h"
#include "key.h"
#include "message_json.h"
#include "object_kinds.h"

namespace Capimg
{

Json profile_json(Profile const &profile)
{
	return { { "blockSize", hex_text(profile.block_size) },
			 { "codec", codec_name(profile.codec) },
			 { "level", profile.level },
			 { "codecVersion", profile.codec_version },
			 { "dedupLog2", profile.dedup_log2 } };
}

static Json memory(Image const &image)
{
	std::uint64_t size = 0, dataspaces = 0;
	for (auto const object : image.manifest().getObjects()) {
		if (!object.isDataspace()) continue;
		dataspaces++;
		size += object.getDataspace().getSize();
	}

	Storage total;
	for (Storage const &row : image.storage()) total.add(row);
	return { { "dataspaces", dataspaces },
			 { "size", hex_text(size) },
			 { "bytesStored", hex_text(total.stored_bytes) },
			 { "blocks", total.blocks() },
			 { "blocksStored", total.stored },
			 { "blocksZero", total.zero },
			 { "blocksSame", total.same },
			 { "blocksInherited", total.inherited },
			 { "blocksAbsent", total.absent } };
}

static Json capability_counts(Image const &image)
{
	std::uint64_t entries = 0, in_tree = 0, stale = 0, empty = 0, pooled = 0;
	Json layout = nullptr;

	for (auto const space : image.manifest().getCapabilitySpaces()) {
		if (space.hasLayout()) layout = space.getLayout().getRelease().cStr();
		for (auto const entry : space.getEntries()) {
			entries++;
			in_tree += entry.getInTree();
			stale += entry.getState() == Schema::EntryState::STALE;
			empty += entry.getState() == Schema::EntryState::EMPTY;
		}
	}
	for (auto const tree : image.manifest().getBadgeTrees()) pooled += tree.getNodes().size();

	return { { "layout", layout },     { "entries", entries },
			 { "inTree", in_tree },    { "stale", stale },
			 { "empty", empty },       { "pools", image.manifest().getBadgeTrees().size() },
			 { "poolObjects", pooled } };
}

static Json object_counts(Image const &image)
{
	std::map<std::string, std::uint64_t> counts;
	for (auto const object : image.manifest().getObjects())
		counts[object_kind(Metadata::Object::Which(object.which())).name()]++;

	/* in the order of the table, unknown ones last */
	Json result = Json::object();
	for (Object_kind const &kind : object_kinds())
		if (counts.contains(kind.name())) result[kind.name()] = counts[kind.name()];
	if (counts.contains("unknown")) result["unknown"] = counts["unknown"];
	return result;
}

static Json signature(Image const &image)
{
	auto const &signature = image.signature();
	if (!signature) return nullptr;
	Const_bytes const label = signature->label_bytes();
	return { { "key", key_text(signature->key) },
			 { "label", std::string(reinterpret_cast<char const *>(label.base()), label.size()) },
			 { "sequence", std::to_string(signature->sequence) },
			 { "counter", std::to_string(signature->counter) } };
}

Json inspect_summary(Image const &image)
{
	Head const &head = image.head();
	Metadata::Manifest::Reader const manifest = image.core_manifest();

	auto const kernel = std::uint16_t(manifest.kernel());
	std::string_view kernel_name;
	for (unsigned i = 0; i < Metadata::Manifest::shape.field_count; i++)
		if (std::string_view(Metadata::Manifest::shape.fields[i].name()) == "kernel")
			kernel_name = enum_name(Metadata::Manifest::shape.fields[i], kernel);

	Json parent = nullptr;
	if (manifest.has_parent())
		parent = message_value(Metadata::Parent::shape, manifest.parent().wire());

	auto const epoch = manifest.epoch();
	return { { "component", std::string(manifest.label().string(), manifest.label().size()) },
			 { "format", std::to_string(head.major) + "." + std::to_string(head.minor) },
			 { "writer", head.writer },
			 { "fileSize", hex_text(image.trailer().file_size) },
			 { "stateDigest", digest_text(image.trailer().state) },
			 { "signature", signature(image) },
			 { "kernel", kernel_name.empty() ? Json(kernel) : Json(kernel_name) },
			 { "genodeVersion", manifest.genode_version().string() },
			 { "architecture", architecture_name(head.machine.architecture) },
			 { "wordBits", head.machine.word_bits },
			 { "pageSize", hex_text(head.machine.page_size) },
			 { "sequence", std::to_string(manifest.sequence()) },
			 { "epoch",
			   epoch.empty()
				   ? Json(nullptr)
				   : Json(bytes_text(std::as_bytes(std::span(epoch.base(), epoch.size())))) },
			 { "parent", std::move(parent) },
			 { "memorySearched", manifest.memory_searched() },
			 { "profile", profile_json(head.profile) },
			 { "memory", memory(image) },
			 { "capabilityMap", capability_counts(image) },
			 { "objectCounts", object_counts(image) } };
}

}
