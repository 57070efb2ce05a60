#include "sink.h"

#include <algorithm>

#include "temporary_file.h"

namespace Capimg
{

void Sink::copy(Mapped_file const &file, std::uint64_t offset, std::uint64_t size)
{
	std::vector<std::byte> buffer(std::min<std::uint64_t>(size, 256 * 1024));
	while (size) {
		std::span<std::byte> const part(buffer.data(),
										std::min<std::uint64_t>(size, buffer.size()));
		read_all_at(file.fd(), offset, part, file.path());
		std::span<std::byte const> const piece = part;
		append({ &piece, 1 });
		offset += part.size();
		size -= part.size();
	}
}

void Memory_sink::append(std::span<std::span<std::byte const> const> pieces)
{
	for (auto const &piece : pieces) _bytes.insert(_bytes.end(), piece.begin(), piece.end());
}

void Memory_sink::read_at(std::uint64_t offset, std::span<std::byte> out)
{
	std::copy_n(_bytes.begin() + std::ptrdiff_t(offset), out.size(), out.begin());
}

}
