/*
 * The captured side: a hosted component
 */

#ifndef CAPIMG__HOST__ORIGIN_H
#define CAPIMG__HOST__ORIGIN_H

#include <timer_session/connection.h>

#include <capimg_host/child.h>
#include <capimg_host/snapshot.h>
#include <capimg_host/thread_control.h>

namespace Capimg::Host
{

class Origin final : public Engine::Origin
{
	Hosted_child &_child;
	Hosted_objects &_objects;
	Thread_control &_threads;
	Timer::Connection &_timer;
	Allocator &_alloc;

	Live_bytes const _live {};
	Component_memory const _memory;
	Snapshot _snapshot;

	bool _paused = false;

	/* numbers that the engine counts by */
	template <typename T>
	struct Array : Genode::Noncopyable
	{
		Allocator &alloc;
		T **elements = nullptr;
		uint32_t count = 0, capacity = 0;

		explicit Array(Allocator &alloc) : alloc(alloc) {}
		~Array()
		{
			if (elements) alloc.free(elements, capacity * sizeof(T *));
		}

		/* Noncopyable */
		Array(Array const &) = delete;
		Array &operator=(Array const &) = delete;

		void reset(uint32_t needed)
		{
			count = 0;
			if (needed <= capacity) return;
			if (elements) alloc.free(elements, capacity * sizeof(T *));
			capacity = needed + needed / 4 + 16;
			elements = static_cast<T **>(alloc.alloc(capacity * sizeof(T *)));
		}
		void add(T &element)
		{
			if (count < capacity) elements[count++] = &element;
		}
		T &operator[](uint32_t i) const { return *elements[i]; }
	};
	Array<Hosted_object> _by_number;
	Array<Hosted_thread> _thread_numbers;

	static constexpr unsigned MAX_RAW = 1024;
	Engine::Raw_badge_spot _raw[MAX_RAW] {};
	uint32_t _raw_count = 0;

	uint8_t _epoch[16];
	uint64_t _paused_at = 0;

	void _drain();
	void _list_unsafe_code();
	void _list_raw();
	void _list_message(Hosted_thread const &);
	void _add_raw(Engine::Raw_badge_spot const &);

  public:
	uint64_t sequence = 1;    /* of the next checkpoint */
	uint64_t paused_time = 0; /* microseconds that the component stood still, in all */

	Origin(Env &, Allocator &, Hosted_child &, Thread_control &, Timer::Connection &,
		   uint8_t const (&epoch)[16]);

	Snapshot &snapshot() { return _snapshot; }

	/* somebody reads objects: none is freed before 'end' */
	void begin() { _objects.reading(true); }

	/* room for copies, before the component is paused */
	Status prepare() { return _snapshot.prepare(_objects); }
	void end() { _objects.reading(false); }

	Status pause() override;
	void resume() override;
	Status run_on(uint32_t thread) override;
	Status run_on() override;
	void wait() override;

	Engine::Description description() override;
	uint32_t cpu_features() override { return 0; }
	Wire::Text cpu_feature(uint32_t) override { return {}; }
	uint32_t threads() override;
	Engine::Thread_spot thread(uint32_t n) override;
	uint32_t unsafe_code() override { return _child.unsafe_code.count(); }
	Engine::Code_span unsafe_code(uint32_t n) override { return _child.unsafe_code[n]; }
	uint32_t objects() override;
	Engine::Object_head object(uint32_t n) override;
	Status describe(uint32_t n, Metadata::Object::Writer const &, uint64_t first_block) override;
	void forget(uint32_t id) override;
	uint32_t raw_badges() override;
	Engine::Raw_badge_spot raw_badge(uint32_t n) override { return _raw[n]; }
	Engine::Cap_note note(uint64_t kcap) override;
	uint32_t pd() override { return _child.pd().id(); }
	Cap_hints hints() override;
	Memory const &memory() override { return _memory; }

	Status capture(bool delta) override;
	Memory const &captured() override { return _snapshot.memory(); }
	Result<Engine::Captured_run> captured(uint32_t dataspace, uint64_t offset) override
	{
		return _snapshot.run(dataspace, offset);
	}
	Result<Extent> changed(uint32_t dataspace, uint64_t offset) override
	{
		return _snapshot.changed(dataspace, offset);
	}
	void done(bool keep) override;
};

}

#endif /* CAPIMG__HOST__ORIGIN_H */
