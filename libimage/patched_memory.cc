#include "patched_memory.h"

#include <algorithm>

namespace Capimg
{

Patched_memory::Patched_memory(Image const &image, Patched_blocks &patched, std::uint32_t pd)
	: _image(image), _patched(patched), _space(image, pd)
{
	for (Storage_range const &range : image.ranges())
		_first_block.emplace(range.object, range.first_block);
}

/* number of the block that holds the address, whether its bytes are known or not */
std::optional<std::uint64_t> Patched_memory::_block(std::uint64_t address,
													std::uint64_t &in_block) const
{
	auto const piece = _space.piece(address);
	if (!piece) return {};

	auto const first = _first_block.find(piece->dataspace);
	if (first == _first_block.end()) return {};

	std::uint64_t const offset = piece->offset + (address - piece->address);
	in_block = offset % _image.block_size();
	return first->second + offset / _image.block_size();
}

/* known bytes from the address on, at most to the end of a block; valid until the next call */
std::span<std::byte const> Patched_memory::_known(std::uint64_t address) const
{
	if (std::uint64_t const at = address - _last.address; at < _last.bytes.size())
		return _last.bytes.subspan(at);

	_last = {};
	std::uint64_t in_block = 0;
	auto const block = _block(address, in_block);
	if (!block) return {};

	std::span<std::byte const> const patched = _patched.find(*block);
	if (patched.empty()) {
		Const_bytes const bytes = _space.peek(address, _image.block_size());
		_last = { address, { reinterpret_cast<std::byte const *>(bytes.base()), bytes.size() } };
		return _last.bytes;
	}

	/* what was absent in a block is so after a change, too */
	Dataspace_reader::Run const run = _space.run(address);
	if (!run.known()) return {};
	std::uint64_t const size = std::min<std::uint64_t>(run.size, patched.size() - in_block);
	_last = { address, patched.subspan(in_block, size) };
	return _last.bytes;
}

Const_bytes Patched_memory::peek(Capimg::uint64_t address, Capimg::size_t size) const
{
	std::span<std::byte const> const bytes = _known(address);
	return { bytes.data(), std::min(bytes.size(), size) };
}

Status Patched_memory::read(Capimg::uint64_t address, Bytes dst) const
{
	for (std::size_t done = 0; done < dst.size();) {
		Const_bytes const bytes = peek(address + done, dst.size() - done);
		if (bytes.empty()) return { Code::ABSENT, address + done, "memory" };
		dst.copy_from(done, bytes);
		done += bytes.size();
	}
	return ok;
}

Status Patched_memory::write(Capimg::uint64_t address, Const_bytes src)
{
	for (std::size_t done = 0; done < src.size();) {
		std::uint64_t const at = address + done;
		std::size_t const size = std::min(_known(at).size(), src.size() - done);
		std::uint64_t in_block = 0;
		auto const block = _block(at, in_block);
		if (!size || !block) return { Code::ABSENT, at, "memory" };

		std::span<std::byte const> original {};
		if (_patched.find(*block).empty()) {
			_last = {}; /* shows the block as it was, maybe by another address */
			_buffer.resize(_image.block_size());
			original = _image.read_block(*block, _buffer);
		}
		std::span<std::byte> const bytes = _patched.patch(*block, original);
		copy_memory(bytes.data() + in_block, src.base() + done, size);
		done += size;
	}
	return ok;
}

Result<Extent> Patched_memory::extent_from(Capimg::uint64_t address) const
{
	return _space.extent_from(address);
}

}
