/*
 * What all files of the hosting library share
 *
 * Names of Capimg hide those of Genode: integer types are Capimg's here, and where a function of
 * Genode is overridden, Genode's are named.
 */

#ifndef CAPIMG__HOST__TYPES_H
#define CAPIMG__HOST__TYPES_H

#include <base/env.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/mutex.h>
#include <util/string.h>

#include <capimg/origin.h>

namespace Capimg::Host
{

using namespace Genode;

class Hosted_object;
class Hosted_objects;
class Hosted_dataspace;
class Hosted_region_map;
class Hosted_thread;
class Hosted_cpu;
class Hosted_pd;
class Hosted_parent;
class Hosted_child;

using Which = Metadata::Object::Which;

/* of a session, as the component gave them */
using Session_arguments = String<Parent::Session_args::MAX_SIZE>;

template <Genode::size_t N>
inline Wire::Text text(String<N> const &s)
{
	return s.length() > 1 ? Wire::Text(s.string(), s.length() - 1) : Wire::Text();
}

/* core's name of what stands behind a capability; 0: nothing does */
inline uint64_t badge_of(Untyped_capability const &cap)
{
	return cap.valid() ? uint64_t((unsigned long)cap.local_name()) : 0;
}

}

#endif /* CAPIMG__HOST__TYPES_H */
