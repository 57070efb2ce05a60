#include "scan_memory.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

void check_shown_memory(Image const &image, Address_space const &space)
{
	/* neither sum overflows: 2^30 blocks of 1 MiB, and few regions of what was checked before */
	std::uint64_t stored = 0, shown = 0;
	for (Storage_range const &range : image.ranges()) stored += range.size;
	std::uint64_t const more = image.limits().shown, least = Reading_limits::SHOWN_FACTOR * stored;
	std::uint64_t const limit = least + std::min(more, ~least);

	for (Address_space::Piece const &piece : space.pieces()) {
		if (!image.object(piece.dataspace)->getDataspace().getStored()) continue;
		shown += piece.size;
		if (shown <= limit) continue;
		throw Image_error({ image.path(), Code::LIMIT, piece.address, "regions",
							"the regions show the same memory over and over, more than " +
								std::to_string(Reading_limits::SHOWN_FACTOR) +
								" times what is stored",
							"look at one dataspace at a time, or raise --max-shown" });
	}
}

std::uint64_t most_shown(Image const &image)
{
	std::uint64_t stored = 0;
	for (Image const *file = &image; file; file = file->parent()) stored += file->file().size();

	std::uint64_t const least = Reading_limits::SHOWN_FACTOR * stored;
	return least + std::min(image.limits().shown, ~least);
}

void check_shown_size(Image const &image, std::uint64_t size, std::string const &field)
{
	std::uint64_t const most = most_shown(image);
	if (size <= most) return;
	throw Image_error({ image.path(),
						Code::LIMIT,
						{},
						field,
						std::to_string(size) + " bytes, most of which no file has, are more than " +
							std::to_string(most),
						"ask for less, or raise --max-shown" });
}

Scan_memory::Scan_memory(Image const &image, Address_space const &space) : _space(space)
{
	check_shown_memory(image, space);
}

Result<Extent> Scan_memory::extent_from(Capimg::uint64_t address) const
{
	constexpr std::uint64_t LAST = ~std::uint64_t(0);
	bool zeros = false; /* known zeros, from 'first_zero' on, end at 'address' */
	std::uint64_t first_zero = 0;

	for (;;) {
		Dataspace_reader::Run const run = _space.run(address);
		if (!run.size) {
			auto const &pieces = _space.pieces();
			auto const next = std::partition_point(
				pieces.begin(), pieces.end(), [&](auto const &p) { return p.address < address; });
			if (next == pieces.end()) break;
			address = next->address;
			zeros = false;
			continue;
		}
		if (run.known() && !run.zero) {
			std::uint64_t const start =
				zeros ? std::max(first_zero, address - address % 8) : address;
			return Extent { start, run.size + (address - start) };
		}

		if (run.known() && !zeros) first_zero = address;
		zeros = run.known();
		if (run.size > LAST - address) break;
		address += run.size;
	}
	return Error { Code::NOT_FOUND, address, "memory" };
}

}
