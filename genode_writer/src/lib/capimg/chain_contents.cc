#include "capimg/chain_contents.h"

#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

Status Chain_contents::_open(uint32_t dataspace)
{
	if (_range.size && _id == dataspace) return ok;

	Image const &image = _chain.newest();
	Result<Block_range> const range = image.range_of(dataspace);
	if (range.failed()) return range.error();

	auto const objects = image.manifest().objects();
	_absent = objects[find_object(objects, dataspace)].dataspace().absent();
	_range = *range;
	_id = dataspace;
	return ok;
}

/* block sizes are powers of two: 64-bit divisions need a library on 32-bit targets */
uint64_t Chain_contents::_number(uint64_t offset) const
{
	uint32_t const block_size = _chain.newest().head().profile.block_size;
	return _range.first + (offset >> __builtin_ctz(block_size));
}

/* bytes from 'offset' on that are alike: known or not; at most to the end of a block or chunk */
Result<Chain_contents::Run> Chain_contents::_run(uint64_t offset)
{
	uint32_t const block_size = _chain.newest().head().profile.block_size;
	uint32_t const in_block = uint32_t(offset) & (block_size - 1);
	uint64_t const number = _number(offset), chunk = number / Limit::CHUNK_BLOCKS;
	uint64_t size = min<uint64_t>(block_size - in_block, _range.size - offset);

	if (_chain.newest().directory().chunk(chunk).uniform == Block_kind::ABSENT) {
		uint64_t const blocks = (chunk + 1) * Limit::CHUNK_BLOCKS - number;
		return Run { min(blocks * block_size - in_block, _range.size - offset), false };
	}
	if (!_chain.keeps(number)) {
		Result<Block_place> const place = _chain.find(number);
		if (place.failed()) return place.error();
		if (place->block.kind == Block_kind::ABSENT) return Run { size, false };
	}

	/* parts ascend and are disjoint: the first one that reaches beyond 'offset' */
	uint32_t low = 0, high = _absent.size();
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (_absent[middle].offset() + _absent[middle].size() <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == _absent.size()) return Run { size, true };

	Metadata::Absent_range::Reader const part = _absent[low];
	if (part.offset() > offset) return Run { min(size, part.offset() - offset), true };
	return Run { min(size, part.offset() + part.size() - offset), false };
}

Status Chain_contents::read(uint32_t dataspace, uint64_t offset, Bytes dst)
{
	if (Status const status = _open(dataspace)) return status;
	if (!within(offset, dst.size(), _range.size))
		return { Code::TRUNCATED, offset, "dataspace", dst.size(), _range.size };

	uint32_t const block_size = _chain.newest().head().profile.block_size;
	for (size_t done = 0; done < dst.size();) {
		uint64_t const at = offset + done;
		Result<Run> const run = _run(at);
		if (run.failed()) return run.error();
		if (!run->known) return { Code::ABSENT, at, "dataspace", 0, 0 };

		Result<Const_bytes> const block = _chain.block(_number(at));
		if (block.failed()) return block.error();
		size_t const size = size_t(min<uint64_t>(run->size, dst.size() - done));
		Result<Const_bytes> const bytes =
			block->slice(uint32_t(at) & (block_size - 1), size, "block");
		if (bytes.failed()) return bytes.error();
		dst.copy_from(done, *bytes);
		done += size;
	}
	return ok;
}

Status Chain_contents::write(uint32_t, uint64_t offset, Const_bytes)
{
	return { Code::DENIED, offset, "dataspace", 0, 0 };
}

Result<Extent> Chain_contents::known(uint32_t dataspace, uint64_t offset, uint64_t end)
{
	if (Status const status = _open(dataspace)) return status;
	end = min(end, _range.size);

	Extent extent { offset, 0 };
	for (uint32_t runs = 0; offset < end && runs < Limit::CHUNK_BLOCKS;) {
		Result<Run> const run = _run(offset);
		if (run.failed()) {
			if (extent.size) break;
			return run.error();
		}
		offset += run->size;
		if (run->known) {
			extent.size = min(offset, end) - extent.addr;
			runs++;
		} else {
			if (extent.size) break;
			extent.addr = offset;
		}
	}
	if (extent.size) return extent;
	return Error { Code::NOT_FOUND, offset, "dataspace", dataspace, 0 };
}

}
