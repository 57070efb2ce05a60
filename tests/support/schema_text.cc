#include "tests/support/schema_text.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace Capimg::Test
{

namespace
{

using Lines = std::vector<std::string>;

Lines lines_of(std::string const &text)
{
	Lines lines;
	std::istringstream in(text);
	for (std::string line; std::getline(in, line);) lines.push_back(line);
	return lines;
}

std::string text_of(Lines const &lines)
{
	std::string text;
	for (std::string const &line : lines) text += line + "\n";
	return text;
}

/* number of the field or enumerant that a line declares ("  name @7 :Type;"), -1 for none */
int ordinal(std::string const &line)
{
	size_t const name = line.find_first_not_of(' ');
	if (name == 0 || name == std::string::npos) return -1;

	size_t const at = line.find(' ', name);
	if (at == std::string::npos || line.compare(at, 2, " @") != 0) return -1;
	return std::stoi(line.substr(at + 2));
}

int highest(Lines const &body)
{
	int result = -1;
	for (std::string const &line : body) result = std::max(result, ordinal(line));
	return result;
}

/* 'change' gets the lines between "struct X {" or "enum X {" and the brace that closes it */
std::string for_each_body(std::string const &text,
						  std::function<void(std::string const &kind, Lines &body)> const &change)
{
	Lines result, body;
	std::string kind;
	for (std::string const &line : lines_of(text)) {
		if (kind.empty()) {
			result.push_back(line);
			if (line.starts_with("struct ")) kind = "struct";
			if (line.starts_with("enum ")) kind = "enum";
			body.clear();
		} else if (line == "}") {
			change(kind, body);
			result.insert(result.end(), body.begin(), body.end());
			result.push_back(line);
			kind.clear();
		} else
			body.push_back(line);
	}
	return text_of(result);
}

bool opens_union(std::string const &line) { return line.find("union {") != std::string::npos; }

/* members of the union that the line belongs to, 0 outside of one */
size_t union_members(Lines const &body, size_t at)
{
	size_t begin = at, members = 0;
	while (begin > 0 && !opens_union(body[begin]) && body[begin] != "  }") begin--;
	if (!opens_union(body[begin])) return 0;
	for (size_t i = begin; body[i] != "  }"; i++) members += ordinal(body[i]) >= 0;
	return members;
}

}

std::string file_text(std::string const &path)
{
	std::ifstream in(path, std::ios::binary);
	if (!in) throw std::runtime_error("cannot read " + path);
	return { std::istreambuf_iterator<char>(in), {} };
}

std::string newer_schema(std::string const &text)
{
	static constexpr char const *TYPES[] { "Bool",         "Text",      "UInt8",       "Data",
										   "List(UInt16)", "Extra",     "List(Extra)", "UInt64",
										   "List(Bool)",   "List(Text)" };

	std::string const newer = for_each_body(text, [](std::string const &kind, Lines &body) {
		int next = highest(body) + 1;
		auto const number = [&] { return std::to_string(next++); };

		if (kind == "enum") {
			body.push_back("  newValue @" + number() + ";");
			return;
		}
		for (size_t i = 0; i < body.size(); i++)
			if (opens_union(body[i]))
				body.insert(body.begin() + ptrdiff_t(i) + 1,
							"    newMember @" + number() + " :Extra;");

		for (char const *type : TYPES) {
			std::string const n = number();
			body.push_back("  newField" + n + " @" + n + " :" + type + ";");
		}
	});
	return newer + "struct Extra {\n  number @0 :UInt32;\n  name @1 :Text;\n}\n";
}

std::string older_schema(std::string const &text)
{
	return for_each_body(text, [](std::string const &, Lines &body) {
		int const last = highest(body);
		if (last < 1) return;
		for (size_t i = 0; i < body.size(); i++) {
			if (ordinal(body[i]) != last) continue;
			if (union_members(body, i) == 2) return;
			body.erase(body.begin() + ptrdiff_t(i));
			return;
		}
	});
}

Parsed_schema::Parsed_schema(std::string const &text)
{
	auto memory = kj::newInMemoryDirectory(kj::nullClock());
	memory->openFile(kj::Path("image.capnp"), kj::WriteMode::CREATE)->writeAll(text);
	_memory = kj::mv(memory);

	auto const include = _disk->getRoot().openSubdir(kj::Path({ "usr", "include" }));
	kj::ReadableDirectory const *const imports[] { include.get() };
	_file = _parser.parseFromDirectory(*_memory, kj::Path("image.capnp"), imports);
}

}
