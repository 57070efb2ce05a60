#include "state.h"

namespace Capimg
{

static constexpr uint8_t TAG[16] { 'c', 'a', 'p', 'i', 'm', 'g', ' ', 's',
								   't', 'a', 't', 'e', ' ', '1', 0,   0 };

State_digest compute_state(Head const &head, Const_bytes manifest, Directory const &directory,
						   Sha256 &hash)
{
	uint8_t buffer[48];
	Bytes const header(buffer, sizeof(buffer));
	header.zero();
	header.copy_from(0, Const_bytes(TAG, sizeof(TAG)));
	header.u16(16, uint16_t(head.machine.architecture));
	header.u8(18, head.machine.word_bits);
	header.u32(20, head.machine.page_size);
	header.u32(24, head.profile.block_size);
	header.u64(32, directory.blocks());
	header.u64(40, manifest.size());

	hash.update(header);
	hash.update(manifest);

	for (uint64_t i = 0; i < directory.chunks(); i++) {
		uint8_t digest[8];
		Bytes(digest, sizeof(digest)).u64(0, directory.chunk(i).content_digest);
		hash.update(Const_bytes(digest, sizeof(digest)));
	}

	State_digest result;
	hash.finish(result.bytes);
	return result;
}

}
