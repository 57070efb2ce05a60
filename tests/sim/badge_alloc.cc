#include "badge_alloc.h"

#include <algorithm>
#include <vector>

namespace Capimg::Sim
{

Badge_alloc::Badge_alloc(uint64_t step, uint64_t highest, Reuse reuse, uint64_t seed)
	: _step(step), _highest(highest), _reuse(reuse), _random(seed), _next(step)
{
	/* badge 1 is the main thread's, whose label core does not allocate */
	if (_next == 1) _next = 2;
}

uint64_t Badge_alloc::alloc()
{
	bool const fresh = _next <= _highest && (_freed.empty() || _reuse != Reuse::LOWEST);
	bool const reuse = !_freed.empty() && (!fresh || !_random.chance(3));

	uint64_t badge = 0;
	if (reuse) {
		auto it = _freed.begin();
		if (_reuse == Reuse::LOWEST) it = std::min_element(_freed.begin(), _freed.end());
		if (_reuse == Reuse::RANDOM) it += std::ptrdiff_t(_random.below(_freed.size()));
		badge = *it;
		_freed.erase(it);
	} else if (_next <= _highest) {
		badge = _next;
		_next += _step;
	}
	if (badge) _used.insert(badge);
	return badge;
}

void Badge_alloc::free(uint64_t badge)
{
	if (_used.erase(badge)) _freed.push_back(badge);
}

void Badge_alloc::age(unsigned count)
{
	std::vector<uint64_t> taken;
	for (unsigned i = 0; i < count; i++) {
		if (uint64_t const badge = alloc()) taken.push_back(badge);
		if (taken.size() > 4 && _random.chance(2)) {
			auto const it = taken.begin() + std::ptrdiff_t(_random.below(taken.size()));
			free(*it);
			taken.erase(it);
		}
	}

	/* half of those that are left belong to others for good */
	for (uint64_t badge : taken)
		if (_random.chance(2)) free(badge);
}

}
