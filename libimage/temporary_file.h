/*
 * Plain file descriptors: a temporary file without a name, and writes that are whole
 */

#ifndef CAPIMG__TEMPORARY_FILE_H
#define CAPIMG__TEMPORARY_FILE_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace Capimg
{

/* in $TMPDIR or /tmp, gone when closed; the caller closes it; throws 'Image_error' */
int unlinked_temporary_file();

/* all of 'bytes', at the file position; 'name' is for the error; throws 'Image_error' */
void write_all(int fd, std::span<std::byte const> bytes, std::string const &name);

/* fill 'out' from 'offset' on; an early end is an error; throws 'Image_error' */
void read_all_at(int fd, std::uint64_t offset, std::span<std::byte> out, std::string const &name);

}

#endif /* CAPIMG__TEMPORARY_FILE_H */
