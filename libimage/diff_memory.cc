#include "diff_memory.h"

#include <algorithm>
#include <array>

#include "core/checksum.h"
#include "image_error.h"

namespace Capimg
{

std::uint64_t diff_page_size(Image const &a, Image const &b)
{
	static constexpr std::uint64_t USUAL = Limit::MIN_BLOCK_SIZE;
	std::uint64_t const size = a.head().machine.page_size;
	bool const odd = size < USUAL || size > Limit::MAX_BLOCK_SIZE;
	return odd || size != b.head().machine.page_size ? USUAL : size;
}

namespace
{

/* a dataspace as its image stores it */
struct Stored
{
	Image const &image;
	Dataspace_reader reader;
	std::uint64_t size = 0, first_block = 0;
	bool stored = false;

	struct Part
	{
		std::uint64_t first = 0, end = 0;
	};
	std::vector<Part> absent {}; /* ascending */

	Stored(Image const &image, std::uint32_t id)
		: image(image), reader(image, id), size(reader.size())
	{
		auto const dataspace = image.object(id)->getDataspace();
		stored = dataspace.getStored();
		first_block = dataspace.getFirstBlock();
		for (auto const range : dataspace.getAbsent())
			absent.push_back({ range.getOffset(), range.getOffset() + range.getSize() });
	}

	std::uint64_t chunk(std::uint64_t n) const { return (first_block + n) / Limit::CHUNK_BLOCKS; }

	std::uint64_t in_chunk(std::uint64_t n) const
	{
		return (first_block + n) % Limit::CHUNK_BLOCKS;
	}

	/* first part that ends behind 'offset', from the one that 'at' says on */
	std::uint64_t next_absent(std::uint64_t offset, std::size_t &at) const
	{
		while (at < absent.size() && absent[at].end <= offset) at++;
		return at < absent.size() ? absent[at].first : ~std::uint64_t(0);
	}

	Const_bytes parent() const { return image.core_manifest().parent().state_digest(); }
};

/*
 * Entries of a stored chunk as they stand in the file, from the one of a block on
 *
 * Nearly all blocks of a chunk that differs are equal. These are told apart from the others without
 * decoding their entries, which takes longer.
 */
class Entries
{
	Const_bytes _bytes {};

	/* kind and reason of absence; then what 'Block' calls 'digest' */
	static constexpr std::size_t DIGEST_AT = 24;

  public:
	Entries(Stored const &side, std::uint64_t n)
	{
		auto const chunk = side.image.chunk_bytes(side.chunk(n));
		std::size_t const skip = side.in_chunk(n) * Block::ENTRY_SIZE;
		if (skip < chunk.size()) _bytes = { chunk.data() + skip, chunk.size() - skip };
	}

	/* both say that the block is known, and of its bytes the same digest */
	bool same(std::uint64_t i, Entries const &other) const
	{
		std::size_t const at = i * Block::ENTRY_SIZE;
		std::uint64_t const digest = _bytes.u64(at + DIGEST_AT);
		return digest && digest == other._bytes.u64(at + DIGEST_AT) &&
			   _bytes.u8(at) != std::uint8_t(Block_kind::ABSENT) &&
			   other._bytes.u8(at) != std::uint8_t(Block_kind::ABSENT);
	}
};

class Comparison
{
	Stored const _a, _b;
	std::uint64_t const _page;
	std::uint64_t const _size; /* what both have */
	Page_map _map;

	std::vector<std::byte> _buffer_a {}, _buffer_b {};
	std::vector<std::byte> const _zeros;
	std::uint64_t const _zero_digest; /* of a block */

	void _mark(std::uint64_t offset, std::uint64_t size, Page_state state)
	{
		if (!size) return;
		std::uint64_t const first = offset / _page, last = (offset + size - 1) / _page;
		_map.mark(first, last - first + 1, state);
	}

	void _compare(std::uint64_t offset, std::span<std::byte const> a, std::span<std::byte const> b);
	void _bytes(std::uint64_t offset, std::uint64_t end);
	void _blocks();
	void _block(std::uint64_t n, std::uint64_t size);
	std::uint64_t _alike(std::uint64_t n) const;

  public:
	Comparison(Image const &image_a, std::uint32_t a, Image const &image_b, std::uint32_t b,
			   std::uint64_t page)
		: _a(image_a, a),
		  _b(image_b, b),
		  _page(page),
		  _size(std::min(_a.size, _b.size)),
		  _map(_size / page + (_size % page != 0)),
		  _zeros(std::max<std::uint64_t>(image_a.block_size(), page)),
		  _zero_digest(checksum(Const_bytes(_zeros.data(), image_a.block_size())))
	{}

