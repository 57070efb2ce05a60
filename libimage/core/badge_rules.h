/*
 * Which values may be badges on the kernel of an image
 */

#ifndef CAPIMG__CORE__BADGE_RULES_H
#define CAPIMG__CORE__BADGE_RULES_H

#include "generated/image.h"

namespace Capimg
{

/*
 * Why a badge map is refused; 'badge_refusal_text' (badge_refusal.cc) has a sentence for each
 */
enum class Badge_refusal_code : uint8_t {
	NONE,
	ZERO,       /* 0 is no badge */
	INVALID_ID, /* what the layout has in entries without a capability */
	MAIN_GATE,  /* 1 on foc: the label of the main thread's gate, not core's to give */
	RANGE,      /* above what core gives out */
	STEP,       /* foc: the two low bits belong to the kernel */
	OLD_TWICE,  /* one old badge in two pairs */
	NEW_TWICE,  /* two objects would get one badge */
	MISSING,    /* no object has the old badge */
	AMBIGUOUS,  /* two objects have the old badge */
	FOREIGN,    /* linux: only objects that live elsewhere have the old key */
	TAKEN,      /* an object that is not mapped has the new badge already */
};

/* one sentence without a period; never null */
char const *badge_refusal_text(Badge_refusal_code);

struct [[nodiscard]] Badge_refusal
{
	Badge_refusal_code code = Badge_refusal_code::NONE;
	uint64_t old_badge = 0, new_badge = 0; /* the pair at fault */
	bool in_new = false;                   /* ZERO to STEP: it is the new badge that is wrong */
	uint64_t other = 0;                    /* *_TWICE: other half of the other pair; RANGE: highest;
											  STEP: the step; TAKEN, AMBIGUOUS: id of an object */

	explicit operator bool() const { return code != Badge_refusal_code::NONE; }
};

/*
 * From the layout of the first capability space that has one, else from the kernel
 *
 * foc: 'Cap_id_alloc' (base-foc/src/core/include/cap_id_alloc.h) gives out multiples of 4, up to
 * 16 bit until 24.11 and 28 bit since.
 */
struct Badge_rules
{
	uint64_t invalid = ~uint64_t(0);
	uint64_t highest = ~uint64_t(0) - 1;
	uint32_t step = 1;
	bool main_gate = false;  /* 1 is kept for the main thread's gate */
	bool local_only = false; /* linux: foreign objects have keys of their own */

	static Badge_rules of(Metadata::Manifest::Reader const &);

	/* one half of a pair */
	Badge_refusal_code check(uint64_t badge) const;

	/* both halves */
	Badge_refusal check(uint64_t old_badge, uint64_t new_badge) const;
};

}

#endif /* CAPIMG__CORE__BADGE_RULES_H */
