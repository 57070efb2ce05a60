/*
 * Outputs of all commands: with a fault at every operation, and a power cut before every one
 *
 * What was there before is there, or what the command makes; nothing else and no part of it.
 */

#include <cerrno>
#include <functional>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libimage/image_error.h"
#include "libimage/output_directory.h"
#include "libimage/output_file.h"
#include "tests/support/component_image.h"
#include "tests/support/failing_files.h"
#include "tests/support/image_family.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/simulated_disk.h"
#include "tests/support/small_image.h"
#include "tools/command.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace fs = std::filesystem;

namespace
{

using Bytes_vector = std::vector<std::byte>;

/* all files below a directory, by name */
using Tree = std::map<std::string, Bytes_vector>;

Tree tree(std::string const &path)
{
	Tree result;
	if (!fs::is_directory(path)) {
		if (fs::exists(path)) result[""] = read_file(path);
		return result;
	}
	for (auto const &entry : fs::recursive_directory_iterator(path))
		if (entry.is_regular_file())
			result[fs::relative(entry.path(), path).string()] = read_file(entry.path().string());
	return result;
}

int command(std::vector<std::string> const &arguments)
{
	std::vector<char const *> argv { "capimg" };
	for (std::string const &argument : arguments) argv.push_back(argument.c_str());
	testing::internal::CaptureStdout();
	testing::internal::CaptureStderr();
	int const result = run(int(argv.size()), argv.data());
	(void)testing::internal::GetCapturedStdout();
	(void)testing::internal::GetCapturedStderr();
	return result;
}

/* inputs, made once, outside of the disk that fails */
class Inputs
{
	Scratch_directory _scratch {};

	void _small(char const *name, unsigned seed) const
	{
		Small_image small;
		small.dataspaces.push_back(Pieces().random(2 * 4096, seed).zero(4096).random(100, seed));
		Scratch_directory::write(path(name), small.write());
	}

  public:
	Inputs()
	{
		_small("a.img", 1);
		_small("b.img", 2);
		Component_options options;
		options.count = 128;
		options.capabilities = 20;
		options.churn = 10;
		options.pools = 1;
		Scratch_directory::write(path("component.img"),
								 Component_image {}.write(Component(options)));
		if (command({ "dump", path("a.img"), "-o", path("a-dump") }))
			throw std::logic_error("dump");
	}

	std::string path(std::string const &name) const { return _scratch.path(name); }
};

struct Case
{
	char const *name;
	std::vector<std::string> arguments;  /* "<X" is input X, ">X" output X */
	std::vector<std::string> outputs;    /* in the order in which they appear */
	std::vector<std::string> prepare {}; /* a command that makes what was there before */
};

std::vector<Case> cases()
{
	return {
		{ "convert", { "convert", "<a.img", "--codec", "lz4", "-o", ">out" }, { "out" } },
		{ "convert_replaces",
		  { "convert", "<a.img", "--codec", "zstd", "-o", ">out" },
		  { "out" },
		  { "convert", "<b.img", "-o", ">out" } },
		{ "squash", { "squash", "<a.img", "-o", ">out" }, { "out" } },
		{ "build", { "build", "<a-dump", "-o", ">out" }, { "out" } },
		{ "rewrite",
		  { "rewrite", "<component.img", "--fresh", "0x40000", "-o", ">out", "--undo", ">undo" },
		  { "undo", "out" } },
		{ "rewrite_replaces",
		  { "rewrite", "<component.img", "--fresh", "0x40000", "-o", ">out", "--undo", ">undo" },
		  { "undo", "out" },
		  { "rewrite", "<component.img", "--fresh", "0x80000", "-o", ">out", "--undo", ">undo" } },
		{ "dump", { "dump", "<a.img", "-o", ">out" }, { "out" } },
		{ "dump_replaces",
		  { "dump", "<a.img", "-o", ">out", "--force" },
		  { "out" },
		  { "dump", "<b.img", "-o", ">out" } },
	};
}

class Outputs : public ::testing::TestWithParam<unsigned>
{
	static Inputs const &_inputs()
	{
		static Inputs const inputs;
		return inputs;
	}

