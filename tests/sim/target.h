/*
 * The system that a component is restored on, over a simulated machine
 *
 * What it creates becomes a hosted component, which runs when all threads are released. 'Lapses'
 * are mistakes that an adapter or engine may make; tests show that they are noticed.
 */

#ifndef CAPIMG__TESTS__SIM__TARGET_H
#define CAPIMG__TESTS__SIM__TARGET_H

#include "capimg/target.h"
#include "hosted.h"

namespace Capimg::Sim
{

struct Target_lapses
{
	bool no_receive_first = false; /* who is served is not received again */
	bool no_await = false;         /* nobody waits until servers have their calls */
	bool no_reseat = false;        /* badges in the map change, its tree does not */
	bool no_install = false;       /* one capability is left out */
	bool wrong_install = false;    /* two capabilities are exchanged */
	bool no_wakeups = false;
	bool no_submit = false;
	bool late_bind = false; /* the semaphore is bound again behind the first signal */
	bool no_fpu = false;
	bool one_registers = false; /* a thread gets the registers of the one before */
	bool early_release = false; /* a thread runs as soon as it is started */
	bool no_arm = false;
	bool no_raw_patch = false; /* message words are those of the old system */
};

class Sim_target final : public Engine::Target
{
	using Object_reader = Metadata::Object::Reader;

	Hosted &_hosted;
	Ecu &_ecu;
	Binary const &_binary;
	Target_lapses const _lapses;
	std::unique_ptr<Running> _running {};
	std::map<uint32_t, bool> _receive_first {};
	std::map<uint32_t, uint64_t> _before {}; /* badges of the captured system, for lapses */
	std::map<Dataspace *, std::vector<uint8_t>> _content {};
	unsigned _installed = 0;
	uint64_t _last_registers[REGISTERS] {};

	template <typename T>
	Engine::Created _add(Object_reader const &, Result<T *> const &);
	Ecu::Terms _own(uint64_t ram) const;
	template <typename T>
	Result<T *> _session(Kind, Object_reader const &, Metadata::Session::Reader const &);
	Engine::Created _identify(uint32_t id, Object *);
	Engine::Created _area(uint32_t id, Pd &, char const *name, uint64_t size);
	void _unreseat();
	bool _fault(char const *what) { return _ecu.faults.hit(what); }

  public:
	std::string failure {}; /* the system where 'await_call' gave up */

	Sim_target(Hosted &, Binary const &, Target_lapses const & = {});
	~Sim_target();

	/* Environment */
	Machine machine() const override;
	Metadata::Kernel kernel() const override;
	Wire::Text genode_version() const override { return "26.02"; }
	uint64_t highest_badge() const override { return _ecu.layout.max_badge; }
	uint32_t fpu_size() const override { return 32; }
	bool has_cpu_feature(Wire::Text) const override { return true; }
	Result<Engine::Module_info> module(Wire::Text name) const override;
	bool provides(Wire::Text, Wire::Text) const override { return true; }
	bool has_external(Wire::Text, Wire::Text) const override { return true; }
	uint64_t ram_quota() const override { return _ecu.account.avail().ram; }
	uint64_t cap_quota() const override { return _ecu.account.avail().caps; }

	/* Target */
	Engine::Created pd(Object_reader const &) override;
	Engine::Created session(Object_reader const &) override;
	Engine::Created companion(Engine::Companion, uint32_t id, uint32_t of) override;
	Engine::Created ram(Object_reader const &) override;
	Engine::Created region_map(Object_reader const &, uint32_t rm) override;
	Engine::Created thread(Object_reader const &) override;
	Engine::Created native_capability(Object_reader const &) override;
	Engine::Created dangling(Object_reader const &) override;
	Engine::Created signal_source(Object_reader const &) override;
	Engine::Created signal_context(Object_reader const &) override;
	Engine::Created external(Object_reader const &) override;
	Engine::Created service(Object_reader const &) override;
	void destroy(uint32_t id) override;
	Status connect(Object_reader const &) override;
	Status attach(uint32_t map, Metadata::Region::Reader const &) override;
	void detach(uint32_t map, uint64_t address) override;
	Result<Bytes> window(uint32_t dataspace, uint64_t offset, size_t size) override;
	Status install(uint32_t pd, uint64_t kcap, uint32_t object) override;
	Status thread_state(Object_reader const &) override;
	Status wakeups(uint32_t thread, uint32_t count) override;
	Status start(uint32_t thread, bool receive_first) override;
	void stop(uint32_t thread) override;
	Status release(uint32_t thread) override;
	Status await_call(uint32_t server) override;
	Status submit(uint32_t context, uint32_t count) override;
	Status arm(Object_reader const &timer) override;
};

}

#endif /* CAPIMG__TESTS__SIM__TARGET_H */
