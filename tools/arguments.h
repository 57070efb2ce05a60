/*
 * What a command says of its part of the command line
 *
 * CLI11 does the work, and is documented elsewhere. It consists of headers that take seconds to
 * compile, so that most commands do not see it: what is here are references to its objects, to be
 * copied freely, which live as long as the parser.
 */

#ifndef CAPIMG__TOOLS__ARGUMENTS_H
#define CAPIMG__TOOLS__ARGUMENTS_H

#include <functional>
#include <string>
#include <vector>

namespace CLI
{
class App;
class Option;
}

namespace Capimg
{

/* an option, a flag, or a positional */
class Argument
{
	CLI::Option *_option;

  public:
	explicit Argument(CLI::Option *option) : _option(option) {}

	/* was it given? known when the command runs */
	explicit operator bool() const;

	Argument required(bool = true) const;
	Argument type_name(std::string const &) const;
	Argument default_text(std::string const &) const;
	Argument environment(std::string const &variable) const;
	Argument group(std::string const &) const;

	Argument needs(Argument) const;
	Argument excludes(Argument) const;

	Argument one_of(std::vector<std::string> const &) const;
	Argument one_of(std::vector<int> const &) const;
	Argument range(int min, int max) const;
	Argument positive() const;

	/* "64K", "1M", as a number */
	Argument size() const;

	using Transform = std::function<std::string(std::string)>;
	Argument transform(Transform const &) const;

	/* one value at a time: what stands behind it is not another one */
	Argument single() const;

	/* as 'single', and given again for another one */
	Argument repeated() const;
};

class Arguments
{
	CLI::App &_app;

  public:
	explicit Arguments(CLI::App &app) : _app(app) {}

	/*
	 * 'names' as CLI11 has them: "-o,--output", "NAME" for a positional, "!--no-sync" for a flag
	 * that takes something back
	 *
	 * T: std::string, std::uint64_t, unsigned, std::optional of one of these, of int, or of
	 * std::uint32_t; std::vector of std::string
	 */
	template <typename T>
	Argument option(std::string const &names, T &value, std::string const &about) const;

	/* called with the value */
	using Take = std::function<void(std::string const &)>;
	Argument setter(std::string const &names, Take const &, std::string const &about) const;

	Argument flag(std::string const &names, bool &value, std::string const &about) const;

	/* what the command does, when all arguments are known */
	void callback(std::function<void()> const &) const;
};

/* for what the parser cannot know; "NAME is required", "NAME: message" */
[[noreturn]] void fail_missing(std::string const &name);
[[noreturn]] void fail_argument(std::string const &name, std::string const &message);

}

#endif /* CAPIMG__TOOLS__ARGUMENTS_H */
