/*
 * Words for what capability entries are
 */

#ifndef CAPIMG__TOOLS__ENUM_TEXT_H
#define CAPIMG__TOOLS__ENUM_TEXT_H

#include <string>

#include "libimage/capability_view.h"

namespace Capimg
{

char const *state_text(Schema::EntryState);

/* what the entry is for: its own kind if the kernel tells, else the kind of its object */
std::string capability_text(Image const &, Capability_view::Entry const &);

}

#endif /* CAPIMG__TOOLS__ENUM_TEXT_H */
