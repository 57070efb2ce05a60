#include "image_lock.h"

#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <thread>

#include "image_error.h"

namespace Capimg
{

/* anybody who may read a file can hold a lock of it for as long as they like */
static constexpr std::chrono::milliseconds PATIENCE(3000), STEP(10);

void lock_image(int fd, Image_lock lock, std::string const &path)
{
	int const wanted = lock == Image_lock::ALONE ? LOCK_EX : LOCK_SH;
	auto const end = std::chrono::steady_clock::now() + PATIENCE;

	while (::flock(fd, wanted | LOCK_NB) < 0) {
		if (errno == EINTR) continue;
		if (errno != EWOULDBLOCK) {
			if (lock == Image_lock::SHARED) return;
			throw Image_error({ path,
								Code::IO,
								{},
								{},
								"the file system has no locks, which a change in place needs",
								"write another file with -o" });
		}
		if (std::chrono::steady_clock::now() >= end)
			throw Image_error({ path,
								Code::BUSY,
								{},
								{},
								lock == Image_lock::ALONE ? "other programs have the image open"
														  : "another program is changing the image",
								"try again when they are done" });
		std::this_thread::sleep_for(STEP);
	}
}

}
