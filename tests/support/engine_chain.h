/*
 * Chains of images in memory, opened by the engine
 */

#ifndef CAPIMG__TESTS__SUPPORT__ENGINE_CHAIN_H
#define CAPIMG__TESTS__SUPPORT__ENGINE_CHAIN_H

#include <deque>

#include "capimg/chain.h"
#include "engine_source.h"

namespace Capimg::Test
{

/* images, newest first, and the chain of them in working memory of exactly its size */
class Opened_chain
{
	Exact_bytes _work { Engine::Chain::WORK_SIZE };
	std::vector<Engine::Image *> _pointers {};
	std::unique_ptr<Engine::Chain> _chain {};

  public:
	std::deque<Opened_image> images {};
	Status status {}; /* of opening and 'connect' */

	Opened_chain(std::vector<Engine::Source *> const &sources, Codec *codec, Sha256 &hash)
	{
		for (Engine::Source *source : sources) {
			images.emplace_back(*source, hash);
			if (!status) status = images.back().status;
			_pointers.push_back(&images.back().image);
		}
		_chain = std::make_unique<Engine::Chain>(_pointers.data(), unsigned(_pointers.size()),
												 codec, _work.bytes());
		if (!status) status = _chain->connect();
	}

	Engine::Chain &chain() { return *_chain; }
	Bytes work() const { return _work.bytes(); }
};

}

#endif /* CAPIMG__TESTS__SUPPORT__ENGINE_CHAIN_H */
