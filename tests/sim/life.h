/*
 * A component that is checkpointed again and again while it runs
 */

#ifndef CAPIMG__TESTS__SIM__LIFE_H
#define CAPIMG__TESTS__SIM__LIFE_H

#include <gtest/gtest.h>

#include "journey.h"

namespace Capimg::Sim
{

/* a component, and so many checkpoints of its life, each a delta to the one before */
struct Life
{
	Journey journey;
	std::unique_ptr<Checkpointer> checkpointer {};
	std::vector<Image_bytes> images {}; /* oldest first */
	std::map<uint32_t, std::vector<uint8_t>> captured {};

	std::vector<Image_bytes const *> newest_first() const
	{
		std::vector<Image_bytes const *> result;
		for (auto it = images.rbegin(); it != images.rend(); ++it) result.push_back(&*it);
		return result;
	}

	Life(uint64_t seed, unsigned layout, unsigned count, bool foreign = true)
		: journey(seed, layout)
	{
		journey.options.foreign = journey.options.foreign && foreign;
		journey.begin();
		checkpointer = std::make_unique<Checkpointer>(journey.node(), journey.facts, seed);
		images.reserve(count);
		for (unsigned i = 0; i < count; i++) {
			Image_bytes image;
			Status const s = checkpointer->take(image, newest_first(), [&] {
				captured = checkpointer->origin.captured_bytes();

				/* it runs on while it is written, but for the last time */
				if (i + 1 < count) journey.node().running().run(60);
			});
			EXPECT_EQ(text(s), "") << "image " << i << ", seed " << seed;
			images.push_back(std::move(image));
			if (i + 1 < count) journey.node().running().run(unsigned(journey.random().below(300)));
		}
	}
};

}

#endif /* CAPIMG__TESTS__SIM__LIFE_H */
