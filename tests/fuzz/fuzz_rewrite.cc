/*
 * Any bytes as an image whose badges are rewritten
 *
 * The first byte: bit 0, checksums are made to match first; bits 1 and 2, the kind of map; bit 3,
 * memory is searched before. What a rewrite accepts of a sound image, it must be able to undo.
 */

#include <algorithm>
#include <cstdint>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "input_shape.h"
#include "libimage/badge_map_file.h"
#include "libimage/image_error.h"
#include "libimage/rewrite.h"
#include "libimage/sink.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 1, 0, false };

/* a file in memory */
class File
{
	int const _fd = ::memfd_create("image", 0);

  public:
	explicit File(std::vector<std::byte> const &bytes)
	{
		if (_fd < 0 || ::write(_fd, bytes.data(), bytes.size()) != ssize_t(bytes.size()))
			__builtin_trap();
	}
	~File() { ::close(_fd); }

	std::string path() const { return "/proc/self/fd/" + std::to_string(_fd); }
};

static Badge_request request_of(Image const &image, unsigned kind)
{
	Badge_request request;
	request.unscanned = true;
	if (kind == 0) {
		request.fresh = 0x4000;
		return request;
	}
	std::vector<std::uint64_t> badges;
	for (auto const object : image.manifest().getObjects())
		if (object.getBadge() > 1) badges.push_back(object.getBadge());
	std::sort(badges.begin(), badges.end());
	badges.erase(std::unique(badges.begin(), badges.end()), badges.end());

	for (std::size_t i = 0; i < badges.size(); i++)
		request.pairs.push_back({ badges[i], kind == 1   ? badges[badges.size() - 1 - i]
											 : kind == 2 ? badges[(i + 1) % badges.size()]
														 : badges[i] ^ 0x100 });
	return request;
}

static bool sound(File const &file)
{
	Verify_options options;
	options.threads = 1;
	return verify(file.path(), options).sound();
}

static void use(std::vector<std::byte> const &bytes, std::uint8_t flags)
{
	File const file(bytes);
	Image const image(file.path());
	Badge_request request = request_of(image, flags >> 1 & 3);
	request.scan = flags & 8;
	Rewrite_plan const plan(image, request);
	Memory_sink sink;
	(void)plan.write(sink, { 1, nullptr });

	/* digests that lie are carried along or corrected, as it comes */
	if (!sound(file)) return;

	try {
		File const changed(sink.bytes());
		Image const result(changed.path());
		Badge_request undo;
		undo.unscanned = true;
		undo.pairs = plan.report().undo;
		Memory_sink back;
		Writer::Summary const summary = Rewrite_plan(result, undo).write(back, { 1, nullptr });
		bool const declared =
			!plan.report().found_trees.empty() || plan.report().found_parent_word || request.scan;
		if (!declared && !(summary.state == image.trailer().state)) __builtin_trap();
	} catch (Image_error const &) {
		__builtin_trap();
	}
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (!size || size > 1 << 20) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::vector<std::byte> bytes(base + 1, base + size);
	if (data[0] & 1) Test::reseal(bytes);
	try {
		use(bytes, data[0]);
	} catch (Image_error const &) {
	}

	/* the same bytes as a badge map */
	if (size > 1 << 16) return 0;
	try {
		(void)parse_badge_map({ reinterpret_cast<char const *>(data), size }, "map");
	} catch (Image_error const &) {
	}
	return 0;
}
