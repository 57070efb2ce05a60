/*
 * Checking what a manifest means, beyond its encoding
 *
 * After this check: ids are unique and ascending, every reference names an object of a kind
 * that its field allows, dataspaces account for every block of the index exactly once, regions
 * lie within their dataspaces and do not overlap, region maps do not contain themselves, and
 * capability entries fit the layout. Rules: docs/FORMAT.md, "Manifest". Linear in the size of
 * the manifest, but for O(log n) to find an object; no memory besides a fixed stack frame.
 */

#ifndef CAPIMG__CORE__MANIFEST_CHECK_H
#define CAPIMG__CORE__MANIFEST_CHECK_H

#include "generated/image.h"
#include "limits.h"
#include "wire_check.h"

namespace Capimg
{

/* what head and trailer say about the image that the manifest belongs to; sizes: powers of 2 */
struct Manifest_context
{
	uint32_t block_size = Limit::MIN_BLOCK_SIZE;
	uint32_t page_size = 4096;
	uint64_t blocks = 0;
};

/* limits on the encoding that hold for every message of an image */
inline constexpr Wire::Limits MESSAGE_LIMITS { uint32_t(Limit::MAX_MANIFEST_SIZE / Wire::WORD),
											   Wire::MAX_ELEMENTS };

/*
 * Check encoding and meaning of a framed message, and return its root
 *
 * Besides the errors of Wire::check: OUT_OF_ORDER, DUPLICATE, DANGLING, CYCLE, INVALID, LIMIT;
 * 'offset' is the offset in 'message' of the struct or list at fault, 'field' the schema's
 * name.
 */
Result<Metadata::Manifest::Reader> check_manifest(Const_bytes message, Manifest_context const &);

/*
 * Object of this id in a list of ascending ids
 *
 * Returns its index in the list, or the list's size if there is none.
 */
uint32_t find_object(Wire::Struct_list_reader<Metadata::Object::Reader> const &, uint32_t id);

/* name of an object's kind in the schema, or "unknown" for one of a newer version */
char const *kind_name(Metadata::Object::Which);

}

#endif /* CAPIMG__CORE__MANIFEST_CHECK_H */
