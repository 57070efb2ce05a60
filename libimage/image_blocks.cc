/*
 * Blocks of an image, and where inherited ones come from
 */

#include <algorithm>

#include "compression.h"
#include "image.h"
#include "image_state.h"

namespace Capimg
{

std::uint32_t Image::size_of_block(std::uint64_t n) const
{
	Storage_range const &range = _state->range_of(n);
	std::uint64_t const offset = (n - range.first_block) * block_size();
	if (n >= blocks() || offset >= range.size)
		_state->fail({ Code::BAD_ARGUMENT, 0, "block", n, blocks() });
	return std::uint32_t(std::min<std::uint64_t>(block_size(), range.size - offset));
}

std::span<std::byte const> Image::chunk_bytes(std::uint64_t i) const
{
	Chunk const chunk = directory().chunk(i);
	if (!chunk.stored()) return {};

	Const_bytes const bytes = _state->at(
		chunk.offset, std::uint64_t(blocks_in_chunk(i, blocks())) * Block::ENTRY_SIZE, "chunk");

	std::atomic<bool> &checked = _state->chunks[i].checked;
	if (!checked.load(std::memory_order_acquire)) {
		if (checksum(bytes) != chunk.digest)
			_state->fail({ Code::DAMAGED, chunk.offset, "chunk.digest" }, 0, DAMAGED_HINT);
		checked.store(true, std::memory_order_release);
	}
	return as_span(bytes);
}

Block Image::block(std::uint64_t n) const
{
	std::uint32_t const size = size_of_block(n);
	std::uint64_t const i = n / Limit::CHUNK_BLOCKS;
	std::uint32_t const in_chunk = std::uint32_t(n % Limit::CHUNK_BLOCKS);

	Chunk const chunk = directory().chunk(i);
	if (!chunk.stored()) return Directory::uniform_block(chunk, in_chunk);

	std::span<std::byte const> const bytes = chunk_bytes(i);
	Result<Block> const block = Block::decode(
		{ bytes.data(), bytes.size() }, in_chunk * Block::ENTRY_SIZE, n, size, trailer().data_end);
	if (block.failed()) _state->fail(block.error(), chunk.offset);
	return *block;
}

void Image::blocks(std::uint64_t first, std::span<Block> out) const
{
	if (out.empty()) return;

	Storage_range const &range = _state->range_of(first);
	std::uint64_t const i = first / Limit::CHUNK_BLOCKS;
	std::uint32_t const in_chunk = std::uint32_t(first % Limit::CHUNK_BLOCKS);
	std::uint64_t const last = first + out.size() - 1;

	if (last >= blocks() || last / Limit::CHUNK_BLOCKS != i ||
		(last - range.first_block) * block_size() >= range.size)
		_state->fail({ Code::BAD_ARGUMENT, 0, "Image::blocks", last, blocks() });

	Chunk const chunk = directory().chunk(i);
	std::span<std::byte const> const bytes = chunk_bytes(i);

	for (std::uint32_t k = 0; k < out.size(); k++) {
		if (!chunk.stored()) {
			out[k] = Directory::uniform_block(chunk, in_chunk + k);
			continue;
		}
		std::uint64_t const offset = (first + k - range.first_block) * block_size();
		std::uint64_t const size = std::min<std::uint64_t>(block_size(), range.size - offset);
		Result<Block> const block =
			Block::decode({ bytes.data(), bytes.size() }, (in_chunk + k) * Block::ENTRY_SIZE,
						  first + k, std::uint32_t(size), trailer().data_end);
		if (block.failed()) _state->fail(block.error(), chunk.offset);
		out[k] = *block;
	}
}

namespace
{

/* what core asks for while it decodes a block */
class Image_block_source final : public Block_source
{
	Image const &_image;
	Image const *_parent;

  public:
	Image_block_source(Image const &image, Image const *parent) : _image(image), _parent(parent) {}

	Result<Const_bytes> stored_bytes(Block const &block) override
	{
		return _image.file().core_bytes().slice(block.where, block.stored_size, "block.offset");
	}

	Result<Block> block(Capimg::uint64_t number) override { return _image.block(number); }

	Status parent_block(Capimg::uint64_t number, Bytes out) override
	{
		if (!_parent) return { Code::NO_PARENT, 0, "block.parentBlock", number };
		if (number >= _parent->blocks() || _parent->size_of_block(number) != out.size())
			return { Code::WRONG_PARENT, 0, "block.parentBlock", number, _parent->blocks() };

		std::span<std::byte> const buffer(reinterpret_cast<std::byte *>(out.base()), out.size());
		std::span<std::byte const> const bytes = _parent->read_block(number, buffer);
		if (bytes.data() != buffer.data()) out.copy_from(0, { bytes.data(), bytes.size() });
		return ok;
	}
};

}

std::span<std::byte const> Image::read_block(std::uint64_t n, std::span<std::byte> buffer) const
{
	return read_block(n, block(n), size_of_block(n), buffer);
}

std::span<std::byte const> Image::read_block(std::uint64_t n, Block const &entry,
											 std::uint32_t size, std::span<std::byte> buffer) const
{
	/* a raw block that was checked once is used where it is mapped */
	std::uint64_t const bit = std::uint64_t(1) << (n % 64);
	bool const raw = entry.kind == Block_kind::RAW;
	if (raw) {
		Const_bytes const bytes = _state->at(entry.where, entry.stored_size, "block.offset");
		auto &word = _state->chunks[n / Limit::CHUNK_BLOCKS].word(n % Limit::CHUNK_BLOCKS);
		if (!(word.load(std::memory_order_acquire) & bit)) {
			if (checksum(bytes) != entry.stored_digest)
				_state->fail({ Code::DAMAGED, entry.where, "block.storedDigest" }, 0, DAMAGED_HINT);
			word.fetch_or(bit, std::memory_order_acq_rel);
		}
		return as_span(bytes);
	}

	if (buffer.size() < size)
		_state->fail({ Code::NO_SPACE, 0, "Image::read_block", buffer.size(), size });

	/* contexts of decompressors are expensive, and not to be shared by threads */
	thread_local Host_codec codec;
	Image_block_source source(*this, _state->parent.get());
	Status const status = decode_block(entry, source, &codec, Bytes(buffer.data(), size));
	if (status) {
		bool const no_parent = status.code == Code::NO_PARENT;
		bool const damaged = status.code == Code::DAMAGED;
		_state->fail(status, 0,
					 damaged     ? DAMAGED_HINT
					 : no_parent ? "give it with '--parent'"
								 : "");
	}
	return buffer.first(size);
}

void Image::set_parent(std::shared_ptr<Image const> parent)
{
	auto const wanted = manifest().getParent().getStateDigest();
	State_digest const &given = parent->trailer().state;

	if (wanted.size() != State_digest::SIZE ||
		!equal_memory(wanted.begin(), given.bytes, State_digest::SIZE))
		throw Image_error({ parent->path(),
							Code::WRONG_PARENT,
							{},
							"Parent.stateDigest",
							error_text(Code::WRONG_PARENT),
							"the child is " + path() });

	/* state digests are what the files say: two hostile ones may name each other */
	for (Image const *image = parent.get(); image; image = image->parent())
		if (image->_state == _state)
			throw Image_error({ parent->path(),
								Code::CYCLE,
								{},
								"Parent.stateDigest",
								"the image would be an ancestor of itself",
								{} });
	_state->parent = std::move(parent);
}

Image const *Image::parent() const { return _state->parent.get(); }

}
