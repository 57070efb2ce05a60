#include "capimg/parent_blocks.h"

namespace Capimg::Engine
{

Status Parent_blocks::connect(Metadata::Manifest::Reader const &manifest, uint32_t block_size,
							  Parents const &parents, Bytes work)
{
	_parents = parents;
	_work = work;
	_entries = {};

	Metadata::Manifest::Reader child = manifest;
	for (unsigned i = 0; i < parents.count(); i++) {
		Image const &image = parents.image(i);

		if (!child.has_parent()) return { Code::BAD_ARGUMENT, 0, "parent", i };
		State_digest const &state = image.trailer().state;
		if (!(child.parent().state_digest() == Const_bytes(state.bytes, State_digest::SIZE)))
			return { Code::WRONG_PARENT, 0, "Parent.stateDigest", i };
		if (image.head().profile.block_size != block_size)
			return { Code::UNSUPPORTED, 0, "blockSize", image.head().profile.block_size,
					 block_size };
		child = image.manifest();
	}
	if (manifest.has_parent() && !parents.count())
		return { Code::NO_PARENT, 0, "Parent.stateDigest", 0 };
	return ok;
}

Result<Const_bytes> Parent_blocks::_read(unsigned image, uint64_t chunk)
{
	if (!_entries.empty() && _image == image && _chunk == chunk) return _entries;

	_entries = {};
	Result<Const_bytes> const entries = _parents.image(image).read_chunk(chunk, _work);
	if (entries.failed()) return entries;
	_entries = *entries;
	_image = image;
	_chunk = chunk;
	return entries;
}

Result<Block> Parent_blocks::inherit(uint64_t n, uint32_t size)
{
	uint64_t number = n;
	for (unsigned i = 0; i < _parents.count(); i++) {
		Image const &image = _parents.image(i);
		Directory const &directory = image.directory();

		if (number >= directory.blocks())
			return Error { i ? Code::DANGLING : Code::BAD_ARGUMENT, 0, "block.parentBlock", number,
						   directory.blocks() };

		if (!i) {
			Result<uint32_t> const theirs = image.block_size(number);
			if (theirs.failed()) return theirs.error();
			if (*theirs != size) return Error { Code::BAD_ARGUMENT, 0, "inherit", *theirs, size };
		}

		uint32_t const in_chunk = uint32_t(number % Limit::CHUNK_BLOCKS);
		Chunk const chunk = directory.chunk(number / Limit::CHUNK_BLOCKS);
		Block block = Directory::uniform_block(chunk, in_chunk);
		if (chunk.stored()) {
			Result<Const_bytes> const entries = _read(i, number / Limit::CHUNK_BLOCKS);
			if (entries.failed()) return entries.error();
			Result<Block> const stored = image.block(number, *entries);
			if (stored.failed()) return stored.error();
			block = *stored;
		}
		if (block.kind == Block_kind::ZERO || block.kind == Block_kind::ABSENT) return block;

		if (chunk.stored()) {
			Block inherited;
			inherited.kind = Block_kind::INHERITED;
			inherited.where = n;
			inherited.digest = block.digest;
			return inherited;
		}
		number = block.where;
	}
	return Error { Code::NO_PARENT, 0, "block.digest", _parents.count() };
}

}
