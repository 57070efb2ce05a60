/*
 * A component, and some checkpoints of its life
 */

#ifndef CAPIMG__TESTS__SIM__LIFE_H
#define CAPIMG__TESTS__SIM__LIFE_H

#include <span>

#include "journey.h"

namespace Capimg::Sim
{

inline std::span<std::byte const> on_host(Image_bytes const &image)
{
	return { reinterpret_cast<std::byte const *>(image.data()), image.size() };
}

inline Image_bytes from_host(std::span<std::byte const> image)
{
	auto const *const base = reinterpret_cast<uint8_t const *>(image.data());
	return { base, base + image.size() };
}

/* each checkpoint is a delta to the one before */
struct Life
{
	using Captured = std::map<uint32_t, std::vector<uint8_t>>; /* bytes of dataspaces */

	Journey journey;
	std::unique_ptr<Checkpointer> checkpointer {};
	std::vector<Image_bytes> images {};   /* oldest first */
	std::vector<Captured> captures {};    /* of each image */
	std::vector<std::string> failures {}; /* of checkpoints */

	std::vector<Image_bytes const *> newest_first() const;

	/* the last content */
	Captured const &captured() const { return captures.back(); }

	/* full images, if no deltas are wanted; 'foreign': it calls other components */
	Life(uint64_t seed, unsigned layout, unsigned count, bool deltas = true, bool foreign = true);

	/* the component as the last image has it, on another machine until its end; what is wrong */
	std::string restore_there(std::vector<Image_bytes const *> const &, Codec * = nullptr);
};

}

#endif /* CAPIMG__TESTS__SIM__LIFE_H */
