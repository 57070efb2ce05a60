/*
 * Finding the objects that trees hang from, in all captured memory
 */

#ifndef CAPIMG__CORE__TREE_SCAN_H
#define CAPIMG__CORE__TREE_SCAN_H

#include "avl_walk.h"
#include "memory_scan.h"

namespace Capimg
{

/*
 * One pass over memory
 *
 * A tree object is a word-aligned AVL node without parent and right child, whose left child
 * names it as parent and is one less deep. Nearly every word of ordinary memory is refused by
 * the first three words, without following anything, so the pass runs near the speed of
 * memory. Empty trees are not found.
 *
 * Two different tree objects have no node in common, since a node names one parent: walking
 * all trees that a scan yields takes linear time, however the memory was crafted. So does
 * walking what LOOSE yields besides, which ends at the first node.
 */
class Tree_scan : Noncopyable
{
  public:
	enum Links : uint8_t {
		SOUND,
		LOOSE, /* also where parent and depth of the left child are wrong: amid an operation */
	};

  private:
	struct Hit
	{
		uint64_t addr = 0, left = 0;
		uint8_t depth = 0;
	};

	Memory_scan _scan;
	Memory_view &_view;
	Memory_bounds const _bounds;
	unsigned const _word;
	Links const _links;
	uint64_t _pos = 0;
	bool _end = false;

	Hit _hits[64] {};
	unsigned _count = 0, _next = 0;

	template <typename WORD>
	size_t _look(Const_bytes window, size_t positions);
	bool _plausible(Hit const &);
	void _refill();

  public:
	Tree_scan(Memory_view &view, Memory_bounds const &bounds, unsigned word_bytes, Bytes buffer,
			  Links links = SOUND)
		: _scan(view.memory(), buffer),
		  _view(view),
		  _bounds(bounds),
		  _word(word_bytes),
		  _links(links)
	{}

	/* address of the next tree object; NOT_FOUND after the last, or the memory's failure */
	Result<uint64_t> next();
};

}

#endif /* CAPIMG__CORE__TREE_SCAN_H */
