/*
 * What two images have in common, and so how their objects are told apart
 */

#ifndef CAPIMG__DIFF_BASIS_H
#define CAPIMG__DIFF_BASIS_H

#include <optional>
#include <string>

#include "object_match.h"

namespace Capimg
{

struct Diff_basis
{
	enum class Kind {
		STATE,   /* one state: nothing can differ */
		LINEAGE, /* one was made from the other, or both from a third, by rewriting badges */
		EPOCH,   /* the manifests say whether it was the same boot */
		ASKED,   /* the user said so */
		ASSUMED, /* guessed from the badges in the slots of both */
	};

	Kind kind = Kind::ASSUMED;
	Match_by match_by = Match_by::ROLES;
	std::string why {};             /* one sentence without period */
	std::uint32_t slots = 0;        /* live in both images */
	std::uint32_t equal_badges = 0; /* of these */

	bool sure() const { return kind != Kind::ASSUMED; }
	char const *name() const; /* "state", "lineage", … */
};

/*
 * Same state digest, same manifest, same digests of memory
 *
 * The state digest alone is not asked: an image may lie about it.
 */
bool same_state(Image const &, Image const &);

/* 'same_boot': what the user says, if anything */
Diff_basis find_basis(Diff_side const &, Diff_side const &, std::optional<bool> same_boot);

}

#endif /* CAPIMG__DIFF_BASIS_H */
