/*
 * A component and two systems that cost next to nothing, to measure the engines with
 *
 * The component has a generated capability map of foc 25.02 with as many capabilities as asked for,
 * all RPC objects of its own, and a dataspace of random bytes. Capturing is one memcpy to memory
 * that is there already; restoring goes to such memory as well.
 */

#ifndef CAPIMG__TESTS__BENCH__FLAT_SYSTEM_H
#define CAPIMG__TESTS__BENCH__FLAT_SYSTEM_H

#include <map>
#include <vector>

#include "capimg/origin.h"
#include "capimg/target.h"
#include "tests/bench/page_bytes.h"
#include "tests/support/component.h"

namespace Capimg::Test
{

struct Flat_dataspace
{
	std::uint32_t id = 0;
	std::uint64_t address = 0;
	Page_bytes captured {};     /* and 'live' in the component's memory */
	std::vector<bool> dirty {}; /* by pages, since the capture that was kept last */
};

class Flat_origin final : public Engine::Origin
{
	Component _component;
	Segment_memory &_live;
	Segment_memory _copy {};
	std::vector<Flat_dataspace> _dataspaces {};
	std::vector<Engine::Object_head> _objects {};
	std::uint64_t _parent_badge = 0;
	bool _was_kept = false;

	struct Captured final : Memory
	{
		Flat_origin const &origin;
		explicit Captured(Flat_origin const &o) : origin(o) {}
		Status read(Capimg::uint64_t, Bytes) const override;
		Result<Extent> extent_from(Capimg::uint64_t) const override;
		Const_bytes peek(Capimg::uint64_t, Capimg::size_t) const override;
	} _captured { *this };

	Flat_dataspace const *_at(std::uint64_t address) const;

  public:
	static constexpr std::uint32_t PD = 1, SPACE = 2, CPU = 3, THREAD = 4, PARENT = 5, GATE = 6;

	/* bytes of the dataspace besides the capability map; 'zero_percent' of its pages are zero */
	Flat_origin(std::uint64_t bytes, std::uint32_t capabilities, unsigned zero_percent);

	std::uint64_t memory_size() const;
	std::uint64_t non_zero_size() const;
	std::uint32_t capabilities() const;

	/* change 'count' pages of the large dataspace, evenly spread */
	void touch(std::uint64_t count);

	/* everything that was captured, to compare a memcpy with */
	void copy_all();

	/* nanoseconds on the clock at the last 'pause' and 'resume' */
	std::uint64_t paused_at = 0, resumed_at = 0;

	Status pause() override;
	void resume() override;
	Status run_on(Capimg::uint32_t) override { return ok; }
	Status run_on() override { return ok; }
	void wait() override {}

	Engine::Description description() override;
	Capimg::uint32_t cpu_features() override { return 0; }
	Wire::Text cpu_feature(Capimg::uint32_t) override { return {}; }
	Capimg::uint32_t threads() override { return 0; }
	Engine::Thread_spot thread(Capimg::uint32_t) override { return {}; }
	Capimg::uint32_t unsafe_code() override { return 0; }
	Engine::Code_span unsafe_code(Capimg::uint32_t) override { return {}; }
	Capimg::uint32_t objects() override { return std::uint32_t(_objects.size()); }
	Engine::Object_head object(Capimg::uint32_t n) override { return _objects[n]; }
	Status describe(Capimg::uint32_t n, Metadata::Object::Writer const &,
					Capimg::uint64_t first_block) override;
	Capimg::uint32_t raw_badges() override { return 1; }
	Engine::Raw_badge_spot raw_badge(Capimg::uint32_t) override;
	Engine::Cap_note note(Capimg::uint64_t) override { return {}; }
	Capimg::uint32_t pd() override { return PD; }
	Cap_hints hints() override;
	Memory const &memory() override { return _live; }
	Status capture(bool delta) override;
	Memory const &captured() override { return _captured; }
	Result<Engine::Captured_run> captured(Capimg::uint32_t, Capimg::uint64_t offset) override;
	Result<Extent> changed(Capimg::uint32_t, Capimg::uint64_t offset) override;
	void done(bool keep) override;
};

/* takes everything; memory of dataspaces is kept from one restore to the next, zeroed and touched
 */
class Flat_target final : public Engine::Target
{
	using Object = Metadata::Object::Reader;

	std::map<std::uint32_t, Page_bytes> _memory {};
	std::uint64_t _next = 0;

	Engine::Created _badge(std::uint64_t old = 1);

  public:
	/* forget badges; new ones descend, so that every tree is re-seated */
	void reset() { _next = 0xffffff0; }
	void prepare(std::uint32_t dataspace, std::uint64_t size)
	{
		_memory[dataspace].assign(size, 0);
	}
	void zero();

	Machine machine() const override { return {}; }
	Metadata::Kernel kernel() const override { return Metadata::Kernel::FOC; }
	Wire::Text genode_version() const override { return {}; }
	Capimg::uint64_t highest_badge() const override { return 0xfffffff; }
	Capimg::uint32_t fpu_size() const override { return 0; }
	bool has_cpu_feature(Wire::Text) const override { return true; }
	Result<Engine::Module_info> module(Wire::Text) const override { return Engine::Module_info {}; }
	bool provides(Wire::Text, Wire::Text) const override { return true; }
	bool has_external(Wire::Text, Wire::Text) const override { return true; }
	Capimg::uint64_t ram_quota() const override { return ~Capimg::uint64_t(0); }
	Capimg::uint64_t cap_quota() const override { return ~Capimg::uint64_t(0); }

	Engine::Created pd(Object const &) override { return _badge(); }
	Engine::Created session(Object const &) override { return _badge(); }
	Engine::Created companion(Engine::Companion, Capimg::uint32_t id, Capimg::uint32_t) override;
	Engine::Created ram(Object const &) override { return _badge(); }
	Engine::Created region_map(Object const &, Capimg::uint32_t) override { return _badge(); }
	Engine::Created thread(Object const &) override { return _badge(); }
	Engine::Created native_capability(Object const &) override { return _badge(); }
	Engine::Created dangling(Object const &) override { return _badge(); }
	Engine::Created signal_source(Object const &) override { return _badge(); }
	Engine::Created signal_context(Object const &) override { return _badge(); }
	Engine::Created external(Object const &) override { return _badge(); }
	Engine::Created service(Object const &) override { return _badge(); }
	void destroy(Capimg::uint32_t) override {}

	Status connect(Object const &) override { return ok; }
	Status attach(Capimg::uint32_t, Metadata::Region::Reader const &) override { return ok; }
	void detach(Capimg::uint32_t, Capimg::uint64_t) override {}
	Result<Bytes> window(Capimg::uint32_t, Capimg::uint64_t, size_t) override;
	Status install(Capimg::uint32_t, Capimg::uint64_t, Capimg::uint32_t) override { return ok; }
	Status thread_state(Object const &) override { return ok; }
	Status wakeups(Capimg::uint32_t, Capimg::uint32_t) override { return ok; }
	Status start(Capimg::uint32_t, bool) override { return ok; }
	void stop(Capimg::uint32_t) override {}
	Status release(Capimg::uint32_t) override { return ok; }
	Status await_call(Capimg::uint32_t) override { return ok; }
	Status submit(Capimg::uint32_t, Capimg::uint32_t) override { return ok; }
	Status arm(Object const &) override { return ok; }
};

}

#endif /* CAPIMG__TESTS__BENCH__FLAT_SYSTEM_H */
