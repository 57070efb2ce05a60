/*
 * Reasons against a restore that only the image's memory shows
 */

#ifndef CAPIMG__MEMORY_CHECK_H
#define CAPIMG__MEMORY_CHECK_H

#include "capimg/chain.h"
#include "capimg/restore_plan.h"
#include "libimage/core/badge_compare.h"

namespace Capimg::Engine
{

/*
 * Every block is read and checked first
 *
 * ABSENT_MEMORY and REDACTED: one for each dataspace, 'image' says how many bytes. MEMORY:
 * memory and manifest contradict each other in badges; not asked while memory is missing. 'plan'
 * is open and of the chain's newest image. Errors are those of 'Chain::verify', of
 * 'Badge_comparison::run', and NO_SPACE.
 *
 * work   Badge_comparison::work_size
 */
Status check_memory(Chain &, Restore_plan const &plan, Policy const &, Bytes work, Refusal_sink &);

/* remembers the first difference of memory and manifest, and stops there */
class First_difference final : public Badge_difference_sink
{
  public:
	bool any = false;
	Badge_difference first {};

	bool difference(Badge_difference const &) override;
};

}

#endif /* CAPIMG__MEMORY_CHECK_H */
