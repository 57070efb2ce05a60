/*
 * The one exception of libimage
 *
 * Thrown by every function of libimage (not of core) that cannot do what its contract says.
 * It says which file, at which byte, in which field, and what to do about it. 'what()' is
 * all of that as one line. Copying does not throw beyond memory exhaustion.
 */

#ifndef CAPIMG__IMAGE_ERROR_H
#define CAPIMG__IMAGE_ERROR_H

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/result.h"

namespace Capimg
{

class Image_error : public std::runtime_error
{
  public:
	struct Info
	{
		std::string file {}; /* path as the user gave it, or "-" */
		Code code = Code::INVALID;
		std::optional<std::uint64_t> offset {}; /* byte in 'file' */
		std::string field {};                   /* as in docs/FORMAT.md */
		std::string message {};                 /* what is wrong, one sentence without period */
		std::string hint {};                    /* what to do, may be empty */
	};

	explicit Image_error(Info info) : std::runtime_error(_line(info)), _info(std::move(info)) {}

	/* from core's error; 'base' is where core's input starts in the file */
	static Image_error from(Error const &, std::string file, std::uint64_t base = 0,
							std::string hint = {});

	/* from 'errno' after a failed system call */
	static Image_error from_errno(int error, std::string file, std::string const &action);

	Info const &info() const { return _info; }

  private:
	Info _info;

	static std::string _line(Info const &);
};

/* throw what core says, if it says anything; 'file' and 'base' as for 'Image_error::from' */
inline void throw_if(Status const &status, std::string const &file = {}, std::uint64_t base = 0)
{
	if (status) throw Image_error::from(status, file, base);
}

/* the value, or throw the error */
template <typename T>
T value_or_throw(Result<T> result, std::string const &file = {}, std::uint64_t base = 0)
{
	throw_if(result.error(), file, base);
	return result.value();
}

}

#endif /* CAPIMG__IMAGE_ERROR_H */
