#include "edit_recovery.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chunk_entries.h"
#include "image_error.h"
#include "image_signature.h"

namespace Capimg
{

bool Found_journal::exists(std::string const &image)
{
	struct stat st
	{};
	return ::lstat(Edit_journal::path_of(image).c_str(), &st) == 0;
}

Mapped_file Found_journal::_open(std::string const &image, int image_fd)
{
	std::string const path = Edit_journal::path_of(image);
	int const fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) throw Image_error::from_errno(errno, path, "opening the journal");

	struct stat journal
	{
	}, st {};
	bool const known = ::fstat(fd, &journal) == 0 && ::fstat(image_fd, &st) == 0;
	bool const plain = known && S_ISREG(journal.st_mode) && journal.st_nlink == 1;
	bool const ours =
		known && !(journal.st_mode & (S_IWGRP | S_IWOTH)) &&
		(journal.st_uid == st.st_uid || journal.st_uid == ::geteuid() || journal.st_uid == 0);
	try {
		if (!plain || !ours)
			throw Image_error(
				{ path,
				  Code::DENIED,
				  {},
				  {},
				  plain ? "the journal belongs to somebody else" : "this is no journal of " + image,
				  "look where it comes from, and remove it" });
		Mapped_file result(path, fd);
		::close(fd);
		return result;
	} catch (...) {
		::close(fd);
		throw;
	}
}

Found_journal::Found_journal(std::string const &image, int image_fd)
	: _file(_open(image, image_fd)), _journal(Edit_journal::decode(_file))
{}

namespace
{

/* is a piece of the file among those that a journal writes? */
class Ranges
{
	std::vector<Mapped_file::Replacement> const &_changes;

  public:
	explicit Ranges(std::vector<Mapped_file::Replacement> const &changes) : _changes(changes) {}

	bool touch(std::uint64_t offset, std::uint64_t size) const
	{
		auto const end = [](Mapped_file::Replacement const &change) {
			return change.offset + change.bytes.size();
		};
		auto const next = std::ranges::upper_bound(_changes, offset, {}, end);
		return next != _changes.end() && next->offset < offset + size;
	}
};

}

/* all pieces of the image that lie in the ranges have the bytes that their digests are of */
static void check_pieces(Image const &image, Ranges const &ranges)
{
	for (std::size_t i = 0; i < image.sections().size(); i++) (void)image.section_bytes(i);

	std::vector<std::byte> buffer(image.block_size());
	Chunk_entries entries(image);
	for (std::uint64_t i = 0; i < image.directory().chunks(); i++) {
		entries.load(i);
		for (std::uint32_t k = 0; k < entries.count(); k++) {
			auto const [block, size] = entries[k];
			if (stored(block.kind) && ranges.touch(block.where, block.stored_size))
				(void)image.read_block(i * Limit::CHUNK_BLOCKS + k, block, size, buffer);
		}
	}
}

/* of the image that the file holds; nothing if it holds none, or one with damaged pieces */
std::optional<State_digest> Found_journal::_state(Map const &map, Pieces pieces) const
try {
	Image const image(map());
	if (pieces == Pieces::CHECKED) {
		check_pieces(image, Ranges(_journal.changes));
		/* whoever signed it: what matters is that signature and image are of one time */
		if (image.signature()) (void)check_signature(map(), nullptr, {}, 0);
	}
	return image.trailer().state;
} catch (Image_error const &) {
	return {};
}

Found_journal::Verdict Found_journal::judge(int image_fd, std::string const &path) const
{
	auto const as_it_is = [&] { return Mapped_file(path, image_fd); };
	auto const changed = [&] {
		return Mapped_file(path, image_fd, _journal.changes, std::size_t(_journal.size_after));
	};
	if (auto const state = _state(as_it_is, Pieces::UNCHECKED)) {
		if (*state != _journal.state_before && *state != _journal.state_after)
			return Verdict::UNRELATED;
		if (_state(as_it_is, Pieces::CHECKED)) return Verdict::DONE;
	}
	if (_state(changed, Pieces::CHECKED) == _journal.state_after) return Verdict::NEEDED;

	throw Image_error({ path,
						Code::INCONSISTENT,
						{},
						{},
						"the image is damaged, and " + _file.path() + " does not make it whole",
						"see 'capimg verify' after moving the journal elsewhere" });
}

}