	std::vector<std::string> _arguments(std::vector<std::string> const &from) const
	{
		std::vector<std::string> result;
		for (std::string const &word : from)
			result.push_back(word[0] == '<'   ? _inputs().path(word.substr(1))
							 : word[0] == '>' ? _disk.path(word.substr(1))
											  : word);
		return result;
	}

	Scratch_directory _disk {};

  protected:
	Case const _case = cases()[GetParam()];
	std::vector<Tree> _old {}, _new {};

	std::string const &root() const { return _disk.path(); }

	void reset()
	{
		for (auto const &entry : fs::directory_iterator(root())) fs::remove_all(entry);
		if (_case.prepare.empty()) return;
		ASSERT_EQ(command(_arguments(_case.prepare)), 0);
	}

	int execute() { return command(_arguments(_case.arguments)); }

	/* number of outputs that are new; all others are old, and there is nothing besides */
	unsigned check(std::string const &where, bool clean)
	{
		unsigned fresh = 0;
		for (std::size_t i = 0; i < _case.outputs.size(); i++) {
			Tree const now = tree(where + "/" + _case.outputs[i]);
			EXPECT_TRUE(now == _old[i] || now == _new[i]) << _case.outputs[i];
			bool const is_new = now == _new[i];
			EXPECT_TRUE(!is_new || fresh == i) << _case.outputs[i] << " came first";
			fresh += is_new;
		}
		if (clean) {
			for (auto const &entry : fs::directory_iterator(where)) {
				std::string const name = entry.path().filename().string();
				EXPECT_NE(std::ranges::find(_case.outputs, name), _case.outputs.end()) << name;
			}
		}
		return fresh;
	}

	void SetUp() override
	{
		reset();
		for (auto const &output : _case.outputs) _old.push_back(tree(root() + "/" + output));
		ASSERT_EQ(execute(), 0);
		for (auto const &output : _case.outputs) _new.push_back(tree(root() + "/" + output));
		ASSERT_EQ(check(root(), true), _case.outputs.size());
		for (std::size_t i = 0; i < _old.size(); i++) ASSERT_NE(_old[i], _new[i]);
	}
};

}

TEST_P(Outputs, with_a_fault_at_every_operation)
{
	for (int const error : { ENOSPC, EIO })
		for (bool const for_good : { false, true })
			for (unsigned n = 1;; n++) {
				SCOPED_TRACE("operation " + std::to_string(n));
				reset();
				Failing_files files(n, error, for_good);
				int code;
				{
					Replaced_file_operations const replaced(files);
					code = execute();
				}
				/* an operation that fails for good also fails to remove */
				unsigned const fresh = check(root(), !for_good && code != 0);
				if (code == 0) {
					ASSERT_EQ(fresh, _case.outputs.size());
				}
				if (HasFailure()) return;
				if (files.count() < n) {
					ASSERT_EQ(code, 0);
					break;
				}
			}
}

TEST_P(Outputs, with_a_power_cut_before_every_operation)
{
	for (unsigned cut = 0;; cut++) {
		SCOPED_TRACE("operation " + std::to_string(cut));
		reset();
		Simulated_disk disk(root(), cut);
		int code;
		{
			Replaced_file_operations const replaced(disk);
			code = execute();
		}
		for (unsigned n = 0; n < 8; n++) {
			Scratch_directory other;
			std::string const found = other.fresh();
			disk.outcome(n, found);
			unsigned const fresh = check(found, false);
			if (!disk.cut()) {
				ASSERT_EQ(fresh, _case.outputs.size()) << "it was done, and is not on the disk";
			}
			if (HasFailure()) return;
		}
		if (!disk.cut()) {
			ASSERT_EQ(code, 0);
			break;
		}
	}
}

INSTANTIATE_TEST_SUITE_P(Commands, Outputs, ::testing::Range(0u, unsigned(cases().size())),
						 [](auto const &info) { return cases()[info.param].name; });

