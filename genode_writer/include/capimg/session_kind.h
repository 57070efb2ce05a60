/*
 * Session kinds: one row each
 *
 * What becomes of a session at a restore. A further kind is a row here, and, if it has state
 * of its own, a struct in schema/image.capnp.
 */

#ifndef CAPIMG__ENGINE__SESSION_KIND_H
#define CAPIMG__ENGINE__SESSION_KIND_H

#include "libimage/core/generated/image.h"

namespace Capimg::Engine
{

enum class Session_fate : uint8_t {
	RESTORED, /* opened, and its state set */
	DEVICE,   /* bound to hardware: the component is not migratable */
	ASK,      /* nobody knows its state: the policy decides */
};

struct Session_kind
{
	char const *service;           /* Genode's service name; null in the last row */
	Metadata::Object::Which which; /* struct that holds its state */
	Session_fate fate;
	bool core; /* every system has it: core provides it, or modules do that are asked for by name */
};

/* by the object's struct, or by its service name for 'OtherSession'; the last row if none fits */
Session_kind const &session_kind(Metadata::Object::Reader const &);

/* what all sessions have; empty for an object that is none */
Metadata::Session::Reader session_of(Metadata::Object::Reader const &);

/*
 * Value of "ram_quota=…" and the like in session arguments, with K, M, G
 *
 * The first one counts; 0 if it is not there, the highest number if it does not fit.
 */
uint64_t quota_argument(Wire::Text arguments, char const *key);

}

#endif /* CAPIMG__ENGINE__SESSION_KIND_H */
