/*
 * What 'inspect' reads of a file, counted page by page
 *
 * The file's mapping cannot be read at first: each page that is touched raises a signal, is noted,
 * and becomes readable.
 */

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <sys/mman.h>

#include "libimage/dataspace_reader.h"
#include "libimage/image.h"
#include "libimage/inspect.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

constexpr std::size_t PAGE = 4096;

/* pages of one mapping that were touched while this lives; one at a time */
class Touched_pages
{
	static inline Touched_pages *_this = nullptr;

	std::byte *const _base;
	std::size_t const _size;
	struct sigaction _before
	{};
	std::array<bool, 8192> _touched {};

	static void _fault(int, siginfo_t *info, void *)
	{
		std::size_t const at = std::size_t(static_cast<std::byte *>(info->si_addr) - _this->_base);
		if (at >= _this->_size) std::abort();
		_this->_touched[at / PAGE] = true;
		::mprotect(_this->_base + at / PAGE * PAGE, PAGE, PROT_READ);
	}

  public:
	explicit Touched_pages(std::span<std::byte const> mapping)
		: _base(const_cast<std::byte *>(mapping.data())), _size(mapping.size())
	{
		if (_size > _touched.size() * PAGE) throw std::length_error("mapping");
		_this = this;
		struct sigaction action
		{};
		action.sa_sigaction = _fault;
		action.sa_flags = SA_SIGINFO;
		::sigaction(SIGSEGV, &action, &_before);
		::mprotect(_base, _size, PROT_NONE);
	}

	~Touched_pages()
	{
		::mprotect(_base, _size, PROT_READ);
		::sigaction(SIGSEGV, &_before, nullptr);
	}

	/* pages that have bytes of [from, to) */
	std::size_t count(std::uint64_t from, std::uint64_t to) const
	{
		std::size_t sum = 0;
		for (std::uint64_t page = from / PAGE; page * PAGE < to; page++) sum += _touched[page];
		return sum;
	}
};

/* 8 MiB that differ, in two dataspaces, and an empty tail */
std::vector<std::byte> image_bytes()
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(5 << 20, 1));
	small.dataspaces.push_back(Pieces().random(3 << 20, 2).zero(100 << 20));
	return small.write();
}

}

TEST(Inspect_reads, nothing_but_both_ends_of_the_file)
{
	std::vector<std::byte> const bytes = image_bytes();
	Temporary_file const file(bytes);
	std::uint64_t const data_end = open_image(bytes).trailer().data_end;
	ASSERT_GT(data_end, std::uint64_t(8) << 20);

	Mapped_file mapped(file.path());
	Touched_pages const touched(mapped.bytes());

	Image const image(std::move(mapped));
	Json document = inspect_summary(image);
	for (Inspect_part const &part : inspect_parts()) document[part.name] = part.rows(image);
	EXPECT_EQ(document["dataspaces"].size(), 2u);

	/* the head is a page of its own; the directory may begin on the last page of the data */
	EXPECT_EQ(touched.count(0, PAGE), 1u);
	EXPECT_EQ(touched.count(PAGE, data_end / PAGE * PAGE), 0u);
	EXPECT_LE(touched.count(0, bytes.size()), 1 + (bytes.size() - data_end) / PAGE + 2);
	EXPECT_GE(touched.count(data_end, bytes.size()), 1u);

	/* the count is one that can be wrong */
	std::byte byte {};
	Dataspace_reader(image, 3).read(1 << 20, { &byte, 1 });
	EXPECT_GE(touched.count(PAGE, data_end / PAGE * PAGE), 2u); /* entries of a chunk, a block */
}
