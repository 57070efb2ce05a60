#include "tools/completion.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "tools/completion_model.h"

using namespace Capimg;
namespace fs = std::filesystem;

namespace
{

/* a command line with all that the scripts tell apart, and all that shells trip over */
struct Program
{
	CLI::App app { "Checkpoint images", "demo" };
	std::string text {};
	std::vector<std::string> texts {};
	bool flag = false;

	Program()
	{
		app.fallthrough();
		app.add_flag("--version", flag, "Version, and what it's worth: \"all\" [of it] $HOME \\n");
		app.add_option("--color", text, "Colours")
			->check(CLI::IsMember({ "auto", "always", "never" }));

		CLI::App &import = *app.add_subcommand("import", "An ELF core becomes an image: it's so");
		import.fallthrough();
		import.add_option("core", text, "The core")->required();
		import.add_option("-o,--output", text, "Where to")->option_text("IMAGE");
		import.add_option("--kernel", text, "Kernel")->check(CLI::IsMember({ "foc", "linux" }));
		import.add_option("--cap-map", text, "Address")->type_name("ADDR");
		import.add_option("--set", texts, "May come again")->type_name("OLD=NEW");
		import.add_option("--secret", text, "Hidden")->group("");

		CLI::App &inspect = *app.add_subcommand("inspect", "Look");
		inspect.add_option("image", text, "The image")->required();
		inspect.add_option("what", text, "Part")->check(CLI::IsMember({ "objects", "threads" }));
		CLI::Option_group &group = *inspect.add_option_group("more");
		group.add_flag("--json", flag, "JSON");

		CLI::App &build = *app.add_subcommand("build", "Directory");
		build.add_option("dir", text, "From")->check(CLI::ExistingDirectory);

		CLI::App &key = *app.add_subcommand("key", "Keys");
		CLI::App &sign = *key.add_subcommand("sign", "Sign");
		sign.add_option("parts", texts, "Images");
		sign.add_option("--with", text, "Key")->type_name("KEY");
		app.add_subcommand("secret", "Hidden")->group("");
	}
};

/* the scripts, and a folder for the shells to look at */
class Completion_test : public testing::Test
{
	std::string _dir;

  protected:
	Program program {};

	Completion_test()
	{
		char name[] = "/tmp/capimg-completion-XXXXXX";
		if (!::mkdtemp(name)) std::abort();
		_dir = name;
		fs::create_directory(_dir + "/files");
		fs::create_directory(_dir + "/files/folder");
		std::ofstream(_dir + "/files/one core.core") << "x";
		for (std::string const &shell : shell_names())
			std::ofstream(_dir + "/demo." + shell) << completion(*shell_from(shell), program.app);
	}

	~Completion_test() override { fs::remove_all(_dir); }

	std::string script(std::string const &shell) const { return _dir + "/demo." + shell; }

	static bool installed(std::string const &shell)
	{
		return std::system(("command -v " + shell + " > /dev/null").c_str()) == 0;
	}

	/* what a command writes to stdout, by lines, sorted */
	std::vector<std::string> run(std::string const &command, int &status) const
	{
		std::string const all = "cd " + _dir + "/files && HOME=" + _dir + " " + command + " 2>&1";
		std::FILE *const pipe = ::popen(all.c_str(), "r");
		if (!pipe) std::abort();
		std::string out;
		std::array<char, 4096> buffer {};
		while (std::size_t const n = std::fread(buffer.data(), 1, buffer.size(), pipe))
			out.append(buffer.data(), n);
		status = ::pclose(pipe);

		std::vector<std::string> lines;
		std::istringstream in(out);
		for (std::string line; std::getline(in, line);) lines.push_back(line);
		std::sort(lines.begin(), lines.end());
		return lines;
	}

