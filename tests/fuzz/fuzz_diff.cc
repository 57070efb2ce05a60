/*
 * Any bytes as two images: compared with each other, and both with the first
 *
 * The first byte says whether checksums are made to match first, and how objects are matched; the
 * next two where the first image ends.
 */

#include <cstdint>
#include <memory>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "input_shape.h"
#include "libimage/diff_bytes.h"
#include "libimage/diff_three_way.h"
#include "libimage/image_error.h"
#include "libimage/image_family.h"
#include "tests/support/reseal.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 1, 2, false };

/* an image of a file that only this process sees */
static std::shared_ptr<Image> open(std::span<std::byte const> bytes)
{
	int const fd = ::memfd_create("image", 0);
	if (fd < 0) return nullptr;
	if (::write(fd, bytes.data(), bytes.size()) != ssize_t(bytes.size())) __builtin_trap();
	auto const close = [&] { ::close(fd); };
	try {
		auto image = std::make_shared<Image>("/proc/self/fd/" + std::to_string(fd));
		close();
		return image;
	} catch (Image_error const &) {
		close();
		return nullptr;
	}
}

static void compare(Image const &a, Image const &b, Diff::Options const &options)
{
	Diff const diff(a, b, options);
	std::uint64_t changes = 0, one_sided = 0; /* of objects, and of what else only one image has */
	diff.for_each_change([&](Diff_change const &change) {
		changes++;
		one_sided += change.what != Diff_change::What::CHANGED;
		(void)change.field.old_value.dump(-1, ' ', false, Json::error_handler_t::strict);
	});
	bool const listed = changes == diff.changes() && one_sided >= diff.gone() + diff.came();
	if (diff.basis().kind != Diff_basis::Kind::STATE && !listed) __builtin_trap();
	for (std::uint32_t i = 0; i < diff.a().size(); i++) (void)diff.names_a().json(i);

	for (Diff::Dataspace const &dataspace : diff.memory()) {
		std::uint64_t pages = 0;
		diff.for_each_range(dataspace, [&](Diff::Range const &range) { pages += range.pages; });
		if (pages < dataspace.pages.differing()) __builtin_trap();
		if (pages < 64) for_each_line(diff, dataspace, [](Diff_bytes const &) {});
	}
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (size < 3 || size > 1 << 20) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::size_t const split = std::min<std::size_t>(size, 3 + (data[1] | data[2] << 8));
	std::vector<std::byte> first(base + 3, base + split), second(base + split, base + size);
	if (data[0] & 1) {
		Test::reseal(first);
		Test::reseal(second);
	}
	auto const a = open(first), b = open(second);
	if (!a || !b) return 0;

	Diff::Options options;
	if (data[0] & 2) options.same_boot = data[0] & 4;
	for (auto const &[x, y] : { std::pair(a, b), std::pair(b, a) }) try
		{
			compare(*x, *y, options);
		} catch (Image_error const &) {
		}
	try {
		connect_family({ a, b }, 2);
		(void)Diff_three_way(*a, *b, *a, options).conflicts();
	} catch (Image_error const &) {
	}
	return 0;
}
