#include "head.h"

#include "checksum.h"
#include "limits.h"

namespace Capimg
{

/* first byte not ASCII and a line end, so that a transfer as text is noticed (as PNG does) */
static constexpr uint8_t MAGIC[8] { 0x89, 'C', 'A', 'P', 'I', 'M', 'G', '\n' };

static constexpr uint8_t CHECKSUM_XXH3 = 1;
static constexpr uint8_t LITTLE_ENDIAN_MACHINE = 1, BIG_ENDIAN_MACHINE = 2;

enum Offset : size_t {
	MAJOR_AT = 8,
	MINOR_AT = 10,
	HEAD_SIZE_AT = 12,
	REQUIRED_AT = 16,
	OPTIONAL_AT = 24,
	BYTE_ORDER_AT = 32,
	WORD_BITS_AT = 33,
	ARCHITECTURE_AT = 34,
	PAGE_SIZE_AT = 36,
	BLOCK_SIZE_AT = 40,
	CHUNK_BLOCKS_AT = 44,
	CODEC_AT = 48,
	LEVEL_AT = 49,
	DEDUP_AT = 50,
	CHECKSUM_AT = 51,
	CODEC_VERSION_AT = 52,
	WRITER_AT = 56,
	RESERVED_AT = 120,
	DIGEST_AT = 248,
};

static_assert(RESERVED_AT + Head::RESERVED_SIZE == DIGEST_AT);
static_assert(DIGEST_AT + 8 == Head::SIZE);

static constexpr bool power_of_two(uint32_t v) { return v && !(v & (v - 1)); }

void Head::set_writer(char const *name)
{
	fill_memory(writer, 0, sizeof(writer));
	for (size_t i = 0; i < WRITER_SIZE && name[i]; i++) writer[i] = name[i];
}

static Error invalid(Offset at, char const *field, uint64_t value, uint64_t limit = 0)
{
	return { Code::INVALID, at, field, value, limit };
}

static Status check(Machine const &machine, Profile const &profile)
{
	if (machine.word_bits != 32 && machine.word_bits != 64)
		return invalid(WORD_BITS_AT, "head.wordBits", machine.word_bits);

	if (!power_of_two(machine.page_size))
		return invalid(PAGE_SIZE_AT, "head.pageSize", machine.page_size);

	if (!power_of_two(profile.block_size) || profile.block_size < Limit::MIN_BLOCK_SIZE ||
		profile.block_size > Limit::MAX_BLOCK_SIZE)
		return invalid(BLOCK_SIZE_AT, "head.blockSize", profile.block_size, Limit::MAX_BLOCK_SIZE);

	if (profile.codec > Codec_id::LZ4)
		return Error { Code::UNSUPPORTED, CODEC_AT, "head.codec", uint64_t(profile.codec), 0 };

	if (profile.dedup_log2 > Limit::MAX_DEDUP_LOG2)
		return invalid(DEDUP_AT, "head.dedupLog2", profile.dedup_log2, Limit::MAX_DEDUP_LOG2);

	return ok;
}

Status Head::encode(Bytes out) const
{
	if (out.size() < SIZE) return { Code::NO_SPACE, 0, "head", out.size(), SIZE };
	if (Status const status = check(machine, profile)) return status;

	Bytes const head(out.base(), SIZE);
	head.zero();
	head.copy_from(0, Const_bytes(MAGIC, sizeof(MAGIC)));
	head.u16(MAJOR_AT, major);
	head.u16(MINOR_AT, minor);
	head.u32(HEAD_SIZE_AT, SIZE);
	head.u64(REQUIRED_AT, required_features);
	head.u64(OPTIONAL_AT, optional_features);
	head.u8(BYTE_ORDER_AT, LITTLE_ENDIAN_MACHINE);
	head.u8(WORD_BITS_AT, machine.word_bits);
	head.u16(ARCHITECTURE_AT, uint16_t(machine.architecture));
	head.u32(PAGE_SIZE_AT, machine.page_size);
	head.u32(BLOCK_SIZE_AT, profile.block_size);
	head.u32(CHUNK_BLOCKS_AT, Limit::CHUNK_BLOCKS);
	head.u8(CODEC_AT, uint8_t(profile.codec));
	head.u8(LEVEL_AT, uint8_t(profile.level));
	head.u8(DEDUP_AT, profile.dedup_log2);
	head.u8(CHECKSUM_AT, CHECKSUM_XXH3);
	head.u32(CODEC_VERSION_AT, profile.codec_version);
	head.copy_from(WRITER_AT, Const_bytes(writer, WRITER_SIZE));
	head.copy_from(RESERVED_AT, Const_bytes(reserved, RESERVED_SIZE));
	head.u64(DIGEST_AT, checksum(Const_bytes(head.base(), DIGEST_AT)));
	return ok;
}

Result<Head> Head::decode(Const_bytes in)
{
	size_t const magic_size = min(in.size(), sizeof(MAGIC));

	if (!magic_size || !equal_memory(in.base(), MAGIC, magic_size))
		return Error { Code::NOT_AN_IMAGE, 0, "head.magic", in.u64(0), 0 };

	Result<Const_bytes> const slice = in.slice(0, SIZE, "head");
	if (slice.failed()) return slice.error();

	Const_bytes const head = *slice;
	Head result;

	/* the version comes first: what follows may mean something else in a newer one */
	result.major = head.u16(MAJOR_AT);
	result.minor = head.u16(MINOR_AT);
	if (result.major != MAJOR)
		return Error { Code::UNSUPPORTED_VERSION, MAJOR_AT, "head.major", result.major, MAJOR };

	if (head.u64(DIGEST_AT) != checksum(Const_bytes(head.base(), DIGEST_AT)))
		return Error { Code::DAMAGED, DIGEST_AT, "head.digest", 0, 0 };

	if (head.u32(HEAD_SIZE_AT) != SIZE)
		return invalid(HEAD_SIZE_AT, "head.size", head.u32(HEAD_SIZE_AT), SIZE);

	result.required_features = head.u64(REQUIRED_AT);
	result.optional_features = head.u64(OPTIONAL_AT);
	if (uint64_t const unknown = result.required_features & ~Feature::KNOWN)
		return Error { Code::UNSUPPORTED_FEATURE, REQUIRED_AT, "head.requiredFeatures", unknown,
					   Feature::KNOWN };

	if (head.u8(BYTE_ORDER_AT) == BIG_ENDIAN_MACHINE)
		return Error { Code::UNSUPPORTED, BYTE_ORDER_AT, "head.byteOrder (big-endian)",
					   BIG_ENDIAN_MACHINE, 0 };
	if (head.u8(BYTE_ORDER_AT) != LITTLE_ENDIAN_MACHINE)
		return invalid(BYTE_ORDER_AT, "head.byteOrder", head.u8(BYTE_ORDER_AT));

	result.machine.word_bits = head.u8(WORD_BITS_AT);
	result.machine.architecture = Architecture(head.u16(ARCHITECTURE_AT));
	result.machine.page_size = head.u32(PAGE_SIZE_AT);
	result.profile.block_size = head.u32(BLOCK_SIZE_AT);
	result.profile.codec = Codec_id(head.u8(CODEC_AT));
	result.profile.level = int8_t(head.u8(LEVEL_AT));
	result.profile.dedup_log2 = head.u8(DEDUP_AT);
	result.profile.codec_version = head.u32(CODEC_VERSION_AT);

	if (head.u32(CHUNK_BLOCKS_AT) != Limit::CHUNK_BLOCKS)
		return invalid(CHUNK_BLOCKS_AT, "head.chunkBlocks", head.u32(CHUNK_BLOCKS_AT),
					   Limit::CHUNK_BLOCKS);
	if (head.u8(CHECKSUM_AT) != CHECKSUM_XXH3)
		return Error { Code::UNSUPPORTED, CHECKSUM_AT, "head.checksum", head.u8(CHECKSUM_AT), 0 };

	if (Status const status = check(result.machine, result.profile)) return status;

	/* reserved bytes of a newer minor version may say something that can be ignored */
	Const_bytes const reserved(head.base() + RESERVED_AT, RESERVED_SIZE);
	if (size_t const at = reserved.first_non_zero(); result.minor <= MINOR && at != RESERVED_SIZE)
		return Error { Code::NOT_ZERO, RESERVED_AT + at, "head.reserved", 0, 0 };

	copy_memory(result.reserved, reserved.base(), RESERVED_SIZE);
	copy_memory(result.writer, head.base() + WRITER_AT, WRITER_SIZE);
	return result;
}

struct Architecture_name
{
	Architecture architecture;
	char const *name;
};

static constexpr Architecture_name ARCHITECTURE_NAMES[] {
	{ Architecture::X86_32, "x86_32" },    { Architecture::X86_64, "x86_64" },
	{ Architecture::ARM_V7, "arm_v7" },    { Architecture::ARM_V8, "arm_v8" },
	{ Architecture::RISCV_64, "riscv64" },
};

char const *architecture_name(Architecture architecture)
{
	for (auto const &row : ARCHITECTURE_NAMES)
		if (row.architecture == architecture) return row.name;
	return "unknown";
}

char const *codec_name(Codec_id codec)
{
	static constexpr char const *NAMES[] { "raw", "zstd", "lz4" };
	return size_t(codec) < sizeof(NAMES) / sizeof(NAMES[0]) ? NAMES[size_t(codec)] : "unknown";
}

}
