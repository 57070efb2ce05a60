/*
 * What a dataspace contains, as the writer asks for it
 */

#ifndef CAPIMG__CONTENT_H
#define CAPIMG__CONTENT_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/block_index.h"
#include "mapped_file.h"

namespace Capimg
{

/* same values as AbsentReason of schema/image.capnp */
enum class Absent_reason : std::uint8_t { NONE, NOT_CAPTURED, IN_ROM, REDACTED };

/*
 * The bytes of one dataspace
 *
 * The writer asks for offsets in ascending order and from one thread at a time. All
 * functions may throw 'Image_error'; the output is then abandoned.
 */
class Content
{
  public:
	virtual ~Content() = default;

	struct Extent
	{
		enum class Kind { BYTES, ZERO, ABSENT, INHERITED, STORED };

		Kind kind = Kind::BYTES;
		std::uint64_t size = 0; /* bytes from the offset on, not 0; may be clipped by the caller */
		Absent_reason reason = Absent_reason::NONE; /* of ABSENT */
	};

	/* what stands at 'offset', which is below the size of the dataspace */
	virtual Extent extent(std::uint64_t offset) = 0;

	/* fill 'out' with the bytes at 'offset', which lie within one BYTES extent */
	virtual void read(std::uint64_t offset, std::span<std::byte> out) = 0;

	struct Inherited
	{
		std::uint64_t parent_block = 0; /* its number in the parent image */
		std::uint64_t digest = 0;       /* of its decoded bytes */

		/*
		 * Instead of 'digest', if only the parent knows it: a chunk of another image that is
		 * inherited as a whole, and whose blocks all have the same numbers in this one
		 */
		struct Chunk
		{
			std::uint64_t number = 0; /* of the block in the other image */
			std::uint32_t blocks = 0; /* in the chunk */
			std::uint64_t content_digest = 0;
		};
		std::optional<Chunk> chunk {};
	};

	/* only asked for offsets of blocks that lie wholly in an INHERITED extent */
	virtual Inherited inherited(std::uint64_t) { return {}; }

	/*
	 * A block whose stored form is taken over as it stands in another image
	 *
	 * That image has the output's codec, level, codec version and block size. What its index
	 * says of the block is believed; nothing is decoded. The file must outlive the writer.
	 */
	struct Stored_block
	{
		Block block {}; /* RAW, ZSTD or LZ4, with the digests and 'where' of 'file' */
		Mapped_file const *file = nullptr;
	};

	/* only asked for offsets of blocks that lie wholly in a STORED extent */
	virtual Stored_block stored(std::uint64_t) { return {}; }
};

}

#endif /* CAPIMG__CONTENT_H */
