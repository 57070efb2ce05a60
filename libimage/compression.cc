#include "compression.h"

#include <lz4.h>
#include <lz4hc.h>
#include <new>
#include <zstd.h>

namespace Capimg
{

struct Codec_row
{
	Codec_id id;
	Block_kind kind;
	Levels levels;
	unsigned (*version)();
};

static Codec_row const &row(Codec_id id)
{
	/* LZ4's levels: 0 is the fast compressor, from 3 on the "high compression" one */
	static constexpr Codec_row ROWS[] {
		{ Codec_id::RAW, Block_kind::RAW, { 0, 0, 0 }, [] { return 0u; } },
		{ Codec_id::ZSTD, Block_kind::ZSTD, { -7, 19, 1 }, [] { return ZSTD_versionNumber(); } },
		{ Codec_id::LZ4,
		  Block_kind::LZ4,
		  { 0, 12, 0 },
		  [] { return unsigned(LZ4_versionNumber()); } },
	};
	return ROWS[std::size_t(id) < std::size(ROWS) ? std::size_t(id) : 0];
}

std::uint32_t codec_version(Codec_id id) { return row(id).version(); }

Levels codec_levels(Codec_id id) { return row(id).levels; }

Block_kind block_kind(Codec_id id) { return row(id).kind; }

struct Compressor::Context
{
	Codec_id id;
	int level;
	std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> zstd { nullptr, ZSTD_freeCCtx };
};

Compressor::Compressor(Codec_id id, int level) : _context(new Context { id, level })
{
	if (id != Codec_id::ZSTD) return;
	_context->zstd.reset(ZSTD_createCCtx());
	if (!_context->zstd) throw std::bad_alloc();
}

Compressor::Compressor(Compressor &&) noexcept = default;
Compressor::~Compressor() = default;

std::size_t Compressor::compress(std::span<std::byte const> in, std::span<std::byte> out)
{
	std::size_t const limit = in.size() - 1;

	if (_context->id == Codec_id::ZSTD) {
		std::size_t const size = ZSTD_compressCCtx(_context->zstd.get(), out.data(), limit,
												   in.data(), in.size(), _context->level);
		return ZSTD_isError(size) ? 0 : size;
	}
	if (_context->id == Codec_id::LZ4) {
		char const *const from = reinterpret_cast<char const *>(in.data());
		char *const to = reinterpret_cast<char *>(out.data());
		int const size =
			_context->level < LZ4HC_CLEVEL_MIN
				? LZ4_compress_default(from, to, int(in.size()), int(limit))
				: LZ4_compress_HC(from, to, int(in.size()), int(limit), _context->level);
		return size > 0 ? std::size_t(size) : 0;
	}
	return 0;
}

struct Host_codec::Context
{
	std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> zstd { nullptr, ZSTD_freeDCtx };
};

Host_codec::Host_codec() : _context(new Context) {}
Host_codec::~Host_codec() = default;

bool Host_codec::supports(Block_kind kind) const
{
	return kind == Block_kind::ZSTD || kind == Block_kind::LZ4;
}

Status Host_codec::decode(Block_kind kind, Const_bytes stored, Bytes out)
{
	if (kind == Block_kind::ZSTD) {
		if (!_context->zstd) _context->zstd.reset(ZSTD_createDCtx());
		if (!_context->zstd) return { Code::NO_SPACE, 0, "zstd context", 0, 0 };

		std::size_t const size = ZSTD_decompressDCtx(_context->zstd.get(), out.base(), out.size(),
													 stored.base(), stored.size());
		if (ZSTD_isError(size) || size != out.size())
			return { Code::DAMAGED, 0, "zstd frame", 0, 0 };
		return ok;
	}
	if (kind == Block_kind::LZ4) {
		int const size = LZ4_decompress_safe(reinterpret_cast<char const *>(stored.base()),
											 reinterpret_cast<char *>(out.base()),
											 int(stored.size()), int(out.size()));
		if (size < 0 || std::size_t(size) != out.size())
			return { Code::DAMAGED, 0, "LZ4 block", 0, 0 };
		return ok;
	}
	return { Code::NO_CODEC, 0, "block.kind", Capimg::uint64_t(kind), 0 };
}

}
