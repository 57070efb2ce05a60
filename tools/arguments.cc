#include "arguments.h"

#include <cstdint>
#include <optional>

#include <CLI/CLI.hpp>

namespace Capimg
{

/* ---- argument ---- */

Argument::operator bool() const { return bool(*_option); }

Argument Argument::required(bool value) const { return Argument(_option->required(value)); }

Argument Argument::type_name(std::string const &name) const
{
	return Argument(_option->type_name(name));
}

Argument Argument::default_text(std::string const &text) const
{
	return Argument(_option->default_str(text));
}

Argument Argument::environment(std::string const &variable) const
{
	return Argument(_option->envname(variable));
}

Argument Argument::group(std::string const &name) const { return Argument(_option->group(name)); }

Argument Argument::needs(Argument other) const { return Argument(_option->needs(other._option)); }

Argument Argument::excludes(Argument other) const
{
	return Argument(_option->excludes(other._option));
}

Argument Argument::one_of(std::vector<std::string> const &values) const
{
	return Argument(_option->check(CLI::IsMember(values)));
}

Argument Argument::one_of(std::vector<int> const &values) const
{
	return Argument(_option->check(CLI::IsMember(values)));
}

Argument Argument::range(int min, int max) const
{
	return Argument(_option->check(CLI::Range(min, max)));
}

Argument Argument::positive() const { return Argument(_option->check(CLI::PositiveNumber)); }

Argument Argument::size() const { return Argument(_option->transform(CLI::AsSizeValue(false))); }

Argument Argument::transform(Transform const &transform) const
{
	return Argument(_option->transform(transform));
}

Argument Argument::single() const { return Argument(_option->allow_extra_args(false)); }

Argument Argument::repeated() const
{
	return Argument(_option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
}

/* ---- arguments ---- */

template <typename T>
Argument Arguments::option(std::string const &names, T &value, std::string const &about) const
{
	return Argument(_app.add_option(names, value, about));
}

using Text = std::string const &;
template Argument Arguments::option(Text, std::string &, Text) const;
template Argument Arguments::option(Text, std::uint64_t &, Text) const;
template Argument Arguments::option(Text, unsigned &, Text) const;
template Argument Arguments::option(Text, std::optional<std::string> &, Text) const;
template Argument Arguments::option(Text, std::optional<std::uint64_t> &, Text) const;
template Argument Arguments::option(Text, std::optional<std::uint32_t> &, Text) const;
template Argument Arguments::option(Text, std::optional<int> &, Text) const;
template Argument Arguments::option(Text, std::vector<std::string> &, Text) const;

Argument Arguments::setter(std::string const &names, Take const &take,
						   std::string const &about) const
{
	return Argument(_app.add_option_function<std::string>(names, take, about));
}

Argument Arguments::flag(std::string const &names, bool &value, std::string const &about) const
{
	return Argument(_app.add_flag(names, value, about));
}

void Arguments::callback(std::function<void()> const &action) const { _app.callback(action); }

void fail_missing(std::string const &name) { throw CLI::RequiredError(name); }

void fail_argument(std::string const &name, std::string const &message)
{
	throw CLI::ValidationError(name, message);
}

}
