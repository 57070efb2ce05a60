#include "journey.h"

#include <fstream>
#include <ostream>
#include <sstream>

namespace Capimg::Sim
{

Journey::Journey(uint64_t seed, unsigned layout) : _seed(seed), _random(seed ^ 0x5eed)
{
	options.seed = seed;
	options.servers = unsigned(_random.between(1, 3));
	options.foreign = !_random.chance(4);
	for (unsigned i = 0; i < NODES; i++)
		_nodes.push_back(std::make_unique<Node>(Ecu::Config { seed * 7 + i, layout,
															  Badge_alloc::Reuse(_random.below(3)),
															  unsigned(_random.below(300)) }));
}

std::vector<Ecu *> Journey::machines()
{
	std::vector<Ecu *> result;
	for (auto const &node : _nodes) result.push_back(&node->ecu);
	return result;
}

bool Journey::begin()
{
	node().make(options, facts);
	node().running().trace(_log);
	if (_log)
		*_log << std::hex << "map at " << facts.binary.map.array << ", tree at "
			  << facts.binary.map.root << std::dec << '\n';
	node().running().run(unsigned(_random.below(spot ? 600 : 3000)));
	_spotted = !spot || spot(*node().hosted->pd, facts);
	while (!_spotted && node().running().run(1)) _spotted = spot(*node().hosted->pd, facts);
	return _spotted;
}

/* a component must not be captured amid an operation on a tree of badges */
static std::string held_lock(Memory const &memory, Facts const &facts)
{
	Binary const &b = facts.binary;
	bool const foc = b.layout->kernel == Cap_kernel::FOC;
	auto held = [&](uint64_t addr) {
		uint8_t word[4] {};
		return memory.read(addr, Bytes(word, 4)) || !Const_bytes(word, 4).u32(0);
	};
	if (held(b.tree_lock + (foc ? 0 : 4))) return "captured with the map's lock held";
	for (auto const &p : facts.programs) {
		bool const serves = p.routine == SERVER || p.routine == PLAIN_SERVER;
		if (serves && held(b.pool_lock(p.data) + 4)) return "captured with a pool's lock held";
	}
	return {};
}

std::string Journey::move(unsigned to)
{
	Node &from = node();
	Image_bytes image;
	std::string held;
	std::map<uint32_t, std::vector<uint8_t>> captured;
	{
		Checkpointer checkpointer(from, facts, _random.word(), origin_lapses);
		checkpointer.origin.address_for_lists = address_for_lists;
		Status const s = checkpointer.take(image, {}, [&] {
			captured = checkpointer.origin.captured_bytes();
			held = held_lock(checkpointer.origin.captured(), facts);
		});
		if (s && _log) *_log << from.ecu.fingerprint();
		if (s) return "checkpoint: " + text(s);
		if (!checkpointer.origin.idle()) return "the checkpoint did not end";
		if (_log) *_log << "checkpoint after " << checkpointer.effort.attempts << " attempts\n";
	}
	if (!keep_images.empty())
		std::ofstream(keep_images + std::to_string(_images++) + ".img", std::ios::binary)
			.write(reinterpret_cast<char const *>(image.data()), std::streamsize(image.size()));
	if (!held.empty()) return held;
	if (std::string const left = from.take_down(); !left.empty()) return "source: " + left;

	Node &target = *_nodes[to];
	std::string const before = target.ecu.fingerprint();
	Restorer restorer(target, facts, target_lapses);
	restorer.captured = std::move(captured);
	Status const s = restorer.restore({ &image }, default_policy());
	if (s) {
		std::ostringstream out;
		if (_log)
			*_log << restorer.target.failure << "left:\n"
				  << target.ecu.fingerprint() << "before:\n"
				  << before;
		out << "restore: " << text(s) << restorer.refusals.text;
		if (target.ecu.fingerprint() != before) out << "; and something was left";
		return out.str();
	}
	_at = to;
	if (!restorer.difference.empty()) return "restored: " + restorer.difference;
	target.running().trace(_log);
	if (std::string const wrong = check_quota(target.ecu); !wrong.empty()) return "quota: " + wrong;
	return {};
}

std::string Journey::_finish()
{
	if (!node().running().finish(300000)) return "it does not come to an end";
	if (std::string const wrong = check_finished(node().running(), facts, machines());
		!wrong.empty())
		return wrong;
	if (std::string const wrong = check_capabilities(node().running(), facts); !wrong.empty())
		return wrong;
	if (std::string const wrong = check_quota(node().ecu); !wrong.empty()) return wrong;
	return node().take_down();
}

std::string Journey::once()
{
	if (!begin()) return {};
	if (std::string const wrong = move(1); !wrong.empty()) return wrong;
	return _finish();
}

std::string Journey::around()
{
	if (!begin()) return {};
	for (unsigned i = 0; i < 3; i++) {
		if (std::string const wrong = move((_at + 1) % NODES); !wrong.empty())
			return "move " + std::to_string(i) + ": " + wrong;
		node().running().run(unsigned(_random.below(1500)));
	}
	return _finish();
}

}
