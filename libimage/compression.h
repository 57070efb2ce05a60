/*
 * zstd and LZ4 for blocks
 */

#ifndef CAPIMG__COMPRESSION_H
#define CAPIMG__COMPRESSION_H

#include <memory>
#include <span>

#include "core/block.h"
#include "core/head.h"

namespace Capimg
{

/*
 * Compressor for one thread
 *
 * The same bytes in give the same bytes out for the same codec, level and library version,
 * whatever was compressed before.
 */
class Compressor
{
	struct Context;
	std::unique_ptr<Context> _context;

  public:
	Compressor(Codec_id, int level);
	Compressor(Compressor &&) noexcept;
	~Compressor();

	/*
	 * Returns the bytes written to 'out', or 0 if the result would not be smaller than 'in'
	 *
	 * 'out' is at least as large as 'in'.
	 */
	std::size_t compress(std::span<std::byte const> in, std::span<std::byte> out);
};

/* decompressor for all codecs, for one thread */
class Host_codec final : public Codec
{
	struct Context;
	std::unique_ptr<Context> _context;

  public:
	Host_codec();
	~Host_codec();

	bool supports(Block_kind) const override;
	Status decode(Block_kind, Const_bytes stored, Bytes out) override;
};

/* version number of the codec's library, 0 for RAW */
std::uint32_t codec_version(Codec_id);

/* lowest and highest level, and the default one; all 0 for RAW */
struct Levels
{
	int lowest, highest, usual;
};

Levels codec_levels(Codec_id);

/* kind of a block that this codec made */
Block_kind block_kind(Codec_id);

}

#endif /* CAPIMG__COMPRESSION_H */
