#include "block.h"

#include "checksum.h"

namespace Capimg
{

static Status decode_stored(Block const &block, Block_source &source, Codec *codec, Bytes out)
{
	Result<Const_bytes> const bytes = source.stored_bytes(block);
	if (bytes.failed()) return bytes.error();

	if (bytes->size() != block.stored_size)
		return { Code::TRUNCATED, block.where, "block", bytes->size(), block.stored_size };

	if (checksum(*bytes) != block.stored_digest)
		return { Code::DAMAGED, block.where, "block.storedDigest", 0, 0 };

	if (block.kind == Block_kind::RAW) {
		if (block.stored_size != out.size())
			return { Code::INVALID, block.where, "block.storedSize", block.stored_size,
					 out.size() };
		out.copy_from(0, *bytes);
		return ok; /* a raw block's two digests are equal, see Block::decode */
	}

	if (!codec || !codec->supports(block.kind))
		return { Code::NO_CODEC, block.where, "block.kind", uint64_t(block.kind), 0 };

	if (Status const status = codec->decode(block.kind, *bytes, out))
		return status.within(block.where);

	if (checksum(out) != block.digest) return { Code::DAMAGED, block.where, "block.digest", 0, 0 };
	return ok;
}

Status decode_block(Block const &block, Block_source &source, Codec *codec, Bytes out)
{
	switch (block.kind) {

	case Block_kind::ZERO: out.zero(); return ok;

	case Block_kind::RAW:
	case Block_kind::ZSTD:
	case Block_kind::LZ4: return decode_stored(block, source, codec, out);

	case Block_kind::SAME_AS: {
		Result<Block> const original = source.block(block.where);
		if (original.failed()) return original.error();

		/* a stored block, so that no chain of references can grow long */
		if (!stored(original->kind)) return { Code::DANGLING, 0, "block.sameAs", block.where, 0 };
		if (original->digest != block.digest)
			return { Code::INVALID, 0, "block.sameAs (digest)", block.where, 0 };
		return decode_stored(*original, source, codec, out);
	}

	case Block_kind::INHERITED:
		if (Status const status = source.parent_block(block.where, out)) return status;
		if (block.digest && checksum(out) != block.digest)
			return { Code::WRONG_PARENT, 0, "block.parentBlock", block.where, 0 };
		return ok;

	case Block_kind::ABSENT: return { Code::ABSENT, 0, "block", uint64_t(block.absence), 0 };

	case Block_kind::INVALID: break;
	}
	return { Code::INVALID, 0, "block.kind", uint64_t(block.kind), 0 };
}

}
