/*
 * What 'Memory_search' looks for
 *
 * Bytes, some of which may be anything, or words (integers) of a range. A pattern is plain data;
 * finding is a pure function.
 */

#ifndef CAPIMG__SEARCH_PATTERN_H
#define CAPIMG__SEARCH_PATTERN_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace Capimg
{

class Search_pattern
{
  public:
	/* bytes of a pattern: what a person types; comparing stays cheap in memory that repeats */
	static constexpr std::size_t MAX_SIZE = 1024;

	static constexpr std::size_t NONE = ~std::size_t(0);

  private:
	std::size_t _size = 0;
	unsigned _align = 1;

	/* bytes; '_mask' is empty if all of them count */
	std::vector<std::byte> _bytes {};
	std::vector<bool> _mask {};
	std::size_t _anchor = 0, _anchor_size = 0; /* longest part without a wildcard */

	/* words of '_size' bytes at aligned places */
	bool _words = false;
	std::uint64_t _first = 0, _last = 0;

	Search_pattern() = default;

	bool _equal(std::byte const *at) const;
	void _place_anchor();
	std::size_t _find_bytes(std::span<std::byte const>, std::uint64_t, std::size_t) const;

	template <typename WORD>
	std::size_t _find_words(std::span<std::byte const>, std::uint64_t, std::size_t) const;

  public:
	/* Throw 'Image_error' (BAD_ARGUMENT, LIMIT) that names the field given here in quotes. */

	/* "text": the bytes of a text, without an end mark */
	static Search_pattern text(std::string_view);

	/* "bytes": pairs of hexadecimal digits or '??' for any byte, with or without spaces */
	static Search_pattern bytes(std::string_view);

	/* "pointer": words of 4 or 8 bytes from 'first' to 'last' */
	static Search_pattern pointer(std::uint64_t first, std::uint64_t last, unsigned word_bytes,
								  bool unaligned = false);

	/* "value", "width": a little-endian integer of 1, 2, 4 or 8 bytes */
	static Search_pattern value(std::uint64_t, unsigned width, bool unaligned = false);

	/* bytes of a hit */
	std::size_t size() const { return _size; }

	/* places of hits are multiples of it */
	unsigned align() const { return _align; }

	/*
	 * Offset of the first hit at or after 'from' that lies in 'memory' as a whole, or NONE
	 *
	 * position  where memory[0] stands: what alignment refers to
	 */
	std::size_t find(std::span<std::byte const> memory, std::uint64_t position,
					 std::size_t from) const;

	/* memory that is all zero has hits */
	bool matches_zeros() const;
};

}

#endif /* CAPIMG__SEARCH_PATTERN_H */
