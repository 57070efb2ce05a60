/*
 * The system that a component is restored on: Fiasco.OC, with core of this repository
 *
 * The sandbox has opened the component's environment as it does for any other; what it had
 * loaded is dropped. Everything else is created here through the interposed interfaces, as the
 * component itself would do it: so sessions take their route, quota is accounted, and all objects
 * are known for the next checkpoint.
 */

#ifndef CAPIMG__HOST__TARGET_H
#define CAPIMG__HOST__TARGET_H

#include <base/attached_ram_dataspace.h>
#include <timer_session/connection.h>

#include <capimg/target.h>
#include <capimg_host/child.h>
#include <capimg_host/foc_threads.h>
#include <foc_native_pd/client.h>

namespace Capimg::Host
{

class Target final : public Engine::Target
{
	using Object_reader = Metadata::Object::Reader;

	Env &_env;
	Allocator &_alloc;
	Hosted_child &_child;
	Hosted_objects &_objects;
	Timer::Connection &_timer;
	Foc_native_pd_client _native;
	Foc::Threads const _threads;

	/* threads in slots that the component has not filled, until all threads are there */
	Thread_capability _dummies[Hosted_pd::MAX_THREADS] {};
	unsigned _dummy_count = 0;

	/* Noncopyable */
	Target(Target const &);
	Target &operator=(Target const &);

	/* gate of the thread that the last RPC object was bound to: they come in runs */
	uint32_t _gate_of = 0;
	Native_capability _gate {};

	/* states of threads, until the component runs */
	struct Prepared : List<Prepared>::Element
	{
		uint32_t const id;
		bool receive_first = false;
		Foc::Thread_image image {};

		explicit Prepared(uint32_t id) : id(id) {}
	};
	List<Prepared> _prepared {};

	/* selectors behind those of Genode's capability map, for what is received and not looked at */
	static constexpr addr_t SCRATCH_CAP = 4096ul << 12;

	Constructible<Attached_ram_dataspace> _code {};
	addr_t _code_addr = 0;

	Prepared *_prepared_for(uint32_t id);
	addr_t _receive_code();
	Status _bind(Hosted_capability const &semaphore, Hosted_thread const &);

	template <typename T>
	T *_get(uint32_t id) const;
	Engine::Created _adopt(uint32_t id, Hosted_object *);
	Engine::Created _open(Object_reader const &, Metadata::Session::Reader const &);
	Status _upgrade(Metadata::Session::Reader const &);
	Native_capability _gate_capability(uint32_t thread);
	void _kill_dummies();

  public:
	Target(Env &, Allocator &, Hosted_child &, Timer::Connection &);
	~Target();

	/*
	 * Environment
	 */
	Machine machine() const override { return this_machine(); }
	Metadata::Kernel kernel() const override { return _child.info.kernel; }
	Wire::Text genode_version() const override { return text(_child.release); }
	uint64_t highest_badge() const override { return (1ull << 28) - 1; }
	uint32_t fpu_size() const override { return 0; }
	bool has_cpu_feature(Wire::Text) const override { return false; }
	Result<Engine::Module_info> module(Wire::Text name) const override;

	/* the routes of the sandbox decide: a session without one fails when it is opened */
	bool provides(Wire::Text, Wire::Text) const override { return true; }
	bool has_external(Wire::Text, Wire::Text) const override { return false; }
	uint64_t ram_quota() const override;
	uint64_t cap_quota() const override;

	/*
	 * Target
	 */
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
	Result<Bytes> window(uint32_t dataspace, uint64_t offset, Capimg::size_t size) override;
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

template <typename T>
T *Target::_get(uint32_t id) const
{
	Mutex::Guard guard(_objects.mutex);
	return dynamic_cast<T *>(_objects.find(id));
}

/* "name" of Text, cut where Genode's string ends */
template <typename STRING>
STRING string(Wire::Text t)
{
	return STRING(Cstring(t.string(), t.size()));
}

}

#endif /* CAPIMG__HOST__TARGET_H */
