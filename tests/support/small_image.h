/*
 * Small images for tests, made with the writer
 */

#ifndef CAPIMG__TESTS__SUPPORT__SMALL_IMAGE_H
#define CAPIMG__TESTS__SUPPORT__SMALL_IMAGE_H

#include <capnp/message.h>
#include <memory>
#include <string>
#include <vector>

#include "libimage/content.h"
#include "libimage/image.h"
#include "libimage/sink.h"
#include "libimage/writer.h"

namespace Capimg::Test
{

/* content of a dataspace, put together from extents */
class Pieces : public Content
{
	struct Piece
	{
		Extent extent;
		std::vector<std::byte> bytes;
		std::uint64_t parent_block;
		std::vector<std::uint64_t> digests;
	};
	std::vector<Piece> _pieces {};
	std::uint64_t _size = 0;

	Piece const &_at(std::uint64_t offset, std::uint64_t &in_piece) const;

  public:
	Pieces &bytes(std::vector<std::byte>);
	Pieces &random(std::uint64_t size, unsigned seed);
	Pieces &text(std::string const &);
	Pieces &zero(std::uint64_t size);
	Pieces &absent(std::uint64_t size, Absent_reason = Absent_reason::NOT_CAPTURED);

	/* whole blocks of the parent from 'parent_block' on, with these digests */
	Pieces &inherited(std::uint64_t parent_block, std::vector<std::uint64_t> digests,
					  std::uint64_t block_size = 4096);

	std::uint64_t size() const { return _size; }

	Extent extent(std::uint64_t) override;
	void read(std::uint64_t, std::span<std::byte>) override;
	Inherited inherited(std::uint64_t) override;
};

struct Small_image
{
	Head head {};
	std::vector<Pieces> dataspaces {};
	std::vector<Writer::Extra_section> sections {};
	std::vector<std::byte> parent_digest {};
	unsigned threads = 1;

	Small_image() { head.set_writer("test"); }

	/*
	 * PD session (id 1), address space (2), and for each dataspace an object from id 3 on and a
	 * region; region i is at (i + 1) * 256 MiB
	 */
	std::vector<std::byte> write() const;

	static std::uint64_t address(std::size_t dataspace) { return 0x10000000 * (dataspace + 1); }
};

/* bytes as a file in the test's temporary directory, removed at the end */
class Temporary_file
{
	std::string _path;

  public:
	explicit Temporary_file(std::span<std::byte const> bytes, std::string const &suffix = "");
	~Temporary_file();

	Temporary_file(Temporary_file const &) = delete;
	Temporary_file &operator=(Temporary_file const &) = delete;

	std::string const &path() const { return _path; }
};

Image open_image(std::span<std::byte const> bytes);

std::vector<std::byte> read_file(std::string const &path);

}

#endif /* CAPIMG__TESTS__SUPPORT__SMALL_IMAGE_H */
