#include "completion_model.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include <CLI/CLI.hpp>

namespace Capimg::Completion
{

/* leading words of a type name or option text that say what the value is */
static constexpr struct
{
	std::string_view text;
	Kind kind;
} NAMES[] {
	{ "DIR", Kind::DIRECTORY }, { "DIRECTORY", Kind::DIRECTORY },
	{ "FILE", Kind::FILE },     { "IMAGE", Kind::FILE },
	{ "CORE", Kind::FILE },     { "OUT", Kind::FILE },
	{ "PATH", Kind::FILE },     { "KEY", Kind::FILE },
	{ "JSON", Kind::FILE },
};

static std::string first_line(std::string const &text) { return text.substr(0, text.find('\n')); }

/* the values of a CLI::IsMember among the parts of a type name: "TEXT:{a,b}" */
static std::vector<std::string> members(std::string const &type)
{
	std::size_t const open = type.find('{'), close = type.rfind('}');
	if (open == std::string::npos || close == std::string::npos || close < open) return {};

	std::vector<std::string> words;
	for (std::string &word : CLI::detail::split(type.substr(open + 1, close - open - 1), ',')) {
		/* a transformer's entry is "name->value" */
		word = word.substr(0, word.find("->"));
		if (!word.empty()) words.push_back(std::move(word));
	}
	return words;
}

/* "TEXT:FILE", "OUT", "IMAGE...": the kind that a part of it names, or ANY */
static Kind kind_of(std::string const &text)
{
	for (std::string const &part : CLI::detail::split(text, ':')) {
		auto const end = std::find_if(part.begin(), part.end(),
									  [](unsigned char c) { return !std::isupper(c); });
		std::string const word(part.begin(), end);
		for (auto const &name : NAMES)
			if (word == name.text) return name.kind;
	}
	return Kind::ANY;
}

static Value value_of(CLI::Option const &option)
{
	if (option.get_items_expected_max() == 0) return { .kind = Kind::FLAG };

	std::string const type = option.get_type_name();
	if (std::vector<std::string> words = members(type); !words.empty())
		return { .kind = Kind::WORDS, .words = std::move(words) };

	for (std::string const &text : { type, option.get_option_text() })
		if (Kind const kind = kind_of(text); kind != Kind::ANY) return { .kind = kind };

	return { .kind = option.nonpositional() ? Kind::ANY : Kind::FILE };
}

static std::string label_of(CLI::Option const &option)
{
	if (!option.get_option_text().empty()) return option.get_option_text();
	if (option.get_positional()) return option.get_single_name();
	std::string const type = option.get_type_name();
	return type.substr(0, type.find(':'));
}

static bool many(CLI::Option const &option)
{
	return option.get_items_expected_max() >= CLI::detail::expected_max_vector_size;
}

static void add_options(Command &command, CLI::App const &app)
{
	for (CLI::Option const *option : app.get_options({})) {
		if (option->get_group().empty()) continue;

		if (option->nonpositional()) {
			Option o { .description = first_line(option->get_description()),
					   .label = label_of(*option),
					   .value = value_of(*option),
					   .repeatable = many(*option) };
			for (std::string const &name : option->get_snames()) o.names.push_back("-" + name);
			for (std::string const &name : option->get_lnames()) o.names.push_back("--" + name);
			command.options.push_back(std::move(o));
		} else {
			command.positionals.push_back(
				{ .label = label_of(*option), .value = value_of(*option), .many = many(*option) });
		}
	}

	/* an option group is an App without a name */
	for (CLI::App const *group : app.get_subcommands({}))
		if (group->get_name().empty()) add_options(command, *group);
}

static Command command_of(CLI::App const &app, std::vector<std::string> path)
{
	Command command { .path = std::move(path), .description = first_line(app.get_description()) };

	add_options(command, app);
	CLI::App const *parent = &app;
	while (parent->get_fallthrough() && parent->get_parent()) {
		parent = parent->get_parent();
		/* its options only, and none that the command has itself, such as --help */
		Command other;
		add_options(other, *parent);
		for (Option &option : other.options) {
			bool const known =
				std::any_of(command.options.begin(), command.options.end(), [&](Option const &own) {
					return std::find_first_of(own.names.begin(), own.names.end(),
											  option.names.begin(),
											  option.names.end()) != own.names.end();
				});
			if (!known) command.options.push_back(std::move(option));
		}
	}

	for (CLI::App const *sub : app.get_subcommands({})) {
		if (sub->get_name().empty() || sub->get_group().empty()) continue;
		std::vector<std::string> below = command.path;
		below.push_back(sub->get_name());
		command.subcommands.push_back(command_of(*sub, std::move(below)));
	}
	return command;
}

Command model(CLI::App const &program) { return command_of(program, {}); }

std::vector<Command const *> all(Command const &command)
{
	std::vector<Command const *> list { &command };
	for (Command const &sub : command.subcommands) {
		auto const below = all(sub);
		list.insert(list.end(), below.begin(), below.end());
	}
	return list;
}

std::string join(std::vector<std::string> const &parts, std::string const &separator)
{
	std::string out;
	for (std::string const &part : parts) out += (out.empty() ? "" : separator) + part;
	return out;
}

std::string replaced(std::string const &text, std::string const &what, std::string const &with)
{
	std::string out;
	std::size_t from = 0;
	for (std::size_t at; (at = text.find(what, from)) != std::string::npos; from = at + what.size())
		out += text.substr(from, at - from) + with;
	return out + text.substr(from);
}

static std::string quoted(std::string const &text, std::string const &quote, bool backslash)
{
	std::string out = "'";
	for (char c : text) {
		if (c == '\'')
			out += quote;
		else if (c == '\\' && backslash)
			out += "\\\\";
		else
			out += c;
	}
	return out + "'";
}

std::string sh_quoted(std::string const &text) { return quoted(text, "'\\''", false); }

std::string fish_quoted(std::string const &text) { return quoted(text, "\\'", true); }

}
