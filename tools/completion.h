/*
 * Shell completions, generated from the command line parser
 *
 * CLI11 has none of its own. What the scripts know comes from the CLI::App alone: subcommands
 * (of any depth), options with their descriptions, and what a value may be (completion_model.h).
 * The same App gives the same bytes.
 */

#ifndef CAPIMG__TOOLS__COMPLETION_H
#define CAPIMG__TOOLS__COMPLETION_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI
{
class App;
}

namespace Capimg
{

enum class Shell { BASH, ZSH, FISH };

/* "bash", "zsh", "fish": for CLI::IsMember */
std::vector<std::string> shell_names();

std::optional<Shell> shell_from(std::string_view name);

/* the script for the program of that App; the App's name is the program's */
std::string completion(Shell, CLI::App const &);

}

#endif /* CAPIMG__TOOLS__COMPLETION_H */
