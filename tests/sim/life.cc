#include "life.h"

namespace Capimg::Sim
{

std::vector<Image_bytes const *> Life::newest_first() const
{
	std::vector<Image_bytes const *> result;
	for (auto it = images.rbegin(); it != images.rend(); ++it) result.push_back(&*it);
	return result;
}

Life::Life(uint64_t seed, unsigned layout, unsigned count, bool deltas, bool foreign)
	: journey(seed, layout)
{
	journey.options.foreign = journey.options.foreign && foreign;
	journey.begin();
	checkpointer = std::make_unique<Checkpointer>(journey.node(), journey.facts, seed);
	images.reserve(count);
	for (unsigned i = 0; i < count; i++) {
		auto const parents = deltas ? newest_first() : std::vector<Image_bytes const *>();
		Image_bytes image;
		Status const s = checkpointer->take(image, parents, [&] {
			captures.push_back(checkpointer->origin.captured_bytes());

			/* it runs on while it is written, but for the last time */
			if (i + 1 < count) journey.node().running().run(60);
		});
		if (s) failures.push_back("image " + std::to_string(i) + ": " + text(s));
		images.push_back(std::move(image));
		if (i + 1 < count) journey.node().running().run(unsigned(journey.random().below(300)));
	}
}

std::string Life::restore_there(std::vector<Image_bytes const *> const &chain, Codec *codec)
{
	checkpointer.reset();
	if (!failures.empty()) return failures[0];
	if (std::string const left = journey.node().take_down(); !left.empty()) return left;

	Node &target = journey.node(1);
	Restorer restorer(target, journey.facts);
	restorer.captured = captured();
	restorer.codec = codec;
	Status const s = restorer.restore(chain, default_policy());
	if (s) return text(s) + restorer.refusals.text;
	if (!restorer.difference.empty()) return restorer.difference;
	if (!target.running().finish(300000)) return "it does not come to an end";
	return check_finished(target.running(), journey.facts, journey.machines());
}

}
