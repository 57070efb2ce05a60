/*
 * An image file that is changed in place
 *
 * Nobody else reads or changes the file as long as the object lives. A change is on the medium
 * as a journal before the first byte of the file is written; whatever ends the program or
 * the machine then, the next command that opens the file completes it. In this order:
 *
 *   1. the journal's bytes are written, and synced
 *   2. the journal gets its name, and the directory is synced
 *   3. the file is written, and synced
 *   4. the journal is removed; should that get lost, it is found to have nothing left to do
 */

#ifndef CAPIMG__LOCKED_IMAGE_H
#define CAPIMG__LOCKED_IMAGE_H

#include "image_edit.h"

namespace Capimg
{

class Locked_image
{
	std::string const _path;   /* as the user gave it */
	std::string const _target; /* without a symbolic link at its end */
	int _fd = -1;

	void _open();
	void _write_journal(Image_edit const &, bool durable) const;
	void _remove_journal() const;
	void _enlarge(std::uint64_t size) const;
	void _write(std::uint64_t offset, std::span<std::byte const>) const;
	void _end_change(std::uint64_t size, bool durable) const;
	void _finish_found() const;

  public:
	/*
	 * Completes a change that was interrupted, if there is a journal
	 *
	 * Image_error: IO if the file cannot be written, BUSY if others use it, UNSUPPORTED if it is
	 * no plain file or has several names (the journal is beside one of them), what
	 * 'Found_journal' throws.
	 */
	explicit Locked_image(std::string path);
	~Locked_image();

	Locked_image(Locked_image const &) = delete;
	Locked_image &operator=(Locked_image const &) = delete;

	/* the file as it is; not to be used after a 'commit' */
	Mapped_file map() const { return { _path, _fd }; }

	/*
	 * Change the file
	 *
	 * durable  wait until the change is on the medium; otherwise it still survives the end of
	 *          the program, but not that of the machine
	 *
	 * If this throws, the file is as it was, or the journal is there and the message says so.
	 */
	void commit(Image_edit const &, bool durable = true);
};

/*
 * The file of an image, to be read
 *
 * Others may read it as well, nobody changes it in place as long as it is open. A change that
 * was interrupted is completed first; if the file cannot be written, and is neither the old image
 * nor the new one, that is an error. "-", pipes and devices are spooled. Throws 'Image_error'.
 */
Mapped_file open_image_file(std::string const &path);

}

#endif /* CAPIMG__LOCKED_IMAGE_H */
