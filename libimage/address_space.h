/*
 * The address space of the captured component
 *
 * Resolves virtual addresses through region maps, nested ones included, to dataspaces. As a
 * 'Memory' it is what core's search for capability maps walks. Pages that no region covers do
 * not exist; covered ones may be absent. One object belongs to one thread.
 */

#ifndef CAPIMG__ADDRESS_SPACE_H
#define CAPIMG__ADDRESS_SPACE_H

#include <array>
#include <map>
#include <optional>

#include "core/memory.h"
#include "dataspace_reader.h"

namespace Capimg
{

class Address_space final : public Memory
{
  public:
	/* a range of addresses behind which one dataspace is, after all nesting */
	struct Piece
	{
		std::uint64_t address = 0;
		std::uint64_t size = 0;
		std::uint32_t dataspace = 0;
		std::uint64_t offset = 0; /* in the dataspace */
		bool readable = false, writeable = false, executable = false;

		std::uint64_t last() const { return address + (size - 1); }
	};

  private:
	Image const &_image;
	std::vector<Piece> _pieces {}; /* ascending, disjoint */
	std::map<std::uint32_t, Dataspace_reader> mutable _readers {};

	/* readers that hold a decoded block: an image may have a million of dataspaces */
	std::array<Dataspace_reader const *, 64> mutable _buffers {};
	std::size_t mutable _next_buffer = 0;

	struct Window;
	void _flatten(std::uint32_t map, Window const &, unsigned depth, std::uint64_t &budget);
	Dataspace_reader const &_reader(std::uint32_t id) const;

	/* piece that holds the address, or the first one behind it */
	std::vector<Piece>::const_iterator _find(std::uint64_t address) const;

  public:
	/*
	 * 'pd' is the id of a PD session; 0 for the first one of the image
	 *
	 * Throws 'Image_error' (DANGLING, LIMIT). An image without PD has an empty address space.
	 */
	explicit Address_space(Image const &, std::uint32_t pd = 0);

	Image const &image() const { return _image; }

	std::vector<Piece> const &pieces() const { return _pieces; }

	/* piece that holds the address */
	std::optional<Piece> piece(std::uint64_t address) const;

	/*
	 * Copy bytes to 'out'; absent ones become zero
	 *
	 * Returns the number of bytes that are absent. Throws 'Image_error' with the first address
	 * that no region covers.
	 */
	std::uint64_t copy(std::uint64_t address, std::span<std::byte> out) const;

	/* what stands at the address, as Dataspace_reader::run; 'size' 0 if no region covers it */
	Dataspace_reader::Run run(std::uint64_t address) const;

	/* Memory; a damaged block is reported as an exception, not as a status */
	Status read(Capimg::uint64_t address, Bytes dst) const override;
	Result<Extent> extent_from(Capimg::uint64_t address) const override;
	Const_bytes peek(Capimg::uint64_t address, Capimg::size_t size) const override;
};

}

#endif /* CAPIMG__ADDRESS_SPACE_H */
