#include <iostream>

#include "command.h"
#include "completion.h"

namespace Capimg
{

static void add(CLI::App &app, Context &)
{
	auto const shell = std::make_shared<std::string>();

	app.add_option("SHELL", *shell, "bash, zsh or fish")
		->required()
		->check(CLI::IsMember(shell_names()))
		->type_name("SHELL");

	app.callback([shell] {
		Context context;
		std::cout << completion(*shell_from(*shell),
								*make_app(context, [](Command const &) { return true; }));
	});
}

Command const command_completion { "completion", "Print completions for a shell",
								   "source <(capimg completion bash)", add, false };

}
