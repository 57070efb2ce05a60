#include "foc_selectors.h"

#include <algorithm>

namespace Capimg
{

static constexpr Foc_selectors SCHEMES[] {
	{ .first_release = 1905,
	  .last_release = 9999,
	  .parent = 0xb,
	  .thread_area = 0xc,
	  .thread_slots = 5,
	  .user_base = 0x300 },
	{ .first_release = 1705,
	  .last_release = 1902,
	  .parent = 0xb,
	  .thread_area = 0xc,
	  .thread_slots = 3,
	  .user_base = 0x200 },
	{ .first_release = 1608,
	  .last_release = 1702,
	  .parent = 0x8,
	  .thread_area = 0x9,
	  .thread_slots = 3,
	  .user_base = 0x200 },
};

static bool explains(Foc_selectors const &scheme, std::span<std::uint64_t const> indices)
{
	bool const parent = std::find(indices.begin(), indices.end(), scheme.parent) != indices.end();

	return parent && std::all_of(indices.begin(), indices.end(), [&](std::uint64_t index) {
			   return index >= scheme.user_base || scheme.fixed(index);
		   });
}

Foc_selectors const *foc_selectors(std::uint16_t first, std::uint16_t last,
								   std::span<std::uint64_t const> indices)
{
	for (Foc_selectors const &scheme : SCHEMES) {
		bool const in_question = scheme.first_release <= last && scheme.last_release >= first;
		if (in_question && explains(scheme, indices)) return &scheme;
	}
	return nullptr;
}

}