	Page_map run();
};

/* page by page; both of one size, from an offset of both dataspaces on */
void Comparison::_compare(std::uint64_t offset, std::span<std::byte const> a,
						  std::span<std::byte const> b)
{
	for (std::uint64_t at = 0; at < a.size();) {
		std::uint64_t const size =
			std::min<std::uint64_t>(_page - (offset + at) % _page, a.size() - at);
		if (!equal_memory(a.data() + at, b.data() + at, size))
			_mark(offset + at, size, Page_state::CHANGED);
		at += size;
	}
}

/* by what can be read, run by run */
void Comparison::_bytes(std::uint64_t offset, std::uint64_t end)
{
	while (offset < end) {
		Dataspace_reader::Run const a = _a.reader.run(offset), b = _b.reader.run(offset);
		std::uint64_t size = std::min({ a.size, b.size, end - offset });

		if (!a.known() || !b.known()) {
			if (a.known() != b.known())
				_mark(offset, size, a.known() ? Page_state::LOST : Page_state::CAPTURED);
			else if (a.absent != b.absent)
				_mark(offset, size, Page_state::REASON);
		} else if (!a.zero || !b.zero) {
			std::span<std::byte const> const zeros = _zeros;
			auto const bytes_a = a.zero ? zeros : _a.reader.peek(offset);
			auto const bytes_b = b.zero ? zeros : _b.reader.peek(offset);
			size = std::min<std::uint64_t>({ size, bytes_a.size(), bytes_b.size() });
			_compare(offset, bytes_a.first(size), bytes_b.first(size));
		}
		offset += size;
	}
}

/* blocks from block 'n' on of which the directories alone say that they are equal */
std::uint64_t Comparison::_alike(std::uint64_t n) const
{
	Chunk const a = _a.image.directory().chunk(_a.chunk(n));
	Chunk const b = _b.image.directory().chunk(_b.chunk(n));
	std::uint64_t const in_a = _a.in_chunk(n), in_b = _b.in_chunk(n);

	if (in_a == in_b && a.content_digest == b.content_digest) return Limit::CHUNK_BLOCKS - in_a;

	bool const zero = a.uniform == Block_kind::ZERO && b.uniform == Block_kind::ZERO;
	bool const absent = a.uniform == Block_kind::ABSENT && b.uniform == Block_kind::ABSENT &&
						a.absence == b.absence;
	bool const inherited = a.uniform == Block_kind::INHERITED &&
						   b.uniform == Block_kind::INHERITED &&
						   a.offset + in_a == b.offset + in_b && _a.parent() == _b.parent();
	return zero || absent || inherited ? Limit::CHUNK_BLOCKS - std::max(in_a, in_b) : 0;
}

/* block 'n' of both, whose decoded size is 'size' */
void Comparison::_block(std::uint64_t n, std::uint64_t size)
{
	std::uint64_t const block_size = _a.image.block_size(), offset = n * block_size;
	Block const a = _a.image.block(_a.first_block + n), b = _b.image.block(_b.first_block + n);
	bool const absent_a = a.kind == Block_kind::ABSENT, absent_b = b.kind == Block_kind::ABSENT;

	if (absent_a || absent_b) {
		if (absent_a != absent_b)
			_mark(offset, size, absent_b ? Page_state::LOST : Page_state::CAPTURED);
		else if (a.absence != b.absence)
			_mark(offset, size, Page_state::REASON);
		return;
	}

	/* the digest that a chunk would have that is not stored; 0: only the parent knows */
	auto const digest = [&](Block const &block) {
		return block.kind == Block_kind::ZERO && size == block_size ? _zero_digest : block.digest;
	};
	bool const zero = a.kind == Block_kind::ZERO && b.kind == Block_kind::ZERO;
	std::uint64_t const x = digest(a), y = digest(b);
	if (zero || (x && x == y)) return;

	if (x && y && block_size <= _page) return _mark(offset, size, Page_state::CHANGED);
	_buffer_a.resize(block_size);
	_buffer_b.resize(block_size);
	_compare(offset, _a.image.read_block(_a.first_block + n, _buffer_a),
			 _b.image.read_block(_b.first_block + n, _buffer_b));
}

void Comparison::_blocks()
{
	std::uint64_t const block_size = _a.image.block_size();
	/* a last block that is short on one side only is not the same block */
	std::uint64_t const blocks =
		_a.size == _b.size ? (_size + block_size - 1) / block_size : _size / block_size;
	std::size_t part_a = 0, part_b = 0;

	for (std::uint64_t n = 0; n < blocks;) {
		std::uint64_t const offset = n * block_size;
		std::uint64_t const absent =
			std::min(_a.next_absent(offset, part_a), _b.next_absent(offset, part_b)) / block_size;
		if (absent <= n) {
			_bytes(offset, std::min(offset + block_size, _size));
			n++;
			continue;
		}

		std::uint64_t const end = std::min(absent, blocks);
		if (std::uint64_t const alike = _alike(n)) {
			n = std::min(n + alike, end);
			continue;
		}
		std::uint64_t const rest = Limit::CHUNK_BLOCKS - std::max(_a.in_chunk(n), _b.in_chunk(n));
		Entries const entries_a(_a, n), entries_b(_b, n);
		for (std::uint64_t const stop = std::min(n + rest, end), first = n; n < stop; n++)
			if (!entries_a.same(n - first, entries_b))
				_block(n, std::min(block_size, _size - n * block_size));
	}
	_bytes(blocks * block_size, _size);
}

Page_map Comparison::run()
{
	bool const by_index = _a.stored && _b.stored && _a.image.block_size() == _b.image.block_size();
	if (by_index)
		_blocks();
	else
		_bytes(0, _size);
	return std::move(_map);
}

}

Page_map diff_pages(Image const &image_a, std::uint32_t a, Image const &image_b, std::uint32_t b,
					std::uint64_t page)
{
	return Comparison(image_a, a, image_b, b, page).run();
}

}
