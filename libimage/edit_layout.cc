#include "edit_layout.h"

#include <algorithm>
#include <unordered_map>

#include "block_batch.h"
#include "chunk_entries.h"
#include "compression.h"
#include "core/checksum.h"
#include "core/chunk_writer.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

class Layout_check
{
	/* the first block that came to a slot of the writer's table */
	struct Holder
	{
		std::uint64_t number = 0, digest = 0;
		std::uint32_t size = 0; /* stored */
	};

	Image_copy const &_copy;
	Image const &_image = _copy.image;
	Patched_blocks const &_patched = *_copy.patched;
	Profile const &_profile = _image.head().profile;
	Zero_digest const _zero_digest { _image.block_size() };

	std::uint64_t const _slots = _profile.dedup_log2 ? 1ull << _profile.dedup_log2 : 0;
	std::vector<bool> _watched = std::vector<bool>(_slots); /* slots that patched blocks use */
	std::unordered_map<std::uint64_t, Holder> _holders {};  /* of watched slots */

	std::uint64_t _cursor = Head::SIZE; /* end of what a writer would have written so far */
	std::uint64_t _next = 0;            /* the next patched block */
	std::vector<std::byte> _buffer = std::vector<std::byte>(_image.block_size());
	std::vector<std::byte> _other = _buffer;

	[[noreturn]] void _refuse(std::uint64_t n, std::string const &why) const;
	[[noreturn]] void _misplaced(std::uint64_t offset, char const *field) const;

	std::size_t _slot(std::uint64_t digest) const { return std::size_t(digest & (_slots - 1)); }
	std::uint64_t _new_digest(std::uint64_t n) const;
	std::span<std::byte const> _bytes(std::uint64_t n, std::span<std::byte> buffer) const;
	bool _equal(std::uint64_t a, std::uint64_t b);
	bool _stays_raw(std::span<std::byte const>);

	void _watch(std::uint64_t n);
	void _check_patched(std::uint64_t n, Block const &);
	void _deduplicate(std::uint64_t n, Block const &, std::uint64_t digest);
	void _block(std::uint64_t n, Block const &);
	void _end_chunk(std::uint64_t chunk);

  public:
	explicit Layout_check(Image_copy const &copy) : _copy(copy) {}

	void run();
};

}

void Layout_check::_refuse(std::uint64_t n, std::string const &why) const
{
	throw Image_error({ _image.path(),
						Code::UNSUPPORTED,
						{},
						"block " + std::to_string(n),
						"cannot be changed in place: " + why,
						"write another file with -o" });
}

void Layout_check::_misplaced(std::uint64_t offset, char const *field) const
{
	throw Image_error({ _image.path(), Code::OUT_OF_ORDER, offset, field,
						error_text(Code::OUT_OF_ORDER),
						"write another file with -o, and see 'capimg verify'" });
}

std::uint64_t Layout_check::_new_digest(std::uint64_t n) const
{
	auto const bytes = _patched.find(n);
	return checksum({ bytes.data(), bytes.size() });
}

/* as they will be */
std::span<std::byte const> Layout_check::_bytes(std::uint64_t n, std::span<std::byte> buffer) const
{
	auto const patched = _patched.find(n);
	return patched.empty() ? _image.read_block(n, buffer) : patched;
}

bool Layout_check::_equal(std::uint64_t a, std::uint64_t b)
{
	return std::ranges::equal(_bytes(a, _buffer), _bytes(b, _other));
}

bool Layout_check::_stays_raw(std::span<std::byte const> bytes)
{
	return !Compressor(_profile.codec, _profile.level).compress(bytes, _buffer);
}

void Layout_check::_watch(std::uint64_t n)
{
	Block const block = _image.block(n);
	_watched[_slot(block.digest)] = true;
	_watched[_slot(_new_digest(n))] = true;
}

