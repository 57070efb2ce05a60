/*
 * Any bytes as an image that is restored: verified, planned, created on a target that records
 *
 * What is refused leaves nothing behind, and says why; what fails halfway is undone; what is
 * restored can be taken down again. Input: a byte of flags, the size of the first image in 4 bytes,
 * the image, and its parent if there is one.
 *
 *   1  checksums are made to match
 *   2  the target gives other badges
 *   4  foreign calls are repeated, sessions opened anew
 *   8  creation fails at a call, whose number the upper four bits give
 */

#include <cstdint>
#include <vector>

#include "input_shape.h"
#include "tests/engine/opened_loader.h"
#include "tests/support/reseal.h"

using namespace Capimg;
using namespace Capimg::Test;

Input_shape const Capimg::Test::input_shape { 1, 4, false };

static void require(bool condition)
{
	if (!condition) __builtin_trap();
}

static void use(std::vector<std::vector<std::byte>> images, unsigned flags)
{
	std::unique_ptr<Opened_loader> l;
	try {
		l = std::make_unique<Opened_loader>(std::move(images));
	} catch (std::runtime_error const &) {
		return;
	}
	Head const &head = l->opened->chain().newest().head();
	l->target.here = head.machine;
	l->target.kernel_here = l->manifest().kernel();
	Wire::Text const version = l->manifest().genode_version();
	l->target.version = std::string(version.string(), version.size());
	l->target.highest = ~Capimg::uint64_t(0);
	l->target.fpu = l->manifest().fpu_size();
	for (std::uint32_t i = 0; i < l->manifest().objects().size(); i++)
		l->target.old_badges[l->manifest().objects()[i].id()] = l->manifest().objects()[i].badge();
	if (flags & 2)
		l->target.badge = [](std::uint32_t id, Capimg::uint64_t old) {
			return old == 1 ? 1 : Capimg::uint64_t(0x4000 - 4 * (id & 0xfff));
		};
	l->policy.open_anew = flags & 4;
	l->policy.repeat_foreign_calls = flags & 4;
	if (flags & 8) l->target.fail_at = 2 * (flags >> 4);

	auto const before = l->message();
	Status const status = l->restore();
	/* what is damaged may come up behind reasons */
	bool const reasons = !l->refusals.reasons.empty();
	require(status.code == Code::REFUSED ? reasons : status || !reasons);
	if (!status) l->loader->destroy();
	require(l->target.empty());
	require(l->message() == before);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (size < 5 || size > 1 << 18) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::size_t const split = Const_bytes(data + 1, 4).u32(0) % (size - 4);
	std::vector<std::byte> child(base + 5, base + 5 + split), parent(base + 5 + split, base + size);
	if (data[0] & 1) {
		reseal(child);
		reseal(parent);
	}
	std::vector<std::vector<std::byte>> images;
	images.push_back(std::move(child));
	if (!parent.empty()) images.push_back(std::move(parent));
	use(std::move(images), data[0]);
	return 0;
}
