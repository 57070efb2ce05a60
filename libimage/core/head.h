/*
 * Head of an image: the first 256 bytes, which never change shape
 *
 * From the head alone any reader of any version tells what an image is, which version and
 * features it needs, who wrote it, and what machine was captured. Layout: docs/FORMAT.md,
 * "Head". Values only, no shared state.
 */

#ifndef CAPIMG__CORE__HEAD_H
#define CAPIMG__CORE__HEAD_H

#include "bytes.h"

namespace Capimg
{

/* how blocks are stored: same state and same profile give the same bytes */
enum class Codec_id : uint8_t { RAW, ZSTD, LZ4 };

struct Profile
{
	uint32_t block_size = 4096; /* power of two, see limits.h */
	Codec_id codec = Codec_id::RAW;
	int8_t level = 0;           /* of the codec, 0 for RAW */
	uint32_t codec_version = 0; /* of the codec's library, as it gives itself; 0 for RAW */
	uint8_t dedup_log2 = 0;     /* slots of the table of known blocks, 0 = no deduplication */

	bool operator==(Profile const &) const = default;
};

/* values are those of the head; the same numbers as ELF's where ELF has one */
enum class Architecture : uint16_t {
	UNKNOWN = 0,
	X86_32 = 3,
	ARM_V7 = 40,
	X86_64 = 62,
	ARM_V8 = 183,
	RISCV_64 = 243,
};

/* the captured machine */
struct Machine
{
	Architecture architecture = Architecture::UNKNOWN;
	uint8_t word_bits = 64; /* 32 or 64 */
	uint32_t page_size = 4096;

	bool operator==(Machine const &) const = default;
};

/* required features: a reader that does not know one of them must refuse */
namespace Feature
{
inline constexpr uint64_t ZSTD = 1 << 0;      /* blocks may be compressed with zstd */
inline constexpr uint64_t LZ4 = 1 << 1;       /* blocks may be compressed with LZ4 */
inline constexpr uint64_t INHERITED = 1 << 2; /* blocks may stand in a parent image */

inline constexpr uint64_t KNOWN = ZSTD | LZ4 | INHERITED;
}

struct Head
{
	static constexpr size_t SIZE = 256;
	static constexpr uint16_t MAJOR = 1, MINOR = 0;
	static constexpr size_t WRITER_SIZE = 64, RESERVED_SIZE = 128;

	uint16_t major = MAJOR, minor = MINOR;
	uint64_t required_features = 0;
	uint64_t optional_features = 0;
	Machine machine {};
	Profile profile {};
	char writer[WRITER_SIZE + 1] {};    /* who wrote it, UTF-8, zero-terminated */
	uint8_t reserved[RESERVED_SIZE] {}; /* zero but in a newer minor version: carried along */

	/* writer's name is cut at WRITER_SIZE bytes */
	void set_writer(char const *);

	/* 'out' must hold SIZE bytes */
	Status encode(Bytes out) const;

	/*
	 * 'in' are the first bytes of the file, SIZE or more
	 *
	 * Errors: TRUNCATED, NOT_AN_IMAGE, UNSUPPORTED_VERSION, DAMAGED, UNSUPPORTED_FEATURE,
	 * UNSUPPORTED (big-endian), INVALID; offsets are offsets in the file.
	 */
	static Result<Head> decode(Const_bytes in);
};

char const *architecture_name(Architecture); /* "x86_64", or "unknown" */
char const *codec_name(Codec_id);            /* "raw", "zstd", "lz4", or "unknown" */

}

#endif /* CAPIMG__CORE__HEAD_H */
