/*
 * What the checks of 'verify' share; not for others
 */

#ifndef CAPIMG__VERIFICATION_H
#define CAPIMG__VERIFICATION_H

#include <mutex>

#include "capability_view.h"
#include "image_error.h"
#include "locked_image.h"
#include "verify.h"

namespace Capimg
{

class Verification
{
	static constexpr std::size_t MAX_FINDINGS = 1000; /* nobody reads more of them */

	std::mutex _mutex {};
	Verify_report &_report;
	std::size_t _count = 0; /* of the check that runs */

  public:
	Mapped_file file; /* without the signature, once that was found */
	Verify_options const &options;

	/* set by the checks as they succeed */
	Head head {};
	std::optional<Image> image {};
	std::vector<Capability_view> capabilities {};
	std::string check {}; /* the one that runs */
	std::string note {};  /* for its line of the report */

	Verification(std::string const &path, Verify_options const &o, Verify_report &report)
		: _report(report), file(open_image_file(path)), options(o)
	{}

	/* where nothing else can be believed, or is wanted: the other checks are skipped */
	bool distrusted = false;

	/* thread-safe */
	void found(std::optional<std::uint64_t> offset, std::string field, std::string message);
	void found(Image_error const &);

	/* findings of the check that runs */
	std::size_t count() const { return _count; }
	void start(std::string name);

	/* the bytes at [from, to) are zero, or a finding */
	void expect_zero(std::uint64_t from, std::uint64_t to, char const *what);
};

/* the checks, by file */
namespace Verify_check
{
void signature(Verification &);
void head(Verification &);
void trailer(Verification &);
void sections(Verification &);
void manifest(Verification &);
void index(Verification &);
void blocks(Verification &);
void state(Verification &);
void parent(Verification &);
void badges(Verification &);
void capability_map(Verification &);
void object_pools(Verification &);
void raw_badges(Verification &);
void locks(Verification &);
}

}

#endif /* CAPIMG__VERIFICATION_H */
