#include "json_stream.h"

#include <iostream>
#include <stdexcept>

namespace Capimg
{

void Json_stream::Standard_output::append(std::span<std::span<std::byte const> const> pieces)
{
	for (auto const piece : pieces)
		std::cout.write(reinterpret_cast<char const *>(piece.data()),
						std::streamsize(piece.size()));
}

/* nobody who writes text reads it back */
void Json_stream::Standard_output::read_at(std::uint64_t, std::span<std::byte>)
{
	throw std::logic_error("standard output cannot be read back");
}

}
