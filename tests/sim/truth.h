/*
 * An image of a component from what the simulation knows
 *
 * Made with Cap'n Proto's own builders and libimage's writer, from the kernel's objects and
 * plain loads of memory: nothing of the engine, of 'Sim_origin' or of core's readers has a part in
 * it. The component must stand at a point where it may be captured.
 */

#ifndef CAPIMG__TESTS__SIM__TRUTH_H
#define CAPIMG__TESTS__SIM__TRUTH_H

#include "hosted.h"
#include "libimage/manifest.h"

namespace Capimg::Sim
{

class Truth : Noncopyable
{
	Hosted &_hosted;
	Ecu &_ecu;
	Facts const &_facts;
	Pd &_pd;
	Address_space _memory;
	unsigned const _word;
	std::map<uint32_t, uint64_t> _first_blocks {}; /* of stored dataspaces */

	uint32_t _id(Object const *object) const { return _hosted.id(object); }
	uint64_t _load(uint64_t addr, unsigned i = 0) const
	{
		return _memory.load(addr + uint64_t(i) * _word, _word);
	}

	/* objects */
	void _session(Schema::Session::Builder, Session const &) const;
	void _pd_session(Schema::PdSession::Builder) const;
	void _timer(Schema::TimerSession::Builder, Timer_session const &) const;
	void _thread(Schema::Thread::Builder, Thread const &) const;
	void _dataspace(Schema::Dataspace::Builder, Dataspace const &) const;
	void _region_map(Schema::RegionMap::Builder, Region_map const &) const;
	void _context(Schema::SignalContext::Builder, Context const &) const;
	void _object(Schema::Object::Builder, Known const &) const;

	/* capabilities */
	struct Entry;
	std::vector<Entry> _entries() const;
	uint32_t _by_badge(uint64_t badge) const;
	uint32_t _object_of(uint64_t kcap, uint64_t badge) const;
	void _space(Schema::CapabilitySpace::Builder) const;
	void _trees(Schema::Manifest::Builder) const;
	void _raw_badges(Schema::Manifest::Builder) const;

  public:
	uint64_t sequence = 0;

	Truth(Hosted &, Facts const &);

	std::vector<std::byte> image();
};

}

#endif /* CAPIMG__TESTS__SIM__TRUTH_H */
