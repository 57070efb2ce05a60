/*
 * A batch of blocks on its way through the writer
 *
 * Filled by the writer's thread, processed by any thread (digests, compression), committed
 * in order by the writer's thread again.
 */

#ifndef CAPIMG__BLOCK_BATCH_H
#define CAPIMG__BLOCK_BATCH_H

#include <future>
#include <vector>

#include "compression.h"
#include "content.h"
#include "core/block_index.h"

namespace Capimg
{

class Block_batch
{
  public:
	struct Item
	{
		Block block {};         /* 'kind' INVALID until processed if it has bytes */
		std::uint32_t size = 0; /* decoded */
		std::size_t at = 0;     /* of its bytes in '_bytes' */
		bool packed = false;    /* stored form is at 'at' of '_packed' */

		/* 'block' says where in this file the stored form is: there are no bytes here */
		Mapped_file const *source = nullptr;

		/* of an inherited block whose digest is not known */
		bool of_chunk = false;
		Content::Inherited::Chunk chunk {};
	};

  private:
	std::vector<std::byte> _bytes;
	std::vector<std::byte> _packed;
	std::size_t _used = 0;

  public:
	static constexpr std::size_t CAPACITY = 1024 * 1024;

	std::vector<Item> items {};
	std::future<void> processed {};

	explicit Block_batch(bool compressed) : _bytes(CAPACITY), _packed(compressed ? CAPACITY : 0) {}

	void reset()
	{
		items.clear();
		_used = 0;
	}

	bool empty() const { return items.empty(); }
	bool has_bytes() const { return _used; }
	std::size_t room() const { return CAPACITY - _used; }

	/* room for the bytes of 'size' further blocks' worth, to be filled by the caller */
	std::span<std::byte> claim(std::size_t size)
	{
		std::span<std::byte> const result(_bytes.data() + _used, size);
		_used += size;
		return result;
	}

	std::size_t used() const { return _used; }

	/* decide kind and digests of all items that have bytes */
	void process(Compressor &, Codec_id);

	/* bytes to be stored for an item whose kind is stored */
	std::span<std::byte const> stored_bytes(Item const &item) const
	{
		return { (item.packed ? _packed : _bytes).data() + item.at, item.block.stored_size };
	}
};

/* digest of 'size' zero bytes, remembered for full blocks */
class Zero_digest
{
	std::uint32_t _block_size;
	std::uint64_t _full;

	static std::uint64_t _compute(std::uint32_t size);

  public:
	explicit Zero_digest(std::uint32_t block_size)
		: _block_size(block_size), _full(_compute(block_size))
	{}

	std::uint64_t of(std::uint32_t size) const
	{
		return size == _block_size ? _full : _compute(size);
	}
};

}

#endif /* CAPIMG__BLOCK_BATCH_H */