/* the model notices what it is there for: each of these leaves out one step */
TEST(Simulated_disk, notices_a_missing_sync)
{
	struct Lazy final : File_operations
	{
		Simulated_disk &disk;
		bool const files, directories;
		Lazy(Simulated_disk &d, bool f, bool n) : disk(d), files(f), directories(n) {}

		int open(std::string const &p, int f, mode_t m) override { return disk.open(p, f, m); }
		int close(int fd) override { return disk.close(fd); }
		ssize_t write(int fd, std::span<iovec const> v) override { return disk.write(fd, v); }
		int link(int fd, std::string const &p) override { return disk.link(fd, p); }
		int rename(std::string const &a, std::string const &b) override
		{
			return disk.rename(a, b);
		}
		int sync(int fd) override
		{
			struct stat st
			{};
			::fstat(fd, &st);
			return (S_ISDIR(st.st_mode) ? directories : files) ? disk.sync(fd) : 0;
		}
	};
	for (bool const files : { false, true })
		for (bool const directories : { false, true }) {
			Scratch_directory scratch;
			Bytes_vector const old(3000, std::byte(1)), fresh(3000, std::byte(2));
			Scratch_directory::write(scratch.path("out"), old);
			Simulated_disk disk(scratch.path(), 1000);
			Lazy lazy(disk, files, directories);
			{
				Replaced_file_operations const replaced(lazy);
				Output_file output(scratch.path("out"));
				output.append(fresh);
				output.commit();
			}
			bool half = false, is_old = false;
			for (unsigned n = 0; n < 30; n++) {
				Scratch_directory other;
				std::string const found = other.fresh();
				disk.outcome(n, found);
				Bytes_vector const bytes = read_file(found + "/out");
				half |= bytes != old && bytes != fresh;
				is_old |= bytes == old;
			}
			EXPECT_EQ(half, !files);
			EXPECT_EQ(is_old, !directories);
		}
}

TEST(Output_file, hands_on_the_mode_of_what_it_replaces)
{
	Scratch_directory scratch;
	std::string const path = scratch.path("secret");
	auto const mode = [&] {
		struct stat st
		{};
		::stat(path.c_str(), &st);
		return st.st_mode & 07777;
	};
	auto const write = [&](mode_t wanted) {
		Output_file file(path, false, wanted);
		file.commit();
	};
	mode_t const mask = ::umask(022);
	write(0666);
	EXPECT_EQ(mode(), 0644u);
	::chmod(path.c_str(), 0600);
	write(0666);
	EXPECT_EQ(mode(), 0600u);
	fs::remove(path);
	write(0600);
	EXPECT_EQ(mode(), 0600u);
	::umask(mask);
}

/* one whole result, whoever is last */
TEST(Output_file, many_writers_at_once)
{
	Scratch_directory scratch;
	std::string const path = scratch.path("out");
	std::vector<pid_t> children;
	for (unsigned i = 0; i < 8; i++) {
		pid_t const child = ::fork();
		if (child == 0) {
			for (unsigned round = 0; round < 40; round++) {
				Output_file file(path, false);
				Bytes_vector const bytes(5000 + i, std::byte(i));
				for (std::size_t at = 0; at < bytes.size(); at += 1000)
					file.append(std::span(bytes).subspan(
						at, std::min<std::size_t>(1000, bytes.size() - at)));
				file.commit();
			}
			::_exit(0);
		}
		children.push_back(child);
	}
	auto const whole = [&] {
		if (!fs::exists(path)) return true;
		Bytes_vector const bytes = read_file(path);
		return bytes.size() >= 5000 &&
			   bytes == Bytes_vector(bytes.size(), std::byte(bytes.size() - 5000));
	};
	for (unsigned i = 0; i < 200; i++) ASSERT_TRUE(whole());
	for (pid_t const child : children) {
		int status = 1;
		::waitpid(child, &status, 0);
		EXPECT_EQ(status, 0);
	}
	EXPECT_TRUE(whole());
	EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 1);
}
