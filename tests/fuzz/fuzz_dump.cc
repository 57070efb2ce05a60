/*
 * Any bytes as an image that becomes a directory, and an image again
 *
 * What was built is an image; of a sound one it is the same. The first byte: 1, checksums are made
 * to match.
 */

#include <cstdint>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "input_shape.h"
#include "libimage/build.h"
#include "libimage/dump.h"
#include "libimage/image_error.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"
#include "tests/support/scratch_directory.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 1, 0, false };

namespace
{

Test::Scratch_directory const scratch(Test::Scratch_directory::in_memory());

bool sound(std::string const &path)
{
	Verify_options options;
	options.threads = 1;
	return verify(path, options).sound();
}

void use(std::string const &path)
{
	Image const image(path);
	std::uint64_t size = 0;
	for (Storage_range const &range : image.ranges()) size += range.size;
	if (size > 16 << 20) return;

	Dump_options options;
	options.force = true;
	options.durable = false;
	options.threads = 1;
	std::string const target = scratch.path("dump");
	dump(image, target, options);

	Memory_sink sink;
	(void)build(target, sink, { 1, nullptr });
	if (!sound(path)) return;

	/* sound says that places are right, not that the writer chose as ours does: states only */
	int const fd = ::memfd_create("built", 0);
	if (fd < 0) return;
	if (::write(fd, sink.bytes().data(), sink.bytes().size()) != ssize_t(sink.bytes().size()))
		__builtin_trap();
	Image const built("/proc/self/fd/" + std::to_string(fd));
	::close(fd);
	if (!(built.trailer().state == image.trailer().state)) __builtin_trap();
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (!size || size > 1 << 18) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::vector<std::byte> bytes(base + 1, base + size);
	if (data[0] & 1) Test::reseal(bytes);

	int const fd = ::memfd_create("image", 0);
	if (fd < 0) return 0;
	if (::write(fd, bytes.data(), bytes.size()) != ssize_t(bytes.size())) __builtin_trap();
	try {
		use("/proc/self/fd/" + std::to_string(fd));
	} catch (Image_error const &) {
	}
	::close(fd);
	return 0;
}
