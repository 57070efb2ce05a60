/*
 * 'capimg caps --scan': what a search of memory finds, against what the manifest declares
 */

#ifndef CAPIMG__TOOLS__CAPS_SCAN_H
#define CAPIMG__TOOLS__CAPS_SCAN_H

#include "command.h"
#include "libimage/capability_scan.h"

namespace Capimg
{

void print_scan(Capability_scan const &, Terminal const &);

/* value of "scan" */
Json scan_json(Capability_scan const &);

}

#endif /* CAPIMG__TOOLS__CAPS_SCAN_H */
