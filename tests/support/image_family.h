/*
 * Chains of images for tests: generations of random memory, each one a delta to the one before
 */

#ifndef CAPIMG__TESTS__SUPPORT__IMAGE_FAMILY_H
#define CAPIMG__TESTS__SUPPORT__IMAGE_FAMILY_H

#include <random>

#include "small_image.h"

namespace Capimg::Test
{

/* an image with blocks of a few kinds; the same kind and size are the same bytes */
class Image_family
{
  public:
	static constexpr std::uint32_t BLOCK = 4096;

	struct Dataspace
	{
		unsigned name = 0;              /* the same one in all generations */
		std::vector<unsigned> kinds {}; /* of its blocks */
		std::uint32_t tail = BLOCK;     /* bytes of the last block */

		std::uint32_t size_of(std::size_t block) const
		{
			return block + 1 == kinds.size() ? tail : BLOCK;
		}
	};

	struct Generation
	{
		std::vector<Dataspace> dataspaces {};
		Profile profile {};
		std::vector<std::byte> image {}; /* the first one whole, the others deltas */
	};

	/* generations 0 to 'deltas'; dataspaces grow, shrink, come and go */
	Image_family(unsigned seed, unsigned deltas);

	std::vector<Generation> const &generations() const { return _generations; }

	/* what a writer makes of the last generation */
	std::vector<std::byte> whole() const;

  private:
	static constexpr unsigned ZERO = 0, ABSENT = 1, PART = 2, FIRST = 3;

	std::mt19937 _random;
	std::vector<Generation> _generations {};
	unsigned _names = 0;

	unsigned _below(unsigned n) { return unsigned(_random() % n); }
	unsigned _kind();
	Dataspace _fresh();
	void _change(std::vector<Dataspace> &);
	static void _add(Pieces &, unsigned kind, std::uint32_t size);
	Pieces _delta(Dataspace const &, Generation const &parent);
};

/* bytes of an image with another state digest in its trailer, checksums matching */
std::vector<std::byte> with_state(std::vector<std::byte> image, State_digest const &);

}

#endif /* CAPIMG__TESTS__SUPPORT__IMAGE_FAMILY_H */
