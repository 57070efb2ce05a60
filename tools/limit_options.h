/*
 * Options of all commands that read files: what reading may cost
 *
 * Each one can be given in the environment, too: CAPIMG_MAX_MEMORY for '--max-memory'.
 */

#ifndef CAPIMG__TOOLS__LIMIT_OPTIONS_H
#define CAPIMG__TOOLS__LIMIT_OPTIONS_H

#include "arguments.h"
#include "libimage/reading_limits.h"

namespace Capimg
{

struct Limit_options
{
	Reading_limits reading {};

	/* limits of the process, in force from where the option is read on; 0: none */
	std::uint64_t memory = 0;  /* bytes that are written to, mapped files not counted */
	std::uint64_t seconds = 0; /* of all processors together */

	void add(Arguments);

	/* what to say when memory is exhausted */
	std::string out_of_memory() const;

  private:
	void _limit_memory();
	void _limit_time();
};

}

#endif /* CAPIMG__TOOLS__LIMIT_OPTIONS_H */
