#include "capimg/image.h"

#include "libimage/core/checksum.h"
#include "libimage/core/manifest_check.h"
#include "libimage/core/storage.h"

namespace Capimg::Engine
{

static constexpr size_t INDEX_ENTRY = sizeof(uint32_t);

/* the two ends of the image; nothing is taken from them before both are sound */
Status Image::_read_ends()
{
	uint64_t const size = _source.size();

	uint8_t head_bytes[Head::SIZE], trailer_bytes[Trailer::SIZE];
	Bytes const head(head_bytes, size_t(min<uint64_t>(size, Head::SIZE)));
	Bytes const trailer(trailer_bytes, size_t(min<uint64_t>(size, Trailer::SIZE)));

	if (Status const status = _source.read(0, head)) return status;
	Result<Head> const h = Head::decode(head);
	if (h.failed()) return h.error();

	if (Status const status = _source.read(size - trailer.size(), trailer)) return status;
	Result<Trailer> const t = Trailer::decode(trailer, size);
	if (t.failed()) return t.error();

	if (checksum(head) != t->head_digest) return { Code::DAMAGED, 0, "trailer.headDigest", 0, 0 };

	_head = *h;
	_trailer = *t;
	return ok;
}

Result<Image::Sizes> Image::look(Bytes work)
{
	_looked = false;
	_directory = {};
	_message = {};
	_manifest = {};
	_objects = {};

	if (work.size() < LOOK_WORK) return Error { Code::NO_SPACE, 0, "work", work.size(), LOOK_WORK };
	if (Status const status = _read_ends()) return status;

	/* a table that 'work' does not hold is over the limit, or no table */
	uint64_t const at = _trailer.table_offset, size = _trailer.table_size();
	if (size > LOOK_WORK) {
		uint32_t const count = uint32_t(min<uint64_t>(size, ~0u)) / uint32_t(Section::ENTRY_SIZE);
		return Error { Code::LIMIT, at, "section count", count, Limit::MAX_SECTIONS };
	}

	Bytes const bytes(work.base(), size_t(size));
	if (Status const status = _source.read(at, bytes)) return status;
	if (checksum(bytes) != _trailer.table_digest)
		return Error { Code::DAMAGED, at, "trailer.tableDigest", 0, 0 };

	Result<Section_table> const table = Section_table::open(bytes, at, _trailer.data_end);
	if (table.failed()) return table.error();

	/* 'Section_table::open' has seen that these are there */
	_directory_section = table->find(Section_kind::DIRECTORY).value();
	_manifest_section = table->find(Section_kind::MANIFEST).value();
	_storage_section = table->find(Section_kind::STORAGE).value();
	_looked = true;

	size_t const dataspaces = size_t(_storage_section.size) / Storage::ENTRY_SIZE;
	return Sizes { _directory_bytes() + dataspaces * INDEX_ENTRY, size_t(_manifest_section.size) };
}

size_t Image::_directory_bytes() const { return size_t(_directory_section.size); }

Status Image::_read_section(Section const &section, Bytes out) const
{
	if (Status const status = _source.read(section.offset, out)) return status;
	if (checksum(out) != section.digest)
		return { Code::DAMAGED, section.offset, "section.digest", uint64_t(section.kind), 0 };
	return ok;
}

/*
 * Blocks are found through an index of the stored dataspaces: any number of other objects may
 * stand between two of them. That there is a record of the storage section for each one is what
 * the memory was measured by.
 */
Status Image::_open_index(Objects const &objects, Bytes out)
{
	Section const &section = _storage_section;
	Error const wrong_size { Code::INVALID, section.offset, "storage section size", section.size,
							 0 };
	if (uint32_t(section.size) % Storage::ENTRY_SIZE) return wrong_size;

	size_t used = 0;
	for (uint32_t i = 0; i < objects.size(); i++) {
		Metadata::Object::Reader const object = objects[i];
		if (object.which() != Metadata::Object::Which::DATASPACE || !object.dataspace().stored())
			continue;

		if (used == out.size()) {
			uint64_t const at = section.offset + used / INDEX_ENTRY * Storage::ENTRY_SIZE;
			return { Code::INVALID, at, "storage.object", object.id(), 0 };
		}
		out.u32(used, i);
		used += INDEX_ENTRY;
	}
	if (used != out.size()) return wrong_size;

	_index = out;
	return ok;
}

/* who signed has looked at the manifest: what the block repeats is the same */
Status Image::_check_signature(Metadata::Manifest::Reader const &manifest) const
{
	Signature const *const signed_as = signature();
	if (!signed_as) return ok;

	uint64_t const at = _signed->file_size() - Signature::SIZE;
	if (!(manifest.label().bytes() == signed_as->label_bytes()))
		return { Code::INVALID, at, "signature.label", 0, 0 };
	if (manifest.sequence() != signed_as->sequence)
		return { Code::INVALID, at, "signature.sequence", signed_as->sequence,
				 manifest.sequence() };
	if (_trailer.state != signed_as->state) return { Code::INVALID, at, "signature.state", 0, 0 };
	return ok;
}

Status Image::open(Bytes directory_bytes, Bytes manifest_bytes, Sha256 &hash)
{
	if (!_looked) return { Code::BAD_STATE, 0, "Image::open", 0, 0 };
	_looked = false;

	size_t const dataspaces = size_t(_storage_section.size) / Storage::ENTRY_SIZE;
	auto const entries = directory_bytes.slice(0, _directory_bytes(), "directory");
	auto const index =
		directory_bytes.slice(_directory_bytes(), dataspaces * INDEX_ENTRY, "directory");
	auto const message = manifest_bytes.slice(0, _manifest_section.size, "manifest");
	if (entries.failed()) return entries.error();
	if (index.failed()) return index.error();
	if (message.failed()) return message.error();

	if (Status const status = _read_section(_directory_section, *entries)) return status;
	Result<Directory> const directory = Directory::open(*entries, _directory_section.offset,
														_trailer.block_count, _trailer.data_end);
	if (directory.failed()) return directory.error();

	if (Status const status = _read_section(_manifest_section, *message)) return status;
	Manifest_context const context { _head.profile.block_size, _head.machine.page_size,
									 _trailer.block_count };
	Result<Metadata::Manifest::Reader> const manifest = check_manifest(*message, context);
	if (manifest.failed()) return manifest.error().within(_manifest_section.offset);

	if (Status const status = _open_index(manifest->objects(), *index)) return status;

	if (compute_state(_head, *message, *directory, hash) != _trailer.state)
		return { Code::DAMAGED, _trailer.file_size - Trailer::SIZE, "trailer.state", 0, 0 };

	if (Status const status = _check_signature(*manifest)) return status;

	_directory = *directory;
	_manifest = *manifest;
	_objects = _manifest.objects();
	_message = *message;
	return ok;
}

Metadata::Object::Reader Image::_stored(uint32_t i) const
{
	return _objects[_index.u32(i * INDEX_ENTRY)];
}

static Block_range range_of_object(Metadata::Object::Reader const &object)
{
	auto const dataspace = object.dataspace();
	return { object.id(), dataspace.first_block(), dataspace.size() };
}

Result<Block_range> Image::range(uint64_t n) const
{
	if (n >= blocks()) return Error { Code::BAD_ARGUMENT, 0, "block", n, blocks() };

	/* the last range that begins at or before the block; the first one begins at 0 */
	uint32_t low = 0, high = uint32_t(_index.size() / INDEX_ENTRY);
	while (high - low > 1) {
		uint32_t const middle = low + (high - low) / 2;
		if (_stored(middle).dataspace().first_block() <= n)
			low = middle;
		else
			high = middle;
	}
	return range_of_object(_stored(low));
}

Result<Block_range> Image::range_of(uint32_t dataspace) const
{
	uint32_t const i = find_object(_objects, dataspace);
	if (i < _objects.size()) {
		Metadata::Object::Reader const object = _objects[i];
		if (object.which() == Metadata::Object::Which::DATASPACE && object.dataspace().stored())
			return range_of_object(object);
	}
	return Error { Code::NOT_FOUND, 0, "dataspace", dataspace, 0 };
}

Result<uint32_t> Image::block_size(uint64_t n) const
{
	Result<Block_range> const found = range(n);
	if (found.failed()) return found.error();
	return found->block_size(n, _head.profile.block_size);
}

Result<Const_bytes> Image::read_chunk(uint64_t i, Bytes out) const
{
	if (i >= _directory.chunks())
		return Error { Code::BAD_ARGUMENT, 0, "chunk", i, _directory.chunks() };

	Chunk const chunk = _directory.chunk(i);
	if (!chunk.stored()) return Const_bytes();

	auto const bytes =
		out.slice(0, uint64_t(blocks_in_chunk(i, blocks())) * Block::ENTRY_SIZE, "chunk");
	if (bytes.failed()) return bytes.error();

	if (Status const status = _source.read(chunk.offset, *bytes)) return status;
	if (checksum(*bytes) != chunk.digest)
		return Error { Code::DAMAGED, chunk.offset, "chunk.digest", 0, 0 };
	return Const_bytes(*bytes);
}

Result<Block> Image::block(uint64_t n, Const_bytes entries, uint32_t size) const
{
	return block(n, _directory.chunk(n / Limit::CHUNK_BLOCKS), entries, size);
}

Result<Block> Image::block(uint64_t n, Chunk const &chunk, Const_bytes entries, uint32_t size) const
{
	if (n >= blocks()) return Error { Code::BAD_ARGUMENT, 0, "block", n, blocks() };

	uint32_t const in_chunk = uint32_t(n % Limit::CHUNK_BLOCKS);
	if (!chunk.stored()) return Directory::uniform_block(chunk, in_chunk);

	Result<Block> block =
		Block::decode(entries, in_chunk * Block::ENTRY_SIZE, n, size, _trailer.data_end);
	if (block.failed()) return block.error().within(chunk.offset);
	return block;
}

Result<Block> Image::block(uint64_t n, Const_bytes entries) const
{
	Result<uint32_t> const size = block_size(n);
	if (size.failed()) return size.error();
	return block(n, entries, *size);
}

}
