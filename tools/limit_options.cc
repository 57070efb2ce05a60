#include "limit_options.h"

#include <csignal>
#include <functional>
#include <sys/resource.h>
#include <unistd.h>

#include "command.h"
#include "libimage/image_error.h"
#include "profile_options.h"

namespace Capimg
{

/* the soft limit, as far as the hard one allows */
static void limit_resource(int resource, std::uint64_t value, char const *option)
{
	rlimit limit {};
	if (::getrlimit(resource, &limit)) throw Image_error::from_errno(errno, option, "limiting");
	limit.rlim_cur = std::min<rlim_t>(value, limit.rlim_max);
	if (::setrlimit(resource, &limit)) throw Image_error::from_errno(errno, option, "limiting");
}

void Limit_options::_limit_memory()
{
	/* the sanitizers' own memory would not fit into any limit */
#if !defined(__SANITIZE_ADDRESS__)
	limit_resource(RLIMIT_DATA, memory, "--max-memory");
#endif
}

static void out_of_time(int)
{
	static constexpr char MESSAGE[] = "capimg: more time is needed than --max-time allows\n";
	(void)!::write(STDERR_FILENO, MESSAGE, sizeof(MESSAGE) - 1);
	::_exit(TROUBLE);
}

void Limit_options::_limit_time()
{
	std::signal(SIGXCPU, out_of_time);
	limit_resource(RLIMIT_CPU, seconds, "--max-time");
}

std::string Limit_options::out_of_memory() const
{
	if (!memory) return "out of memory";
	return "more memory is needed than --max-memory allows, " + std::to_string(memory) + " bytes";
}

void Limit_options::add(Arguments app)
{
	struct Row
	{
		char const *name, *type;
		std::uint64_t &value;
		std::string about;
		void (Limit_options::*apply)();
	};
	Reading_limits const usual;
	auto const count = [](std::uint64_t value) {
		return " (default: " + std::to_string(value) + ")";
	};
	auto const mib = [](std::uint64_t value) {
		return " (default: " + std::to_string(value >> 20) + "M)";
	};
	Row const rows[] {
		{ "memory", "SIZE", memory, "Memory to use, besides mapped files (default: any)",
		  &Limit_options::_limit_memory },
		{ "time", "SECONDS", seconds, "Processor time to use (default: any)",
		  &Limit_options::_limit_time },
		{ "blocks", "N", reading.blocks, "Blocks of an image" + count(usual.blocks), nullptr },
		{ "objects", "N", reading.objects, "Objects of an image" + count(usual.objects), nullptr },
		{ "manifest", "SIZE", reading.manifest, "Size of a manifest" + mib(usual.manifest),
		  nullptr },
		{ "regions", "N", reading.regions,
		  "Regions of a component, nested ones counted" + count(usual.regions), nullptr },
		{ "shown", "SIZE", reading.shown,
		  "Memory to go through that no file has: zero, absent, shown again" + mib(usual.shown),
		  nullptr },
	};
	for (Row const &row : rows) {
		std::string const option = std::string("--max-") + row.name;
		std::string variable = std::string("CAPIMG_MAX_") + row.name;
		for (char &c : variable) c = char(std::toupper(c));

		auto const set = [this, option, &value = row.value,
						  apply = row.apply](std::string const &text) {
			value = parse_size(text, option);
			if (!value)
				throw Image_error({ {}, Code::BAD_ARGUMENT, {}, option, "0 allows nothing", {} });
			if (apply) (this->*apply)();
		};
		app.setter(option, set, row.about)
			.type_name(row.type)
			.environment(variable)
			.group("Limits");
	}
}

}
