#include "names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace Capimg::Plugin
{

/* words that cannot name a function; the ones with a capital or '_' cannot come out here */
static constexpr std::array RESERVED = std::to_array<std::string_view>({
	"alignas",   "alignof",   "and",       "asm",      "auto",     "bitand",   "bitor",   "bool",
	"break",     "case",      "catch",     "char",     "class",    "compl",    "concept", "const",
	"consteval", "constexpr", "constinit", "continue", "decltype", "default",  "delete",  "do",
	"double",    "else",      "enum",      "explicit", "export",   "extern",   "false",   "float",
	"for",       "friend",    "goto",      "if",       "inline",   "int",      "long",    "mutable",
	"namespace", "new",       "noexcept",  "not",      "nullptr",  "operator", "or",      "private",
	"protected", "public",    "register",  "requires", "return",   "short",    "signed",  "sizeof",
	"static",    "struct",    "switch",    "template", "this",     "throw",    "true",    "try",
	"typedef",   "typeid",    "typename",  "union",    "unsigned", "using",    "virtual", "void",
	"volatile",  "while",     "xor",
});

static char lower(char c) { return char(std::tolower(static_cast<unsigned char>(c))); }
static char upper(char c) { return char(std::toupper(static_cast<unsigned char>(c))); }
static bool capital(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

static std::string lower_words(std::string const &name)
{
	std::string result;
	for (char c : name) {
		if (capital(c) && !result.empty()) result += '_';
		result += lower(c);
	}
	return result;
}

std::string function_name(std::string const &name)
{
	std::string result = lower_words(name);
	if (std::ranges::find(RESERVED, result) != RESERVED.end()) result += '_';
	return result;
}

std::string type_name(std::string const &name)
{
	std::string result = lower_words(name);
	if (!result.empty()) result[0] = upper(result[0]);
	return result;
}

std::string constant_name(std::string const &name)
{
	std::string result = lower_words(name);
	std::ranges::transform(result, result.begin(), upper);
	return result;
}

}
