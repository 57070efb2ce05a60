/*
 * Badge maps as JSON: {"0x104": "0x2004", …}
 *
 * Keys are old badges, values new ones, both hexadecimal in quotes. A key that is there twice is
 * refused, also if it is spelled differently.
 */

#ifndef CAPIMG__BADGE_MAP_FILE_H
#define CAPIMG__BADGE_MAP_FILE_H

#include <string>
#include <string_view>
#include <vector>

#include "core/badge_map.h"
#include "json_value.h"

namespace Capimg
{

/* more pairs than an image may have objects make no sense, and each may take 48 bytes */
inline constexpr std::size_t MAX_BADGE_MAP_SIZE = 128 * 1024 * 1024;

/* throws 'Image_error' with 'file', and the offset in the text or the key at fault */
std::vector<Badge_pair> parse_badge_map(std::string_view text, std::string const &file);

/* "-" is standard input */
std::vector<Badge_pair> read_badge_map(std::string const &path);

/* "0x104=0x2004"; 'option' is for errors */
Badge_pair parse_badge_pair(std::string const &text, std::string const &option);

/* throws if an old badge is there twice */
void check_unique(std::vector<Badge_pair> const &, std::string const &file);

Json badge_map_json(std::vector<Badge_pair> const &);

}

#endif /* CAPIMG__BADGE_MAP_FILE_H */
