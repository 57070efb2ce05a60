#include "block_batch.h"

#include "core/checksum.h"

namespace Capimg
{

std::uint64_t Zero_digest::_compute(std::uint32_t size)
{
	std::vector<std::byte> const zeros(size);
	return checksum({ zeros.data(), zeros.size() });
}

void Block_batch::process(Compressor &compressor, Codec_id codec)
{
	for (Item &item : items) {
		if (item.block.kind != Block_kind::INVALID) continue;

		std::span<std::byte> const in(_bytes.data() + item.at, item.size);
		Const_bytes const bytes(in.data(), in.size());
		Block &block = item.block;

		block.digest = checksum(bytes);
		if (bytes.all_zero()) {
			block.kind = Block_kind::ZERO;
			continue;
		}

		block.kind = Block_kind::RAW;
		block.stored_size = item.size;
		block.stored_digest = block.digest;
		if (codec == Codec_id::RAW) continue;

		std::span<std::byte> const out(_packed.data() + item.at, item.size);
		if (std::size_t const size = compressor.compress(in, out)) {
			item.packed = true;
			block.kind = block_kind(codec);
			block.stored_size = std::uint32_t(size);
			block.stored_digest = checksum({ out.data(), size });
		}
	}
}

}
