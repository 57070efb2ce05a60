/*
 * Any bytes as an image: opened, verified, every block and address read, memory searched
 *
 * The first byte says whether checksums are made to match first, so that the fuzzer gets
 * behind them.
 */

#include <cstdint>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "input_shape.h"
#include "libimage/address_space.h"
#include "libimage/capability_refs.h"
#include "libimage/capability_scan.h"
#include "libimage/capability_view.h"
#include "libimage/image_error.h"
#include "libimage/inspect.h"
#include "libimage/memory_search.h"
#include "libimage/region_names.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 1, 0, false };

/* what goes through all memory; a small file may show much of it, which only takes long */
static void scan(Image const &image, Address_space const &space)
{
	std::uint64_t shown = 0;
	for (Address_space::Piece const &piece : space.pieces()) {
		if (piece.size > (16 << 20) - shown) return;
		shown += piece.size;
	}
	auto const ignore = [](auto const &fn) {
		try {
			fn();
		} catch (Image_error const &) {
		}
	};
	ignore([&] { (void)Capability_scan(image, space); });
	ignore([&] {
		Capability_view const view(image, space);
		if (view.has_layout()) (void)Capability_refs(image, space, view.map());
	});
	for (auto const &pattern : { Search_pattern::bytes("00 ?? 01"), Search_pattern::value(0, 8),
								 Search_pattern::pointer(0x1000, 0xffffff, 4) })
		ignore([&] {
			(void)search_memory(image, space, pattern, 0, ~std::uint64_t(0),
								[](std::uint64_t) { return true; });
		});

	Region_names const names(image);
	for (Address_space::Piece const &piece : space.pieces()) (void)names.name(piece);
}

static void use(std::string const &path)
{
	Image const image(path);
	std::vector<std::byte> buffer(image.block_size());

	for (std::uint64_t n = 0; n < image.blocks() && n < 256; n++) try
		{
			image.read_block(n, buffer);
		} catch (Image_error const &) {
		}

	for (Inspect_part const &part : inspect_parts()) (void)part.rows(image);
	(void)inspect_summary(image);
	Address_space const space(image);
	scan(image, space);
	(void)Capability_view(image, space);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (!size || size > 1 << 20) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::vector<std::byte> bytes(base + 1, base + size);
	if (data[0] & 1) Test::reseal(bytes);

	int const fd = ::memfd_create("image", 0);
	if (fd < 0) return 0;
	if (::write(fd, bytes.data(), bytes.size()) != ssize_t(bytes.size())) __builtin_trap();
	std::string const path = "/proc/self/fd/" + std::to_string(fd);

	Verify_options options;
	options.threads = 1;
	try {
		(void)verify(path, options);
	} catch (Image_error const &) {
	}
	try {
		use(path);
	} catch (Image_error const &) {
	}
	::close(fd);
	return 0;
}
