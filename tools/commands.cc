#include "command.h"

#include <algorithm>
#include <array>
#include <iostream>

#include <CLI/CLI.hpp>
#include <kj/exception.h>

#include "libimage/image_error.h"
#include "libimage/json_writer.h"

namespace Capimg
{

std::span<Command const> commands()
{
	static std::array const table {
		command_import, command_inspect, command_caps,    command_verify, command_dump,
		command_build,  command_rewrite, command_redact,  command_squash, command_convert,
		command_diff,   command_cat,     command_hexdump, command_search, command_plan,
		command_keygen, command_sign,    command_receive, command_schema, command_completion
	};
	return table;
}

namespace
{

/* the example comes before everything else */
class Help_formatter : public CLI::Formatter
{
	std::string _example;

  public:
	explicit Help_formatter(std::string example) : _example(std::move(example))
	{
		column_width(34);
	}

	std::string make_help(CLI::App const *app, std::string name,
						  CLI::AppFormatMode mode) const override
	{
		std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
		if (mode == CLI::AppFormatMode::Sub || _example.empty()) return help;

		std::string text = "Example:\n";
		for (std::size_t at = 0; at < _example.size();) {
			std::size_t const end = std::min(_example.find('\n', at), _example.size());
			text += "  " + _example.substr(at, end - at) + "\n";
			at = end + 1;
		}
		return text + "\n" + help;
	}
};

}

static constexpr char const *EXAMPLE =
	"capimg import component.core -o component.img   an ELF core becomes an image\n"
	"capimg inspect component.img                    what is in it\n"
	"capimg caps component.img                       its capabilities\n"
	"capimg verify component.img                     is it sound?";

std::unique_ptr<CLI::App> make_app(Context &context, Wanted const &wanted)
{
	auto app = std::make_unique<CLI::App>("Checkpoint images of Genode components", "capimg");

	app->formatter(std::make_shared<Help_formatter>(EXAMPLE));
	app->set_version_flag("--version", "capimg " CAPIMG_VERSION, "Show the version and end");
	app->get_formatter()->column_width(34);
	app->require_subcommand(1);
	app->fallthrough();
	app->add_option("--color", context.color, "Colours: auto, always, never")
		->check(CLI::IsMember({ "auto", "always", "never" }))
		->type_name("WHEN")
		->default_str("auto");

	for (Command const &command : commands()) {
		CLI::App *const sub = app->add_subcommand(command.name, command.about);
		sub->formatter(std::make_shared<Help_formatter>(command.example));
		if (!wanted(command)) continue;
		command.add(Arguments(*sub), context);
		if (command.reads_files) context.limits.add(Arguments(*sub));
	}
	return app;
}

static int complain(Context const &context, std::string const &message)
{
	std::cerr << context.err().style(Style::BAD, "capimg:") << " " << message << "\n";
	return TROUBLE;
}

int run(int argc, char const *const *argv)
{
	Context context;

	/* options of all commands would take longer than 'inspect' does */
	std::span<char const *const> const arguments(argv, std::size_t(argc));
	std::unique_ptr<CLI::App> const app = make_app(context, [&](Command const &command) {
		return std::ranges::find(arguments, std::string_view(command.name)) != arguments.end();
	});

	try {
		app->parse(argc, argv);
		std::cout.flush();
		if (!std::cout) return complain(context, "-: writing to standard output failed");
		return context.exit_code;

	} catch (CLI::ParseError const &error) {
		/* --help and --version end with success; what CLI11 calls errors is trouble */
		return app->exit(error, std::cout, std::cerr) == 0 ? SOUND : TROUBLE;
	} catch (Image_error const &error) {
		return complain(context, error.what());
	} catch (kj::Exception const &error) {
		return complain(context, std::string("Cap'n Proto: ") + error.getDescription().cStr());
	} catch (std::bad_alloc const &) {
		return complain(context, context.limits.out_of_memory());
	} catch (std::exception const &error) {
		return complain(context, error.what());
	}
}

void print_json(char const *schema, Json const &body)
{
	Json document { { "schema", schema } };
	document.update(body);
	std::cout << json_text(document);
}

void warn(Context const &context, std::string const &message)
{
	std::cerr << context.err().style(Style::WARNING, "capimg: warning:") << " " << message << "\n";
}

}