	/* what bash offers for the last one of these words, split as its readline does */
	std::vector<std::string> bash(std::vector<std::string> const &words) const
	{
		std::string list;
		for (std::string const &word : words) list += " " + Completion::sh_quoted(word);
		std::string const code =
			"source " + script("bash") + "; COMP_WORDS=(" + list +
			"); COMP_CWORD=" + std::to_string(words.size() - 1) +
			"; $(complete -p demo | sed 's/.*-F \\([^ ]*\\).*/\\1/')" +
			"; (( ${#COMPREPLY[@]} )) && printf '%s\\n' \"${COMPREPLY[@]}\"; :";
		int status = 0;
		auto const lines = run("bash --norc --noprofile -c " + Completion::sh_quoted(code), status);
		EXPECT_EQ(status, 0);
		return lines;
	}

	/* what fish offers for the end of this line, without descriptions */
	std::vector<std::string> fish(std::string const &line) const
	{
		std::string const code =
			"source " + script("fish") + "; complete -C " + Completion::fish_quoted(line);
		int status = 0;
		auto lines = run("fish --no-config -c " + Completion::sh_quoted(code), status);
		EXPECT_EQ(status, 0);
		for (std::string &l : lines) l = l.substr(0, l.find('\t'));
		return lines;
	}
};

using Words = std::vector<std::string>;

}

TEST_F(Completion_test, model)
{
	using Completion::Kind;
	Completion::Command const root = Completion::model(program.app);

	Words names;
	for (auto const *command : Completion::all(root))
		names.push_back(Completion::join(command->path, " "));
	EXPECT_EQ(names, (Words { "", "import", "inspect", "build", "key", "key sign" }));

	Completion::Command const &import = root.subcommands.at(0);
	EXPECT_EQ(import.description, "An ELF core becomes an image: it's so");
	auto option = [&](std::string const &name) -> Completion::Option const & {
		for (auto const &o : import.options)
			if (std::count(o.names.begin(), o.names.end(), name)) return o;
		throw std::out_of_range(name);
	};
	EXPECT_EQ(option("-o").names, (Words { "-o", "--output" }));
	EXPECT_EQ(option("-o").value.kind, Kind::FILE);
	EXPECT_EQ(option("-o").label, "IMAGE");
	EXPECT_EQ(option("--kernel").value.kind, Kind::WORDS);
	EXPECT_EQ(option("--kernel").value.words, (Words { "foc", "linux" }));
	EXPECT_EQ(option("--cap-map").value.kind, Kind::ANY);
	EXPECT_FALSE(option("--cap-map").repeatable);
	EXPECT_TRUE(option("--set").repeatable);
	EXPECT_EQ(option("--help").value.kind, Kind::FLAG);
	EXPECT_EQ(option("--color").value.kind, Kind::WORDS); /* of the program */
	EXPECT_THROW(option("--secret"), std::out_of_range);
	ASSERT_EQ(import.positionals.size(), 1u);
	EXPECT_EQ(import.positionals[0].value.kind, Kind::FILE);

	EXPECT_EQ(root.subcommands.at(2).positionals.at(0).value.kind, Kind::DIRECTORY);
}

TEST_F(Completion_test, shells)
{
	EXPECT_EQ(shell_names(), (Words { "bash", "zsh", "fish" }));
	EXPECT_EQ(shell_from("tcsh"), std::nullopt);
}

TEST_F(Completion_test, same_bytes_each_time)
{
	Program other;
	for (std::string const &shell : shell_names())
		EXPECT_EQ(completion(*shell_from(shell), program.app),
				  completion(*shell_from(shell), other.app));
}

TEST_F(Completion_test, scripts_are_well_formed)
{
	for (std::string const &shell : shell_names()) {
		if (!installed(shell)) continue;
		int status = 0;
		EXPECT_EQ(run(shell + " -n " + script(shell), status), Words {}) << shell;
		EXPECT_EQ(status, 0) << shell;
	}
}

