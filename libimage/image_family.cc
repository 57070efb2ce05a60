#include "image_family.h"

#include "image_error.h"

namespace Capimg
{

static bool names_as_parent(Image const &child, Image const &parent)
{
	auto const wanted = child.manifest().getParent().getStateDigest();
	return wanted.size() == State_digest::SIZE &&
		   equal_memory(wanted.begin(), parent.trailer().state.bytes, State_digest::SIZE);
}

[[noreturn]] static void fail(Image const &image, Code code, char const *message)
{
	throw Image_error({ image.path(), code, {}, "Parent.stateDigest", message, {} });
}

void connect_family(Image_family const &images, std::size_t compared)
{
	static constexpr std::size_t NONE = ~std::size_t(0);
	std::vector<std::size_t> parent_of(images.size(), NONE);
	std::vector<bool> needed(images.size());

	for (std::size_t i = 0; i < images.size(); i++) {
		if (!images[i]->manifest().hasParent()) continue;
		for (std::size_t k = 0; k < images.size() && parent_of[i] == NONE; k++)
			if (k != i && names_as_parent(*images[i], *images[k])) parent_of[i] = k;
		if (parent_of[i] != NONE) needed[parent_of[i]] = true;
	}

	for (std::size_t i = 0; i < images.size(); i++) {
		if (i >= compared && !needed[i])
			fail(*images[i], Code::WRONG_PARENT, "no image inherits from this one");

		/* an image may say of itself what it likes */
		std::size_t steps = 0;
		for (std::size_t at = i; parent_of[at] != NONE; at = parent_of[at])
			if (++steps > images.size())
				fail(*images[i], Code::CYCLE, "the image inherits from itself");
	}
	for (std::size_t i = 0; i < images.size(); i++)
		if (parent_of[i] != NONE) images[i]->set_parent(images[parent_of[i]]);
}

}
