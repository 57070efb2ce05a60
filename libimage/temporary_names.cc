#include "temporary_names.h"

#include <atomic>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Capimg
{

/* a command has two at most */
static constexpr int SLOTS = 8;

static std::atomic<char *> names[SLOTS];

Signals_held::Signals_held()
{
	sigset_t held;
	sigemptyset(&held);
	for (int const signal : ENDING_SIGNALS) sigaddset(&held, signal);
	::pthread_sigmask(SIG_BLOCK, &held, &_before);
}

Signals_held::~Signals_held() { ::pthread_sigmask(SIG_SETMASK, &_before, nullptr); }

Temporary_name::Temporary_name(std::string const &name) : _name(::strdup(name.c_str())), _slot(0)
{
	for (; _slot < SLOTS; _slot++) {
		char *free = nullptr;
		if (names[_slot].compare_exchange_strong(free, _name)) return;
	}
	_slot = -1; /* not listed: left behind by a signal, and harmless */
}

Temporary_name::~Temporary_name()
{
	if (_slot >= 0) names[_slot].store(nullptr);
	::free(_name);
}

/* 'opendir' allocates memory, which a handler must not */
static void remove_content(int directory, unsigned depth) noexcept
{
	alignas(dirent64) char buffer[2048];

	/* names may be passed over while others are removed, so begin again until there are none */
	for (bool found = true; found;) {
		found = false;
		::lseek(directory, 0, SEEK_SET);
		for (;;) {
			long const got = ::syscall(SYS_getdents64, directory, buffer, sizeof(buffer));
			if (got <= 0) break;
			for (long at = 0; at < got;) {
				auto const *const entry = reinterpret_cast<dirent64 const *>(buffer + at);
				at += entry->d_reclen;

				char const *const name = entry->d_name;
				if (!std::strcmp(name, ".") || !std::strcmp(name, "..")) continue;
				if (::unlinkat(directory, name, 0) == 0) {
					found = true;
					continue;
				}
				int const inner =
					depth ? ::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) : -1;
				if (inner < 0) continue;
				remove_content(inner, depth - 1);
				::close(inner);
				if (::unlinkat(directory, name, AT_REMOVEDIR) == 0) found = true;
			}
		}
	}
}

void remove_temporary_names() noexcept
{
	static constexpr unsigned DEPTH = 2; /* of directories that capimg makes */

	for (auto &slot : names) {
		char const *const name = slot.exchange(nullptr);
		if (!name) continue;
		if (::unlink(name) == 0) continue;
		int const directory = ::open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		if (directory < 0) continue;
		remove_content(directory, DEPTH);
		::close(directory);
		::rmdir(name);
	}
}

}
