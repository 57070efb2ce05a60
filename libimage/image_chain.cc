#include "image_chain.h"

#include <map>

#include "image_error.h"
#include "inspect.h"

namespace Capimg
{

Images open_images(std::vector<std::string> const &paths, Reading_limits const &limits)
{
	Images images;
	for (std::string const &path : paths) images.push_back(std::make_shared<Image>(path, limits));
	return images;
}

/* bytes of the state digest that an image's parent must have */
static State_digest wanted(Image const &image)
{
	State_digest digest;
	auto const bytes = image.manifest().getParent().getStateDigest();
	copy_memory(digest.bytes, bytes.begin(), std::min<std::size_t>(bytes.size(), digest.SIZE));
	return digest;
}

static Image_error error(Image const &image, Code code, std::string message, std::string hint)
{
	return Image_error(
		{ image.path(), code, {}, "Parent.stateDigest", std::move(message), std::move(hint) });
}

static Image_error missing(Image const &image)
{
	return error(image, Code::NO_PARENT,
				 "the parent is missing: an image with the state digest " +
					 digest_text(wanted(image)) + " and the sequence number " +
					 std::to_string(image.manifest().getParent().getSequence()),
				 "'capimg inspect' shows the state digest of an image");
}

static void check_parent(Image const &image, Image const &parent)
{
	if (parent.block_size() == image.block_size()) return;
	throw Image_error({ parent.path(),
						Code::WRONG_PARENT,
						{},
						"head.blockSize",
						"the parent has blocks of " + std::to_string(parent.block_size()) +
							" bytes, and " + image.path() + " has blocks of " +
							std::to_string(image.block_size()),
						{} });
}

void connect_parents(Image &image, Images const &candidates, Ancestors which)
{
	std::map<std::string, std::shared_ptr<Image>> open;
	for (auto const &candidate : candidates) {
		State_digest const &state = candidate->trailer().state;
		if (state == image.trailer().state)
			throw error(*candidate, Code::DUPLICATE, "this is the image itself: " + image.path(),
						"give its parents");
		auto const [other, fresh] = open.try_emplace(digest_text(state), candidate);
		if (!fresh)
			throw error(*candidate, Code::DUPLICATE,
						"the same image is given twice, also as " + other->second->path(), {});
	}

	Image *child = &image;
	while (child->manifest().hasParent()) {
		State_digest const digest = wanted(*child);
		auto const found = open.find(digest_text(digest));

		if (found == open.end()) {
			/* whoever stands in the line already cannot come again */
			bool loop = digest == image.trailer().state;
			for (Image const *ancestor : ancestors(image))
				loop |= digest == ancestor->trailer().state;
			if (loop)
				throw error(*child, Code::CYCLE,
							"the image names one as its parent that descends "
							"from it",
							{});
			if (which == Ancestors::AS_GIVEN) break;
			throw missing(*child);
		}
		std::shared_ptr<Image> const parent = found->second;
		open.erase(found);
		check_parent(*child, *parent);
		child->set_parent(parent);
		child = parent.get();
	}
	if (open.empty()) return;

	Image const &stray = *open.begin()->second;
	throw error(stray, Code::WRONG_PARENT,
				"no image of the chain names this one as its parent; its state digest is " +
					digest_text(stray.trailer().state),
				child->manifest().hasParent()
					? child->path() + " wants " + digest_text(wanted(*child))
					: child->path() + " has no parent");
}

std::vector<Image const *> ancestors(Image const &image)
{
	std::vector<Image const *> result;
	for (Image const *parent = image.parent(); parent; parent = parent->parent())
		result.push_back(parent);
	return result;
}

std::vector<Image const *> with_ancestors(Image const &image)
{
	std::vector<Image const *> images { &image };
	for (Image const *parent : ancestors(image)) images.push_back(parent);
	return images;
}

}
