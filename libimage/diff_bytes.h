/*
 * Which bytes of a page that changed are others
 *
 * Reads the pages that the index says changed, one at a time. Pages that were captured or lost
 * as a whole are not read: one side has nothing to show. Throws 'Image_error'.
 */

#ifndef CAPIMG__DIFF_BYTES_H
#define CAPIMG__DIFF_BYTES_H

#include <array>
#include <functional>
#include <optional>

#include "diff.h"

namespace Capimg
{

/* up to 16 neighbouring bytes of both images; none: not known */
struct Diff_bytes
{
	static constexpr std::size_t MOST = 16;

	std::uint64_t offset = 0;                /* in the dataspace */
	std::optional<std::uint64_t> address {}; /* where the component sees it */
	std::size_t size = 0;
	std::array<std::optional<std::uint8_t>, MOST> a {}, b {};
};

using Bytes_visitor = std::function<void(Diff_bytes const &)>;

/* lines of 16 bytes, at multiples of 16, of which at least one byte differs */
void for_each_line(Diff const &, Diff::Dataspace const &, Bytes_visitor const &);

/* bytes that differ, each run of them in pieces of at most 16 */
void for_each_byte_run(Diff const &, Diff::Dataspace const &, Bytes_visitor const &);

/* "00 ff ??", without the blanks unless 'blanks' */
std::string bytes_text(std::array<std::optional<std::uint8_t>, Diff_bytes::MOST> const &,
					   std::size_t size, bool blanks);

}

#endif /* CAPIMG__DIFF_BYTES_H */
