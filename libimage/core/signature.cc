#include "signature.h"

#include "checksum.h"
#include "head.h"
#include "signature_tree.h"
#include "utf8.h"

namespace Capimg
{

static constexpr uint8_t MAGIC[8] { 'C', 'A', 'P', 'I', 'S', 'I', 'G', '\n' };
static constexpr uint32_t VERSION = 1;
static constexpr uint8_t ED25519_SHA256 = 1;

enum Offset : size_t {
	VERSION_AT = 8,
	ALGORITHM_AT = 12,
	PIECE_AT = 13,
	LABEL_SIZE_AT = 14,
	IMAGE_SIZE_AT = 16,
	SEQUENCE_AT = 24,
	COUNTER_AT = 32,
	ROOT_AT = 40,
	STATE_AT = 72,
	KEY_AT = 104,
	LABEL_AT = 136,
	RESERVED_AT = 392,
	DIGEST_AT = 440,
	SIGNATURE_AT = 448,
};

static_assert(LABEL_AT + Signature::LABEL_SIZE == RESERVED_AT);
static_assert(SIGNATURE_AT == Signature::SIGNED_SIZE);

Status Signature::set_label(Const_bytes text)
{
	if (text.size() > LABEL_SIZE)
		return { Code::LIMIT, 0, "signature.label", text.size(), LABEL_SIZE };

	fill_memory(label, 0, LABEL_SIZE);
	copy_memory(label, text.base(), text.size());
	label_size = uint16_t(text.size());
	return ok;
}

Status Signature::encode(Bytes out) const
{
	if (out.size() < SIZE) return { Code::NO_SPACE, 0, "signature", out.size(), SIZE };

	Bytes const signature(out.base(), SIZE);
	signature.zero();
	signature.copy_from(0, Const_bytes(MAGIC, sizeof(MAGIC)));
	signature.u32(VERSION_AT, VERSION);
	signature.u8(ALGORITHM_AT, ED25519_SHA256);
	signature.u8(PIECE_AT, piece_log2);
	signature.u16(LABEL_SIZE_AT, label_size);
	signature.u64(IMAGE_SIZE_AT, image_size);
	signature.u64(SEQUENCE_AT, sequence);
	signature.u64(COUNTER_AT, counter);
	signature.copy_from(ROOT_AT, Const_bytes(root, DIGEST_SIZE));
	signature.copy_from(STATE_AT, Const_bytes(state.bytes, State_digest::SIZE));
	signature.copy_from(KEY_AT, Const_bytes(key, KEY_SIZE));
	signature.copy_from(LABEL_AT, label_bytes());
	signature.u64(DIGEST_AT, checksum(Const_bytes(signature.base(), DIGEST_AT)));
	signature.copy_from(SIGNATURE_AT, Const_bytes(value, Trusted_key::SIZE));
	return ok;
}

static bool has_magic(Const_bytes in)
{
	return in.size() >= Signature::SIZE && equal_memory(in.base(), MAGIC, sizeof(MAGIC));
}

/* image, tree and signature are the whole file */
static Status check_sizes(Signature const &signature, uint64_t base, uint64_t file_size)
{
	if (signature.image_size < Head::SIZE + Trailer::SIZE || signature.image_size > base)
		return { Code::INVALID, base + IMAGE_SIZE_AT, "signature.imageSize", signature.image_size,
				 base };

	Signature_tree const tree(signature.image_size, signature.piece_log2);
	if (tree.size() != base - signature.image_size)
		return { Code::INVALID, base + IMAGE_SIZE_AT, "signature.imageSize", signature.image_size,
				 file_size };
	return ok;
}

static Status check_text(Const_bytes in, Signature const &signature, uint64_t base)
{
	if (size_t const at = first_invalid_utf8(signature.label_bytes()); at != signature.label_size)
		return { Code::INVALID, base + LABEL_AT + at, "signature.label", 0, 0 };

	Const_bytes const rest(in.base() + LABEL_AT + signature.label_size,
						   DIGEST_AT - LABEL_AT - signature.label_size);
	if (size_t const at = rest.first_non_zero(); at != rest.size())
		return { Code::NOT_ZERO, base + LABEL_AT + signature.label_size + at, "signature.reserved",
				 0, 0 };
	return ok;
}

Result<Signature> Signature::decode(Const_bytes in, uint64_t file_size)
{
	if (!has_magic(in) || file_size < SIZE)
		return Error { Code::NOT_SIGNED, file_size, "signature.magic", 0, 0 };

	uint64_t const base = file_size - SIZE;
	if (in.u64(DIGEST_AT) != checksum(Const_bytes(in.base(), DIGEST_AT)))
		return Error { Code::DAMAGED, base + DIGEST_AT, "signature.digest", 0, 0 };

	if (in.u32(VERSION_AT) != VERSION)
		return Error { Code::UNSUPPORTED_VERSION, base + VERSION_AT, "signature.version",
					   in.u32(VERSION_AT), VERSION };
	if (in.u8(ALGORITHM_AT) != ED25519_SHA256)
		return Error { Code::UNSUPPORTED, base + ALGORITHM_AT, "signature.algorithm",
					   in.u8(ALGORITHM_AT), ED25519_SHA256 };

	Signature signature;
	signature.piece_log2 = in.u8(PIECE_AT);
	if (signature.piece_log2 < MIN_PIECE_LOG2 || signature.piece_log2 > MAX_PIECE_LOG2)
		return Error { Code::INVALID, base + PIECE_AT, "signature.pieceLog2", signature.piece_log2,
					   MAX_PIECE_LOG2 };
	signature.label_size = in.u16(LABEL_SIZE_AT);
	if (signature.label_size > LABEL_SIZE)
		return Error { Code::INVALID, base + LABEL_SIZE_AT, "signature.labelSize",
					   signature.label_size, LABEL_SIZE };

	signature.image_size = in.u64(IMAGE_SIZE_AT);
	signature.sequence = in.u64(SEQUENCE_AT);
	signature.counter = in.u64(COUNTER_AT);
	copy_memory(signature.root, in.base() + ROOT_AT, DIGEST_SIZE);
	copy_memory(signature.state.bytes, in.base() + STATE_AT, State_digest::SIZE);
	copy_memory(signature.key, in.base() + KEY_AT, KEY_SIZE);
	copy_memory(signature.label, in.base() + LABEL_AT, LABEL_SIZE);
	copy_memory(signature.value, in.base() + SIGNATURE_AT, Trusted_key::SIZE);

	if (Status const status = check_text(in, signature, base)) return status;
	if (Status const status = check_sizes(signature, base, file_size)) return status;
	return signature;
}

Result<Signature> Signature::authenticate(Const_bytes in, uint64_t file_size,
										  Trusted_key const &check, Trust_policy const &policy)
{
	if (!has_magic(in) || file_size < SIZE)
		return Error { Code::NOT_SIGNED, file_size, "signature.magic", 0, 0 };

	uint64_t const base = file_size - SIZE;
	if (!check.valid(signed_part(in), Const_bytes(in.base() + SIGNATURE_AT, Trusted_key::SIZE)))
		return Error { Code::WRONG_SIGNATURE, base + SIGNATURE_AT, "signature.value", 0, 0 };

	Result<Signature> const signature = decode(in, file_size);
	if (signature.failed()) return signature;

	if (!policy.label.empty() && !(policy.label == signature->label_bytes()))
		return Error { Code::WRONG_LABEL, base + LABEL_AT, "signature.label", 0, 0 };
	if (signature->counter < policy.min_counter)
		return Error { Code::ROLLED_BACK, base + COUNTER_AT, "signature.counter",
					   signature->counter, policy.min_counter };
	return signature;
}

}
