/*
 * Core's bytes as the standard library's
 */

#ifndef CAPIMG__BYTE_SPAN_H
#define CAPIMG__BYTE_SPAN_H

#include <cstddef>
#include <span>

#include "core/bytes.h"

namespace Capimg
{

inline std::span<std::byte const> as_span(Const_bytes bytes)
{
	return { reinterpret_cast<std::byte const *>(bytes.base()), bytes.size() };
}

}

#endif /* CAPIMG__BYTE_SPAN_H */
