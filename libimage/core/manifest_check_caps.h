/*
 * Manifest check: capability spaces, badge trees, raw badges
 */

#ifndef CAPIMG__CORE__MANIFEST_CHECK_CAPS_H
#define CAPIMG__CORE__MANIFEST_CHECK_CAPS_H

#include "manifest_check.h"

namespace Capimg
{

/* a field offset of a capability layout that says that there is no such field */
inline constexpr uint16_t NO_FIELD = 0xffff;

Status check_capabilities(Metadata::Manifest::Reader const &);

}

#endif /* CAPIMG__CORE__MANIFEST_CHECK_CAPS_H */
