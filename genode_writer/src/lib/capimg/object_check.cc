#include "capimg/object_check.h"

#include "capimg/session_kind.h"
#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

using namespace Metadata;
using enum Refusal_code;

using Which = Object::Which;

void Object_check::_refuse(Refusal_code code, Object::Reader const &object, Wire::Text name,
						   uint64_t image, uint64_t there) const
{
	sink.refusal({ code, object.id(), name, image, there });
}

bool Object_check::_made(uint32_t id) const
{
	uint32_t const i = find_object(plan.manifest().objects(), id);
	return i < plan.roles().count() && plan.roles()[i].made;
}

bool Object_check::_is_pd(uint32_t id) const
{
	return id && plan.manifest().objects()[plan.roles().pd()].id() == id;
}

void Object_check::pd(Object::Reader const &object, uint32_t i) const
{
	if (i != plan.roles().pd()) return _refuse(SEVERAL_PDS, object, object.label());
	if (!_made(object.pd_session().address_space())) _refuse(UNBOUND, object, "address space");
}

void Object_check::session(Object::Reader const &object, uint32_t) const
{
	Session_kind const &kind = session_kind(object);
	Wire::Text service = session_of(object).service();
	if (service.empty()) service = kind.service;

	if (kind.fate == Session_fate::DEVICE) return _refuse(DEVICE, object, service);
	if (kind.fate == Session_fate::ASK && !policy.open_anew)
		_refuse(SESSION_STATE, object, service);
	if (!kind.core && !target.provides(service, object.label()))
		_refuse(NO_SERVICE, object, service);
}

/* a dataspace is as large as the module, in whole pages */
static uint64_t pages(uint64_t size) { return (size >> 12) + ((size & 0xfff) != 0); }

void Object_check::rom(Object::Reader const &object, uint32_t i) const
{
	session(object, i);

	Rom_session::Reader const rom = object.rom_session();
	Result<Module_info> const module = target.module(rom.module());
	if (module.failed()) return _refuse(NO_MODULE, object, rom.module());

	auto const objects = plan.manifest().objects();
	Dataspace::Reader const content = objects[find_object(objects, rom.dataspace())].dataspace();
	bool const digests = !content.digest().empty() && !module->digest.empty();
	bool const sizes = content.size() && module->size;

	if (digests ? !(content.digest() == module->digest)
				: sizes && pages(content.size()) != pages(module->size))
		_refuse(MODULE_DIFFERS, object, rom.module(), content.size(), module->size);
}

void Object_check::external(Object::Reader const &object, uint32_t i) const
{
	Restore_role const &role = plan.roles()[i];
	if (role.companion || role.dangling || !role.made) return;

	Wire::Text const owner = object.external().owner();
	if (!target.has_external(owner, object.label())) _refuse(EXTERNAL, object, owner);
}

void Object_check::unknown(Object::Reader const &object, uint32_t i) const
{
	Restore_role const &role = plan.roles()[i];
	if (!role.made && role.uses & Restore_role::NEEDED)
		_refuse(UNKNOWN_OBJECT, object, object.label(), object.badge());
}

/*
 * It is announced when badges are known and in use already: so none can be its own. Its root may be
 * known to the component alone.
 */
void Object_check::service(Object::Reader const &object, uint32_t i) const
{
	Service::Reader const service = object.service();
	if (service.root() && !_made(service.root())) _refuse(UNBOUND, object, service.name());
	if (plan.roles()[i].uses & Restore_role::NEEDED)
		_refuse(UNKNOWN_OBJECT, object, service.name(), object.badge());
}

void Object_check::dataspace(Object::Reader const &object, uint32_t i) const
{
	Dataspace::Reader const dataspace = object.dataspace();
	Restore_role const &role = plan.roles()[i];

	if (dataspace.kind() == Dataspace_kind::IO_MEMORY || dataspace.kind() == Dataspace_kind::DMA)
		return _refuse(DEVICE, object, object.label(), dataspace.physical_address());
	if (!role.made) return _refuse(UNBOUND, object, dataspace.module());

	/* managed: both sides agree on whose it is */
	bool const managed = role.companion && role.kind == Companion::MANAGED;
	uint32_t const map = managed ? plan.manifest().objects()[role.of].id() : 0;
	if (dataspace.region_map() != map) return _refuse(UNBOUND, object, "region map");

	/* what comes with another object has its content from there, unless the image has one */
	if (role.companion || dataspace.stored()) return;
	if (dataspace.absent_reason() != Absent_reason::REDACTED)
		_refuse(ABSENT_MEMORY, object, object.label(), dataspace.size());
	else if (!policy.allow_redacted)
		_refuse(REDACTED, object, object.label(), dataspace.size());
}

void Object_check::region_map(Object::Reader const &object, uint32_t i) const
{
	if (!plan.roles()[i].made) _refuse(UNBOUND, object, object.label());
}

void Object_check::signal_source(Object::Reader const &object, uint32_t) const
{
	if (!_is_pd(object.signal_source().pd())) _refuse(UNBOUND, object, "PD");
}

