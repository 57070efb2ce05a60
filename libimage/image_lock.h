/*
 * Who uses an image file
 *
 * Readers share a lock of the file, a change in place has it alone: so a reader sees the image
 * before or after the change, never amid it. The lock belongs to the open file: it ends with the
 * last descriptor of it, however the process ends. It is advice; other programs do not ask for it.
 */

#ifndef CAPIMG__IMAGE_LOCK_H
#define CAPIMG__IMAGE_LOCK_H

#include <string>

namespace Capimg
{

enum class Image_lock { SHARED, ALONE };

/*
 * Take the lock, and wait for it a few seconds if others have it
 *
 * 'path' is for the error. A file system without locks is an error for ALONE and none for SHARED.
 * Throws 'Image_error'.
 */
void lock_image(int fd, Image_lock, std::string const &path);

}

#endif /* CAPIMG__IMAGE_LOCK_H */
