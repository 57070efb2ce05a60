#include "pool_search.h"

#include <algorithm>
#include <memory>

#include "image_error.h"

namespace Capimg
{

/* nodes of all pools: what a manifest can hold; each is an RPC object of the component */
static constexpr std::size_t MAX_POOL_NODES = Limit::MAX_OBJECTS;

std::vector<Found_pool> find_object_pools(Memory const &memory, Cap_map const &map,
										  std::string const &file)
{
	std::vector<std::byte> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan scan(memory, map, Bytes(buffer.data(), buffer.size()));
	Memory_view view(memory);
	std::vector<Found_pool> pools;
	std::size_t nodes = 0;

	for (;;) {
		Result<Object_pool> const pool = scan.next();
		if (pool.failed()) {
			if (pool.error().code == Code::NOT_FOUND) return pools;
			throw Image_error::from(pool.error(), file);
		}

		Found_pool found { pool->tree, pool->lock, {} };
		auto const walk = std::make_unique<Object_pool_walk>(view, map, pool->tree);
		bool nameless = false;

		for (Result<Pool_object> object = walk->next(); !object.failed(); object = walk->next()) {
			if (++nodes > MAX_POOL_NODES)
				throw Image_error({ file,
									Code::LIMIT,
									{},
									"badgeTrees",
									"the memory has more objects in pools than an image may have",
									"search can be switched off" });
			nameless = nameless || object->badge == map.invalid_id || object->badge == 0;
			found.nodes.push_back(*object);
		}
		if (nameless) continue;

		std::ranges::sort(found.nodes, {}, &Pool_object::node);
		pools.push_back(std::move(found));
	}
}

}
