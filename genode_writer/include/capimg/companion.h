/*
 * Objects that come with another one: they are identified, and go with it
 */

#ifndef CAPIMG__COMPANION_H
#define CAPIMG__COMPANION_H

#include "libimage/core/generated/image.h"

namespace Capimg::Engine
{

enum class Companion : uint8_t {
	ADDRESS_SPACE, /* of a PD session */
	STACK_AREA,
	LINKER_AREA,
	NATIVE_PD,
	NATIVE_CPU, /* of a CPU session */
	GATE,       /* of a thread: answers calls to it */
	SEMAPHORE,  /* of a signal source */
	CONTENT,    /* dataspace of a ROM session */
	MANAGED,    /* dataspace of a region map */
	BUFFER, /* dataspace that a session but the PD gave out: CPU's trace control, for instance */
	PARENT, /* the way to the component's parent; of nothing */
};

char const *companion_name(Companion); /* "thread-gate", for JSON; never null */

/* a field that names the companion of an object of a kind */
struct Companion_row
{
	Companion companion;
	Metadata::Object::Which owner;
	uint32_t (*id)(Metadata::Object::Reader const &); /* 0: it has none */
};

struct Companion_table
{
	Companion_row const *rows;
	unsigned count;
};

/* all such fields; BUFFER and PARENT are in none */
Companion_table companion_table();

/* an object of this kind can be that companion */
bool can_be(Companion, Metadata::Object::Which);

}

#endif /* CAPIMG__COMPANION_H */
