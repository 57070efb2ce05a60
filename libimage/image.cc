#include "image.h"

#include <algorithm>

#include "core/manifest_check.h"
#include "image_signature.h"
#include "image_state.h"
#include "locked_image.h"

namespace Capimg
{

void Image::State::_open_ends()
{
	signature = signature_of(file);
	if (signature) file.cut(signature->image_size);

	Const_bytes const all = file.core_bytes();

	head = value(Head::decode(all), "is this a capimg image, of a version that this tool knows?");

	std::size_t const tail = std::min(all.size(), Trailer::SIZE);
	trailer = value(Trailer::decode(Const_bytes(all.base() + all.size() - tail, tail), all.size()),
					"was the file cut short, or is its writer still at work?");

	if (checksum(Const_bytes(all.base(), Head::SIZE)) != trailer.head_digest)
		fail({ Code::DAMAGED, 0, "trailer.headDigest" }, 0,
			 "head and trailer are not of the same image");

	Const_bytes const bytes = at(trailer.table_offset, trailer.table_size(), "section table");
	if (checksum(bytes) != trailer.table_digest)
		fail({ Code::DAMAGED, trailer.table_offset, "trailer.tableDigest" });

	table = value(Section_table::open(bytes, trailer.table_offset, trailer.data_end));
	for (std::uint32_t i = 0; i < table.count(); i++) sections.push_back(table.section(i));
	section_checked = std::make_unique<std::atomic<bool>[]>(sections.size());
}

void Image::State::_open_storage()
{
	Section const &section_entry = entry(Section_kind::STORAGE);
	Const_bytes const bytes = section(Section_kind::STORAGE);

	if (bytes.size() % Storage::ENTRY_SIZE)
		fail({ Code::INVALID, section_entry.offset, "storage section size", bytes.size() });

	for (std::size_t i = 0; i < bytes.size(); i += Storage::ENTRY_SIZE)
		storage.push_back(Storage::decode(bytes, i));

	/* one row for each stored dataspace, in the order of their blocks */
	std::size_t row = 0;
	for (auto const object : manifest->root().getObjects()) {
		if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
		auto const dataspace = object.getDataspace();

		if (row >= storage.size() || storage[row].object != object.getId())
			fail({ Code::INVALID, section_entry.offset + row * Storage::ENTRY_SIZE,
				   "storage.object", object.getId() });
		ranges.push_back({ object.getId(), dataspace.getFirstBlock(), dataspace.getSize() });
		row++;
	}
	if (row != storage.size())
		fail({ Code::INVALID, section_entry.offset, "storage section size", bytes.size() });
}

void Image::State::_open()
{
	/* both ends of a large file, perhaps on a slow medium */
	file.read_in_pieces(true);
	_open_ends();
	for (Section_kind const kind : { Section_kind::DIRECTORY, Section_kind::MANIFEST,
									 Section_kind::STORAGE, Section_kind::PROVENANCE })
		for (Section const &s : sections)
			if (s.kind == kind) file.will_read(s.offset, s.size);

	limit(trailer.block_count, limits.blocks, trailer.file_size - Trailer::SIZE, "block count",
		  "--max-blocks");

	Section const &directory_entry = entry(Section_kind::DIRECTORY);
	directory = value(Directory::open(section(Section_kind::DIRECTORY), directory_entry.offset,
									  trailer.block_count, trailer.data_end));
	chunks = std::make_unique<Chunk_state[]>(directory.chunks());

	Section const &manifest_entry = entry(Section_kind::MANIFEST);
	limit(manifest_entry.size, limits.manifest, manifest_entry.offset, "manifest size",
		  "--max-manifest");
	Const_bytes const manifest_bytes = section(Section_kind::MANIFEST);
	Manifest_context const context { head.profile.block_size, head.machine.page_size,
									 trailer.block_count };
	if (Status const status = check_manifest(manifest_bytes, context).error())
		fail(status, manifest_entry.offset);
	manifest.emplace(as_span(manifest_bytes));
	limit(manifest->root().getObjects().size(), limits.objects, manifest_entry.offset,
		  "Manifest.objects", "--max-objects");

	bool has_provenance = false;
	Const_bytes const provenance_bytes = section(Section_kind::PROVENANCE, has_provenance);
	if (has_provenance) {
		auto const root = Wire::open<Metadata::Provenance>(provenance_bytes, MESSAGE_LIMITS);
		if (root.failed()) fail(root.error(), entry(Section_kind::PROVENANCE).offset);
		provenance.emplace(as_span(provenance_bytes));
	}

	_open_storage();
	file.read_in_pieces(false);
}

Storage_range const &Image::State::range_of(std::uint64_t block) const
{
	/* the last range that starts at or before the block; there is one for every block */
	auto const next = std::upper_bound(
		ranges.begin(), ranges.end(), block,
		[](std::uint64_t b, Storage_range const &range) { return b < range.first_block; });
	if (next == ranges.begin())
		fail({ Code::BAD_ARGUMENT, 0, "block", block, trailer.block_count });
	return *std::prev(next);
}

Image::Image(std::string const &path, Reading_limits const &limits)
	: Image(open_image_file(path), limits)
{}

Image::Image(Mapped_file file, Reading_limits const &limits)
	: _state(std::make_unique<State>(std::move(file), limits))
{}

Image::Image(Image &&) noexcept = default;
Image &Image::operator=(Image &&) noexcept = default;
Image::~Image() = default;

std::string const &Image::path() const { return _state->file.path(); }
Mapped_file const &Image::file() const { return _state->file; }
Reading_limits const &Image::limits() const { return _state->limits; }
std::optional<Signature> const &Image::signature() const { return _state->signature; }
Head const &Image::head() const { return _state->head; }
Trailer const &Image::trailer() const { return _state->trailer; }
std::vector<Section> const &Image::sections() const { return _state->sections; }
std::vector<Storage> const &Image::storage() const { return _state->storage; }
std::vector<Storage_range> const &Image::ranges() const { return _state->ranges; }
Directory const &Image::directory() const { return _state->directory; }

std::span<std::byte const> Image::section_bytes(std::size_t i) const
{
	if (i >= _state->sections.size())
		_state->fail({ Code::BAD_ARGUMENT, 0, "section", i, _state->sections.size() });
	_state->check_section(i);
	Section const &s = _state->sections[i];
	return as_span(_state->at(s.offset, s.size, "section"));
}

std::span<std::byte const> Image::manifest_bytes() const
{
	return as_span(_state->section(Section_kind::MANIFEST));
}

Schema::Manifest::Reader Image::manifest() const { return _state->manifest->root(); }

Metadata::Manifest::Reader Image::core_manifest() const
{
	auto const segment = Wire::open_segment(_state->section(Section_kind::MANIFEST));
	return Metadata::Manifest::Reader(Wire::root(*segment));
}

bool Image::has_provenance() const { return _state->provenance.has_value(); }

Schema::Provenance::Reader Image::provenance() const
{
	return has_provenance() ? _state->provenance->root() : Schema::Provenance::Reader();
}

std::optional<Schema::Object::Reader> Image::object(std::uint32_t id) const
{
	auto const objects = manifest().getObjects();
	unsigned low = 0, high = objects.size();
	while (low < high) {
		unsigned const middle = low + (high - low) / 2;
		if (objects[middle].getId() < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == objects.size() || objects[low].getId() != id) return {};
	return objects[low];
}

}
