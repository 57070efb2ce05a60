/*
 * What the places of two objects say about whether they are the same one
 *
 * A component keeps an object's capability in one slot for as long as it holds it. An RPC object
 * of its own stands in the Object_pool of its entrypoint, at an address that is its own for
 * life, and next to it is the word that holds its capability. A variable is any other word.
 *
 * Answers about variables read all memory, once for each image; the others one word at most.
 */

#ifndef CAPIMG__OBJECT_EVIDENCE_H
#define CAPIMG__OBJECT_EVIDENCE_H

#include "diff_side.h"

namespace Capimg
{

class Evidence
{
	Diff_side const &_side_a, &_side_b;
	Diff_side::Place const &_a, &_b;

	std::size_t _common(std::size_t &larger) const;

  public:
	Evidence(Diff_side const &side_a, Diff_side::Place const &a, Diff_side const &side_b,
			 Diff_side::Place const &b)
		: _side_a(side_a), _side_b(side_b), _a(a), _b(b)
	{}

	bool both_held() const { return _a.held() && _b.held(); }
	bool pooled() const { return _a.pooled() || _b.pooled(); }
	bool both_pooled() const { return _a.pooled() && _b.pooled(); }

	bool same_slot() const;
	bool same_pool() const;
	bool same_node() const { return same_pool() && _a.node == _b.node; }

	/* both are at a selector whose use the kernel's port fixes, for the same use */
	bool fixed_selector() const;

	/*
	 * One is in a pool, and the word next to its node holds the other one as well: an object
	 * that is just being made or dissolved. Nothing if the word is not known.
	 */
	std::optional<bool> word() const;
	bool same_word() const { return word().value_or(false); }

	/* at least one address is a variable of both */
	bool common_variables() const;

	/* at least half of the variables are the same; dead stack frames make the rest */
	bool same_variables() const;

	/* they cannot be the same, or of the same role */
	bool contradicts() const;

	/* within one boot, where objects do not move */
	bool contradicts_in_one_boot() const;
};

}

#endif /* CAPIMG__OBJECT_EVIDENCE_H */
