/*
 * Bytes of one dataspace, by offset
 *
 * Keeps the last decoded block, so that small reads of neighbouring bytes are cheap. One
 * reader belongs to one thread; the image may be shared.
 */

#ifndef CAPIMG__DATASPACE_READER_H
#define CAPIMG__DATASPACE_READER_H

#include <span>
#include <vector>

#include "content.h"
#include "image.h"

namespace Capimg
{

class Dataspace_reader
{
	Image const &_image;
	std::uint32_t _id;
	std::uint64_t _size = 0;
	bool _stored = false;
	std::uint64_t _first_block = 0;
	Absent_reason _absent_reason = Absent_reason::NONE; /* of a dataspace that is not stored */
	std::vector<Schema::AbsentRange::Reader> _absent {};

	std::vector<std::byte> mutable _buffer {};
	std::span<std::byte const> mutable _block {};
	std::uint64_t mutable _block_number = ~std::uint64_t(0);

	/* part of the loaded block that 'peek' gave last: the next small step needs no index */
	std::uint64_t mutable _peeked = 0, _peeked_end = 0;

	std::span<std::byte const> _load(std::uint64_t block) const;

  public:
	/* throws 'Image_error' with DANGLING if 'id' is not a dataspace */
	Dataspace_reader(Image const &, std::uint32_t id);

	Image const &image() const { return _image; }
	std::uint32_t id() const { return _id; }
	std::uint64_t size() const { return _size; }

	/* memory for a decoded block, made when one is first read, and given back */
	bool has_buffer() const { return !_buffer.empty(); }
	void drop_buffer() const;

	struct Run
	{
		std::uint64_t size = 0; /* bytes from the offset on that are alike */
		Absent_reason absent = Absent_reason::NONE;
		bool zero = false; /* known without reading */

		bool known() const { return absent == Absent_reason::NONE; }
	};

	/* what stands at 'offset', which is below 'size()'; runs of bytes end at a block's end */
	Run run(std::uint64_t offset) const;

	/*
	 * Copy bytes to 'out'; absent ones become zero
	 *
	 * Returns the number of bytes that are absent. The range must lie within the dataspace.
	 */
	std::uint64_t read(std::uint64_t offset, std::span<std::byte> out) const;

	/*
	 * Known bytes at 'offset', at most to the end of the block; empty if absent
	 *
	 * Valid until the next call of any function of this reader.
	 */
	std::span<std::byte const> peek(std::uint64_t offset) const;
};

}

#endif /* CAPIMG__DATASPACE_READER_H */
