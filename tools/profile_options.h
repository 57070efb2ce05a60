/*
 * Options of all commands that write an image: how its blocks are stored
 */

#ifndef CAPIMG__TOOLS__PROFILE_OPTIONS_H
#define CAPIMG__TOOLS__PROFILE_OPTIONS_H

#include <optional>
#include <string>

#include "arguments.h"
#include "libimage/core/head.h"

namespace Capimg
{

struct Profile_options
{
	std::optional<std::string> codec {};
	std::optional<int> level {};
	std::string block {}; /* with a unit: "64K" */
	std::optional<int> dedup_log2 {};

	/* a table of 24 MiB: knows every block of 4 GiB unless two fall into one slot */
	static constexpr int DEFAULT_DEDUP_LOG2 = 20;

	enum class Defaults { OF_NEW_IMAGE, AS_IT_IS };

	/* 'defaults' is what --help says about options that are not given */
	void add(Arguments, Defaults);

	/* of a new image; throws 'Image_error' for a combination that makes no sense */
	Profile profile() const;

	/*
	 * A profile where only what is given changes
	 *
	 * Another codec comes with its usual level, and keeps the size of the blocks. The version of
	 * the codec is the one that is here. Throws as 'profile'.
	 */
	Profile changed(Profile const &) const;

  private:
	void _set_codec(Profile &, int usual_level) const;
	void _set_block_size(Profile &) const;
};

/* "4096", "0x1000", "64K", "1M", "2G"; throws 'Image_error' naming 'option' */
std::uint64_t parse_size(std::string const &text, std::string const &option);

/* "0x1000" or "4096"; throws 'Image_error' naming 'option' */
std::uint64_t parse_number(std::string const &text, std::string const &option);

}

#endif /* CAPIMG__TOOLS__PROFILE_OPTIONS_H */
