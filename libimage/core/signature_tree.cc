#include "signature_tree.h"

namespace Capimg
{

Signature_tree::Signature_tree(uint64_t image_size, uint8_t piece_log2)
	: _image_size(image_size), _piece_log2(piece_log2)
{
	/* without adding: the size may be any number */
	uint64_t count = image_size ? ((image_size - 1) >> piece_log2) + 1 : 0;

	while (_levels < MAX_LEVELS) {
		_count[_levels] = count;
		_offset[_levels] = _size;
		_size += count * DIGEST_SIZE;
		_levels++;
		if (count <= BLOCK_DIGESTS) break;
		count = (count + BLOCK_DIGESTS - 1) / BLOCK_DIGESTS;
	}
}

}
