/*
 * The word that holds the badge of the parent capability
 *
 * On Fiasco.OC the parent writes it to the begin of the loader's writeable segment before the
 * first instruction (base-foc/src/include/base/internal/parent_cap.h; the linker scripts in
 * base/src/ld place it, as '_parent_cap').
 */

#ifndef CAPIMG__PARENT_WORD_H
#define CAPIMG__PARENT_WORD_H

#include <cstdint>
#include <span>

#include "address_space.h"
#include "core/cap_layout.h"

namespace Capimg
{

/* what is attached at one range of addresses */
struct Attached_range
{
	std::uint64_t address = 0, size = 0;
	bool writeable = false;
};

/*
 * Address of the word, 0 if it is not there
 *
 * ranges  ascending and disjoint, the one with the capability map among them
 *
 * The loader's writeable segment holds the map. Memory that precedes it without a gap may
 * belong to the same segment: cores of Linux split it where the kernel does.
 */
std::uint64_t find_parent_word(Memory const &, Cap_map const &, std::uint64_t badge,
							   std::span<Attached_range const> ranges);

std::vector<Attached_range> attached_ranges(Address_space const &);

}

#endif /* CAPIMG__PARENT_WORD_H */
