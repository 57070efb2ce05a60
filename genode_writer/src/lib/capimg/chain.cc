#include "capimg/chain.h"

namespace Capimg::Engine
{

/* offsets in the head, see docs/FORMAT.md */
static constexpr uint64_t FEATURES_AT = 16, BLOCK_SIZE_AT = 40;

struct Codec_feature
{
	uint64_t feature;
	Block_kind kind;
};

static constexpr Codec_feature CODEC_FEATURES[] {
	{ Feature::ZSTD, Block_kind::ZSTD },
	{ Feature::LZ4, Block_kind::LZ4 },
};

Status Chain::_check_image(unsigned i) const
{
	Image const *const image = _images[i];
	if (!image || !image->opened()) return { Code::BAD_STATE, 0, "image", i, 0 };

	uint32_t const size = image->head().profile.block_size;
	if (size > MAX_BLOCK_SIZE)
		return { Code::LIMIT, BLOCK_SIZE_AT, "head.blockSize", size, MAX_BLOCK_SIZE };
	if (size != newest().head().profile.block_size)
		return { Code::UNSUPPORTED, BLOCK_SIZE_AT, "head.blockSize", i, 0 };

	/* one key and one label for all of the chain, or no key */
	Signature const *const wanted = newest().signature(), *const given = image->signature();
	if (!wanted != !given) return { Code::NOT_SIGNED, 0, "images", i, 0 };
	if (wanted && !(wanted->label_bytes() == given->label_bytes()))
		return { Code::WRONG_LABEL, 0, "signature.label", i, 0 };

	for (Codec_feature const &row : CODEC_FEATURES)
		if ((image->head().required_features & row.feature) &&
			(!_codec || !_codec->supports(row.kind)))
			return { Code::NO_CODEC, FEATURES_AT, "head.requiredFeatures", i, 0 };
	return ok;
}

Status Chain::_check_parent(unsigned i) const
{
	Metadata::Manifest::Reader const &manifest = _images[i]->manifest();
	bool const given = i + 1 < _count;

	if (!manifest.has_parent()) {
		if (given) return { Code::BAD_ARGUMENT, 0, "images", i + 1, 0 };
		return ok;
	}
	if (!given) return { Code::NO_PARENT, 0, "Parent.stateDigest", i, 0 };

	State_digest const &state = _images[i + 1]->trailer().state;
	if (manifest.parent().state_digest() == Const_bytes(state.bytes, State_digest::SIZE)) return ok;
	return { Code::WRONG_PARENT, 0, "Parent.stateDigest", i, 0 };
}

void Chain::_forget()
{
	for (uint64_t &number : _decoded_numbers) number = ~uint64_t(0);
}

Status Chain::connect()
{
	static_assert(Chain_index::WORK_SIZE + 2 * MAX_BLOCK_SIZE + Arena::size_of<Content_record>(1) <=
				  WORK_SIZE);

	_connected = false;
	_forget();
	if (!_count) return { Code::BAD_ARGUMENT, 0, "images", 0, 0 };
	if (_count > MAX_IMAGES) return { Code::LIMIT, 0, "images", _count, MAX_IMAGES };
	if (_work.size() < WORK_SIZE) return { Code::NO_SPACE, 0, "work", _work.size(), WORK_SIZE };

	for (unsigned i = 0; i < _count; i++) {
		if (Status const status = _check_image(i)) return status;
		if (i)
			if (Status const status = _check_parent(i - 1)) return status;
	}
	if (Status const status = _check_parent(_count - 1)) return status;

	Arena arena(Bytes(_work.base(), WORK_SIZE));
	uint32_t const size = newest().head().profile.block_size;
	_stored = Bytes(arena.take<uint8_t>(size), size);
	_decoded = Bytes(arena.take<uint8_t>(MAX_BLOCK_SIZE), MAX_BLOCK_SIZE);
	_record = arena.take<Content_record>(1);
	if (Status const status = _index.open(_images, _count, _stored, arena)) return status;

	_connected = true;
	return ok;
}

namespace
{

/* stored bytes for core's decoder; what refers to other blocks was followed before */
class Stored_bytes final : public Block_source
{
	Source &_source;
	Bytes const _buffer;

  public:
	Stored_bytes(Source &source, Bytes buffer) : _source(source), _buffer(buffer) {}

	Result<Const_bytes> stored_bytes(Block const &block) override
	{
		Result<Bytes> const bytes = _buffer.slice(0, block.stored_size, "block.storedSize");
		if (bytes.failed()) return bytes.error();
		if (Status const status = _source.read(block.where, *bytes)) return status;
		return Const_bytes(*bytes);
	}

	Result<Block> block(uint64_t n) override
	{
		return Error { Code::DANGLING, 0, "block.sameAs", n, 0 };
	}

