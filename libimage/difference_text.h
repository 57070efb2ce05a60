/*
 * Differences between manifest and memory, in words
 */

#ifndef CAPIMG__DIFFERENCE_TEXT_H
#define CAPIMG__DIFFERENCE_TEXT_H

#include <string>

#include "core/badge_compare.h"

namespace Capimg
{

/* one sentence without address and period */
std::string difference_text(Badge_difference const &);

}

#endif /* CAPIMG__DIFFERENCE_TEXT_H */
