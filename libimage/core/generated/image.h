/*
 * Readers and writers of the structs of a capimg image
 *
 * Generated from schema/image.capnp, do not edit. Written by: schema/generate PLUGIN libimage/core/generated
 */

#ifndef CAPIMG__CORE__GENERATED__IMAGE_H
#define CAPIMG__CORE__GENERATED__IMAGE_H

#include "../wire_read.h"
#include "../wire_shape.h"
#include "../wire_write.h"

namespace Capimg::Metadata
{

enum class Kernel : uint16_t {
	UNKNOWN = 0,
	LINUX = 1,
	FOC = 2,
	HW = 3,
	NOVA = 4,
	SEL4 = 5,
	FIASCO = 6,
	OKL4 = 7,
	PISTACHIO = 8,
};

enum class Ipc_phase : uint16_t {
	UNKNOWN = 0,
	USER_MODE = 1,
	SENDING = 2,
	RECEIVING = 3,
};

enum class Fpu_format : uint16_t {
	UNKNOWN = 0,
	FXSAVE = 1,
	XSAVE = 2,
	FSAVE = 3,
	ARM_VFP = 4,
	ARM_V8_SIMD = 5,
	ARM_FPA = 6,
};

enum class Dataspace_kind : uint16_t {
	UNKNOWN = 0,
	SEGMENT = 1,
	RAM = 2,
	ROM = 3,
	MANAGED = 4,
	IO_MEMORY = 5,
	DMA = 6,
};

enum class Cache_attribute : uint16_t {
	UNCACHED = 0,
	WRITE_COMBINED = 1,
	CACHED = 2,
	UNKNOWN = 3,
};

enum class Absent_reason : uint16_t {
	NONE = 0,
	NOT_CAPTURED = 1,
	IN_ROM = 2,
	REDACTED = 3,
};

enum class Map_structure : uint16_t {
	NONE = 0,
	TREE = 1,
	LIST = 2,
};

enum class Entry_state : uint16_t {
	LIVE = 0,
	EMPTY = 1,
	STALE = 2,
};

enum class Entry_kind : uint16_t {
	UNKNOWN = 0,
	GATE = 1,
	IRQ = 2,
	THREAD = 3,
	TASK = 4,
	CORE_DATASPACE = 5,
	THREAD_GATE = 6,
	PARENT = 7,
};

enum class Entry_origin : uint16_t {
	UNKNOWN = 0,
	CORE = 1,
	CHECKPOINTER = 2,
	CHILD_LOCAL = 3,
	PARENT = 4,
	FOREIGN = 5,
};

enum class Tree_role : uint16_t {
	UNKNOWN = 0,
	OBJECT_POOL = 1,
};

enum class Raw_badge_place : uint16_t {
	UNKNOWN = 0,
	PARENT_CAPABILITY = 1,
	UTCB = 2,
	REGISTER = 3,
	STACK = 4,
};

/* ---- Binary ---- */

struct Binary
{
	static constexpr uint64_t ID = 0xe8fcee6754481894;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Binary::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text name() const { return _s.text(0); }
	bool has_name() const { return _s.has(0); }
	Const_bytes digest() const { return _s.data(1); }
	bool has_digest() const { return _s.has(1); }
};

class Binary::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	void name(Wire::Text v) const { _s.text(0, v); }
	void digest(Const_bytes v) const { _s.data(1, v); }
};

/* ---- Parent ---- */

struct Parent
{
	static constexpr uint64_t ID = 0x96de49d235a3d3c4;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Parent::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Const_bytes state_digest() const { return _s.data(0); }
	bool has_state_digest() const { return _s.has(0); }
	uint64_t sequence() const { return _s.load<uint64_t>(0); }
};

class Parent::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void sequence(uint64_t v) const { _s.store<uint64_t>(0, v); }

	/* in this order */
	void state_digest(Const_bytes v) const { _s.data(0, v); }
};

/* ---- External ---- */

struct External
{
	static constexpr uint64_t ID = 0xc072206b2e295217;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class External::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text owner() const { return _s.text(0); }
	bool has_owner() const { return _s.has(0); }
};

class External::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	void owner(Wire::Text v) const { _s.text(0, v); }
};

/* ---- Affinity ---- */

struct Affinity
{
	static constexpr uint64_t ID = 0xa90ca4325f970fd7;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Affinity::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	int32_t x() const { return int32_t(_s.load<uint32_t>(0)); }
	int32_t y() const { return int32_t(_s.load<uint32_t>(1)); }
	uint32_t width() const { return _s.load<uint32_t>(2); }
	uint32_t height() const { return _s.load<uint32_t>(3); }
};

class Affinity::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void x(int32_t v) const { _s.store<uint32_t>(0, uint32_t(v)); }
	void y(int32_t v) const { _s.store<uint32_t>(1, uint32_t(v)); }
	void width(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void height(uint32_t v) const { _s.store<uint32_t>(3, v); }
};

/* ---- Session ---- */

struct Session
{
	static constexpr uint64_t ID = 0x8f286163af60592b;
	static constexpr uint16_t DATA_WORDS = 4, POINTERS = 3;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text service() const { return _s.text(0); }
	bool has_service() const { return _s.has(0); }
	Wire::Text arguments() const { return _s.text(1); }
	bool has_arguments() const { return _s.has(1); }
	uint64_t ram_upgrade() const { return _s.load<uint64_t>(0); }
	uint64_t cap_upgrade() const { return _s.load<uint64_t>(1); }
	uint64_t client_id() const { return _s.load<uint64_t>(2); }
	bool interposed() const { return _s.bit(192); }
	Affinity::Reader affinity() const { return Affinity::Reader(_s.structure(2)); }
	bool has_affinity() const { return _s.has(2); }
};

