/*
 * Checking a Cap'n Proto message before any of its values is used
 *
 * One pass over the pointers, in the order in which the objects must stand: with a cursor that
 * starts behind the root pointer, each pointer that is not null, visited depth first (for a
 * list, element by element; within a struct, slot by slot), refers to exactly the cursor, and
 * its object's words advance the cursor. At the end the cursor is the end of the message. So
 * nothing overlaps, nothing is left out, nothing is reached twice, there is no cycle, and the
 * work is linear in the size of the message. Cap'n Proto's library produces this order when it
 * copies a message into one segment.
 *
 * What the schema's tables do not know (fields, union members and enumerants of a newer minor
 * version) is walked by the same rule and else taken as it is. A struct may be shorter or
 * longer than the schema's. docs/FORMAT.md lists all refusals.
 *
 * Needs about 1 KiB of stack, no heap. Any number of threads may check one message.
 */

#ifndef CAPIMG__CORE__WIRE_CHECK_H
#define CAPIMG__CORE__WIRE_CHECK_H

#include "wire_shape.h"

namespace Capimg::Wire
{

struct Limits
{
	uint32_t words = MAX_WORDS;       /* of the message */
	uint32_t elements = MAX_ELEMENTS; /* of a list of structs, Text or Data */
};

/* visits the structs of a message, parents before what is below them */
class Visitor
{
  protected:
	~Visitor() = default;

  public:
	/* an error ends the walk and becomes its result */
	virtual Status visit(Struct_shape const &, Struct_reader const &) { return ok; }
};

/*
 * Check a framed message whose root is of 'shape'
 *
 * Returns the root. Errors carry the byte offset within 'message' of the pointer or object at
 * fault and the path of the field; for fields that the schema does not know it is "unknown".
 *
 *   TRUNCATED     the message is shorter than its framing says, or an object reaches beyond it
 *   UNSUPPORTED   several segments, a far pointer, a capability
 *   INVALID       the wrong kind of pointer or element size for the field, a pointer for a
 *                 member of a union that has none, a text that is not UTF-8, not terminated by
 *                 NUL or has a NUL inside, a list whose elements take no space, a list of
 *                 structs whose size contradicts its tag, bytes behind the segment, null root
 *   OUT_OF_ORDER  an object that is not at the cursor, words that no pointer refers to
 *   NOT_ZERO      padding behind the elements of a list
 *   LIMIT         above 'limits' or MAX_DEPTH
 */
Result<Struct_reader> check(Const_bytes message, Struct_shape const &shape, Limits const &limits);

/*
 * Visit each struct with a $ref field of a message that 'check' has accepted
 */
Status walk_refs(Const_bytes message, Struct_shape const &shape, Visitor &visitor);

/*
 * Check, and return the typed root; STRUCT is a generated struct
 */
template <typename STRUCT>
Result<typename STRUCT::Reader> open(Const_bytes message, Limits const &limits)
{
	Result<Struct_reader> const root = check(message, STRUCT::shape, limits);
	if (root.failed()) return root.error();
	return typename STRUCT::Reader(*root);
}

}

#endif /* CAPIMG__CORE__WIRE_CHECK_H */
