#include "image_error.h"

#include <cstdio>
#include <cstring>

namespace Capimg
{

static std::string hex(std::uint64_t value)
{
	char text[32];
	std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
	return text;
}

Image_error Image_error::from(Error const &error, std::string file, std::uint64_t base,
							  std::string hint)
{
	std::string message = error_text(error.code);

	if (error.limit)
		message += " (" + hex(error.value) + ", limit " + hex(error.limit) + ")";
	else if (error.value)
		message += " (" + hex(error.value) + ")";

	return Image_error({ std::move(file), error.code, base + error.offset, error.field,
						 std::move(message), std::move(hint) });
}

Image_error Image_error::from_errno(int error, std::string file, std::string const &action)
{
	return Image_error(
		{ std::move(file), Code::IO, {}, {}, action + " failed: " + std::strerror(error), {} });
}

std::string Image_error::_line(Info const &info)
{
	std::string line = info.file;
	if (info.offset) line += (line.empty() ? "at " : ": at ") + hex(*info.offset);
	if (!info.field.empty()) line += (line.empty() ? "" : ": ") + info.field;
	if (!line.empty()) line += ": ";
	line += info.message;
	if (!info.hint.empty()) line += "; " + info.hint;
	return line;
}

}
