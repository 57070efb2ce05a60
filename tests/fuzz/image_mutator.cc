/*
 * libFuzzer's mutator for images: most inputs stay images whose checksums match
 *
 * One input in four is mutated byte by byte, as libFuzzer does it.
 */

#include <cstring>
#include <vector>

#include "input_shape.h"
#include "tests/support/image_mutation.h"
#include "tests/support/reseal.h"

using namespace Capimg::Test;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *, std::size_t size, std::size_t max_size);

namespace
{

using Bytes_vector = std::vector<std::byte>;

struct Input
{
	Bytes_vector flags {}, images[2] {};

	/* false if there are too few bytes */
	bool read(std::span<std::byte const> bytes)
	{
		unsigned const front = input_shape.flags + input_shape.split_width;
		if (bytes.size() < front) return false;
		flags.assign(bytes.begin(), bytes.begin() + input_shape.flags);
		std::size_t const rest = bytes.size() - front;
		std::size_t first = rest;
		if (input_shape.split_width)
			first = get(bytes, input_shape.flags, input_shape.split_width) % (rest + 1);
		auto const base = bytes.subspan(front);
		images[0].assign(base.begin(), base.begin() + std::ptrdiff_t(first));
		images[1].assign(base.begin() + std::ptrdiff_t(first), base.end());
		return true;
	}

	Bytes_vector write() const
	{
		Bytes_vector bytes = flags;
		bytes.resize(flags.size() + input_shape.split_width);
		put(bytes, flags.size(), input_shape.split_width, images[0].size());
		for (Bytes_vector const &image : images)
			bytes.insert(bytes.end(), image.begin(), image.end());
		return bytes;
	}
};

}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
											   std::size_t max_size, unsigned seed)
{
	std::mt19937_64 random(seed);
	Input input;
	auto const *const base = reinterpret_cast<std::byte const *>(data);
	if (random() % 4 == 0 || !input.read({ base, size }))
		return LLVMFuzzerMutate(data, size, max_size);

	if (!input.flags.empty() && random() % 8 == 0)
		input.flags[random() % input.flags.size()] = std::byte(random());

	Bytes_vector &image = input.images[!input.images[1].empty() && random() % 2];
	if (random() % 16 == 0 && !input.images[1].empty()) {
		/* two alike, so that the next change is the difference */
		image = input.images[random() % 2];
	} else {
		Image_mutation mutation(random());
		image = input_shape.message ? mutation.mutate_message(image) : mutation.mutate(image);
	}
	Bytes_vector const result = input.write();
	if (result.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
	std::memcpy(data, result.data(), result.size());
	return result.size();
}
