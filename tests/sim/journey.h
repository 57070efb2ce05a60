/*
 * What happens to a component in a test, from a seed
 *
 * The functions return what was wrong, empty if nothing was.
 */

#ifndef CAPIMG__TESTS__SIM__JOURNEY_H
#define CAPIMG__TESTS__SIM__JOURNEY_H

#include "migration.h"

namespace Capimg::Sim
{

/* where a component is to be captured */
using Spot = bool (*)(Pd const &, Facts const &);

class Journey : Noncopyable
{
	static constexpr unsigned NODES = 3;

	uint64_t const _seed;
	Random _random;
	std::vector<std::unique_ptr<Node>> _nodes {};
	unsigned _at = 0;
	std::ostream *_log = nullptr;
	unsigned _images = 0;
	bool _spotted = true;

	std::string _finish();

  public:
	Facts facts {};
	Origin_lapses origin_lapses {};
	Target_lapses target_lapses {};
	Component_options options {};
	bool address_for_lists = false; /* origin.h */
	Spot spot = nullptr;        /* of which there must be one when the first checkpoint begins */
	std::string keep_images {}; /* images are written to files whose names begin so */

	/* layout: row of 'cap_layouts' */
	Journey(uint64_t seed, unsigned layout);

	/* steps of threads, phases of loaders */
	void log(std::ostream *out) { _log = out; }

	Node &node() { return *_nodes[_at]; }
	Node &node(unsigned i) { return *_nodes[i]; }

	/*
	 * The component comes to be, and has run for a while
	 *
	 * False if it came to its end without 'spot'.
	 */
	bool begin();

	bool spotted() const { return _spotted; }

	/* to node 'to': checkpoint, take down, restore */
	std::string move(unsigned to);

	std::string once();   /* A to B, to the end */
	std::string around(); /* A to B to C to A, to the end */

	std::vector<Ecu *> machines();
	std::string finish() { return _finish(); }
	Random &random() { return _random; }
	uint64_t seed() const { return _seed; }
};

}

#endif /* CAPIMG__TESTS__SIM__JOURNEY_H */
