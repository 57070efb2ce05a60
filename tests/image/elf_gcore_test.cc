/*
 * Cores that gdb takes of live processes
 *
 * gdb prints registers and memory in the same stop in which it writes the core: two
 * independent ways to the same values. An ordinary process has no capability map.
 */

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <capnp/dynamic.h>
#include <gtest/gtest.h>

#include "libimage/core_memory.h"
#include "libimage/elf_core.h"
#include "libimage/import.h"

#ifdef __x86_64__

namespace
{

using namespace Capimg;
namespace fs = std::filesystem;

/* a program that waits for ever, with a pipe as standard input */
class Process : Noncopyable
{
	pid_t _pid = -1;
	int _input = -1;

  public:
	explicit Process(std::vector<std::string> const &words)
	{
		int ends[2] {};
		if (::pipe2(ends, O_CLOEXEC)) throw std::runtime_error("pipe2");
		_input = ends[1];

		std::vector<char *> arguments;
		arguments.reserve(words.size() + 1);
		for (std::string const &word : words) arguments.push_back(const_cast<char *>(word.c_str()));
		arguments.push_back(nullptr);

		posix_spawn_file_actions_t actions;
		::posix_spawn_file_actions_init(&actions);
		::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
		int const error =
			::posix_spawnp(&_pid, arguments[0], &actions, nullptr, arguments.data(), environ);
		::posix_spawn_file_actions_destroy(&actions);
		::close(ends[0]);
		if (error) throw std::runtime_error("cannot start " + words[0]);
	}

	~Process()
	{
		::kill(_pid, SIGKILL);
		::waitpid(_pid, nullptr, 0);
		::close(_input);
	}

	pid_t pid() const { return _pid; }

	std::size_t threads() const
	{
		auto const tasks = fs::directory_iterator("/proc/" + std::to_string(_pid) + "/task");
		return std::size_t(std::distance(begin(tasks), end(tasks)));
	}

	/* blocked in the kernel, in the program that was asked for */
	bool waiting(std::string const &name) const
	{
		std::ifstream in("/proc/" + std::to_string(_pid) + "/stat");
		std::string const line { std::istreambuf_iterator<char>(in), {} };
		return line.find("(" + name + ") S") != std::string::npos;
	}

