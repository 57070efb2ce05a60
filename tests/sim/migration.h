/*
 * Checkpoints and restores with the engines, over simulated machines
 *
 * All memory that the engines are given is of the size they ask for. Appends to the sink and reads
 * of the source count as operations that can fail.
 */

#ifndef CAPIMG__TESTS__SIM__MIGRATION_H
#define CAPIMG__TESTS__SIM__MIGRATION_H

#include "capimg/checkpoint.h"
#include "capimg/loader.h"
#include "node.h"
#include "origin.h"
#include "target.h"

namespace Capimg::Sim
{

using Image_bytes = std::vector<uint8_t>;

class Image_sink final : public Engine::Sink
{
	Faults &_faults;

  public:
	Image_bytes bytes {};

	explicit Image_sink(Faults &faults) : _faults(faults) {}

	Status append(Const_bytes src) override
	{
		if (_faults.hit("sink")) return { Code::NO_SPACE, bytes.size(), "sink" };
		bytes.insert(bytes.end(), src.base(), src.base() + src.size());
		return ok;
	}
};

class Image_source final : public Engine::Source
{
	Image_bytes const &_bytes;
	Faults &_faults;

  public:
	Image_source(Image_bytes const &bytes, Faults &faults) : _bytes(bytes), _faults(faults) {}

	uint64_t size() const override { return _bytes.size(); }

	Status read(uint64_t offset, Bytes dst) override
	{
		if (_faults.hit("source", &_bytes, offset)) return { Code::IO, offset, "source" };
		auto const slice =
			Const_bytes(_bytes.data(), _bytes.size()).slice(offset, dst.size(), "source");
		if (slice.failed()) return slice.error();
		dst.copy_from(0, *slice);
		return ok;
	}
};

/* an image that is open, with the memory it needs */
class Open_image : Noncopyable
{
	Image_source _source;
	std::vector<uint8_t> _directory {}, _manifest {};

  public:
	Engine::Image image;

	Open_image(Image_bytes const &bytes, Faults &faults) : _source(bytes, faults), image(_source) {}

	Status open();
};

/* images newest first, each the parent of the one before it */
class Open_chain : Noncopyable
{
  public:
	std::vector<std::unique_ptr<Open_image>> images {};

	Status open(std::vector<Image_bytes const *> const &, Faults &);

	/* the newest one as a parent, with those it inherits from */
	std::vector<Engine::Image const *> older() const;
};

/* one origin for a component's life on a machine: what was captured last is known to it */
class Checkpointer : Noncopyable
{
	Node &_node;

  public:
	Sim_origin origin;

	Checkpointer(Node &node, Facts const &facts, uint64_t seed, Origin_lapses const &lapses = {})
		: _node(node), origin(*node.hosted, node.running(), facts, seed, lapses)
	{}

	Engine::Checkpoint::Effort effort {};

	/*
	 * parents  images for a delta, newest first; empty: a full image
	 * between  is run when 'take' has resumed the component, before 'write'
	 */
	Status take(Image_bytes &out, std::vector<Image_bytes const *> const &parents = {},
				std::function<void()> const &between = {});
};

class Restorer : Noncopyable
{
	Node &_node;
	Facts const &_facts;
	Open_chain _chain_images {};
	std::vector<Engine::Image *> _images {};
	std::vector<uint8_t> _chain_work {}, _badges {};
	std::unique_ptr<Engine::Chain> _chain {};

	struct Refusals final : Engine::Refusal_sink
	{
		std::vector<Engine::Refusal_code> codes {};
		std::string text {};
		void refusal(Engine::Refusal const &) override;
	};

	/* right before the first thread is started, everything is as it was captured */
	struct Watch final : Engine::Step_sink
	{
		Restorer *owner = nullptr;
		bool looked = false;
		void step(Engine::Step const &, bool) override;
	};

  public:
	Sim_target target;
	std::unique_ptr<Engine::Loader> loader {};
	Refusals refusals {};
	Codec *codec = nullptr;    /* for compressed images */
	std::string difference {}; /* that 'Watch' found */
	unsigned steps = 0;

	/* content as it was captured, by ids of dataspaces */
	std::map<uint32_t, std::vector<uint8_t>> captured {};

	Restorer(Node &node, Facts const &facts, Target_lapses const &lapses = {})
		: _node(node), _facts(facts), target(*node.hosted, facts.binary, lapses)
	{}

	/* open, verify, restore; the component runs then */
	Status restore(std::vector<Image_bytes const *> const &images, Engine::Policy const &policy);
};

/* bytes that differ though nothing was to be patched there; empty if there are none */
std::string compare_memory(std::map<uint32_t, std::vector<uint8_t>> const &captured, Hosted const &,
						   Facts const &);

Engine::Policy default_policy();

std::string text(Status const &);

}

#endif /* CAPIMG__TESTS__SIM__MIGRATION_H */