class Session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void ram_upgrade(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void cap_upgrade(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void client_id(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void interposed(bool v) const { _s.bit(192, v); }

	/* in this order */
	void service(Wire::Text v) const { _s.text(0, v); }
	void arguments(Wire::Text v) const { _s.text(1, v); }
	Affinity::Writer init_affinity() const { return _s.init_struct<Affinity>(2); }
};

/* ---- PdSession ---- */

struct Pd_session
{
	static constexpr uint64_t ID = 0xf80aaee2b525dab1;
	static constexpr uint16_t DATA_WORDS = 7, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Pd_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	uint32_t address_space() const { return _s.load<uint32_t>(0); }
	uint32_t stack_area() const { return _s.load<uint32_t>(1); }
	uint32_t linker_area() const { return _s.load<uint32_t>(2); }
	uint64_t ram_quota() const { return _s.load<uint64_t>(2); }
	uint64_t ram_used() const { return _s.load<uint64_t>(3); }
	uint64_t cap_quota() const { return _s.load<uint64_t>(4); }
	uint64_t cap_used() const { return _s.load<uint64_t>(5); }
	uint32_t ref_account() const { return _s.load<uint32_t>(3); }
	uint32_t native_pd() const { return _s.load<uint32_t>(12); }
};

class Pd_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void address_space(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void stack_area(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void linker_area(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void ram_quota(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void ram_used(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void cap_quota(uint64_t v) const { _s.store<uint64_t>(4, v); }
	void cap_used(uint64_t v) const { _s.store<uint64_t>(5, v); }
	void ref_account(uint32_t v) const { _s.store<uint32_t>(3, v); }
	void native_pd(uint32_t v) const { _s.store<uint32_t>(12, v); }

	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
};

/* ---- CpuSession ---- */

struct Cpu_session
{
	static constexpr uint64_t ID = 0xd8cb5900c1147033;
	static constexpr uint16_t DATA_WORDS = 3, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Cpu_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	uint32_t exception_handler() const { return _s.load<uint32_t>(0); }
	uint32_t priority() const { return _s.load<uint32_t>(1); }
	uint64_t quota() const { return _s.load<uint64_t>(1); }
	uint32_t ref_account() const { return _s.load<uint32_t>(4); }
	uint32_t native_cpu() const { return _s.load<uint32_t>(5); }
};

class Cpu_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void exception_handler(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void priority(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void quota(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void ref_account(uint32_t v) const { _s.store<uint32_t>(4, v); }
	void native_cpu(uint32_t v) const { _s.store<uint32_t>(5, v); }

	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
};

/* ---- RmSession ---- */

struct Rm_session
{
	static constexpr uint64_t ID = 0x861abcd8dadfabad;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Rm_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	Wire::Value_list_reader<uint32_t> region_maps() const { return _s.values<uint32_t>(1); }
	bool has_region_maps() const { return _s.has(1); }
};

class Rm_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
	Wire::Value_list_writer<uint32_t> init_region_maps(uint32_t count) const { return _s.init_values<uint32_t>(1, count); }
};

/* ---- RomSession ---- */

struct Rom_session
{
	static constexpr uint64_t ID = 0xecb2a9605556dbbd;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Rom_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	Wire::Text module() const { return _s.text(1); }
	bool has_module() const { return _s.has(1); }
	uint32_t dataspace() const { return _s.load<uint32_t>(0); }
	uint32_t handler() const { return _s.load<uint32_t>(1); }
};

class Rom_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void dataspace(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void handler(uint32_t v) const { _s.store<uint32_t>(1, v); }

	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
	void module(Wire::Text v) const { _s.text(1, v); }
};

/* ---- LogSession ---- */

struct Log_session
{
	static constexpr uint64_t ID = 0xc9d32821f5bb4a01;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Log_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
};

class Log_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
};

/* ---- TimerSession ---- */

struct Timer_session
{
	static constexpr uint64_t ID = 0xff864fe04dc56266;
	static constexpr uint16_t DATA_WORDS = 4, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Timer_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	uint32_t handler() const { return _s.load<uint32_t>(0); }
	uint64_t timeout() const { return _s.load<uint64_t>(1); }
	bool periodic() const { return _s.bit(32); }
	uint64_t elapsed() const { return _s.load<uint64_t>(2); }
	uint64_t time_base() const { return _s.load<uint64_t>(3); }
};

class Timer_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void handler(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void timeout(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void periodic(bool v) const { _s.bit(32, v); }
	void elapsed(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void time_base(uint64_t v) const { _s.store<uint64_t>(3, v); }

	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
};

/* ---- OtherSession ---- */

struct Other_session
{
	static constexpr uint64_t ID = 0xc3e1c87e335ca2e3;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Other_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Session::Reader session() const { return Session::Reader(_s.structure(0)); }
	bool has_session() const { return _s.has(0); }
	Const_bytes state() const { return _s.data(1); }
	bool has_state() const { return _s.has(1); }
};

class Other_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	Session::Writer init_session() const { return _s.init_struct<Session>(0); }
	void state(Const_bytes v) const { _s.data(1, v); }
};

/* ---- ProvidedSession ---- */

struct Provided_session
{
	static constexpr uint64_t ID = 0xe54b5cc748e17540;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 3;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Provided_session::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text label() const { return _s.text(0); }
	bool has_label() const { return _s.has(0); }
	Wire::Text arguments() const { return _s.text(1); }
	bool has_arguments() const { return _s.has(1); }
	uint32_t session() const { return _s.load<uint32_t>(0); }
	Wire::Value_list_reader<uint32_t> objects() const { return _s.values<uint32_t>(2); }
	bool has_objects() const { return _s.has(2); }
};

class Provided_session::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void session(uint32_t v) const { _s.store<uint32_t>(0, v); }

	/* in this order */
	void label(Wire::Text v) const { _s.text(0, v); }
	void arguments(Wire::Text v) const { _s.text(1, v); }
	Wire::Value_list_writer<uint32_t> init_objects(uint32_t count) const { return _s.init_values<uint32_t>(2, count); }
};

/* ---- Service ---- */

struct Service
{
	static constexpr uint64_t ID = 0xf00b521d463d8040;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Service::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text name() const { return _s.text(0); }
	bool has_name() const { return _s.has(0); }
	uint32_t root() const { return _s.load<uint32_t>(0); }
	Wire::Struct_list_reader<Provided_session::Reader> sessions() const { return _s.structs<Provided_session::Reader>(1); }
	bool has_sessions() const { return _s.has(1); }
};

class Service::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void root(uint32_t v) const { _s.store<uint32_t>(0, v); }

	/* in this order */
	void name(Wire::Text v) const { _s.text(0, v); }
	Wire::Struct_list_writer<Provided_session> init_sessions(uint32_t count) const { return _s.init_structs<Provided_session>(1, count); }
};

/* ---- RegistersX86x64 ---- */

struct Registers_x86x64
{
	static constexpr uint64_t ID = 0xc460e31ecbcf0d43;
	static constexpr uint16_t DATA_WORDS = 29, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Registers_x86x64::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t ip() const { return _s.load<uint64_t>(0); }
	uint64_t sp() const { return _s.load<uint64_t>(1); }
	uint64_t rax() const { return _s.load<uint64_t>(2); }
	uint64_t rbx() const { return _s.load<uint64_t>(3); }
	uint64_t rcx() const { return _s.load<uint64_t>(4); }
	uint64_t rdx() const { return _s.load<uint64_t>(5); }
	uint64_t rdi() const { return _s.load<uint64_t>(6); }
	uint64_t rsi() const { return _s.load<uint64_t>(7); }
	uint64_t rbp() const { return _s.load<uint64_t>(8); }
	uint64_t r8() const { return _s.load<uint64_t>(9); }
	uint64_t r9() const { return _s.load<uint64_t>(10); }
	uint64_t r10() const { return _s.load<uint64_t>(11); }
	uint64_t r11() const { return _s.load<uint64_t>(12); }
	uint64_t r12() const { return _s.load<uint64_t>(13); }
	uint64_t r13() const { return _s.load<uint64_t>(14); }
	uint64_t r14() const { return _s.load<uint64_t>(15); }
	uint64_t r15() const { return _s.load<uint64_t>(16); }
	uint64_t eflags() const { return _s.load<uint64_t>(17); }
	uint64_t cs() const { return _s.load<uint64_t>(18); }
	uint64_t ss() const { return _s.load<uint64_t>(19); }
	uint64_t ds() const { return _s.load<uint64_t>(20); }
	uint64_t es() const { return _s.load<uint64_t>(21); }
	uint64_t fs() const { return _s.load<uint64_t>(22); }
	uint64_t gs() const { return _s.load<uint64_t>(23); }
	uint64_t fs_base() const { return _s.load<uint64_t>(24); }
	uint64_t gs_base() const { return _s.load<uint64_t>(25); }
	uint64_t trapno() const { return _s.load<uint64_t>(26); }
	uint64_t errcode() const { return _s.load<uint64_t>(27); }
	uint64_t orig_rax() const { return _s.load<uint64_t>(28); }
};

class Registers_x86x64::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void ip(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void sp(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void rax(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void rbx(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void rcx(uint64_t v) const { _s.store<uint64_t>(4, v); }
	void rdx(uint64_t v) const { _s.store<uint64_t>(5, v); }
	void rdi(uint64_t v) const { _s.store<uint64_t>(6, v); }
	void rsi(uint64_t v) const { _s.store<uint64_t>(7, v); }
	void rbp(uint64_t v) const { _s.store<uint64_t>(8, v); }
	void r8(uint64_t v) const { _s.store<uint64_t>(9, v); }
	void r9(uint64_t v) const { _s.store<uint64_t>(10, v); }
	void r10(uint64_t v) const { _s.store<uint64_t>(11, v); }
	void r11(uint64_t v) const { _s.store<uint64_t>(12, v); }
	void r12(uint64_t v) const { _s.store<uint64_t>(13, v); }
	void r13(uint64_t v) const { _s.store<uint64_t>(14, v); }
	void r14(uint64_t v) const { _s.store<uint64_t>(15, v); }
	void r15(uint64_t v) const { _s.store<uint64_t>(16, v); }
	void eflags(uint64_t v) const { _s.store<uint64_t>(17, v); }
	void cs(uint64_t v) const { _s.store<uint64_t>(18, v); }
	void ss(uint64_t v) const { _s.store<uint64_t>(19, v); }
	void ds(uint64_t v) const { _s.store<uint64_t>(20, v); }
	void es(uint64_t v) const { _s.store<uint64_t>(21, v); }
	void fs(uint64_t v) const { _s.store<uint64_t>(22, v); }
	void gs(uint64_t v) const { _s.store<uint64_t>(23, v); }
	void fs_base(uint64_t v) const { _s.store<uint64_t>(24, v); }
	void gs_base(uint64_t v) const { _s.store<uint64_t>(25, v); }
	void trapno(uint64_t v) const { _s.store<uint64_t>(26, v); }
	void errcode(uint64_t v) const { _s.store<uint64_t>(27, v); }
	void orig_rax(uint64_t v) const { _s.store<uint64_t>(28, v); }
};

/* ---- RegistersX86x32 ---- */

struct Registers_x86x32
{
	static constexpr uint64_t ID = 0xac2d8bd385e983a4;
	static constexpr uint16_t DATA_WORDS = 10, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Registers_x86x32::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t ip() const { return _s.load<uint32_t>(0); }
	uint32_t sp() const { return _s.load<uint32_t>(1); }
	uint32_t eax() const { return _s.load<uint32_t>(2); }
	uint32_t ebx() const { return _s.load<uint32_t>(3); }
	uint32_t ecx() const { return _s.load<uint32_t>(4); }
	uint32_t edx() const { return _s.load<uint32_t>(5); }
	uint32_t edi() const { return _s.load<uint32_t>(6); }
	uint32_t esi() const { return _s.load<uint32_t>(7); }
	uint32_t ebp() const { return _s.load<uint32_t>(8); }
	uint32_t eflags() const { return _s.load<uint32_t>(9); }
	uint32_t cs() const { return _s.load<uint32_t>(10); }
	uint32_t ss() const { return _s.load<uint32_t>(11); }
	uint32_t ds() const { return _s.load<uint32_t>(12); }
	uint32_t es() const { return _s.load<uint32_t>(13); }
	uint32_t fs() const { return _s.load<uint32_t>(14); }
	uint32_t gs() const { return _s.load<uint32_t>(15); }
	uint32_t trapno() const { return _s.load<uint32_t>(16); }
	uint32_t errcode() const { return _s.load<uint32_t>(17); }
	uint32_t orig_eax() const { return _s.load<uint32_t>(18); }
};

class Registers_x86x32::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void ip(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void sp(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void eax(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void ebx(uint32_t v) const { _s.store<uint32_t>(3, v); }
	void ecx(uint32_t v) const { _s.store<uint32_t>(4, v); }
	void edx(uint32_t v) const { _s.store<uint32_t>(5, v); }
	void edi(uint32_t v) const { _s.store<uint32_t>(6, v); }
	void esi(uint32_t v) const { _s.store<uint32_t>(7, v); }
	void ebp(uint32_t v) const { _s.store<uint32_t>(8, v); }
	void eflags(uint32_t v) const { _s.store<uint32_t>(9, v); }
	void cs(uint32_t v) const { _s.store<uint32_t>(10, v); }
	void ss(uint32_t v) const { _s.store<uint32_t>(11, v); }
	void ds(uint32_t v) const { _s.store<uint32_t>(12, v); }
	void es(uint32_t v) const { _s.store<uint32_t>(13, v); }
	void fs(uint32_t v) const { _s.store<uint32_t>(14, v); }
	void gs(uint32_t v) const { _s.store<uint32_t>(15, v); }
	void trapno(uint32_t v) const { _s.store<uint32_t>(16, v); }
	void errcode(uint32_t v) const { _s.store<uint32_t>(17, v); }
	void orig_eax(uint32_t v) const { _s.store<uint32_t>(18, v); }
};

/* ---- RegistersArmV7 ---- */

struct Registers_arm_v7
{
	static constexpr uint64_t ID = 0xc8f56bcb0724fe4f;
	static constexpr uint16_t DATA_WORDS = 10, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Registers_arm_v7::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t r0() const { return _s.load<uint32_t>(0); }
	uint32_t r1() const { return _s.load<uint32_t>(1); }
	uint32_t r2() const { return _s.load<uint32_t>(2); }
	uint32_t r3() const { return _s.load<uint32_t>(3); }
	uint32_t r4() const { return _s.load<uint32_t>(4); }
	uint32_t r5() const { return _s.load<uint32_t>(5); }
	uint32_t r6() const { return _s.load<uint32_t>(6); }
	uint32_t r7() const { return _s.load<uint32_t>(7); }
	uint32_t r8() const { return _s.load<uint32_t>(8); }
	uint32_t r9() const { return _s.load<uint32_t>(9); }
	uint32_t r10() const { return _s.load<uint32_t>(10); }
	uint32_t r11() const { return _s.load<uint32_t>(11); }
	uint32_t r12() const { return _s.load<uint32_t>(12); }
	uint32_t sp() const { return _s.load<uint32_t>(13); }
	uint32_t lr() const { return _s.load<uint32_t>(14); }
	uint32_t ip() const { return _s.load<uint32_t>(15); }
	uint32_t cpsr() const { return _s.load<uint32_t>(16); }
	uint32_t cpu_exception() const { return _s.load<uint32_t>(17); }
	uint32_t tls() const { return _s.load<uint32_t>(18); }
	uint32_t orig_r0() const { return _s.load<uint32_t>(19); }
};

class Registers_arm_v7::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void r0(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void r1(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void r2(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void r3(uint32_t v) const { _s.store<uint32_t>(3, v); }
	void r4(uint32_t v) const { _s.store<uint32_t>(4, v); }
	void r5(uint32_t v) const { _s.store<uint32_t>(5, v); }
	void r6(uint32_t v) const { _s.store<uint32_t>(6, v); }
	void r7(uint32_t v) const { _s.store<uint32_t>(7, v); }
	void r8(uint32_t v) const { _s.store<uint32_t>(8, v); }
	void r9(uint32_t v) const { _s.store<uint32_t>(9, v); }
	void r10(uint32_t v) const { _s.store<uint32_t>(10, v); }
	void r11(uint32_t v) const { _s.store<uint32_t>(11, v); }
	void r12(uint32_t v) const { _s.store<uint32_t>(12, v); }
	void sp(uint32_t v) const { _s.store<uint32_t>(13, v); }
	void lr(uint32_t v) const { _s.store<uint32_t>(14, v); }
	void ip(uint32_t v) const { _s.store<uint32_t>(15, v); }
	void cpsr(uint32_t v) const { _s.store<uint32_t>(16, v); }
	void cpu_exception(uint32_t v) const { _s.store<uint32_t>(17, v); }
	void tls(uint32_t v) const { _s.store<uint32_t>(18, v); }
	void orig_r0(uint32_t v) const { _s.store<uint32_t>(19, v); }
};

/* ---- RegistersArmV8 ---- */

struct Registers_arm_v8
{
	static constexpr uint64_t ID = 0xb65d87adfd5d6ea2;
	static constexpr uint16_t DATA_WORDS = 5, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Registers_arm_v8::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Value_list_reader<uint64_t> x() const { return _s.values<uint64_t>(0); }
	bool has_x() const { return _s.has(0); }
	uint64_t sp() const { return _s.load<uint64_t>(0); }
	uint64_t ip() const { return _s.load<uint64_t>(1); }
	uint64_t pstate() const { return _s.load<uint64_t>(2); }
	uint64_t esr() const { return _s.load<uint64_t>(3); }
	uint64_t tls() const { return _s.load<uint64_t>(4); }
};

class Registers_arm_v8::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void sp(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void ip(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void pstate(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void esr(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void tls(uint64_t v) const { _s.store<uint64_t>(4, v); }

	/* in this order */
	Wire::Value_list_writer<uint64_t> init_x(uint32_t count) const { return _s.init_values<uint64_t>(0, count); }
};

/* ---- RegistersRiscv64 ---- */

struct Registers_riscv64
{
	static constexpr uint64_t ID = 0xbb73ad656ba71a95;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Registers_riscv64::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Value_list_reader<uint64_t> x() const { return _s.values<uint64_t>(0); }
	bool has_x() const { return _s.has(0); }
	uint64_t ip() const { return _s.load<uint64_t>(0); }
};

class Registers_riscv64::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void ip(uint64_t v) const { _s.store<uint64_t>(0, v); }

	/* in this order */
	Wire::Value_list_writer<uint64_t> init_x(uint32_t count) const { return _s.init_values<uint64_t>(0, count); }
};

/* ---- Fpu ---- */

struct Fpu
{
	static constexpr uint64_t ID = 0xd0b43e6f9c2ee6b2;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Fpu::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Fpu_format format() const { return Fpu_format(_s.load<uint16_t>(0)); }
	Const_bytes state() const { return _s.data(0); }
	bool has_state() const { return _s.has(0); }
};

class Fpu::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void format(Fpu_format v) const { _s.store<uint16_t>(0, uint16_t(v)); }

	/* in this order */
	void state(Const_bytes v) const { _s.data(0, v); }
};

/* ---- Utcb ---- */

struct Utcb
{
	static constexpr uint64_t ID = 0xa11ac01a35ec5953;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 3;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Utcb::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Value_list_reader<uint64_t> words() const { return _s.values<uint64_t>(0); }
	bool has_words() const { return _s.has(0); }
	Wire::Value_list_reader<uint64_t> buffer_registers() const { return _s.values<uint64_t>(1); }
	bool has_buffer_registers() const { return _s.has(1); }
	Wire::Value_list_reader<uint64_t> thread_registers() const { return _s.values<uint64_t>(2); }
	bool has_thread_registers() const { return _s.has(2); }
};

class Utcb::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	Wire::Value_list_writer<uint64_t> init_words(uint32_t count) const { return _s.init_values<uint64_t>(0, count); }
	Wire::Value_list_writer<uint64_t> init_buffer_registers(uint32_t count) const { return _s.init_values<uint64_t>(1, count); }
	Wire::Value_list_writer<uint64_t> init_thread_registers(uint32_t count) const { return _s.init_values<uint64_t>(2, count); }
};

/* ---- Note ---- */

struct Note
{
	static constexpr uint64_t ID = 0x9044abe615793b97;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Note::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text owner() const { return _s.text(0); }
	bool has_owner() const { return _s.has(0); }
	uint32_t type() const { return _s.load<uint32_t>(0); }
	Const_bytes content() const { return _s.data(1); }
	bool has_content() const { return _s.has(1); }
};

class Note::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void type(uint32_t v) const { _s.store<uint32_t>(0, v); }

	/* in this order */
	void owner(Wire::Text v) const { _s.text(0, v); }
	void content(Const_bytes v) const { _s.data(1, v); }
};

/* ---- Thread ---- */

struct Thread
{
	static constexpr uint64_t ID = 0xe8bc7a0676506d7f;
	static constexpr uint16_t DATA_WORDS = 8, POINTERS = 6;
	static Wire::Struct_shape const shape;

	struct Registers
	{
		static Wire::Struct_shape const shape;

		enum class Which : uint16_t {
			NONE = 0,
			X86X64 = 1,
			X86X32 = 2,
			ARM_V7 = 3,
			ARM_V8 = 4,
			RISCV64 = 5,
			OTHER = 6,
		};

		class Reader;
		class Writer;
	};

	class Reader;
	class Writer;
};

class Thread::Registers::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Which which() const { return Which(_s.load<uint16_t>(28)); }

	Registers_x86x64::Reader x86x64() const { return which() == Which::X86X64 ? Registers_x86x64::Reader(_s.structure(2)) : Registers_x86x64::Reader(); }
	bool has_x86x64() const { return which() == Which::X86X64 && _s.has(2); }
	Registers_x86x32::Reader x86x32() const { return which() == Which::X86X32 ? Registers_x86x32::Reader(_s.structure(2)) : Registers_x86x32::Reader(); }
	bool has_x86x32() const { return which() == Which::X86X32 && _s.has(2); }
	Registers_arm_v7::Reader arm_v7() const { return which() == Which::ARM_V7 ? Registers_arm_v7::Reader(_s.structure(2)) : Registers_arm_v7::Reader(); }
	bool has_arm_v7() const { return which() == Which::ARM_V7 && _s.has(2); }
	Registers_arm_v8::Reader arm_v8() const { return which() == Which::ARM_V8 ? Registers_arm_v8::Reader(_s.structure(2)) : Registers_arm_v8::Reader(); }
	bool has_arm_v8() const { return which() == Which::ARM_V8 && _s.has(2); }
	Registers_riscv64::Reader riscv64() const { return which() == Which::RISCV64 ? Registers_riscv64::Reader(_s.structure(2)) : Registers_riscv64::Reader(); }
	bool has_riscv64() const { return which() == Which::RISCV64 && _s.has(2); }
	Const_bytes other() const { return which() == Which::OTHER ? _s.data(2) : Const_bytes(); }
	bool has_other() const { return which() == Which::OTHER && _s.has(2); }
};

class Thread::Registers::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void which(Which v) const { _s.store<uint16_t>(28, uint16_t(v)); }

	void none() const { which(Which::NONE); }

	/* in this order */
	Registers_x86x64::Writer init_x86x64() const { which(Which::X86X64); return _s.init_struct<Registers_x86x64>(2); }
	Registers_x86x32::Writer init_x86x32() const { which(Which::X86X32); return _s.init_struct<Registers_x86x32>(2); }
	Registers_arm_v7::Writer init_arm_v7() const { which(Which::ARM_V7); return _s.init_struct<Registers_arm_v7>(2); }
	Registers_arm_v8::Writer init_arm_v8() const { which(Which::ARM_V8); return _s.init_struct<Registers_arm_v8>(2); }
	Registers_riscv64::Writer init_riscv64() const { which(Which::RISCV64); return _s.init_struct<Registers_riscv64>(2); }
	void other(Const_bytes v) const { which(Which::OTHER); _s.data(2, v); }
};

class Thread::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text name() const { return _s.text(0); }
	bool has_name() const { return _s.has(0); }
	uint32_t pd() const { return _s.load<uint32_t>(0); }
	uint32_t cpu() const { return _s.load<uint32_t>(1); }
	uint32_t gate() const { return _s.load<uint32_t>(2); }
	uint64_t native_id() const { return _s.load<uint64_t>(2); }
	uint32_t weight() const { return _s.load<uint32_t>(3); }
	uint32_t slot() const { return _s.load<uint32_t>(6); }
	bool has_slot() const { return _s.bit(224); }
	uint64_t utcb_address() const { return _s.load<uint64_t>(4); }
	bool started() const { return _s.bit(225); }
	bool paused() const { return _s.bit(226); }
	bool single_step() const { return _s.bit(227); }
	uint32_t exception_handler() const { return _s.load<uint32_t>(10); }
	Ipc_phase phase() const { return Ipc_phase(_s.load<uint16_t>(15)); }
	uint32_t call_target() const { return _s.load<uint32_t>(11); }
	uint32_t served_caller() const { return _s.load<uint32_t>(12); }
	uint32_t pending_wakeups() const { return _s.load<uint32_t>(13); }
	Affinity::Reader affinity() const { return Affinity::Reader(_s.structure(1)); }
	bool has_affinity() const { return _s.has(1); }
	Registers::Reader registers() const { return Registers::Reader(_s); }
	Fpu::Reader fpu() const { return Fpu::Reader(_s.structure(3)); }
	bool has_fpu() const { return _s.has(3); }
	Utcb::Reader utcb() const { return Utcb::Reader(_s.structure(4)); }
	bool has_utcb() const { return _s.has(4); }
	Wire::Struct_list_reader<Note::Reader> notes() const { return _s.structs<Note::Reader>(5); }
	bool has_notes() const { return _s.has(5); }
};

class Thread::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void pd(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void cpu(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void gate(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void native_id(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void weight(uint32_t v) const { _s.store<uint32_t>(3, v); }
	void slot(uint32_t v) const { _s.store<uint32_t>(6, v); }
	void has_slot(bool v) const { _s.bit(224, v); }
	void utcb_address(uint64_t v) const { _s.store<uint64_t>(4, v); }
	void started(bool v) const { _s.bit(225, v); }
	void paused(bool v) const { _s.bit(226, v); }
	void single_step(bool v) const { _s.bit(227, v); }
	void exception_handler(uint32_t v) const { _s.store<uint32_t>(10, v); }
	void phase(Ipc_phase v) const { _s.store<uint16_t>(15, uint16_t(v)); }
	void call_target(uint32_t v) const { _s.store<uint32_t>(11, v); }
	void served_caller(uint32_t v) const { _s.store<uint32_t>(12, v); }
	void pending_wakeups(uint32_t v) const { _s.store<uint32_t>(13, v); }
	Registers::Writer registers() const { return Registers::Writer(_s); }

	/* in this order */
	void name(Wire::Text v) const { _s.text(0, v); }
	Affinity::Writer init_affinity() const { return _s.init_struct<Affinity>(1); }
	Fpu::Writer init_fpu() const { return _s.init_struct<Fpu>(3); }
	Utcb::Writer init_utcb() const { return _s.init_struct<Utcb>(4); }
	Wire::Struct_list_writer<Note> init_notes(uint32_t count) const { return _s.init_structs<Note>(5, count); }
};

/* ---- AbsentRange ---- */

struct Absent_range
{
	static constexpr uint64_t ID = 0xa4c7fd3cab17c011;
	static constexpr uint16_t DATA_WORDS = 3, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Absent_range::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t offset() const { return _s.load<uint64_t>(0); }
	uint64_t size() const { return _s.load<uint64_t>(1); }
	Absent_reason reason() const { return Absent_reason(_s.load<uint16_t>(8)); }
};

class Absent_range::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void offset(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void size(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void reason(Absent_reason v) const { _s.store<uint16_t>(8, uint16_t(v)); }
};

/* ---- Dataspace ---- */

struct Dataspace
{
	static constexpr uint64_t ID = 0x8e12411ef17b202b;
	static constexpr uint16_t DATA_WORDS = 6, POINTERS = 3;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Dataspace::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Dataspace_kind kind() const { return Dataspace_kind(_s.load<uint16_t>(0)); }
	Cache_attribute cache() const { return Cache_attribute(_s.load<uint16_t>(1)); }
	bool sealed() const { return _s.bit(32); }
	uint64_t size() const { return _s.load<uint64_t>(1); }
	uint64_t first_block() const { return _s.load<uint64_t>(2); }
	bool stored() const { return _s.bit(33); }
	Absent_reason absent_reason() const { return Absent_reason(_s.load<uint16_t>(3)); }
	uint64_t allocation_order() const { return _s.load<uint64_t>(3); }
	uint32_t owner() const { return _s.load<uint32_t>(8); }
	uint32_t region_map() const { return _s.load<uint32_t>(9); }
	uint64_t physical_address() const { return _s.load<uint64_t>(5); }
	Wire::Text module() const { return _s.text(0); }
	bool has_module() const { return _s.has(0); }
	Const_bytes digest() const { return _s.data(1); }
	bool has_digest() const { return _s.has(1); }
	Wire::Struct_list_reader<Absent_range::Reader> absent() const { return _s.structs<Absent_range::Reader>(2); }
	bool has_absent() const { return _s.has(2); }
};

class Dataspace::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void kind(Dataspace_kind v) const { _s.store<uint16_t>(0, uint16_t(v)); }
	void cache(Cache_attribute v) const { _s.store<uint16_t>(1, uint16_t(v)); }
	void sealed(bool v) const { _s.bit(32, v); }
	void size(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void first_block(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void stored(bool v) const { _s.bit(33, v); }
	void absent_reason(Absent_reason v) const { _s.store<uint16_t>(3, uint16_t(v)); }
	void allocation_order(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void owner(uint32_t v) const { _s.store<uint32_t>(8, v); }
	void region_map(uint32_t v) const { _s.store<uint32_t>(9, v); }
	void physical_address(uint64_t v) const { _s.store<uint64_t>(5, v); }

	/* in this order */
	void module(Wire::Text v) const { _s.text(0, v); }
	void digest(Const_bytes v) const { _s.data(1, v); }
	Wire::Struct_list_writer<Absent_range> init_absent(uint32_t count) const { return _s.init_structs<Absent_range>(2, count); }
};

/* ---- Region ---- */

struct Region
{
	static constexpr uint64_t ID = 0x8ddf0cb4e836d353;
	static constexpr uint16_t DATA_WORDS = 4, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Region::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t address() const { return _s.load<uint64_t>(0); }
	uint64_t size() const { return _s.load<uint64_t>(1); }
	uint64_t offset() const { return _s.load<uint64_t>(2); }
	uint32_t dataspace() const { return _s.load<uint32_t>(6); }
	bool readable() const { return _s.bit(224); }
	bool writeable() const { return _s.bit(225); }
	bool executable() const { return _s.bit(226); }
};

class Region::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void address(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void size(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void offset(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void dataspace(uint32_t v) const { _s.store<uint32_t>(6, v); }
	void readable(bool v) const { _s.bit(224, v); }
	void writeable(bool v) const { _s.bit(225, v); }
	void executable(bool v) const { _s.bit(226, v); }
};

/* ---- RegionMap ---- */

struct Region_map
{
	static constexpr uint64_t ID = 0xad4401f84a18366a;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Region_map::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t size() const { return _s.load<uint64_t>(0); }
	uint32_t dataspace() const { return _s.load<uint32_t>(2); }
	uint32_t fault_handler() const { return _s.load<uint32_t>(3); }
	Wire::Struct_list_reader<Region::Reader> regions() const { return _s.structs<Region::Reader>(0); }
	bool has_regions() const { return _s.has(0); }
};

class Region_map::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void size(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void dataspace(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void fault_handler(uint32_t v) const { _s.store<uint32_t>(3, v); }

	/* in this order */
	Wire::Struct_list_writer<Region> init_regions(uint32_t count) const { return _s.init_structs<Region>(0, count); }
};

/* ---- SignalSource ---- */

struct Signal_source
{
	static constexpr uint64_t ID = 0x8f65be45aaabcce1;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Signal_source::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t pd() const { return _s.load<uint32_t>(0); }
	uint32_t handler() const { return _s.load<uint32_t>(1); }
	uint32_t semaphore() const { return _s.load<uint32_t>(2); }
};

class Signal_source::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void pd(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void handler(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void semaphore(uint32_t v) const { _s.store<uint32_t>(2, v); }
};

/* ---- SignalContext ---- */

struct Signal_context
{
	static constexpr uint64_t ID = 0xca87ed4830c9ad07;
	static constexpr uint16_t DATA_WORDS = 3, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Signal_context::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t source() const { return _s.load<uint32_t>(0); }
	uint64_t imprint() const { return _s.load<uint64_t>(1); }
	uint32_t pending() const { return _s.load<uint32_t>(1); }
	uint32_t holder() const { return _s.load<uint32_t>(4); }
	Wire::Text role() const { return _s.text(0); }
	bool has_role() const { return _s.has(0); }
};

class Signal_context::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void source(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void imprint(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void pending(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void holder(uint32_t v) const { _s.store<uint32_t>(4, v); }

	/* in this order */
	void role(Wire::Text v) const { _s.text(0, v); }
};

/* ---- NativeCapability ---- */

struct Native_capability
{
	static constexpr uint64_t ID = 0x861f5b765493c438;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Native_capability::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t entrypoint() const { return _s.load<uint32_t>(0); }
	uint64_t allocation_order() const { return _s.load<uint64_t>(1); }
	bool dangling() const { return _s.bit(32); }
};

class Native_capability::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void entrypoint(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void allocation_order(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void dangling(bool v) const { _s.bit(32, v); }
};

/* ---- Object ---- */

struct Object
{
	static constexpr uint64_t ID = 0xd9d66c844390b121;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 2;
	static Wire::Struct_shape const shape;

	enum class Which : uint16_t {
		CAPABILITY = 0,
		EXTERNAL = 1,
		PD_SESSION = 2,
		CPU_SESSION = 3,
		RM_SESSION = 4,
		ROM_SESSION = 5,
		LOG_SESSION = 6,
		TIMER_SESSION = 7,
		SESSION = 8,
		SERVICE = 9,
		THREAD = 10,
		DATASPACE = 11,
		REGION_MAP = 12,
		SIGNAL_SOURCE = 13,
		SIGNAL_CONTEXT = 14,
		NATIVE_CAPABILITY = 15,
		PARENT_CAPABILITY = 16,
	};

	class Reader;
	class Writer;
};

class Object::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Which which() const { return Which(_s.load<uint16_t>(3)); }

	uint32_t id() const { return _s.load<uint32_t>(0); }
	uint64_t badge() const { return _s.load<uint64_t>(1); }
	bool bootstrapped() const { return _s.bit(32); }
	Wire::Text label() const { return _s.text(0); }
	bool has_label() const { return _s.has(0); }
	External::Reader external() const { return which() == Which::EXTERNAL ? External::Reader(_s.structure(1)) : External::Reader(); }
	bool has_external() const { return which() == Which::EXTERNAL && _s.has(1); }
	Pd_session::Reader pd_session() const { return which() == Which::PD_SESSION ? Pd_session::Reader(_s.structure(1)) : Pd_session::Reader(); }
	bool has_pd_session() const { return which() == Which::PD_SESSION && _s.has(1); }
	Cpu_session::Reader cpu_session() const { return which() == Which::CPU_SESSION ? Cpu_session::Reader(_s.structure(1)) : Cpu_session::Reader(); }
	bool has_cpu_session() const { return which() == Which::CPU_SESSION && _s.has(1); }
	Rm_session::Reader rm_session() const { return which() == Which::RM_SESSION ? Rm_session::Reader(_s.structure(1)) : Rm_session::Reader(); }
	bool has_rm_session() const { return which() == Which::RM_SESSION && _s.has(1); }
	Rom_session::Reader rom_session() const { return which() == Which::ROM_SESSION ? Rom_session::Reader(_s.structure(1)) : Rom_session::Reader(); }
	bool has_rom_session() const { return which() == Which::ROM_SESSION && _s.has(1); }
	Log_session::Reader log_session() const { return which() == Which::LOG_SESSION ? Log_session::Reader(_s.structure(1)) : Log_session::Reader(); }
	bool has_log_session() const { return which() == Which::LOG_SESSION && _s.has(1); }
	Timer_session::Reader timer_session() const { return which() == Which::TIMER_SESSION ? Timer_session::Reader(_s.structure(1)) : Timer_session::Reader(); }
	bool has_timer_session() const { return which() == Which::TIMER_SESSION && _s.has(1); }
	Other_session::Reader session() const { return which() == Which::SESSION ? Other_session::Reader(_s.structure(1)) : Other_session::Reader(); }
	bool has_session() const { return which() == Which::SESSION && _s.has(1); }
	Service::Reader service() const { return which() == Which::SERVICE ? Service::Reader(_s.structure(1)) : Service::Reader(); }
	bool has_service() const { return which() == Which::SERVICE && _s.has(1); }
	Thread::Reader thread() const { return which() == Which::THREAD ? Thread::Reader(_s.structure(1)) : Thread::Reader(); }
	bool has_thread() const { return which() == Which::THREAD && _s.has(1); }
	Dataspace::Reader dataspace() const { return which() == Which::DATASPACE ? Dataspace::Reader(_s.structure(1)) : Dataspace::Reader(); }
	bool has_dataspace() const { return which() == Which::DATASPACE && _s.has(1); }
	Region_map::Reader region_map() const { return which() == Which::REGION_MAP ? Region_map::Reader(_s.structure(1)) : Region_map::Reader(); }
	bool has_region_map() const { return which() == Which::REGION_MAP && _s.has(1); }
	Signal_source::Reader signal_source() const { return which() == Which::SIGNAL_SOURCE ? Signal_source::Reader(_s.structure(1)) : Signal_source::Reader(); }
	bool has_signal_source() const { return which() == Which::SIGNAL_SOURCE && _s.has(1); }
	Signal_context::Reader signal_context() const { return which() == Which::SIGNAL_CONTEXT ? Signal_context::Reader(_s.structure(1)) : Signal_context::Reader(); }
	bool has_signal_context() const { return which() == Which::SIGNAL_CONTEXT && _s.has(1); }
	Native_capability::Reader native_capability() const { return which() == Which::NATIVE_CAPABILITY ? Native_capability::Reader(_s.structure(1)) : Native_capability::Reader(); }
	bool has_native_capability() const { return which() == Which::NATIVE_CAPABILITY && _s.has(1); }
};

class Object::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void which(Which v) const { _s.store<uint16_t>(3, uint16_t(v)); }

	void id(uint32_t v) const { _s.store<uint32_t>(0, v); }
	void badge(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void bootstrapped(bool v) const { _s.bit(32, v); }
	void capability() const { which(Which::CAPABILITY); }
	void parent_capability() const { which(Which::PARENT_CAPABILITY); }

	/* in this order */
	void label(Wire::Text v) const { _s.text(0, v); }
	External::Writer init_external() const { which(Which::EXTERNAL); return _s.init_struct<External>(1); }
	Pd_session::Writer init_pd_session() const { which(Which::PD_SESSION); return _s.init_struct<Pd_session>(1); }
	Cpu_session::Writer init_cpu_session() const { which(Which::CPU_SESSION); return _s.init_struct<Cpu_session>(1); }
	Rm_session::Writer init_rm_session() const { which(Which::RM_SESSION); return _s.init_struct<Rm_session>(1); }
	Rom_session::Writer init_rom_session() const { which(Which::ROM_SESSION); return _s.init_struct<Rom_session>(1); }
	Log_session::Writer init_log_session() const { which(Which::LOG_SESSION); return _s.init_struct<Log_session>(1); }
	Timer_session::Writer init_timer_session() const { which(Which::TIMER_SESSION); return _s.init_struct<Timer_session>(1); }
	Other_session::Writer init_session() const { which(Which::SESSION); return _s.init_struct<Other_session>(1); }
	Service::Writer init_service() const { which(Which::SERVICE); return _s.init_struct<Service>(1); }
	Thread::Writer init_thread() const { which(Which::THREAD); return _s.init_struct<Thread>(1); }
	Dataspace::Writer init_dataspace() const { which(Which::DATASPACE); return _s.init_struct<Dataspace>(1); }
	Region_map::Writer init_region_map() const { which(Which::REGION_MAP); return _s.init_struct<Region_map>(1); }
	Signal_source::Writer init_signal_source() const { which(Which::SIGNAL_SOURCE); return _s.init_struct<Signal_source>(1); }
	Signal_context::Writer init_signal_context() const { which(Which::SIGNAL_CONTEXT); return _s.init_struct<Signal_context>(1); }
	Native_capability::Writer init_native_capability() const { which(Which::NATIVE_CAPABILITY); return _s.init_struct<Native_capability>(1); }
};

/* ---- CapabilityLayout ---- */

struct Capability_layout
{
	static constexpr uint64_t ID = 0xfc8075e16e320a42;
	static constexpr uint16_t DATA_WORDS = 10, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Capability_layout::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text release() const { return _s.text(0); }
	bool has_release() const { return _s.has(0); }
	uint8_t word_bytes() const { return _s.load<uint8_t>(0); }
	Map_structure structure() const { return Map_structure(_s.load<uint16_t>(1)); }
	uint64_t array() const { return _s.load<uint64_t>(1); }
	uint32_t count() const { return _s.load<uint32_t>(1); }
	uint32_t stride() const { return _s.load<uint32_t>(4); }
	uint64_t root() const { return _s.load<uint64_t>(3); }
	uint16_t node_offset() const { return _s.load<uint16_t>(10); }
	uint16_t depth_offset() const { return _s.load<uint16_t>(11); }
	uint16_t id_offset() const { return _s.load<uint16_t>(16); }
	uint8_t id_width() const { return _s.load<uint8_t>(1); }
	uint16_t ref_offset() const { return _s.load<uint16_t>(17); }
	uint8_t ref_width() const { return _s.load<uint8_t>(36); }
	uint16_t socket_offset() const { return _s.load<uint16_t>(19); }
	uint16_t foreign_offset() const { return _s.load<uint16_t>(20); }
	uint8_t selector_shift() const { return _s.load<uint8_t>(37); }
	bool has_selectors() const { return _s.bit(336); }
	uint64_t invalid_id() const { return _s.load<uint64_t>(6); }
	uint64_t max_badge() const { return _s.load<uint64_t>(7); }
	uint32_t badge_step() const { return _s.load<uint32_t>(11); }
	uint64_t allocator_lock() const { return _s.load<uint64_t>(8); }
	uint64_t tree_lock() const { return _s.load<uint64_t>(9); }
};

class Capability_layout::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void word_bytes(uint8_t v) const { _s.store<uint8_t>(0, v); }
	void structure(Map_structure v) const { _s.store<uint16_t>(1, uint16_t(v)); }
	void array(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void count(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void stride(uint32_t v) const { _s.store<uint32_t>(4, v); }
	void root(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void node_offset(uint16_t v) const { _s.store<uint16_t>(10, v); }
	void depth_offset(uint16_t v) const { _s.store<uint16_t>(11, v); }
	void id_offset(uint16_t v) const { _s.store<uint16_t>(16, v); }
	void id_width(uint8_t v) const { _s.store<uint8_t>(1, v); }
	void ref_offset(uint16_t v) const { _s.store<uint16_t>(17, v); }
	void ref_width(uint8_t v) const { _s.store<uint8_t>(36, v); }
	void socket_offset(uint16_t v) const { _s.store<uint16_t>(19, v); }
	void foreign_offset(uint16_t v) const { _s.store<uint16_t>(20, v); }
	void selector_shift(uint8_t v) const { _s.store<uint8_t>(37, v); }
	void has_selectors(bool v) const { _s.bit(336, v); }
	void invalid_id(uint64_t v) const { _s.store<uint64_t>(6, v); }
	void max_badge(uint64_t v) const { _s.store<uint64_t>(7, v); }
	void badge_step(uint32_t v) const { _s.store<uint32_t>(11, v); }
	void allocator_lock(uint64_t v) const { _s.store<uint64_t>(8, v); }
	void tree_lock(uint64_t v) const { _s.store<uint64_t>(9, v); }

	/* in this order */
	void release(Wire::Text v) const { _s.text(0, v); }
};

/* ---- CapabilityEntry ---- */

struct Capability_entry
{
	static constexpr uint64_t ID = 0xb913186147ef8437;
	static constexpr uint16_t DATA_WORDS = 5, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Capability_entry::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t kcap() const { return _s.load<uint64_t>(0); }
	uint32_t index() const { return _s.load<uint32_t>(2); }
	uint32_t object() const { return _s.load<uint32_t>(3); }
	uint64_t raw_id() const { return _s.load<uint64_t>(2); }
	uint32_t ref_count() const { return _s.load<uint32_t>(6); }
	Entry_state state() const { return Entry_state(_s.load<uint16_t>(14)); }
	bool in_tree() const { return _s.bit(240); }
	Entry_kind kind() const { return Entry_kind(_s.load<uint16_t>(16)); }
	Entry_origin origin() const { return Entry_origin(_s.load<uint16_t>(17)); }
	bool foreign() const { return _s.bit(241); }
	int32_t socket() const { return int32_t(_s.load<uint32_t>(9)); }
};

class Capability_entry::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void kcap(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void index(uint32_t v) const { _s.store<uint32_t>(2, v); }
	void object(uint32_t v) const { _s.store<uint32_t>(3, v); }
	void raw_id(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void ref_count(uint32_t v) const { _s.store<uint32_t>(6, v); }
	void state(Entry_state v) const { _s.store<uint16_t>(14, uint16_t(v)); }
	void in_tree(bool v) const { _s.bit(240, v); }
	void kind(Entry_kind v) const { _s.store<uint16_t>(16, uint16_t(v)); }
	void origin(Entry_origin v) const { _s.store<uint16_t>(17, uint16_t(v)); }
	void foreign(bool v) const { _s.bit(241, v); }
	void socket(int32_t v) const { _s.store<uint32_t>(9, uint32_t(v)); }
};

/* ---- CapabilitySpace ---- */

struct Capability_space
{
	static constexpr uint64_t ID = 0x947aec5204c37eb7;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 2;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Capability_space::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint32_t pd() const { return _s.load<uint32_t>(0); }
	Capability_layout::Reader layout() const { return Capability_layout::Reader(_s.structure(0)); }
	bool has_layout() const { return _s.has(0); }
	Wire::Struct_list_reader<Capability_entry::Reader> entries() const { return _s.structs<Capability_entry::Reader>(1); }
	bool has_entries() const { return _s.has(1); }
};

class Capability_space::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void pd(uint32_t v) const { _s.store<uint32_t>(0, v); }

	/* in this order */
	Capability_layout::Writer init_layout() const { return _s.init_struct<Capability_layout>(0); }
	Wire::Struct_list_writer<Capability_entry> init_entries(uint32_t count) const { return _s.init_structs<Capability_entry>(1, count); }
};

/* ---- BadgeNode ---- */

struct Badge_node
{
	static constexpr uint64_t ID = 0xadb4ea0a77410f9a;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Badge_node::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t address() const { return _s.load<uint64_t>(0); }
	uint32_t object() const { return _s.load<uint32_t>(2); }
};

class Badge_node::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void address(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void object(uint32_t v) const { _s.store<uint32_t>(2, v); }
};

/* ---- BadgeTree ---- */

struct Badge_tree
{
	static constexpr uint64_t ID = 0x88e6d0942b37f5cb;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Badge_tree::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Tree_role role() const { return Tree_role(_s.load<uint16_t>(0)); }
	uint64_t root() const { return _s.load<uint64_t>(1); }
	uint32_t capability_offset() const { return _s.load<uint32_t>(1); }
	Wire::Struct_list_reader<Badge_node::Reader> nodes() const { return _s.structs<Badge_node::Reader>(0); }
	bool has_nodes() const { return _s.has(0); }
};

class Badge_tree::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void role(Tree_role v) const { _s.store<uint16_t>(0, uint16_t(v)); }
	void root(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void capability_offset(uint32_t v) const { _s.store<uint32_t>(1, v); }

	/* in this order */
	Wire::Struct_list_writer<Badge_node> init_nodes(uint32_t count) const { return _s.init_structs<Badge_node>(0, count); }
};

/* ---- RawBadge ---- */

struct Raw_badge
{
	static constexpr uint64_t ID = 0x83e258699a412990;
	static constexpr uint16_t DATA_WORDS = 3, POINTERS = 0;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Raw_badge::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Raw_badge_place place() const { return Raw_badge_place(_s.load<uint16_t>(0)); }
	uint64_t address() const { return _s.load<uint64_t>(1); }
	uint8_t width() const { return _s.load<uint8_t>(2); }
	uint32_t object() const { return _s.load<uint32_t>(1); }
	uint32_t thread() const { return _s.load<uint32_t>(4); }
	uint32_t word() const { return _s.load<uint32_t>(5); }
};

class Raw_badge::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void place(Raw_badge_place v) const { _s.store<uint16_t>(0, uint16_t(v)); }
	void address(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void width(uint8_t v) const { _s.store<uint8_t>(2, v); }
	void object(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void thread(uint32_t v) const { _s.store<uint32_t>(4, v); }
	void word(uint32_t v) const { _s.store<uint32_t>(5, v); }
};

/* ---- CodeRange ---- */

struct Code_range
{
	static constexpr uint64_t ID = 0xdf9d90d165e784d1;
	static constexpr uint16_t DATA_WORDS = 2, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Code_range::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	uint64_t start() const { return _s.load<uint64_t>(0); }
	uint64_t size() const { return _s.load<uint64_t>(1); }
	Wire::Text name() const { return _s.text(0); }
	bool has_name() const { return _s.has(0); }
};

class Code_range::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void start(uint64_t v) const { _s.store<uint64_t>(0, v); }
	void size(uint64_t v) const { _s.store<uint64_t>(1, v); }

	/* in this order */
	void name(Wire::Text v) const { _s.text(0, v); }
};

/* ---- Manifest ---- */

struct Manifest
{
	static constexpr uint64_t ID = 0x889e2320203ee132;
	static constexpr uint16_t DATA_WORDS = 4, POINTERS = 13;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Manifest::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text label() const { return _s.text(0); }
	bool has_label() const { return _s.has(0); }
	Wire::Text genode_version() const { return _s.text(1); }
	bool has_genode_version() const { return _s.has(1); }
	Kernel kernel() const { return Kernel(_s.load<uint16_t>(0)); }
	uint64_t sequence() const { return _s.load<uint64_t>(1); }
	uint64_t time_base() const { return _s.load<uint64_t>(2); }
	uint64_t timestamp_frequency() const { return _s.load<uint64_t>(3); }
	uint32_t fpu_size() const { return _s.load<uint32_t>(1); }
	bool memory_searched() const { return _s.bit(16); }
	Binary::Reader binary() const { return Binary::Reader(_s.structure(2)); }
	bool has_binary() const { return _s.has(2); }
	Wire::Blob_list_reader<Wire::Text> cpu_features() const { return _s.blobs<Wire::Text>(3); }
	bool has_cpu_features() const { return _s.has(3); }
	Parent::Reader parent() const { return Parent::Reader(_s.structure(4)); }
	bool has_parent() const { return _s.has(4); }
	Const_bytes epoch() const { return _s.data(5); }
	bool has_epoch() const { return _s.has(5); }
	Const_bytes group() const { return _s.data(6); }
	bool has_group() const { return _s.has(6); }
	Wire::Struct_list_reader<Object::Reader> objects() const { return _s.structs<Object::Reader>(7); }
	bool has_objects() const { return _s.has(7); }
	Wire::Struct_list_reader<Capability_space::Reader> capability_spaces() const { return _s.structs<Capability_space::Reader>(8); }
	bool has_capability_spaces() const { return _s.has(8); }
	Wire::Struct_list_reader<Badge_tree::Reader> badge_trees() const { return _s.structs<Badge_tree::Reader>(9); }
	bool has_badge_trees() const { return _s.has(9); }
	Wire::Struct_list_reader<Raw_badge::Reader> raw_badges() const { return _s.structs<Raw_badge::Reader>(10); }
	bool has_raw_badges() const { return _s.has(10); }
	Wire::Struct_list_reader<Code_range::Reader> safe_spots() const { return _s.structs<Code_range::Reader>(11); }
	bool has_safe_spots() const { return _s.has(11); }
	Wire::Struct_list_reader<Note::Reader> notes() const { return _s.structs<Note::Reader>(12); }
	bool has_notes() const { return _s.has(12); }
};

class Manifest::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void kernel(Kernel v) const { _s.store<uint16_t>(0, uint16_t(v)); }
	void sequence(uint64_t v) const { _s.store<uint64_t>(1, v); }
	void time_base(uint64_t v) const { _s.store<uint64_t>(2, v); }
	void timestamp_frequency(uint64_t v) const { _s.store<uint64_t>(3, v); }
	void fpu_size(uint32_t v) const { _s.store<uint32_t>(1, v); }
	void memory_searched(bool v) const { _s.bit(16, v); }

	/* in this order */
	void label(Wire::Text v) const { _s.text(0, v); }
	void genode_version(Wire::Text v) const { _s.text(1, v); }
	Binary::Writer init_binary() const { return _s.init_struct<Binary>(2); }
	Wire::Blob_list_writer<Wire::Text> init_cpu_features(uint32_t count) const { return _s.init_blobs<Wire::Text>(3, count); }
	Parent::Writer init_parent() const { return _s.init_struct<Parent>(4); }
	void epoch(Const_bytes v) const { _s.data(5, v); }
	void group(Const_bytes v) const { _s.data(6, v); }
	Wire::Struct_list_writer<Object> init_objects(uint32_t count) const { return _s.init_structs<Object>(7, count); }
	Wire::Struct_list_writer<Capability_space> init_capability_spaces(uint32_t count) const { return _s.init_structs<Capability_space>(8, count); }
	Wire::Struct_list_writer<Badge_tree> init_badge_trees(uint32_t count) const { return _s.init_structs<Badge_tree>(9, count); }
	Wire::Struct_list_writer<Raw_badge> init_raw_badges(uint32_t count) const { return _s.init_structs<Raw_badge>(10, count); }
	Wire::Struct_list_writer<Code_range> init_safe_spots(uint32_t count) const { return _s.init_structs<Code_range>(11, count); }
	Wire::Struct_list_writer<Note> init_notes(uint32_t count) const { return _s.init_structs<Note>(12, count); }
};

/* ---- ProvenanceRecord ---- */

struct Provenance_record
{
	static constexpr uint64_t ID = 0xf4bb3be37233b29e;
	static constexpr uint16_t DATA_WORDS = 1, POINTERS = 5;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Provenance_record::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Text action() const { return _s.text(0); }
	bool has_action() const { return _s.has(0); }
	Wire::Text tool() const { return _s.text(1); }
	bool has_tool() const { return _s.has(1); }
	Const_bytes source() const { return _s.data(2); }
	bool has_source() const { return _s.has(2); }
	Wire::Text detail() const { return _s.text(3); }
	bool has_detail() const { return _s.has(3); }
	Const_bytes signer() const { return _s.data(4); }
	bool has_signer() const { return _s.has(4); }
	uint64_t counter() const { return _s.load<uint64_t>(0); }
};

class Provenance_record::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}

	void counter(uint64_t v) const { _s.store<uint64_t>(0, v); }

	/* in this order */
	void action(Wire::Text v) const { _s.text(0, v); }
	void tool(Wire::Text v) const { _s.text(1, v); }
	void source(Const_bytes v) const { _s.data(2, v); }
	void detail(Wire::Text v) const { _s.text(3, v); }
	void signer(Const_bytes v) const { _s.data(4, v); }
};

/* ---- Provenance ---- */

struct Provenance
{
	static constexpr uint64_t ID = 0xa0ad49b26cc738a0;
	static constexpr uint16_t DATA_WORDS = 0, POINTERS = 1;
	static Wire::Struct_shape const shape;

	class Reader;
	class Writer;
};

class Provenance::Reader
{
	Wire::Struct_reader _s {};

  public:
	Reader() = default;
	explicit Reader(Wire::Struct_reader const &s) : _s(s) {}

	Wire::Struct_reader const &wire() const { return _s; }

	Wire::Struct_list_reader<Provenance_record::Reader> records() const { return _s.structs<Provenance_record::Reader>(0); }
	bool has_records() const { return _s.has(0); }
};

class Provenance::Writer
{
	Wire::Struct_writer _s {};

  public:
	Writer() = default;
	explicit Writer(Wire::Struct_writer const &s) : _s(s) {}


	/* in this order */
	Wire::Struct_list_writer<Provenance_record> init_records(uint32_t count) const { return _s.init_structs<Provenance_record>(0, count); }
};

}

#endif /* CAPIMG__CORE__GENERATED__IMAGE_H */