	void wait_until_ready(std::string const &name, std::size_t wanted_threads) const
	{
		for (unsigned i = 0; i < 3000; i++) {
			if (waiting(name) && threads() == wanted_threads) return;
			::usleep(10'000);
		}
		throw std::runtime_error(name + " does not come to rest");
	}
};

std::string output_of(std::string const &command)
{
	std::string result;
	FILE *const pipe = ::popen(command.c_str(), "r");
	char buffer[4096];
	while (std::size_t const n = std::fread(buffer, 1, sizeof(buffer), pipe))
		result.append(buffer, n);
	EXPECT_EQ(::pclose(pipe), 0) << command;
	return result;
}

using Registers = std::map<std::string, std::uint64_t>;

/* gdb's name of a register of 'RegistersX86x64', empty if gdb has none */
std::string gdb_name(std::string const &schema)
{
	static std::map<std::string, std::string> const others {
		{ "ip", "rip" },  { "sp", "rsp" },   { "fsBase", "fs_base" },   { "gsBase", "gs_base" },
		{ "trapno", "" }, { "errcode", "" }, { "origRax", "orig_rax" },
	};
	auto const it = others.find(schema);
	return it == others.end() ? schema : it->second;
}

struct Program
{
	char const *name; /* as the kernel has it */
	std::vector<std::string> command;
	std::size_t threads;
};

/* how GoogleTest names the parameter */
void PrintTo(Program const &program, std::ostream *out) { *out << program.name; }

class Gcore : public ::testing::TestWithParam<Program>
{};

std::vector<Program> programs()
{
	std::string const python = "import threading, time\n"
							   "for i in range(3):\n"
							   "\tthreading.Thread(target=time.sleep, args=(1000,)).start()\n";
	return {
		{ "sleep", { "sleep", "1000" }, 1 },
		{ "cat", { "cat" }, 1 },
		{ "bash", { "bash", "--norc", "-c", "read line; exit" }, 1 },
		{ "perl", { "perl", "-e", "my %h = map { $_ => [$_] } 1..10000; <STDIN>" }, 1 },
		{ "python3", { "/usr/bin/python3", "-c", python }, 4 },
	};
}

TEST_P(Gcore, Threads_memory_and_no_capability_map)
{
	Program const &program = GetParam();
	Process const process(program.command);
	process.wait_until_ready(program.name, program.threads);

	std::string const path = ::testing::TempDir() + "gcore_test." + std::to_string(process.pid());
	std::string names;
	for (auto const field : capnp::Schema::from<Schema::RegistersX86x64>().getFields()) {
		std::string const name = gdb_name(field.getProto().getName().cStr());
		if (!name.empty()) names += " " + name;
	}

	/* "REG <tid> <name> <value>", "MEM <tid> <address> <value>" */
	std::string printing;
	std::istringstream all(names);
	for (std::string name; all >> name;)
		printing += " -ex 'thread apply all -q printf \"REG %d " + name +
					" %lx\\n\", $_gthread, $" + name + "'";
	std::string const gdb = "DEBUGINFOD_URLS= gdb -nx -batch -p " + std::to_string(process.pid()) +
							" -ex 'gcore " + path + "'" + printing +
							" -ex 'thread apply all -q printf \"MEM %d %lx %lx\\n\", $_gthread,"
							" $sp, *(unsigned long *)$sp'"
							" -ex 'info threads' 2>/dev/null";
	std::string const output = output_of(gdb);

	Elf_core const core(path);
	fs::remove(path);

	EXPECT_EQ(core.process_name(), program.name);
	ASSERT_EQ(core.threads().size(), program.threads);

	Import_plan plan(core, {});
	Schema::Manifest::Reader const manifest = plan.manifest().asReader();
	EXPECT_TRUE(manifest.getMemorySearched());
	EXPECT_EQ(plan.report().layout, "");
	EXPECT_EQ(manifest.getCapabilitySpaces().size(), 0u);
	EXPECT_EQ(manifest.getBadgeTrees().size(), 0u);
	EXPECT_EQ(manifest.getRawBadges().size(), 0u);
	EXPECT_EQ(manifest.getKernel(), Schema::Kernel::UNKNOWN);
	EXPECT_EQ(std::string(manifest.getLabel().cStr()), program.name);

	/* gdb's numbers of threads by their numbers in the kernel, from 'info threads' */
	std::map<unsigned, std::uint64_t> tid_of;
	std::istringstream lines(output);
	for (std::string line; std::getline(lines, line);) {
		std::size_t const lwp = line.find("LWP "), process_at = line.find(" process ");
		std::size_t const at = lwp != std::string::npos ? lwp + 4 : process_at + 9;
		if (line.size() < 4 || (lwp == std::string::npos && process_at == std::string::npos))
			continue;
		if (line[0] != ' ' && line[0] != '*') continue;
		tid_of[unsigned(std::stoul(line.substr(2)))] = std::stoull(line.substr(at));
	}
	ASSERT_EQ(tid_of.size(), program.threads) << output;

	std::map<std::uint64_t, Registers> expected;
	std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> stack;
	std::istringstream words(output);
	for (std::string word; words >> word;) {
		unsigned number = 0;
		if (word == "REG") {
			std::string name;
			std::uint64_t value = 0;
			words >> std::dec >> number >> name >> std::hex >> value;
			expected[tid_of[number]][name] = value;
		} else if (word == "MEM") {
			std::uint64_t address = 0, value = 0;
			words >> std::dec >> number >> std::hex >> address >> value;
			stack[tid_of[number]] = { address, value };
		}
	}

	Core_memory const memory(core);
	std::size_t threads = 0;
	for (auto const object : manifest.getObjects()) {
		if (!object.isThread()) continue;
		threads++;
		auto const thread = object.getThread();
		Registers const &want = expected[thread.getNativeId()];
		ASSERT_TRUE(thread.getRegisters().isX86x64());
		capnp::DynamicStruct::Reader const have(thread.getRegisters().getX86x64());

		std::size_t compared = 0;
		for (auto const field : have.getSchema().getFields()) {
			std::string const name = gdb_name(field.getProto().getName().cStr());
			if (name.empty()) continue;
			ASSERT_TRUE(want.count(name)) << name << "\n" << output;
			EXPECT_EQ(have.get(field).as<std::uint64_t>(), want.at(name)) << name;
			compared++;
		}
		EXPECT_EQ(compared, 27u);

		EXPECT_GE(thread.getFpu().getState().size(), 512u);
		EXPECT_NE(thread.getFpu().getFormat(), Schema::FpuFormat::UNKNOWN);

		auto const [address, value] = stack[thread.getNativeId()];
		std::uint64_t on_stack = 0;
		EXPECT_EQ(address, have.get("sp").as<std::uint64_t>());
		EXPECT_FALSE(memory.read(address, Bytes(&on_stack, 8)));
		EXPECT_EQ(on_stack, value);
	}
	EXPECT_EQ(threads, program.threads);
}

INSTANTIATE_TEST_SUITE_P(Programs, Gcore, ::testing::ValuesIn(programs()),
						 [](auto const &info) { return std::string(info.param.name); });

}

#endif
