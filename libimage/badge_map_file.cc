#include "badge_map_file.h"

#include <algorithm>

#include "image_error.h"
#include "mapped_file.h"
#include "strict_json.h"

namespace Capimg
{

void check_unique(std::vector<Badge_pair> const &pairs, std::string const &file)
{
	std::vector<Badge_pair> sorted = pairs;
	std::ranges::sort(sorted, {}, &Badge_pair::old_badge);
	auto const twice = std::ranges::adjacent_find(sorted, {}, &Badge_pair::old_badge);
	if (twice == sorted.end()) return;

	std::string const old_badge = hex_text(twice->old_badge);
	throw Image_error({ file,
						Code::DUPLICATE,
						{},
						old_badge,
						"the map has this old badge twice (to " + hex_text(twice->new_badge) +
							" and to " + hex_text(std::next(twice)->new_badge) + ")",
						{} });
}

std::vector<Badge_pair> parse_badge_map(std::string_view text, std::string const &file)
{
	if (text.size() > MAX_BADGE_MAP_SIZE)
		throw Image_error(
			{ file,
			  Code::LIMIT,
			  {},
			  {},
			  "a badge map has at most " + std::to_string(MAX_BADGE_MAP_SIZE) + " bytes",
			  {} });

	Json const document = parse_json(text, file);
	Json_path const path(file);

	std::vector<Badge_pair> pairs;
	for (auto const &[key, value] : object_value(document, path)) {
		Json_path const here = path.child(key);
		pairs.push_back({ hex_value(Json(key), here), hex_value(value, here) });
	}
	check_unique(pairs, file);
	return pairs;
}

std::vector<Badge_pair> read_badge_map(std::string const &path)
{
	Mapped_file const file(path);
	auto const bytes = file.bytes();
	return parse_badge_map({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, path);
}

Badge_pair parse_badge_pair(std::string const &text, std::string const &option)
{
	std::size_t const equals = text.find('=');
	if (equals == std::string::npos)
		throw Image_error({ option,
							Code::BAD_ARGUMENT,
							{},
							text,
							"is no pair of an old and a new badge",
							"give it as 0x104=0x2004" });
	Json_path const path(option);
	Json_path const here = path.child(text);
	return { hex_value(Json(text.substr(0, equals)), here),
			 hex_value(Json(text.substr(equals + 1)), here) };
}

Json badge_map_json(std::vector<Badge_pair> const &pairs)
{
	Json map = Json::object();
	auto &members = map.get_ref<Json::object_t &>();
	members.reserve(pairs.size());

	/* 'ordered_json' looks for the key before it adds one: old badges are unique here */
	for (Badge_pair const &pair : pairs)
		members.Json::object_t::Container::emplace_back(hex_text(pair.old_badge),
														hex_text(pair.new_badge));
	return map;
}

}
