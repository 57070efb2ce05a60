#include "json_path.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace Capimg
{

/* keys of hostile documents may be long */
static constexpr std::size_t MAX_SHOWN = 64;

static bool plain(std::string_view key)
{
	return !key.empty() && key.size() <= MAX_SHOWN && std::ranges::all_of(key, [](char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			   c == '_' || c == '-';
	});
}

std::string quoted_key(std::string_view key)
{
	using nlohmann::json;
	std::string text = json(std::string(key)).dump(-1, ' ', true, json::error_handler_t::replace);
	if (text.size() <= MAX_SHOWN) return text;
	return text.substr(0, MAX_SHOWN) + "…\"";
}

std::string Json_path::text() const
{
	if (!_parent) return "document";

	std::string const parent = _parent->_parent ? _parent->text() : std::string();
	if (_element) return parent + "[" + std::to_string(_index) + "]";
	if (!plain(_key)) return parent + "[" + quoted_key(_key) + "]";
	return parent + (parent.empty() ? "" : ".") + std::string(_key);
}

void Json_path::fail(Code code, std::string message, std::string hint) const
{
	throw Image_error({ *_file, code, {}, text(), std::move(message), std::move(hint) });
}

}
