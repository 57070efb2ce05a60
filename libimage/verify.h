/*
 * Verifying an image: a table of named checks
 *
 * A check that cannot run because one that it needs has failed is skipped, and said so.
 * Whatever is wrong with the image is a finding; only a file that cannot be read, or whose
 * head is not one of an image, throws 'Image_error'. Given a key, nothing is read of an image
 * that was not signed with it.
 */

#ifndef CAPIMG__VERIFY_H
#define CAPIMG__VERIFY_H

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image_chain.h"
#include "key.h"
#include "writer.h"

namespace Capimg
{

struct Finding
{
	std::string check {};
	std::optional<std::uint64_t> offset {}; /* in the file */
	std::string field {};
	std::string message {};
};

enum class Check_result { PASSED, FAILED, SKIPPED };

struct Verify_report
{
	struct Line
	{
		std::string check {};
		Check_result result = Check_result::SKIPPED;
		std::string note {}; /* why it was skipped, or what was looked at */
	};

	std::vector<Line> checks {};
	std::vector<Finding> findings {};
	bool findings_cut = false; /* there were more than are listed */

	bool sound() const { return findings.empty(); }
};

struct Verify_options
{
	std::vector<std::string> only {}; /* names of checks; empty: all. Needed ones are added */
	std::vector<std::string> skip {};
	std::optional<Public_key> key {}; /* that must have signed the image */
	std::string label {};             /* that it must have been signed for; empty: any */
	std::uint64_t min_counter = 0;    /* that its signature must have at least */
	Images parents {};                /* for inherited blocks, in any order */
	unsigned threads = 0;             /* 0: as many as the machine has */
	Progress_sink *progress = nullptr;
	Reading_limits limits {}; /* other than the default ones: beyond them is an error, no finding */
};

/* name and one line about each check, in the order they run */
struct Check_info
{
	char const *name;
	char const *about;
};

std::vector<Check_info> verify_checks();

/* throws 'Image_error' for an unknown name of a check, too */
Verify_report verify(std::string const &path, Verify_options const &);

}

#endif /* CAPIMG__VERIFY_H */
