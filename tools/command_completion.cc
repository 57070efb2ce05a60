#include <iostream>

#include <CLI/CLI.hpp>

#include "command.h"
#include "completion.h"

namespace Capimg
{

static void add(Arguments app, Context &)
{
	auto const shell = std::make_shared<std::string>();

	app.option("SHELL", *shell, "bash, zsh or fish")
		.required()
		.one_of(shell_names())
		.type_name("SHELL");

	app.callback([shell] {
		Context context;
		std::cout << completion(*shell_from(*shell),
								*make_app(context, [](Command const &) { return true; }));
	});
}

Command const command_completion { "completion", "Print completions for a shell",
								   "source <(capimg completion bash)", add, false };

}
