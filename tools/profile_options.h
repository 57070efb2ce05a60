/*
 * Options of all commands that write an image: how its blocks are stored
 */

#ifndef CAPIMG__TOOLS__PROFILE_OPTIONS_H
#define CAPIMG__TOOLS__PROFILE_OPTIONS_H

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "libimage/core/head.h"

namespace Capimg
{

struct Profile_options
{
	std::string codec = "raw";
	std::optional<int> level {};
	std::string block {}; /* with a unit: "64K" */
	int dedup_log2 = DEFAULT_DEDUP_LOG2;
	unsigned threads = 0;
	bool durable = true;

	/* a table of 24 MiB: knows every block of 4 GiB unless two fall into one slot */
	static constexpr int DEFAULT_DEDUP_LOG2 = 20;

	void add(CLI::App &);

	/* throws 'Image_error' for a combination that makes no sense */
	Profile profile() const;
};

/* "4096", "0x1000", "64K", "1M", "2G"; throws 'Image_error' naming 'option' */
std::uint64_t parse_size(std::string const &text, std::string const &option);

/* "0x1000" or "4096"; throws 'Image_error' naming 'option' */
std::uint64_t parse_number(std::string const &text, std::string const &option);

}

#endif /* CAPIMG__TOOLS__PROFILE_OPTIONS_H */
