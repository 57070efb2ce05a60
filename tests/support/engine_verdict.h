/*
 * Verdicts of the engine and of libimage on one image
 */

#ifndef CAPIMG__TESTS__SUPPORT__ENGINE_VERDICT_H
#define CAPIMG__TESTS__SUPPORT__ENGINE_VERDICT_H

#include <span>

#include "libimage/core/section.h"
#include "libimage/core/trailer.h"
#include "reseal.h"
#include "verdict.h"

namespace Capimg::Test
{

/* the error lies in storage, provenance, or a section of an unknown kind: the engine reads none */
inline bool of_unread_section(std::span<std::byte const> bytes, Verdict const &verdict)
{
	std::uint64_t const trailer = bytes.size() - Trailer::SIZE;
	for (std::uint64_t at = get(bytes, trailer + 16, 8); at < trailer; at += Section::ENTRY_SIZE) {
		std::uint64_t const offset = get(bytes, at + 8, 8), size = get(bytes, at + 16, 8);
		if (get(bytes, at, 4) >= std::uint64_t(Section_kind::STORAGE) && verdict.offset >= offset &&
			verdict.offset - offset <= size)
			return true;
	}
	return false;
}

/* only the engine checks it when it opens an image */
inline bool only_state_is_wrong(std::span<std::byte const> bytes, Verdict const &verdict)
{
	return verdict == Verdict { Code::DAMAGED, bytes.size() - Trailer::SIZE, "trailer.state" };
}

/* the verdicts are the same, but for what only one of the two looks at */
inline bool verdicts_agree(std::span<std::byte const> bytes, Verdict const &host,
						   Verdict const &engine)
{
	if (host == engine) return true;
	if (host.code == Code::OK) return only_state_is_wrong(bytes, engine);
	return of_unread_section(bytes, host) &&
		   (engine.code == Code::OK || only_state_is_wrong(bytes, engine));
}

}

#endif /* CAPIMG__TESTS__SUPPORT__ENGINE_VERDICT_H */
