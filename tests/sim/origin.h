/*
 * The captured side over a simulated machine
 *
 * Pausing takes effect late: threads are not settled for a while, and what is read of them then
 * is wrong. 'Lapses' are mistakes that an adapter may make; tests show that they are noticed.
 */

#ifndef CAPIMG__TESTS__SIM__ORIGIN_H
#define CAPIMG__TESTS__SIM__ORIGIN_H

#include "capimg/origin.h"
#include "hosted.h"

namespace Capimg::Sim
{

struct Origin_lapses
{
	bool no_raw_utcb = false;     /* badges in message words are not told */
	bool no_raw_parent = false;   /* the parent's word is not told */
	bool no_unsafe_code = false;  /* threads may be captured anywhere */
	bool early_registers = false; /* a thread is said to be settled when it is not */
	bool no_served_caller = false;
	bool no_wakeups = false;
	bool no_pending = false; /* drained signals are lost */
	bool no_user_words = false;
	bool all_started = false;
};

class Sim_origin final : public Engine::Origin
{
	using Object_writer = Metadata::Object::Writer;

	Hosted &_hosted;
	Ecu &_ecu;
	Facts const &_facts;
	Running &_running;
	Origin_lapses const _lapses;
	Random _random;

	bool _paused = false;
	std::map<Context *, uint32_t> _drained {};
	std::map<Thread *, unsigned> _unsettled {}; /* waits to go */
	std::vector<Thread *> _threads {};
	std::vector<Known> _objects {};
	std::vector<Engine::Raw_badge_spot> _raw {};

	/* capture */
	class Snapshot;
	std::unique_ptr<Snapshot> _snapshot;

	std::string _label { "sim" };
	uint8_t _epoch[16] {};

	void _drain();
	bool _settled(Thread *) const;
	void _list_raw();
	void _session(Metadata::Session::Writer const &, Session const &) const;
	void _thread(Metadata::Thread::Writer const &, Thread &, bool true_state) const;
	void _dataspace(Metadata::Dataspace::Writer const &, Dataspace const &, uint64_t first) const;
	void _region_map(Metadata::Region_map::Writer const &, Region_map const &) const;
	void _context(Metadata::Signal_context::Writer const &, Context const &) const;
	void _describe_object(Object_writer const &, Object &, uint64_t first) const;

  public:
	uint64_t sequence = 0;          /* of the next checkpoint */
	bool address_for_lists = false; /* the engine may be told where a map is that is a list */

	Sim_origin(Hosted &, Running &, Facts const &, uint64_t seed, Origin_lapses const & = {});
	~Sim_origin();

	Status pause() override;
	void resume() override;
	Status run_on(uint32_t thread) override;
	Status run_on() override;
	void wait() override;

	Engine::Description description() override;
	uint32_t cpu_features() override { return 2; }
	Wire::Text cpu_feature(uint32_t n) override { return n ? "sse2" : "fxsr"; }
	uint32_t threads() override;
	Engine::Thread_spot thread(uint32_t n) override;
	uint32_t unsafe_code() override;
	Engine::Code_span unsafe_code(uint32_t n) override;
	uint32_t objects() override;
	Engine::Object_head object(uint32_t n) override;
	Status describe(uint32_t n, Object_writer const &, uint64_t first_block) override;
	uint32_t raw_badges() override;
	Engine::Raw_badge_spot raw_badge(uint32_t n) override { return _raw[n]; }
	Engine::Cap_note note(uint64_t kcap) override;
	uint32_t pd() override { return _hosted.id(_hosted.pd); }
	Cap_hints hints() override;
	Memory const &memory() override { return _running.memory(); }

	Status capture(bool delta) override;
	Memory const &captured() override;
	Result<Engine::Captured_run> captured(uint32_t dataspace, uint64_t offset) override;
	Result<Extent> changed(uint32_t dataspace, uint64_t offset) override;
	void done(bool keep) override;

	/* RAM as it was captured, by ids; while there is a capture */
	std::map<uint32_t, std::vector<uint8_t>> captured_bytes() const;

	/* tests look whether the engine ends what it begins */
	bool idle() const { return !_paused && !_snapshot; }
};

Machine machine_of(Cap_layout const &);
Metadata::Kernel kernel_of(Cap_layout const &);

}

#endif /* CAPIMG__TESTS__SIM__ORIGIN_H */