void Layout_check::_check_patched(std::uint64_t n, Block const &block)
{
	switch (block.kind) {
	case Block_kind::RAW: break;
	case Block_kind::SAME_AS:
		_refuse(n, "it shares its bytes with block " + std::to_string(block.where));
	case Block_kind::INHERITED: _refuse(n, "it is inherited from the parent");
	case Block_kind::ZERO: _refuse(n, "it has no bytes in the file, as all are zero");
	case Block_kind::ABSENT: _refuse(n, "it is absent");
	default: _refuse(n, "it is compressed");
	}
	auto const bytes = _patched.find(n);
	if (bytes.size() != _image.size_of_block(n))
		throw_if({ Code::BAD_ARGUMENT, 0, "Patched_blocks", bytes.size() }, _image.path());
	if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte(0); }))
		_refuse(n, "its new bytes are all zero, which is not stored");
	if (_profile.codec != Codec_id::RAW && !_stays_raw(bytes))
		_refuse(n, "its new bytes would be compressed");
}

/* what a writer would do now is what was done */
void Layout_check::_deduplicate(std::uint64_t n, Block const &block, std::uint64_t digest)
{
	bool const same = block.kind == Block_kind::SAME_AS;
	std::size_t const slot = _slot(digest);
	if (!_watched[slot]) return;

	std::uint32_t const size = same ? _image.block(block.where).stored_size : block.stored_size;
	auto const [at, fresh] = _holders.try_emplace(slot, Holder { n, digest, size });
	if (fresh) {
		if (same) _refuse(n, "it would no longer share the bytes of another block");
		return;
	}
	Holder const &holder = at->second;
	bool const was = same && block.where == holder.number;
	bool const is =
		holder.digest == digest && holder.size == size && (was || _equal(holder.number, n));

	if (is && !same)
		_refuse(n, "it would share the bytes of block " + std::to_string(holder.number));
	if (is != same || (same && !was))
		_refuse(n, "it would share the bytes of another block than before");
}

void Layout_check::_block(std::uint64_t n, Block const &block)
{
	bool const patched = n == _next;
	if (patched) {
		_check_patched(n, block);
		_next = _patched.next(n + 1);
	}
	if (block.kind == Block_kind::SAME_AS && !_patched.find(block.where).empty())
		_refuse(block.where, "block " + std::to_string(n) + " shares its bytes");

	bool const is_stored = stored(block.kind);
	if (is_stored) {
		if (block.where != place_block(_cursor, _profile.codec))
			_misplaced(block.where, "block.offset");
		_cursor = block.where + block.stored_size;
	}
	if (_slots && (is_stored || block.kind == Block_kind::SAME_AS))
		_deduplicate(n, block, patched ? _new_digest(n) : block.digest);
}

void Layout_check::_end_chunk(std::uint64_t i)
{
	Chunk const chunk = _image.directory().chunk(i);
	if (!chunk.stored()) return;
	if (chunk.offset != place_chunk(_cursor)) _misplaced(chunk.offset, "chunk.offset");
	_cursor = chunk.offset + std::uint64_t(blocks_in_chunk(i, _image.blocks())) * Block::ENTRY_SIZE;
}

void Layout_check::run()
{
	for (auto const &[n, bytes] : _patched)
		if (_slots) _watch(n);

	_next = _patched.next(0);
	Chunk_entries entries(_image);
	for (std::uint64_t i = 0; i < _image.directory().chunks(); i++) {
		entries.load(i);
		for (std::uint32_t k = 0; k < entries.count(); k++)
			_block(i * Limit::CHUNK_BLOCKS + k, entries[k].block);
		_end_chunk(i);
	}
	if (_cursor != _image.trailer().data_end)
		_misplaced(_image.file().size() - Trailer::SIZE, "trailer.dataEnd");
}

void check_layout_stays(Image_copy const &copy)
{
	Image const &image = copy.image;
	std::array<std::byte, Head::SIZE> head;
	throw_if(Writer::completed(copy.head()).encode({ head.data(), head.size() }), image.path());
	if (copy.whole || copy.profile != image.head().profile ||
		!std::ranges::equal(head, image.file().bytes().first(Head::SIZE)))
		throw Image_error({ image.path(), Code::UNSUPPORTED, 0, "head",
							"cannot be changed in place: this program would write another head",
							"write another file with -o" });
	Layout_check(copy).run();
}

}