TEST_F(Completion_test, bash_commands_and_options)
{
	EXPECT_EQ(bash({ "demo", "" }), (Words { "build", "import", "inspect", "key" }));
	EXPECT_EQ(bash({ "demo", "i" }), (Words { "import", "inspect" }));
	EXPECT_EQ(bash({ "demo", "--v" }), Words { "--version" });
	EXPECT_EQ(bash({ "demo", "--color", "always", "bu" }), Words { "build" });
	EXPECT_EQ(bash({ "demo", "import", "--c" }), (Words { "--cap-map", "--color" }));
	EXPECT_EQ(bash({ "demo", "inspect", "--j" }), Words { "--json" });
	EXPECT_EQ(bash({ "demo", "key", "" }), Words { "sign" });
	EXPECT_EQ(bash({ "demo", "key", "sign", "--w" }), Words { "--with" });
}

TEST_F(Completion_test, bash_values)
{
	EXPECT_EQ(bash({ "demo", "import", "--kernel", "" }), (Words { "foc", "linux" }));
	EXPECT_EQ(bash({ "demo", "import", "--kernel", "=", "l" }), Words { "linux" });
	EXPECT_EQ(bash({ "demo", "import", "--kernel", "=" }), (Words { "foc", "linux" }));
	EXPECT_EQ(bash({ "demo", "--color", "=", "always", "b" }), Words { "build" });
	EXPECT_EQ(bash({ "demo", "import", "--cap-map", "" }), Words {});
	EXPECT_EQ(bash({ "demo", "import", "-o", "" }), (Words { "folder", "one core.core" }));
	EXPECT_EQ(bash({ "demo", "import", "-o", "x", "one" }), Words { "one core.core" });
	EXPECT_EQ(bash({ "demo", "import", "x", "" }), Words {});
	EXPECT_EQ(bash({ "demo", "inspect", "-", "" }), (Words { "objects", "threads" }));
	EXPECT_EQ(bash({ "demo", "build", "" }), Words { "folder" });
	EXPECT_EQ(bash({ "demo", "key", "sign", "a", "b", "one" }), Words { "one core.core" });
	EXPECT_EQ(bash({ "demo", "key", "sign", "--with", "f" }), Words { "folder" });
}

TEST_F(Completion_test, fish_commands_options_and_values)
{
	if (!installed("fish")) GTEST_SKIP() << "fish is not installed";
	EXPECT_EQ(fish("demo "), (Words { "build", "import", "inspect", "key" }));
	EXPECT_EQ(fish("demo --ver"), Words { "--version" });
	EXPECT_EQ(fish("demo import --c"), (Words { "--cap-map", "--color" }));
	EXPECT_EQ(fish("demo import --kernel "), (Words { "foc", "linux" }));
	EXPECT_EQ(fish("demo import --cap-map "), Words {});
	EXPECT_EQ(fish("demo import -o one"), Words { "one core.core" });
	EXPECT_EQ(fish("demo import one"), Words { "one core.core" });
	EXPECT_EQ(fish("demo build "), Words { "folder/" });
	EXPECT_EQ(fish("demo key "), Words { "sign" });
	EXPECT_EQ(fish("demo key sign --w"), Words { "--with" });
}

/* zsh completes in a terminal only: '_arguments' is replaced by one that shows what it is given */
TEST_F(Completion_test, zsh_specifications)
{
	if (!installed("zsh")) GTEST_SKIP() << "zsh is not installed";
	std::string const code = "compdef() { :; }; _arguments() { printf '%s\\n' \"$@\" }; source " +
							 script("zsh") + "; _demo__import; _demo__key__sign";
	int status = 0;
	Words const specs = run("zsh -f -c " + Completion::sh_quoted(code), status);
	EXPECT_EQ(status, 0);
	for (char const *expected :
		 { "(-o --output)--output=[Where to]:IMAGE:_files",
		   "(-o --output)-o+[Where to]:IMAGE:_files",
		   "(--kernel)--kernel=[Kernel]:TEXT:(foc linux)", "(--cap-map)--cap-map=[Address]:ADDR: ",
		   "*--set=[May come again]:OLD=NEW: ", "1:core:_files", "*:parts:_files",
		   "(--color)--color=[Colours]:TEXT:(auto always never)" })
		EXPECT_NE(std::count(specs.begin(), specs.end(), expected), 0) << expected;
}
