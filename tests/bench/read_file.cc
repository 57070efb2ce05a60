/*
 * The limit of whatever reads all of a file: map it, and add up its words
 *
 * Usage: read_file FILE [THREADS]
 *
 * Threads (default: one a core) take pieces of 4 MiB in turns. Prints the sum, so that it is not
 * left out.
 */

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace
{

constexpr std::size_t PIECE = 4 << 20;

std::uint64_t sum(char const *from, std::size_t size)
{
	std::uint64_t total[4] {}, words[4];
	for (std::size_t i = 0; i + sizeof words <= size; i += sizeof words) {
		std::memcpy(words, from + i, sizeof words);
		for (int n = 0; n < 4; n++) total[n] += words[n];
	}
	return total[0] + total[1] + total[2] + total[3];
}

}

int main(int argc, char **argv)
{
	if (argc < 2) {
		std::fprintf(stderr, "usage: read_file FILE [THREADS]\n");
		return 2;
	}
	int const fd = open(argv[1], O_RDONLY);
	struct stat st
	{};
	if (fd < 0 || fstat(fd, &st) < 0) {
		std::perror(argv[1]);
		return 2;
	}
	std::size_t const size = std::size_t(st.st_size);
	void *const base = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (base == MAP_FAILED) {
		std::perror("mmap");
		return 2;
	}

	std::atomic<std::size_t> next = 0;
	std::atomic<std::uint64_t> total = 0;
	auto const work = [&] {
		for (std::size_t at; (at = next.fetch_add(PIECE)) < size;)
			total += sum(static_cast<char const *>(base) + at, std::min(PIECE, size - at));
	};

	unsigned const count = argc > 2 ? unsigned(std::strtoul(argv[2], nullptr, 0))
									: std::max(1u, std::thread::hardware_concurrency());
	std::vector<std::thread> threads;
	for (unsigned i = 1; i < count; i++) threads.emplace_back(work);
	work();
	for (std::thread &thread : threads) thread.join();
	std::printf("%llx\n", static_cast<unsigned long long>(total));
	return 0;
}
