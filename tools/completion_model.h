/*
 * What completion scripts need to know of a command line
 *
 * A value is
 *
 * WORDS      if the option has a CLI::IsMember check,
 * DIRECTORY  if it has CLI::ExistingDirectory, or its type or option text says DIR,
 * FILE       if it has CLI::ExistingFile, CLI::ExistingPath or CLI::NonexistentPath, if its type or
 *            option text names a file (FILE, IMAGE, CORE, OUT, PATH, KEY, JSON, also as the first
 *            part of a name: IMAGE...), or if it is a positional that says nothing else,
 * ANY        otherwise: nothing is offered.
 *
 * Hidden options and subcommands (empty group) are left out. Options of a parent count for a
 * subcommand where it falls through to its parent.
 */

#ifndef CAPIMG__TOOLS__COMPLETION_MODEL_H
#define CAPIMG__TOOLS__COMPLETION_MODEL_H

#include <string>
#include <vector>

namespace CLI
{
class App;
}

namespace Capimg::Completion
{

enum class Kind { FLAG, ANY, FILE, DIRECTORY, WORDS };

struct Value
{
	Kind kind = Kind::ANY;
	std::vector<std::string> words {}; /* of WORDS */
};

struct Option
{
	std::vector<std::string> names {}; /* with dashes, short ones first */
	std::string description {};        /* first line only */
	std::string label {};              /* of the value, such as "FILE" */
	Value value {};
	bool repeatable = false;
};

struct Positional
{
	std::string label {};
	Value value {};
	bool many = false;
};

struct Command
{
	std::vector<std::string> path {}; /* names from below the program on; empty: the program */
	std::string description {};
	std::vector<Option> options {};
	std::vector<Positional> positionals {};
	std::vector<Command> subcommands {};

	std::string name() const { return path.empty() ? std::string() : path.back(); }
};

Command model(CLI::App const &program);

/* the command and all below it, each before those below it */
std::vector<Command const *> all(Command const &);

/* the strings with 'separator' between them */
std::string join(std::vector<std::string> const &, std::string const &separator);

/* the text with each 'what' replaced by 'with' */
std::string replaced(std::string const &text, std::string const &what, std::string const &with);

/* text in single quotes: for sh, bash and zsh, and for fish */
std::string sh_quoted(std::string const &);
std::string fish_quoted(std::string const &);

std::string bash_script(std::string const &program, Command const &);
std::string zsh_script(std::string const &program, Command const &);
std::string fish_script(std::string const &program, Command const &);

}

#endif /* CAPIMG__TOOLS__COMPLETION_MODEL_H */
