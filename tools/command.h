/*
 * Subcommands of capimg
 *
 * Each one is a file command_<name>.cc that parses options and calls the library, and a row of
 * the table in commands.cc. Data goes to stdout, all else to stderr.
 */

#ifndef CAPIMG__TOOLS__COMMAND_H
#define CAPIMG__TOOLS__COMMAND_H

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "arguments.h"
#include "libimage/json_value.h"
#include "limit_options.h"
#include "terminal.h"

namespace Capimg
{

/* exit codes, as of diff(1) */
enum Exit_code { SOUND = 0, FINDINGS = 1, TROUBLE = 2 };

/* what subcommands share; one for each run */
struct Context
{
	std::string color = "auto"; /* --color */
	int exit_code = SOUND;      /* to be set by the command */
	Limit_options limits {};    /* of all commands that read files */

	Terminal out() const { return Terminal(1, *color_mode_from(color)); }
	Terminal err() const { return Terminal(2, *color_mode_from(color)); }
};

struct Command
{
	char const *name;
	char const *about;   /* one line */
	char const *example; /* one or more lines, shown first by --help */

	/* add options, and a callback that does the work */
	void (*add)(Arguments, Context &);

	bool reads_files = true; /* has the options of 'Limit_options' */
};

extern Command const command_import, command_inspect, command_caps, command_verify, command_dump,
	command_build, command_rewrite, command_redact, command_squash, command_convert, command_diff,
	command_cat, command_hexdump, command_search, command_plan, command_keygen, command_sign,
	command_receive, command_schema, command_completion;

/* all of them, in the order of --help */
std::span<Command const> commands();

/* the parser for all of them, with the options of those that are wanted; 'context' outlives it */
using Wanted = std::function<bool(Command const &)>;
std::unique_ptr<CLI::App> make_app(Context &context, Wanted const &wanted);

/*
 * Parse and run
 *
 * Returns the exit code. Every failure is one message on stderr and TROUBLE, CLI11's own
 * included.
 */
int run(int argc, char const *const *argv);

/* a JSON document on stdout, with its schema's name first and a newline at the end */
void print_json(char const *schema, Json const &);

/* "capimg: warning: …" on stderr */
void warn(Context const &, std::string const &message);

}

#endif /* CAPIMG__TOOLS__COMMAND_H */