void Object_check::signal_context(Object::Reader const &object, uint32_t) const
{
	if (!_made(object.signal_context().source())) _refuse(UNBOUND, object, "signal source");
}

void Object_check::native_capability(Object::Reader const &object, uint32_t i) const
{
	Restore_role const &role = plan.roles()[i];
	if (role.companion || role.dangling) return;
	if (!_made(object.native_capability().entrypoint())) _refuse(UNBOUND, object, "entrypoint");
}

/* registers of the machine; 'OTHER' is for machines that nobody here knows */
static bool has_registers(Thread::Reader const &thread, Architecture architecture)
{
	using Kind = Thread::Registers::Which;

	struct Row
	{
		Architecture architecture;
		Kind kind;
	};
	static constexpr Row ROWS[] {
		{ Architecture::X86_64, Kind::X86X64 },    { Architecture::X86_32, Kind::X86X32 },
		{ Architecture::ARM_V7, Kind::ARM_V7 },    { Architecture::ARM_V8, Kind::ARM_V8 },
		{ Architecture::RISCV_64, Kind::RISCV64 },
	};
	for (Row const &row : ROWS)
		if (row.architecture == architecture) return thread.registers().which() == row.kind;
	return thread.registers().which() == Kind::OTHER;
}

/*
 * The thread is inside of a call that somebody else may have executed
 *
 * Who waits to send has not been heard. Who waits for signals asks again without harm, and so does
 * who called an object that is gone.
 */
bool Object_check::_open_call(Thread::Reader const &thread) const
{
	uint32_t const i = find_object(plan.manifest().objects(), thread.call_target());
	if (i >= plan.roles().count()) return false;
	if (thread.phase() == Ipc_phase::USER_MODE || thread.phase() == Ipc_phase::SENDING)
		return false;

	Restore_role const &role = plan.roles()[i];
	if (role.dangling || !role.made) return false;
	if (role.companion && role.kind == Companion::GATE) return false;
	if (role.companion && role.kind == Companion::SEMAPHORE) return false;

	Which const which = plan.manifest().objects()[i].which();
	bool const local = which == Which::NATIVE_CAPABILITY && !role.companion;
	return !local && which != Which::SIGNAL_SOURCE;
}

void Object_check::thread(Object::Reader const &object, uint32_t) const
{
	Thread::Reader const thread = object.thread();

	if (!_is_pd(thread.pd())) _refuse(UNBOUND, object, "PD");
	if (!_made(thread.cpu())) _refuse(UNBOUND, object, "CPU session");
	if (!thread.has_slot()) _refuse(UNBOUND, object, "slot");
	if (!thread.started()) return;

	if (!has_registers(thread, architecture)) _refuse(NO_REGISTERS, object, thread.name());

	uint32_t const fpu = target.fpu_size();
	if (fpu && thread.fpu().state().size() > fpu)
		_refuse(FPU, object, thread.name(), thread.fpu().state().size(), fpu);

	bool const in_kernel =
		thread.phase() == Ipc_phase::SENDING || thread.phase() == Ipc_phase::RECEIVING;
	uint64_t const ip = instruction_pointer(thread);
	if (!in_kernel && plan.unsafe_code().holds(ip)) _refuse(UNSAFE_SPOT, object, thread.name(), ip);

	if (!policy.repeat_foreign_calls && _open_call(thread))
		_refuse(FOREIGN_CALL, object, thread.name());
}

namespace
{

struct Row
{
	Which which;
	void (Object_check::*check)(Object::Reader const &, uint32_t) const;
};

}

static constexpr Row ROWS[] {
	{ Which::EXTERNAL, &Object_check::external },
	{ Which::PD_SESSION, &Object_check::pd },
	{ Which::CPU_SESSION, &Object_check::session },
	{ Which::RM_SESSION, &Object_check::session },
	{ Which::ROM_SESSION, &Object_check::rom },
	{ Which::LOG_SESSION, &Object_check::session },
	{ Which::TIMER_SESSION, &Object_check::session },
	{ Which::SESSION, &Object_check::session },
	{ Which::SERVICE, &Object_check::service },
	{ Which::THREAD, &Object_check::thread },
	{ Which::DATASPACE, &Object_check::dataspace },
	{ Which::REGION_MAP, &Object_check::region_map },
	{ Which::SIGNAL_SOURCE, &Object_check::signal_source },
	{ Which::SIGNAL_CONTEXT, &Object_check::signal_context },
	{ Which::NATIVE_CAPABILITY, &Object_check::native_capability },
	{ Which::PARENT_CAPABILITY, &Object_check::unknown },
};

void Object_check::run(uint32_t i) const
{
	Object::Reader const object = plan.manifest().objects()[i];
	if (plan.roles()[i].contested) _refuse(UNBOUND, object, "claimed twice");

	for (Row const &row : ROWS)
		if (row.which == object.which()) return (this->*row.check)(object, i);
	unknown(object, i);
}

}
