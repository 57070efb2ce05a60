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
#include "libimage/key.h"

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

	void _open(Image const &, Public_key const *, Trust_policy const &);

  public:
	/*
	 * 'image' has its parents, and outlives this
	 *
	 * key  null, or that which all must be signed with, for the label of the policy if that has
	 *      one; the counter is demanded of the newest image. Outlives this
	 *
	 * Throws 'Image_error'.
	 */
	explicit Engine_chain(Image const &image, Public_key const *key = nullptr,
						  Trust_policy const &policy = {});
	~Engine_chain();

	Engine::Chain &chain() { return *_chain; }

	/* path of an image by its number in the chain */
	std::string const &path(std::uint64_t number) const;
};

}

#endif /* CAPIMG__TOOLS__ENGINE_CHAIN_H */
