#include "dataspace_reader.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

Dataspace_reader::Dataspace_reader(Image const &image, std::uint32_t id) : _image(image), _id(id)
{
	auto const object = image.object(id);
	if (!object || !object->isDataspace())
		throw Image_error({ image.path(),
							Code::DANGLING,
							{},
							"dataspace " + std::to_string(id),
							"there is no dataspace of this id",
							"'capimg inspect " + image.path() + " dataspaces' lists them" });

	auto const dataspace = object->getDataspace();
	_size = dataspace.getSize();
	_stored = dataspace.getStored();
	_first_block = dataspace.getFirstBlock();
	for (auto const range : dataspace.getAbsent()) _absent.push_back(range);

	if (!_stored) {
		/* a managed dataspace has no bytes of its own either */
		_absent_reason = Absent_reason(dataspace.getAbsentReason());
		if (_absent_reason == Absent_reason::NONE) _absent_reason = Absent_reason::NOT_CAPTURED;
	}
}

Dataspace_reader::Run Dataspace_reader::run(std::uint64_t offset) const
{
	if (!_stored) return { _size - offset, _absent_reason };

	std::uint32_t const block_size = _image.block_size();
	std::uint64_t const in_block = offset % block_size;
	std::uint64_t size = std::min<std::uint64_t>(block_size - in_block, _size - offset);

	/* a chunk that is all zero or all absent is one run */
	std::uint64_t const number = _first_block + offset / block_size;
	std::uint64_t const chunk = number / Limit::CHUNK_BLOCKS;
	Block_kind const uniform = _image.directory().chunk(chunk).uniform;
	if (uniform == Block_kind::ZERO || uniform == Block_kind::ABSENT) {
		std::uint64_t const blocks = (chunk + 1) * Limit::CHUNK_BLOCKS - number;
		size = std::min(blocks * block_size - in_block, _size - offset);
	}

	Block const block = _image.block(number);
	if (block.kind == Block_kind::ABSENT) return { size, Absent_reason(block.absence) };

	/* the first absent part that reaches beyond 'offset' */
	auto const part = std::upper_bound(_absent.begin(), _absent.end(), offset,
									   [](std::uint64_t at, auto const &range) {
										   return at < range.getOffset() + range.getSize();
									   });
	if (part != _absent.end()) {
		if (part->getOffset() <= offset)
			return { std::min(size, part->getOffset() + part->getSize() - offset),
					 Absent_reason(part->getReason()) };
		size = std::min(size, part->getOffset() - offset);
	}
	return { size, Absent_reason::NONE, block.kind == Block_kind::ZERO };
}

std::span<std::byte const> Dataspace_reader::_load(std::uint64_t block) const
{
	if (_block_number == block) return _block;

	_block_number = ~std::uint64_t(0);
	_peeked_end = 0;
	_buffer.resize(_image.block_size());
	_block = _image.read_block(block, _buffer);
	_block_number = block;
	return _block;
}

void Dataspace_reader::drop_buffer() const
{
	_block_number = ~std::uint64_t(0);
	_peeked_end = 0;
	_block = {};
	std::vector<std::byte>().swap(_buffer);
}

std::span<std::byte const> Dataspace_reader::peek(std::uint64_t offset) const
{
	std::uint32_t const block_size = _image.block_size();
	if (_peeked <= offset && offset < _peeked_end)
		return _block.subspan(offset % block_size).first(_peeked_end - offset);

	Run const here = run(offset);
	if (!here.known()) return {};

	auto const rest = _load(_first_block + offset / block_size).subspan(offset % block_size);
	_peeked = offset;
	_peeked_end = offset + std::min<std::uint64_t>(rest.size(), here.size);
	return rest.first(_peeked_end - offset);
}

std::uint64_t Dataspace_reader::read(std::uint64_t offset, std::span<std::byte> out) const
{
	if (!within(offset, out.size(), _size))
		throw Image_error({ _image.path(),
							Code::BAD_ARGUMENT,
							{},
							"dataspace " + std::to_string(_id),
							"the range lies outside of the dataspace",
							{} });

	std::uint64_t absent = 0;
	while (!out.empty()) {
		Run const here = run(offset);
		std::size_t const size = std::min<std::uint64_t>(here.size, out.size());

		if (here.known() && !here.zero) {
			std::ranges::copy(peek(offset).first(size), out.begin());
		} else {
			std::ranges::fill(out.first(size), std::byte(0));
			if (!here.known()) absent += size;
		}
		out = out.subspan(size);
		offset += size;
	}
	return absent;
}

}
