#include "completion.h"

#include <CLI/CLI.hpp>

#include "completion_model.h"

namespace Capimg
{

using Generate = std::string (*)(std::string const &, Completion::Command const &);

static constexpr struct
{
	char const *name;
	Shell shell;
	Generate generate;
} SHELLS[] {
	{ "bash", Shell::BASH, Completion::bash_script },
	{ "zsh", Shell::ZSH, Completion::zsh_script },
	{ "fish", Shell::FISH, Completion::fish_script },
};

std::vector<std::string> shell_names()
{
	std::vector<std::string> names;
	for (auto const &entry : SHELLS) names.emplace_back(entry.name);
	return names;
}

std::optional<Shell> shell_from(std::string_view name)
{
	for (auto const &entry : SHELLS)
		if (name == entry.name) return entry.shell;
	return std::nullopt;
}

std::string completion(Shell shell, CLI::App const &app)
{
	for (auto const &entry : SHELLS)
		if (entry.shell == shell) return entry.generate(app.get_name(), Completion::model(app));
	return {};
}

}
