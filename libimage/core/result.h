/*
 * Results as values
 *
 * Core throws nothing. What can fail returns 'Result<T>': a value or an 'Error' that says
 * what is wrong, at which byte of the input, and in which field. Both types are
 * '[[nodiscard]]'. None of this is shared state: everything here may be used from any thread.
 */

#ifndef CAPIMG__CORE__RESULT_H
#define CAPIMG__CORE__RESULT_H

#include "types.h"

namespace Capimg
{

/*
 * Error codes, grouped by whose fault it is
 *
 * 'error_text' (error.cc) holds one sentence for each, in the same order.
 */
enum class Code : uint8_t {

	OK, /* no error, the default of an empty 'Error' */

	/* the image: not ours, cut short or damaged */
	NOT_AN_IMAGE, /* the magic of the head does not match */
	INCOMPLETE,   /* no valid trailer: the writer never committed the image */
	TRUNCATED,    /* a piece reaches beyond the end of its container */
	DAMAGED,      /* a checksum does not match */
	INVALID,      /* a field has a value that the format forbids */
	NOT_ZERO,     /* padding or a reserved field is not zero */
	OUT_OF_ORDER, /* a piece does not stand where the format puts it */
	DUPLICATE,    /* something that must be unique is there twice */
	DANGLING,     /* a reference to an object that does not exist, or of the wrong kind */
	CYCLE,        /* a structure that must be a tree refers to itself */
	ABSENT,       /* these bytes were not captured */

	/* the image is sound, but this reader or machine cannot use it */
	UNSUPPORTED_VERSION, /* a newer major version */
	UNSUPPORTED_FEATURE, /* a required-feature bit or required section is not known */
	UNSUPPORTED,         /* a variant that is known and refused, such as big-endian */
	NO_CODEC,            /* the caller brought no codec for this block */
	NO_PARENT,           /* an inherited block, and no parent was given */
	WRONG_PARENT,        /* the parent given is another one than the image names */

	/* limits (limits.h) */
	LIMIT, /* a count or size is above its limit */

	/* the caller */
	NO_SPACE,     /* the buffer or arena given is too small */
	BAD_STATE,    /* a call in the wrong state or order */
	BAD_ARGUMENT, /* an argument outside its documented range */
	IO,           /* the caller's source or sink failed */

	/* captured memory */
	NOT_FOUND,    /* no such structure in this memory */
	AMBIGUOUS,    /* more than one structure fits */
	INCONSISTENT, /* a tree's links, depths or order contradict each other */

	/* the system that a component is captured or restored on */
	BUSY,     /* the component did not come to a consistent point */
	VANISHED, /* an object went away meanwhile */
	DENIED,   /* the system does not let us */
	NO_QUOTA, /* RAM or capabilities do not suffice */
	REFUSED,  /* the image cannot be restored here, for the reasons reported */

	/* trust (signature.h) */
	NOT_SIGNED,      /* there is no signature */
	WRONG_SIGNATURE, /* the signature was not made with the key that is trusted */
	TAMPERED,        /* the bytes are not those that were signed */
	WRONG_LABEL,     /* the image was signed as that of another component */
	ROLLED_BACK,     /* the signature's counter is below one that was seen */
};

static constexpr unsigned CODE_COUNT = unsigned(Code::ROLLED_BACK) + 1;

/* one sentence in English, without a final period; never null */
char const *error_text(Code);

/*
 * An error
 *
 * offset   byte offset in the input that the function reads (its contract says which),
 *          or an address in captured memory for functions that read such
 * field    name of the field being read, as in docs/FORMAT.md; a static string
 * value    the offending value, 'limit' what it was compared with; both 0 where they say nothing
 */
struct [[nodiscard]] Error
{
	Code code = Code::OK;
	uint64_t offset = 0;
	char const *field = "";
	uint64_t value = 0;
	uint64_t limit = 0;

	explicit operator bool() const { return code != Code::OK; }

	/* the same error, seen from a container that starts 'base' bytes earlier */
	Error within(uint64_t base) const
	{
		Error e = *this;
		e.offset += base;
		return e;
	}
};

/* result of an operation without a value: 'OK' or an error */
using Status = Error;

inline constexpr Status ok {};

/*
 * Value or error
 *
 * T must be default-constructible and copyable or movable; the value of a failed result is
 * a default-constructed T.
 */
template <typename T>
class [[nodiscard]] Result
{
	T _value {};
	Error _error {};

  public:
	Result(T value) : _value(static_cast<T &&>(value)) {}
	Result(Error error) : _error(error) {}

	explicit operator bool() const { return _error.code == Code::OK; }

	bool failed() const { return _error.code != Code::OK; }

	T const &value() const { return _value; }
	T &value() { return _value; }

	T const *operator->() const { return &_value; }
	T const &operator*() const { return _value; }

	Error const &error() const { return _error; }
};

}

#endif /* CAPIMG__CORE__RESULT_H */
