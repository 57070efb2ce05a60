#include "capimg/chain.h"

#include "libimage/core/checksum.h"

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

Status Chain::_read(Block_place const &place, Bytes out) const
{
	Block const &block = place.block;
	Source &source = _images[place.image]->source();

	if (block.kind != Block_kind::RAW) {
		Stored_bytes stored(source, _stored);
		return decode_block(block, stored, _codec, out);
	}

	/* raw bytes are read to where they belong, and checked there */
	if (block.stored_size != out.size())
		return { Code::INVALID, block.where, "block.storedSize", block.stored_size, out.size() };
	if (Status const status = source.read(block.where, out)) return status;
	if (checksum(out) != block.stored_digest)
		return { Code::DAMAGED, block.where, "block.storedDigest", 0, 0 };
	return ok;
}

Result<Block_place> Chain::find(uint64_t n)
{
	if (!_connected) return Error { Code::BAD_STATE, 0, "Chain", 0, 0 };
	return _index.find(n);
}

Status Chain::read(uint64_t n, Bytes out, bool &zero)
{
	zero = false;
	Result<Block_place> const place = find(n);
	if (place.failed()) return place.error();
	if (place->size != out.size()) return { Code::BAD_ARGUMENT, 0, "out", out.size(), place->size };

	bool const is_zero = place->block.kind == Block_kind::ZERO;
	if (!is_zero)
		if (Status const status = _read(*place, out)) return status;

	if (place->wrong_parent) return { Code::WRONG_PARENT, 0, "block.parentBlock", n, 0 };
	zero = is_zero;
	return ok;
}

Result<Const_bytes> Chain::block(uint64_t n)
{
	Result<Block_place> const place = find(n);
	if (place.failed()) return place.error();

	/* sizes are powers of two */
	uint32_t const size = newest().head().profile.block_size;
	uint32_t const slot = uint32_t(n) & ((MAX_BLOCK_SIZE >> __builtin_ctz(size)) - 1);

	Bytes const bytes(_decoded.base() + size_t(slot) * size, place->size);
	if (_decoded_numbers[slot] != n) {
		_decoded_numbers[slot] = ~uint64_t(0);
		bool zero = false;
		if (Status const status = read(n, bytes, zero)) return status;
		if (zero) bytes.zero();
		_decoded_numbers[slot] = n;
	}
	return Const_bytes(bytes);
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
		bool zero = false;
		if (!absent)
			if (Status const status = read(first + k, Bytes(_decoded.base(), place->size), zero))
				return status;
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
