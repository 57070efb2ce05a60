#include "build.h"

#include <algorithm>

#include "build_document.h"
#include "compression.h"
#include "core/limits.h"
#include "image_error.h"

namespace Capimg
{

using namespace Dump_format;

namespace
{

/* a dataspace's file, with what image.json says of it */
class File_content final : public Content
{
	Input_file const _file;
	Build_document::Dataspace const &_dataspace;
	std::uint32_t const _block_size;

	Hole const *_hole_from(std::uint64_t offset) const;
	void _expect_zero(Hole const &) const;

  public:
	/* throws 'Image_error' if the file has the wrong size, or bytes where there is a hole */
	File_content(Input_file, Build_document::Dataspace const &, std::uint32_t block_size);

	Extent extent(std::uint64_t) override;
	void read(std::uint64_t offset, std::span<std::byte> out) override { _file.read(offset, out); }
	Inherited inherited(std::uint64_t) override;
};

File_content::File_content(Input_file file, Build_document::Dataspace const &dataspace,
						   std::uint32_t block_size)
	: _file(std::move(file)), _dataspace(dataspace), _block_size(block_size)
{
	if (_file.size() != dataspace.size)
		throw Image_error({ _file.name(),
							Code::INVALID,
							{},
							{},
							"the file has " + std::to_string(_file.size()) +
								" bytes, and the dataspace " + std::to_string(dataspace.size),
							"change \"size\" of the dataspace in image.json, or the file" });
	for (Hole const &hole : dataspace.holes) _expect_zero(hole);
}

/* bytes there would be lost without a word */
void File_content::_expect_zero(Hole const &hole) const
{
	std::uint64_t const end = hole.offset + hole.size;
	std::vector<std::byte> buffer;

	for (std::uint64_t at = _file.next_data(hole.offset); at < end; at = _file.next_data(at)) {
		buffer.resize(std::min<std::uint64_t>(end - at, 64 * 1024));
		_file.read(at, buffer);
		std::size_t const first = Const_bytes(buffer.data(), buffer.size()).first_non_zero();
		if (first != buffer.size())
			throw Image_error({ _file.name(),
								Code::NOT_ZERO,
								at + first,
								{},
								"there are bytes in a range that is absent or inherited",
								"remove the range from \"holes\" in image.json" });
		at += buffer.size();
	}
}

/* the hole at 'offset', or the next one behind it; null if there is none */
Hole const *File_content::_hole_from(std::uint64_t offset) const
{
	auto const ends_before = [](std::uint64_t at, Hole const &h) { return at < h.offset + h.size; };
	auto const hole =
		std::upper_bound(_dataspace.holes.begin(), _dataspace.holes.end(), offset, ends_before);
	return hole == _dataspace.holes.end() ? nullptr : &*hole;
}

Content::Extent File_content::extent(std::uint64_t offset)
{
	Hole const *const hole = _hole_from(offset);
	if (hole && hole->offset <= offset)
		return { hole->inherited() ? Extent::Kind::INHERITED : Extent::Kind::ABSENT,
				 hole->offset + hole->size - offset, hole->reason };

	/* runs of zero and of other bytes begin and end with a block */
	std::uint64_t const end = hole ? hole->offset : _dataspace.size;
	std::uint64_t const data = std::min(_file.next_data(offset), end);
	std::uint64_t const zero_end = data == end ? end : data / _block_size * _block_size;
	if (zero_end > offset) return { Extent::Kind::ZERO, zero_end - offset };

	std::uint64_t const zero = std::min(_file.next_hole(data), end);
	std::uint64_t const bytes_end = std::min(align_up(zero, _block_size), end);
	return { Extent::Kind::BYTES, std::max(bytes_end, offset + 1) - offset };
}

Content::Inherited File_content::inherited(std::uint64_t offset)
{
	Hole const *const hole = _hole_from(offset);
	if (!hole || hole->offset > offset || !hole->inherited()) return {};
	std::uint64_t const n = (offset - hole->offset) / _block_size;
	return { hole->parent_block + n, hole->digests[n] };
}

/* the profile must name what really compresses the blocks */
void adjust_profile(Profile &profile, std::vector<std::string> &warnings)
{
	std::uint32_t const version = codec_version(profile.codec);
	if (profile.codec == Codec_id::RAW || profile.codec_version == version) return;

	warnings.push_back(std::string("the library of the codec ") + codec_name(profile.codec) +
					   " has version " + std::to_string(version) + " here and not " +
					   std::to_string(profile.codec_version) +
					   ": the image may have other bytes than the one that was dumped");
	profile.codec_version = version;
}

}

Build_result build(std::string const &path, Sink &sink, Build_options const &options)
{
	Build_result result;
	Input_directory const directory(path);
	Build_document document(directory);
	std::uint32_t const block_size = document.head.profile.block_size;

	auto const content = [&](Build_document::Dataspace const &dataspace) {
		return File_content(directory.open(dataspace_file(dataspace.id)), dataspace, block_size);
	};

	/* all files are looked at before anything is written */
	bool inherited = false;
	for (Build_document::Dataspace const &dataspace : document.dataspaces) {
		(void)content(dataspace);
		inherited |= std::ranges::any_of(dataspace.holes, &Hole::inherited);
	}

	std::vector<Writer::Extra_section> sections;
	for (std::size_t i = 0; i < document.sections.size(); i++) {
		Build_document::Section &section = document.sections[i];
		bool const file = section.kind != Section_kind::PROVENANCE;
		sections.push_back(
			{ section.kind, section.flags,
			  file ? directory.open(section_file(i, section.kind)).content(Limit::MAX_SECTION_SIZE)
				   : std::move(section.provenance) });
	}

	adjust_profile(document.head.profile, result.warnings);
	if (inherited) document.head.required_features |= Feature::INHERITED;

	Writer writer(sink, document.head, { options.threads, options.progress });
	for (Build_document::Dataspace const &dataspace : document.dataspaces) {
		File_content bytes = content(dataspace);
		(void)writer.add_dataspace(dataspace.id, dataspace.size, bytes);
	}
	result.summary = writer.finish(document.manifest, sections);
	return result;
}

}
