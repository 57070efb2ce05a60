/*
 * The engine's reading of images into memory, against memcpy of the same bytes
 *
 * Usage: engine_read [RUNS [MIB]]
 *
 * For a whole raw image and for chains of deltas on it, each of which changes one block of a
 * hundred, all in memory that was touched before. Measured, in turns, are
 *
 *   memcpy  of the decoded bytes, as one piece
 *   read    Chain::read of all blocks: entries, copy, checksum
 *   verify  Chain::verify: the same into working memory
 *
 * Prints one JSON object a line: images, MiB, and times of each run in nanoseconds.
 */

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>

#include "libimage/core/checksum.h"
#include "libimage/sha256.h"
#include "tests/bench/times.h"
#include "tests/support/engine_chain.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

constexpr std::size_t BLOCK = 4096;

using Image_bytes = std::vector<std::byte>;

void check(Status const &status)
{
	if (!status) return;
	std::cerr << "engine_read: error: " << error_text(status.code) << ": " << status.field << "\n";
	std::exit(1);
}

/* images are made one by one, as memory changes */
class Generations
{
	std::mt19937_64 _random { 1 };
	Image_bytes _memory;

	Pieces _changed(Image_bytes const &memory, std::vector<bool> const &own) const
	{
		Pieces pieces;
		for (std::size_t n = 0, end = 0; n < own.size(); n = end) {
			for (end = n; end < own.size() && own[end] == own[n];) end++;
			auto const *const base = memory.data() + n * BLOCK;
			if (own[n]) {
				pieces.bytes({ base, memory.data() + end * BLOCK });
				continue;
			}
			std::vector<std::uint64_t> digests;
			for (std::size_t i = n; i < end; i++)
				digests.push_back(checksum({ memory.data() + i * BLOCK, BLOCK }));
			pieces.inherited(n, digests);
		}
		return pieces;
	}

  public:
	std::deque<Image_bytes> images {}; /* newest first */

	explicit Generations(std::size_t size) : _memory(size)
	{
		for (std::size_t i = 0; i < size; i += 8) {
			std::uint64_t const value = _random() | 1;
			std::memcpy(&_memory[i], &value, 8);
		}
		Small_image small;
		small.dataspaces.push_back(Pieces().bytes(_memory));
		images.push_front(small.write());
	}

	Image_bytes const &memory() const { return _memory; }

	void delta()
	{
		std::vector<bool> own(_memory.size() / BLOCK);
		for (std::size_t n = 0; n < own.size(); n++) {
			own[n] = _random() % 100 == 0;
			if (own[n]) _memory[n * BLOCK] = std::byte(_random() | 1);
		}
		State_digest const parent = open_image(images.front()).trailer().state;
		auto const *const state = reinterpret_cast<std::byte const *>(parent.bytes);
		Small_image small;
		small.parent_digest = { state, state + State_digest::SIZE };
		small.head.required_features = Feature::INHERITED;
		small.dataspaces.push_back(_changed(_memory, own));
		images.push_front(small.write());
	}
};

void measure(Generations const &generations, unsigned runs)
{
	std::deque<Memory_source> sources;
	std::vector<Engine::Source *> pointers;
	for (auto const &image : generations.images) pointers.push_back(&sources.emplace_back(image));
	Sodium_sha256 hash;
	Opened_chain opened(pointers, nullptr, hash);
	check(opened.status);
	Engine::Chain &chain = opened.chain();

	Image_bytes const &memory = generations.memory();
	Image_bytes copy(memory.size(), std::byte(1));
	Times memcpy_time, read, verify;

	for (unsigned run = 0; run < runs; run++) {
		memcpy_time.measure([&] { std::memcpy(copy.data(), memory.data(), memory.size()); });

		std::fill(copy.begin(), copy.end(), std::byte(1));
		read.measure([&] {
			for (std::uint64_t n = 0; n < chain.newest().blocks(); n++) {
				bool zero = false;
				check(chain.read(n, { copy.data() + n * BLOCK, BLOCK }, zero));
			}
		});
		if (copy != memory) std::abort();

		verify.measure([&] { check(chain.verify()); });
	}
	std::cout << "{\"images\": " << generations.images.size()
			  << ", \"mib\": " << (memory.size() >> 20) << ", \"runs\": " << runs
			  << ", \"memcpy\": " << memcpy_time.json() << ", \"read\": " << read.json()
			  << ", \"verify\": " << verify.json() << "}" << std::endl;
}

}

int main(int argc, char **argv)
{
	unsigned const runs = argc > 1 ? unsigned(std::strtoul(argv[1], nullptr, 0)) : 5;
	std::size_t const mib = argc > 2 ? std::strtoul(argv[2], nullptr, 0) : 256;

	Generations generations(mib << 20);
	for (std::size_t const images : { 1, 2, 11, 21 }) {
		while (generations.images.size() < images) generations.delta();
		measure(generations, runs);
	}
	return 0;
}
