/*
 * Images of at most 1 KiB that claim as much as they can
 *
 * Sound as far as the format goes, or nearly: an attacker's means to make a tool work or allocate.
 * Structs of their manifests are as short as the encoding allows, checksums match.
 */

#ifndef CAPIMG__TESTS__SUPPORT__SMALL_HOSTILE_H
#define CAPIMG__TESTS__SUPPORT__SMALL_HOSTILE_H

#include <string>
#include <vector>

namespace Capimg::Test
{

struct Small_hostile
{
	std::string name;
	std::vector<std::byte> image;
};

inline constexpr std::size_t SMALL_HOSTILE_SIZE = 1024;

/* all of them, none larger than SMALL_HOSTILE_SIZE */
std::vector<Small_hostile> small_hostile();

}

#endif /* CAPIMG__TESTS__SUPPORT__SMALL_HOSTILE_H */
