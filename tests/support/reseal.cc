#include "reseal.h"

#include "libimage/core/block_index.h"
#include "libimage/core/checksum.h"
#include "libimage/core/head.h"
#include "libimage/core/section.h"
#include "libimage/core/trailer.h"

namespace Capimg::Test
{

/* offsets as docs/FORMAT.md gives them, on purpose not taken from the sources */
static constexpr std::size_t HEAD_DIGEST = 248;
static constexpr std::size_t TABLE_OFFSET = 16, TABLE_DIGEST = 24, TRAILER_HEAD = 32, BLOCKS = 40,
							 TRAILER_DIGEST = 120;

std::uint64_t get(std::span<std::byte const> bytes, std::size_t at, unsigned width)
{
	std::uint64_t value = 0;
	for (unsigned i = 0; i < width && at + i < bytes.size(); i++)
		value |= std::uint64_t(bytes[at + i]) << (8 * i);
	return value;
}

void put(std::span<std::byte> bytes, std::size_t at, unsigned width, std::uint64_t value)
{
	for (unsigned i = 0; i < width && at + i < bytes.size(); i++)
		bytes[at + i] = std::byte(value >> (8 * i));
}

static bool digest(std::span<std::byte> image, std::uint64_t offset, std::uint64_t size,
				   std::size_t to)
{
	if (!within(offset, size, image.size())) return false;
	put(image, to, 8, checksum({ image.data() + offset, std::size_t(size) }));
	return true;
}

static void reseal_chunks(std::span<std::byte> image, std::uint64_t offset, std::uint64_t size,
						  std::uint64_t blocks)
{
	for (std::uint64_t i = 0; i < size / 32 && i < chunk_count(blocks); i++) {
		std::size_t const entry = offset + i * 32;
		if (get(image, entry, 1)) continue; /* uniform */
		digest(image, get(image, entry + 8, 8), std::uint64_t(blocks_in_chunk(i, blocks)) * 32,
			   entry + 16);
	}
}

void reseal(std::span<std::byte> image)
{
	if (image.size() < Head::SIZE + Trailer::SIZE) return;

	std::size_t const trailer = image.size() - Trailer::SIZE;
	std::uint64_t const table = get(image, trailer + TABLE_OFFSET, 8);
	std::uint64_t const blocks = get(image, trailer + BLOCKS, 8);

	if (table <= trailer) {
		std::uint64_t const count = (trailer - table) / Section::ENTRY_SIZE;
		for (std::uint64_t i = 0; i < count; i++) {
			std::size_t const entry = table + i * Section::ENTRY_SIZE;
			std::uint64_t const offset = get(image, entry + 8, 8);
			std::uint64_t const size = get(image, entry + 16, 8);
			if (get(image, entry, 4) == 1 && within(offset, size, image.size()))
				reseal_chunks(image, offset, size, blocks);
			digest(image, offset, size, entry + 24);
		}
		digest(image, table, trailer - table, trailer + TABLE_DIGEST);
	}
	digest(image, 0, HEAD_DIGEST, HEAD_DIGEST);
	digest(image, 0, Head::SIZE, trailer + TRAILER_HEAD);
	digest(image, trailer, TRAILER_DIGEST, trailer + TRAILER_DIGEST);
}

}
