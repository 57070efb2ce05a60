/*
 * Images as the engine for the target reads them: the same code, on the host
 */

#ifndef CAPIMG__TOOLS__ENGINE_CHAIN_H
#define CAPIMG__TOOLS__ENGINE_CHAIN_H

#include <memory>
#include <vector>

#include "capimg/chain.h"
#include "libimage/compression.h"
#include "libimage/image.h"

namespace Capimg
{

class Engine_chain
{
	struct Opened;

	Host_codec _codec {};
	std::vector<std::unique_ptr<Opened>> _images {};
	std::vector<Engine::Image *> _pointers {};
	std::vector<std::byte> _work;
	std::unique_ptr<Engine::Chain> _chain {};

	void _open(Image const &);

  public:
	/* 'image' has its parents, and outlives this; throws 'Image_error' */
	explicit Engine_chain(Image const &image);
	~Engine_chain();

	Engine::Chain &chain() { return *_chain; }

	/* path of an image by its number in the chain */
	std::string const &path(std::uint64_t number) const;
};

}

#endif /* CAPIMG__TOOLS__ENGINE_CHAIN_H */
