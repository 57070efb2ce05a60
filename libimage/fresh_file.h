/*
 * A small file under a name that is free
 *
 * It appears whole or not at all, and replaces nothing: not even a symbolic link is followed. For
 * what must not be guessed, followed or overwritten: keys, and journals of changes in place.
 */

#ifndef CAPIMG__FRESH_FILE_H
#define CAPIMG__FRESH_FILE_H

#include <cstddef>
#include <span>
#include <string>
#include <sys/types.h>

namespace Capimg
{

/*
 * Make the file of these pieces, one behind the other
 *
 * durable  file and name are on the medium afterwards
 *
 * Throws 'Image_error', IO also if the name is in use; there is no file then.
 */
void write_fresh_file(std::string const &path, mode_t mode,
					  std::span<std::span<std::byte const> const> pieces, bool durable);

}

#endif /* CAPIMG__FRESH_FILE_H */
