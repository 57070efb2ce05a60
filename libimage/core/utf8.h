/*
 * UTF-8
 */

#ifndef CAPIMG__CORE__UTF8_H
#define CAPIMG__CORE__UTF8_H

#include "bytes.h"

namespace Capimg
{

/*
 * Offset of the first byte that is NUL or does not belong to a valid UTF-8 sequence, or
 * 'text.size()'
 *
 * As RFC 3629 has it: shortest form only, no surrogates, nothing above U+10FFFF.
 */
size_t first_invalid_utf8(Const_bytes text);

}

#endif /* CAPIMG__CORE__UTF8_H */
