/*
 * Comparison of a schema with a released one
 */

#ifndef CAPIMG__TESTS__SCHEMA__COMPAT_H
#define CAPIMG__TESTS__SCHEMA__COMPAT_H

#include <string>
#include <vector>

#include <capnp/schema-parser.h>

namespace Capimg::Test
{

/*
 * What keeps 'current' from reading what 'released' wrote, and the other way round
 *
 * Empty if nothing does. Each declaration, field and enumerant of the released schema must
 * still be there with its name (JSON has it), number, type, place and union; $hex must be the
 * same, $ref may come to allow more kinds. That new fields have higher numbers follows: the
 * compiler accepts no gaps, so the numbers below are those of released fields.
 */
std::vector<std::string> incompatibilities(capnp::ParsedSchema const &released,
										   capnp::ParsedSchema const &current);

}

#endif /* CAPIMG__TESTS__SCHEMA__COMPAT_H */
