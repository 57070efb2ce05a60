/*
 * The first thing that is wrong, as core and libimage say it
 */

#ifndef CAPIMG__TESTS__SUPPORT__VERDICT_H
#define CAPIMG__TESTS__SUPPORT__VERDICT_H

#include <ostream>
#include <string>

#include "libimage/image_error.h"

namespace Capimg::Test
{

struct Verdict
{
	Code code = Code::OK;
	std::uint64_t offset = 0;
	std::string field {};

	bool operator==(Verdict const &) const = default;
};

inline std::ostream &operator<<(std::ostream &out, Verdict const &v)
{
	return out << error_text(v.code) << " at " << v.offset << ": " << v.field;
}

inline Verdict verdict_of(Error const &error) { return { error.code, error.offset, error.field }; }

/* of what 'fn' throws */
template <typename FN>
Verdict verdict_of(FN const &fn) requires std::is_invocable_v<FN>
{
	try {
		fn();
		return {};
	} catch (Image_error const &error) {
		return { error.info().code, error.info().offset.value_or(0), error.info().field };
	}
}

}

#endif /* CAPIMG__TESTS__SUPPORT__VERDICT_H */
