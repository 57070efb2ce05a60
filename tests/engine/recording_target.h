/*
 * A target that writes down what it is asked to do
 *
 * Each call is a line of 'log'; call number 'fail_at' fails instead. Objects, regions, windows and
 * threads are kept, so that a test sees what is left. Provides everything unless told otherwise.
 */

#ifndef CAPIMG__TESTS__ENGINE__RECORDING_TARGET_H
#define CAPIMG__TESTS__ENGINE__RECORDING_TARGET_H

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "capimg/target.h"

namespace Capimg::Test
{

class Recording_target final : public Engine::Target
{
	using Object = Metadata::Object::Reader;

	std::size_t _calls = 0;

	Status _call(std::string const &text);
	Engine::Created _create(std::string const &what, Object const &, std::string const &more = {});

  public:
	std::vector<std::string> log {};
	std::size_t fail_at = ~std::size_t(0); /* number of the call, from 0 on; undoing never fails */
	bool quiet_windows = true;             /* windows are no lines of the log */

	/* badge that an object gets here */
	std::function<Capimg::uint64_t(std::uint32_t id, Capimg::uint64_t old)> badge =
		[](std::uint32_t, Capimg::uint64_t old) { return old; };
	std::map<std::uint32_t, Capimg::uint64_t> old_badges {}; /* of companions, by id */

	/* what is there */
	std::set<std::uint32_t> objects {}, companions {}, started {};
	std::map<std::uint32_t, std::uint32_t> owners {}; /* of companions */
	std::map<std::uint32_t, std::vector<std::uint8_t>> contents {};
	std::set<std::pair<std::uint32_t, Capimg::uint64_t>> regions {};

	/* what the environment says */
	Machine here {};
	Metadata::Kernel kernel_here = Metadata::Kernel::UNKNOWN;
	std::string version {};
	Capimg::uint64_t highest = 0;
	std::uint32_t fpu = 0;
	std::set<std::string> missing {}; /* features, modules, services, owners */
	Engine::Module_info module_info {};
	Capimg::uint64_t ram_here = ~Capimg::uint64_t(0), caps_here = ~Capimg::uint64_t(0);

	bool empty() const
	{
		return objects.empty() && companions.empty() && started.empty() && contents.empty() &&
			   regions.empty();
	}

	/* Environment */
	Machine machine() const override { return here; }
	Metadata::Kernel kernel() const override { return kernel_here; }
	Wire::Text genode_version() const override { return version.c_str(); }
	Capimg::uint64_t highest_badge() const override { return highest; }
	Capimg::uint32_t fpu_size() const override { return fpu; }
	bool has_cpu_feature(Wire::Text) const override;
	Result<Engine::Module_info> module(Wire::Text) const override;
	bool provides(Wire::Text, Wire::Text) const override;
	bool external(Wire::Text, Wire::Text) const override;
	Capimg::uint64_t ram_quota() const override { return ram_here; }
	Capimg::uint64_t cap_quota() const override { return caps_here; }

	/* Target */
	Engine::Created pd(Object const &) override;
	Engine::Created session(Object const &) override;
	Engine::Created companion(Engine::Companion, Capimg::uint32_t, Capimg::uint32_t) override;
	Engine::Created ram(Object const &) override;
	Engine::Created region_map(Object const &, Capimg::uint32_t) override;
	Engine::Created thread(Object const &) override;
	Engine::Created native_capability(Object const &) override;
	Engine::Created dangling(Object const &) override;
	Engine::Created signal_source(Object const &) override;
	Engine::Created signal_context(Object const &) override;
	Engine::Created external(Object const &) override;
	Engine::Created service(Object const &) override;
	void destroy(Capimg::uint32_t) override;

	Status connect(Object const &) override;
	Status attach(Capimg::uint32_t, Metadata::Region::Reader const &) override;
	void detach(Capimg::uint32_t, Capimg::uint64_t) override;
	Result<Bytes> window(Capimg::uint32_t, Capimg::uint64_t, size_t) override;
	Status install(Capimg::uint32_t, Capimg::uint64_t, Capimg::uint32_t) override;
	Status thread_state(Object const &) override;
	Status wakeups(Capimg::uint32_t, Capimg::uint32_t) override;
	Status start(Capimg::uint32_t, bool) override;
	void stop(Capimg::uint32_t) override;
	Status release(Capimg::uint32_t) override;
	Status await_call(Capimg::uint32_t) override;
	Status submit(Capimg::uint32_t, Capimg::uint32_t) override;
	Status arm(Object const &) override;
};

}

#endif /* CAPIMG__TESTS__ENGINE__RECORDING_TARGET_H */