	Status parent_block(uint64_t n, Bytes) override
	{
		return { Code::NO_PARENT, 0, "block.parentBlock", n, 0 };
	}
};

}

Status Chain::_decode(Block_place const &place, Bytes out) const
{
	Stored_bytes stored(_images[place.image]->source(), _stored);
	return decode_block(place.block, stored, _codec, out);
}

static Status damaged(Block const &block)
{
	return { Code::DAMAGED, block.where, "block.storedDigest", 0, 0 };
}

/* raw bytes are read to where they belong, and checked on the way or there */
Status Chain::_read(Block_place const &place, Bytes out, Copy copy) const
{
	Block const &block = place.block;
	if (block.kind != Block_kind::RAW) return _decode(place, out);

	if (block.stored_size != out.size())
		return { Code::INVALID, block.where, "block.storedSize", block.stored_size, out.size() };

	Source &source = _images[place.image]->source();
	Const_bytes const view = source.view(block.where, out.size());
	if (view.size() == out.size())
		return checksum_copy(out, view, copy) == block.stored_digest ? ok : damaged(block);

	if (Status const status = source.read(block.where, out)) return status;
	return checksum(out) == block.stored_digest ? ok : damaged(block);
}

/* as '_read', but nobody wants the bytes */
Status Chain::_check(Block_place const &place) const
{
	Block const &block = place.block;
	if (block.kind == Block_kind::RAW && block.stored_size == place.size) {
		Const_bytes const view = _images[place.image]->source().view(block.where, place.size);
		if (view.size() == place.size)
			return checksum(view) == block.stored_digest ? ok : damaged(block);
	}
	return _read(place, Bytes(_decoded.base(), place.size), Copy::CACHED);
}

Result<Block_place> Chain::find(uint64_t n)
{
	if (!_connected) return Error { Code::BAD_STATE, 0, "Chain", 0, 0 };
	return _index.find(n);
}

Status Chain::read(uint64_t n, Block_place const &place, Bytes out, Copy copy)
{
	if (!_connected) return { Code::BAD_STATE, 0, "Chain", 0, 0 };
	if (place.size != out.size()) return { Code::BAD_ARGUMENT, 0, "out", out.size(), place.size };
	if (Status const status = _read(place, out, copy)) return status;
	if (place.wrong_parent) return { Code::WRONG_PARENT, 0, "block.parentBlock", n, 0 };
	return ok;
}

Status Chain::read(uint64_t n, Bytes out, bool &zero)
{
	zero = false;
	Result<Block_place> const place = find(n);
	if (place.failed()) return place.error();
	if (place->block.kind != Block_kind::ZERO) return read(n, *place, out, Copy::CACHED);

	if (place->size != out.size()) return { Code::BAD_ARGUMENT, 0, "out", out.size(), place->size };
	if (place->wrong_parent) return { Code::WRONG_PARENT, 0, "block.parentBlock", n, 0 };
	zero = true;
	return ok;
}

/* sizes are powers of two */
uint32_t Chain::_slot(uint64_t n) const
{
	uint32_t const size = newest().head().profile.block_size;
	return uint32_t(n) & ((MAX_BLOCK_SIZE >> __builtin_ctz(size)) - 1);
}

Result<Const_bytes> Chain::block(uint64_t n)
{
	if (!_connected) return Error { Code::BAD_STATE, 0, "Chain", 0, 0 };

	uint32_t const slot = _slot(n);
	uint8_t *const base = _decoded.base() + size_t(slot) * newest().head().profile.block_size;
	if (!keeps(n)) {
		_decoded_numbers[slot] = ~uint64_t(0);
		Result<Block_place> const place = find(n);
		if (place.failed()) return place.error();

		bool zero = false;
		Bytes const bytes(base, place->size);
		if (Status const status = read(n, bytes, zero)) return status;
		if (zero) bytes.zero();
		_decoded_numbers[slot] = n;
		_decoded_sizes[slot] = place->size;
	}
	return Const_bytes(base, _decoded_sizes[slot]);
}

Status Chain::_verify_chunk(uint64_t i)
{
	uint64_t const first = i * Limit::CHUNK_BLOCKS;
	_record->reset();

	for (uint32_t k = 0; k < blocks_in_chunk(i, newest().blocks()); k++) {
		Result<Block_place> const place = find(first + k);
		if (place.failed()) return place.error();

		/* what is inherited must be known */
		bool const absent = place->block.kind == Block_kind::ABSENT && !place->image;
		if (!absent && place->block.kind != Block_kind::ZERO)
			if (Status const status = _check(*place)) return status;
		if (place->wrong_parent)
			return { Code::WRONG_PARENT, 0, "block.parentBlock", first + k, 0 };
		_record->add(place->block);
	}
	if (_record->digest() == newest().directory().chunk(i).content_digest) return ok;
	return { Code::DAMAGED, 0, "chunk.contentDigest", i, 0 };
}

Status Chain::verify()
{
	if (!_connected) return { Code::BAD_STATE, 0, "Chain", 0, 0 };

	_forget();
	for (uint64_t i = 0; i < newest().directory().chunks(); i++)
		if (Status const status = _verify_chunk(i)) return status;
	return ok;
}

}
