#include "image_copy.h"

#include <capnp/message.h>
#include <capnp/orphan.h>

#include "compression.h"
#include "image_content.h"
#include "image_error.h"
#include "manifest.h"

namespace Capimg
{

Profile Image_copy::profile_of(Image const &image)
{
	Profile profile = image.head().profile;
	if (profile.codec != Codec_id::RAW) profile.codec_version = codec_version(profile.codec);
	return profile;
}

std::string Image_copy::codec_warning(Image const &image, Profile const &output)
{
	Profile const &theirs = image.head().profile;
	if (output.codec == Codec_id::RAW || output.codec != theirs.codec ||
		output.codec_version == theirs.codec_version)
		return {};

	return std::string("the library of the codec ") + codec_name(output.codec) + " has version " +
		   std::to_string(output.codec_version) + " here, and " + image.path() + " was made with " +
		   std::to_string(theirs.codec_version) + ": all blocks are compressed anew";
}

Head Image_copy::head() const
{
	Head result = image.head();
	result.profile = profile;
	result.minor = minor;
	/* the writer adds what follows from the profile */
	result.required_features = whole ? 0 : result.required_features & Feature::INHERITED;
	return result;
}

Image_copy::Sections Image_copy::further_sections() const
{
	Sections result;
	for (std::size_t i = 0; i < image.sections().size(); i++) {
		Section const &section = image.sections()[i];
		bool const made_by_writer = section.kind == Section_kind::DIRECTORY ||
									section.kind == Section_kind::MANIFEST ||
									section.kind == Section_kind::STORAGE;
		if (made_by_writer) continue;
		auto const bytes = image.section_bytes(i);
		result.push_back({ section.kind, section.flags, { bytes.begin(), bytes.end() } });
	}
	return result;
}

/* chunks that are to have the contents they had: also where nothing was decoded */
void Image_copy::_check_contents(Directory const &copy) const
{
	if (profile.block_size != image.block_size()) return;

	for (std::uint64_t i = 0; i < copy.chunks(); i++) {
		Chunk const theirs = image.directory().chunk(i);
		if (copy.chunk(i).content_digest == theirs.content_digest) continue;
		if (patched && patched->next(i * Limit::CHUNK_BLOCKS) < (i + 1) * Limit::CHUNK_BLOCKS)
			continue;

		bool const inherited = theirs.uniform == Block_kind::INHERITED;
		throw Image_error({ image.path(),
							inherited ? Code::WRONG_PARENT : Code::DAMAGED,
							{},
							"chunk.contentDigest",
							"the blocks of chunk " + std::to_string(i) +
								" are not those that its content digest is of",
							inherited ? "the parent has other blocks than the one that the image "
										"was made for"
									  : "see 'capimg verify'" });
	}
}

static void set_absent(Schema::Dataspace::Builder dataspace, Writer::Stored const &stored)
{
	auto absent = dataspace.initAbsent(unsigned(stored.absent.size()));
	for (unsigned i = 0; i < stored.absent.size(); i++) {
		Writer::Absent_part const &part = stored.absent[i];
		absent[i].setOffset(part.offset);
		absent[i].setSize(part.size);
		absent[i].setReason(Schema::AbsentReason(part.reason));
	}
}

/* where the blocks are, in a manifest whose dataspaces are in the order of 'stored' */
static void place(Schema::Manifest::Builder manifest, std::vector<Writer::Stored> const &stored)
{
	std::size_t i = 0;
	for (auto object : manifest.getObjects()) {
		if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
		auto dataspace = object.getDataspace();
		dataspace.setFirstBlock(stored[i].first_block);
		if (!stored[i].absent.empty())
			set_absent(dataspace, stored[i]);
		else if (dataspace.getAbsent().size())
			dataspace.disownAbsent();
		i++;
	}
}

Writer::Summary Image_copy::write(Sink &sink) const
{
	Writer writer(sink, head(), { threads, progress });
	std::vector<Writer::Stored> stored;
	for (Storage_range const &range : image.ranges()) {
		Image_content content(image, range.object, profile, { patched, whole });
		stored.push_back(writer.add_dataspace(range.object, range.size, content));
	}

	std::vector<std::byte> bytes;
	std::span<std::byte const> encoded = message.empty() ? image.manifest_bytes() : message;
	bool const replaced = profile.block_size != image.block_size();
	if (!message.empty() && (replaced || manifest))
		throw_if({ Code::BAD_ARGUMENT, 0, "Image_copy::message", message.size() });
	if (replaced && !manifest) {
		capnp::MallocMessageBuilder message;
		message.setRoot(image.manifest());
		auto root = message.getRoot<Schema::Manifest>();
		place(root, stored);
		encoded = bytes = encode_manifest(root.asReader());
	} else if (manifest) {
		if (replaced) place(*manifest, stored);
		encoded = bytes = encode_manifest(manifest->asReader());
	}

	Writer::Make_sections const make = [this](State_digest const &state) {
		return sections ? sections(state, further_sections()) : further_sections();
	};
	Writer::Summary const summary = writer.finish(encoded, make);
	_check_contents(writer.directory());
	return summary;
}

}
