#include "sink.h"

#include <algorithm>

namespace Capimg
{

void Memory_sink::append(std::span<std::span<std::byte const> const> pieces)
{
	for (auto const &piece : pieces) _bytes.insert(_bytes.end(), piece.begin(), piece.end());
}

void Memory_sink::read_at(std::uint64_t offset, std::span<std::byte> out)
{
	std::copy_n(_bytes.begin() + std::ptrdiff_t(offset), out.size(), out.begin());
}

}
