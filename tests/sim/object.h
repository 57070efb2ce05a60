/*
 * Objects of core and kernel
 *
 * What a capability can name. An object has the same identity on each system that it is restored
 * on: it follows from its label, which images carry, or, for what comes with another object, from
 * that one's label. Objects are made and destroyed by 'Ecu' alone, and refer to one another by
 * plain pointers that 'Ecu::destroy' clears.
 */

#ifndef CAPIMG__TESTS__SIM__OBJECT_H
#define CAPIMG__TESTS__SIM__OBJECT_H

#include <map>
#include <string>
#include <vector>

#include "libimage/core/result.h"
#include "quota.h"

namespace Capimg::Sim
{

enum class Kind : uint8_t {
	PARENT,
	PD, /* sessions, up to OTHER */
	CPU,
	RM,
	ROM,
	LOG,
	TIMER,
	OTHER,
	REGION_MAP,
	DATASPACE,
	THREAD,
	GATE, /* of a thread */
	RPC,  /* made by the component */
	IRQ,  /* of a thread: its own wakeups */
	SOURCE,
	SEMAPHORE, /* of a signal source */
	CONTEXT,
	EXTERNAL,
	NATIVE_PD,
	NATIVE_CPU,
	SERVICE,
};

/* not 0, fits 31 bit */
uint64_t identity_of(std::string const &label);

struct Pd;
struct Thread;
struct Source;
struct Context;
struct Region_map;

struct Object : Noncopyable
{
	Kind const kind;
	std::string const label;
	uint64_t const identity;
	uint64_t badge = 0;
	uint64_t number = 0; /* by the order of creation on its system */

	Pd *pd = nullptr;            /* whose object it is; null: another component's */
	Account *account = nullptr;  /* that paid for it */
	Amount cost {};              /* what was paid */
	Object *companion = nullptr; /* of which it is a part, and with which it goes */
	bool bootstrapped = false;   /* there before the component's first instruction */

	Object(Kind kind, std::string const &label)
		: kind(kind), label(label), identity(identity_of(label))
	{}
	virtual ~Object() = default;
};

struct Gate : Object /* GATE, RPC */
{
	static bool is(Kind k) { return k == Kind::GATE || k == Kind::RPC; }

	Thread *thread = nullptr;
	unsigned rights = 0; /* two low bits of the label */
	uint64_t order = 0;  /* of allocation */
	using Object::Object;
};

struct Irq : Object
{
	static bool is(Kind k) { return k == Kind::IRQ; }

	Thread *thread = nullptr;
	using Object::Object;
};

struct External : Object
{
	static bool is(Kind k) { return k == Kind::EXTERNAL; }

	std::string owner {};
	unsigned delay = 0; /* of the answer to a call */
	using Object::Object;
};

struct Dataspace : Object
{
	static bool is(Kind k) { return k == Kind::DATASPACE; }

	static constexpr uint64_t PAGE = 4096;

	enum class Type { RAM, ROM, MANAGED, IO };

	Type type = Type::RAM;
	uint64_t size = 0; /* of all types; 'bytes' only of RAM and ROM */
	std::vector<uint8_t> bytes {};
	std::vector<bool> dirty {}; /* pages written since the capture that was kept last */
	Region_map *managed = nullptr;
	std::string module {};
	uint64_t order = 0;
	using Object::Object;

	void touch(uint64_t offset, uint64_t n)
	{
		for (uint64_t p = offset / PAGE; p * PAGE < offset + n && p < dirty.size(); p++)
			dirty[p] = true;
	}
};

struct Region
{
	Dataspace *dataspace = nullptr;
	uint64_t offset = 0, size = 0;
	bool writeable = true, executable = false;
};

struct Region_map : Object
{
	static bool is(Kind k) { return k == Kind::REGION_MAP; }

	uint64_t size = 0;
	std::map<uint64_t, Region> regions {};
	Dataspace *content = nullptr; /* through which it is attached elsewhere */
	Context *fault_handler = nullptr;
	using Object::Object;
};

struct Session : Object
{
	static bool is(Kind k) { return k >= Kind::PD && k <= Kind::OTHER; }

	std::string service {}, arguments {};
	Amount upgrade {};
	uint64_t client_id = 0;
	Context *handler = nullptr;
	Account own {}; /* quota of the session */
	using Object::Object;
};

struct Rom_session : Session
{
	static bool is(Kind k) { return k == Kind::ROM; }

	std::string module {};
	Dataspace *content = nullptr;
	using Session::Session;
};

struct Rm_session : Session
{
	static bool is(Kind k) { return k == Kind::RM; }

	std::vector<Region_map *> maps {};
	using Session::Session;
};

struct Timer_session : Session
{
	static bool is(Kind k) { return k == Kind::TIMER; }

	uint64_t timeout = 0;    /* microseconds that are steps, 0: none */
	uint64_t started_at = 0; /* system's time */
	bool periodic = false;
	using Session::Session;
};

struct Cpu_session : Session
{
	static bool is(Kind k) { return k == Kind::CPU; }

	Object *native = nullptr;
	using Session::Session;
};

struct Semaphore : Object
{
	static bool is(Kind k) { return k == Kind::SEMAPHORE; }

	Source *source = nullptr;
	Thread *bound = nullptr;
	uint32_t count = 0;
	using Object::Object;
};

struct Source : Object
{
	static bool is(Kind k) { return k == Kind::SOURCE; }

	Semaphore *semaphore = nullptr;
	using Object::Object;
};

struct Context : Object
{
	static bool is(Kind k) { return k == Kind::CONTEXT; }

	Source *source = nullptr;
	uint64_t imprint = 0;
	uint32_t pending = 0; /* in core's queue */
	Object *holder = nullptr;
	using Object::Object;
};

/* that a component has announced */
struct Service : Object
{
	static bool is(Kind k) { return k == Kind::SERVICE; }

	std::string name {};
	Gate *root = nullptr;
	using Object::Object;
};

struct Pd : Session
{
	static bool is(Kind k) { return k == Kind::PD; }

	Region_map *space = nullptr, *stack_area = nullptr, *linker_area = nullptr;
	Object *native = nullptr;
	Object *parent = nullptr;
	std::map<uint64_t, Object *> caps {}; /* the kernel's capability space, by kcap */
	std::vector<Thread *> threads {};     /* by slots */
	uint64_t orders = 0;                  /* allocations so far */
	using Session::Session;
};

/* kinds and classes belong together: 'Ecu::create' */
template <typename T>
T *as(Object *object)
{
	return object && T::is(object->kind) ? static_cast<T *>(object) : nullptr;
}

}

#endif /* CAPIMG__TESTS__SIM__OBJECT_H */
