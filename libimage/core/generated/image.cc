/*
 * Tables of all fields (wire_shape.h)
 *
 * Generated from schema/image.capnp, do not edit. Written by: schema/generate PLUGIN libimage/core/generated
 */

#include "image.h"

namespace Capimg::Metadata
{

using namespace Wire;

namespace
{

constexpr Field binary_fields[] {
	{ "Binary.name", 7, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Binary.digest", 7, Type::DATA, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
};

constexpr Field const *binary_slot_0[] {
	&binary_fields[0],
};

constexpr Field const *binary_slot_1[] {
	&binary_fields[1],
};

constexpr Slot binary_slots[] {
	{ binary_slot_0, 1, 0, 0 },
	{ binary_slot_1, 1, 0, 0 },
};

constexpr Field parent_fields[] {
	{ "Parent.stateDigest", 7, Type::DATA, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Parent.sequence", 7, Type::UINT64, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *parent_slot_0[] {
	&parent_fields[0],
};

constexpr Slot parent_slots[] {
	{ parent_slot_0, 1, 0, 0 },
};

constexpr Field external_fields[] {
	{ "External.owner", 9, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *external_slot_0[] {
	&external_fields[0],
};

constexpr Slot external_slots[] {
	{ external_slot_0, 1, 0, 0 },
};

constexpr Field affinity_fields[] {
	{ "Affinity.x", 9, Type::INT32, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Affinity.y", 9, Type::INT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Affinity.width", 9, Type::UINT32, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "Affinity.height", 9, Type::UINT32, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
};

constexpr Field session_fields[] {
	{ "Session.service", 8, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Session.arguments", 8, Type::TEXT, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Session.ramUpgrade", 8, Type::UINT64, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Session.capUpgrade", 8, Type::UINT64, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Session.clientId", 8, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "Session.interposed", 8, Type::BOOL, Type::VOID, false, NO_UNION, 192, nullptr, nullptr },
	{ "Session.affinity", 8, Type::STRUCT, Type::VOID, false, NO_UNION, 2, nullptr, &Affinity::shape },
};

constexpr Field const *session_slot_0[] {
	&session_fields[0],
};

constexpr Field const *session_slot_1[] {
	&session_fields[1],
};

constexpr Field const *session_slot_2[] {
	&session_fields[6],
};

constexpr Slot session_slots[] {
	{ session_slot_0, 1, 0, 0 },
	{ session_slot_1, 1, 0, 0 },
	{ session_slot_2, 1, 0, 0 },
};

constexpr Field pd_session_fields[] {
	{ "PdSession.session", 10, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "PdSession.addressSpace", 10, Type::UINT32, Type::VOID, false, NO_UNION, 0, "regionMap", nullptr },
	{ "PdSession.stackArea", 10, Type::UINT32, Type::VOID, false, NO_UNION, 1, "regionMap", nullptr },
	{ "PdSession.linkerArea", 10, Type::UINT32, Type::VOID, false, NO_UNION, 2, "regionMap", nullptr },
	{ "PdSession.ramQuota", 10, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "PdSession.ramUsed", 10, Type::UINT64, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "PdSession.capQuota", 10, Type::UINT64, Type::VOID, false, NO_UNION, 4, nullptr, nullptr },
	{ "PdSession.capUsed", 10, Type::UINT64, Type::VOID, false, NO_UNION, 5, nullptr, nullptr },
	{ "PdSession.refAccount", 10, Type::UINT32, Type::VOID, false, NO_UNION, 3, "*", nullptr },
	{ "PdSession.nativePd", 10, Type::UINT32, Type::VOID, false, NO_UNION, 12, "*", nullptr },
};

constexpr Field const *pd_session_slot_0[] {
	&pd_session_fields[0],
};

constexpr Slot pd_session_slots[] {
	{ pd_session_slot_0, 1, 0, 0 },
};

constexpr Field cpu_session_fields[] {
	{ "CpuSession.session", 11, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "CpuSession.exceptionHandler", 11, Type::UINT32, Type::VOID, false, NO_UNION, 0, "*", nullptr },
	{ "CpuSession.priority", 11, Type::UINT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "CpuSession.quota", 11, Type::UINT64, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "CpuSession.refAccount", 11, Type::UINT32, Type::VOID, false, NO_UNION, 4, "*", nullptr },
	{ "CpuSession.nativeCpu", 11, Type::UINT32, Type::VOID, false, NO_UNION, 5, "*", nullptr },
};

constexpr Field const *cpu_session_slot_0[] {
	&cpu_session_fields[0],
};

constexpr Slot cpu_session_slots[] {
	{ cpu_session_slot_0, 1, 0, 0 },
};

constexpr Field rm_session_fields[] {
	{ "RmSession.session", 10, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "RmSession.regionMaps", 10, Type::LIST, Type::UINT32, false, NO_UNION, 1, "regionMap", nullptr },
};

constexpr Field const *rm_session_slot_0[] {
	&rm_session_fields[0],
};

constexpr Field const *rm_session_slot_1[] {
	&rm_session_fields[1],
};

constexpr Slot rm_session_slots[] {
	{ rm_session_slot_0, 1, 0, 0 },
	{ rm_session_slot_1, 1, 0, 0 },
};

constexpr Field rom_session_fields[] {
	{ "RomSession.session", 11, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "RomSession.module", 11, Type::TEXT, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "RomSession.dataspace", 11, Type::UINT32, Type::VOID, false, NO_UNION, 0, "dataspace", nullptr },
	{ "RomSession.handler", 11, Type::UINT32, Type::VOID, false, NO_UNION, 1, "*", nullptr },
};

constexpr Field const *rom_session_slot_0[] {
	&rom_session_fields[0],
};

constexpr Field const *rom_session_slot_1[] {
	&rom_session_fields[1],
};

constexpr Slot rom_session_slots[] {
	{ rom_session_slot_0, 1, 0, 0 },
	{ rom_session_slot_1, 1, 0, 0 },
};

constexpr Field log_session_fields[] {
	{ "LogSession.session", 11, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
};

constexpr Field const *log_session_slot_0[] {
	&log_session_fields[0],
};

constexpr Slot log_session_slots[] {
	{ log_session_slot_0, 1, 0, 0 },
};

constexpr Field timer_session_fields[] {
	{ "TimerSession.session", 13, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "TimerSession.handler", 13, Type::UINT32, Type::VOID, false, NO_UNION, 0, "*", nullptr },
	{ "TimerSession.timeout", 13, Type::UINT64, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "TimerSession.periodic", 13, Type::BOOL, Type::VOID, false, NO_UNION, 32, nullptr, nullptr },
	{ "TimerSession.elapsed", 13, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "TimerSession.timeBase", 13, Type::UINT64, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
};

constexpr Field const *timer_session_slot_0[] {
	&timer_session_fields[0],
};

constexpr Slot timer_session_slots[] {
	{ timer_session_slot_0, 1, 0, 0 },
};

constexpr Field other_session_fields[] {
	{ "OtherSession.session", 13, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Session::shape },
	{ "OtherSession.state", 13, Type::DATA, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
};

constexpr Field const *other_session_slot_0[] {
	&other_session_fields[0],
};

constexpr Field const *other_session_slot_1[] {
	&other_session_fields[1],
};

constexpr Slot other_session_slots[] {
	{ other_session_slot_0, 1, 0, 0 },
	{ other_session_slot_1, 1, 0, 0 },
};

constexpr Field provided_session_fields[] {
	{ "ProvidedSession.label", 16, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "ProvidedSession.arguments", 16, Type::TEXT, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "ProvidedSession.session", 16, Type::UINT32, Type::VOID, false, NO_UNION, 0, "*", nullptr },
	{ "ProvidedSession.objects", 16, Type::LIST, Type::UINT32, false, NO_UNION, 2, "*", nullptr },
};

constexpr Field const *provided_session_slot_0[] {
	&provided_session_fields[0],
};

constexpr Field const *provided_session_slot_1[] {
	&provided_session_fields[1],
};

constexpr Field const *provided_session_slot_2[] {
	&provided_session_fields[3],
};

constexpr Slot provided_session_slots[] {
	{ provided_session_slot_0, 1, 0, 0 },
	{ provided_session_slot_1, 1, 0, 0 },
	{ provided_session_slot_2, 1, 0, 0 },
};

constexpr Field service_fields[] {
	{ "Service.name", 8, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Service.root", 8, Type::UINT32, Type::VOID, false, NO_UNION, 0, "*", nullptr },
	{ "Service.sessions", 8, Type::LIST, Type::STRUCT, false, NO_UNION, 1, nullptr, &Provided_session::shape },
};

constexpr Field const *service_slot_0[] {
	&service_fields[0],
};

constexpr Field const *service_slot_1[] {
	&service_fields[2],
};

constexpr Slot service_slots[] {
	{ service_slot_0, 1, 0, 0 },
	{ service_slot_1, 1, 0, 0 },
};

constexpr Field registers_x86x64_fields[] {
	{ "RegistersX86x64.ip", 16, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersX86x64.sp", 16, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "RegistersX86x64.rax", 16, Type::UINT64, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "RegistersX86x64.rbx", 16, Type::UINT64, Type::VOID, true, NO_UNION, 3, nullptr, nullptr },
	{ "RegistersX86x64.rcx", 16, Type::UINT64, Type::VOID, true, NO_UNION, 4, nullptr, nullptr },
	{ "RegistersX86x64.rdx", 16, Type::UINT64, Type::VOID, true, NO_UNION, 5, nullptr, nullptr },
	{ "RegistersX86x64.rdi", 16, Type::UINT64, Type::VOID, true, NO_UNION, 6, nullptr, nullptr },
	{ "RegistersX86x64.rsi", 16, Type::UINT64, Type::VOID, true, NO_UNION, 7, nullptr, nullptr },
	{ "RegistersX86x64.rbp", 16, Type::UINT64, Type::VOID, true, NO_UNION, 8, nullptr, nullptr },
	{ "RegistersX86x64.r8", 16, Type::UINT64, Type::VOID, true, NO_UNION, 9, nullptr, nullptr },
	{ "RegistersX86x64.r9", 16, Type::UINT64, Type::VOID, true, NO_UNION, 10, nullptr, nullptr },
	{ "RegistersX86x64.r10", 16, Type::UINT64, Type::VOID, true, NO_UNION, 11, nullptr, nullptr },
	{ "RegistersX86x64.r11", 16, Type::UINT64, Type::VOID, true, NO_UNION, 12, nullptr, nullptr },
	{ "RegistersX86x64.r12", 16, Type::UINT64, Type::VOID, true, NO_UNION, 13, nullptr, nullptr },
	{ "RegistersX86x64.r13", 16, Type::UINT64, Type::VOID, true, NO_UNION, 14, nullptr, nullptr },
	{ "RegistersX86x64.r14", 16, Type::UINT64, Type::VOID, true, NO_UNION, 15, nullptr, nullptr },
	{ "RegistersX86x64.r15", 16, Type::UINT64, Type::VOID, true, NO_UNION, 16, nullptr, nullptr },
	{ "RegistersX86x64.eflags", 16, Type::UINT64, Type::VOID, true, NO_UNION, 17, nullptr, nullptr },
	{ "RegistersX86x64.cs", 16, Type::UINT64, Type::VOID, true, NO_UNION, 18, nullptr, nullptr },
	{ "RegistersX86x64.ss", 16, Type::UINT64, Type::VOID, true, NO_UNION, 19, nullptr, nullptr },
	{ "RegistersX86x64.ds", 16, Type::UINT64, Type::VOID, true, NO_UNION, 20, nullptr, nullptr },
	{ "RegistersX86x64.es", 16, Type::UINT64, Type::VOID, true, NO_UNION, 21, nullptr, nullptr },
	{ "RegistersX86x64.fs", 16, Type::UINT64, Type::VOID, true, NO_UNION, 22, nullptr, nullptr },
	{ "RegistersX86x64.gs", 16, Type::UINT64, Type::VOID, true, NO_UNION, 23, nullptr, nullptr },
	{ "RegistersX86x64.fsBase", 16, Type::UINT64, Type::VOID, true, NO_UNION, 24, nullptr, nullptr },
	{ "RegistersX86x64.gsBase", 16, Type::UINT64, Type::VOID, true, NO_UNION, 25, nullptr, nullptr },
	{ "RegistersX86x64.trapno", 16, Type::UINT64, Type::VOID, true, NO_UNION, 26, nullptr, nullptr },
	{ "RegistersX86x64.errcode", 16, Type::UINT64, Type::VOID, true, NO_UNION, 27, nullptr, nullptr },
	{ "RegistersX86x64.origRax", 16, Type::UINT64, Type::VOID, true, NO_UNION, 28, nullptr, nullptr },
};

constexpr Field registers_x86x32_fields[] {
	{ "RegistersX86x32.ip", 16, Type::UINT32, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersX86x32.sp", 16, Type::UINT32, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "RegistersX86x32.eax", 16, Type::UINT32, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "RegistersX86x32.ebx", 16, Type::UINT32, Type::VOID, true, NO_UNION, 3, nullptr, nullptr },
	{ "RegistersX86x32.ecx", 16, Type::UINT32, Type::VOID, true, NO_UNION, 4, nullptr, nullptr },
	{ "RegistersX86x32.edx", 16, Type::UINT32, Type::VOID, true, NO_UNION, 5, nullptr, nullptr },
	{ "RegistersX86x32.edi", 16, Type::UINT32, Type::VOID, true, NO_UNION, 6, nullptr, nullptr },
	{ "RegistersX86x32.esi", 16, Type::UINT32, Type::VOID, true, NO_UNION, 7, nullptr, nullptr },
	{ "RegistersX86x32.ebp", 16, Type::UINT32, Type::VOID, true, NO_UNION, 8, nullptr, nullptr },
	{ "RegistersX86x32.eflags", 16, Type::UINT32, Type::VOID, true, NO_UNION, 9, nullptr, nullptr },
	{ "RegistersX86x32.cs", 16, Type::UINT32, Type::VOID, true, NO_UNION, 10, nullptr, nullptr },
	{ "RegistersX86x32.ss", 16, Type::UINT32, Type::VOID, true, NO_UNION, 11, nullptr, nullptr },
	{ "RegistersX86x32.ds", 16, Type::UINT32, Type::VOID, true, NO_UNION, 12, nullptr, nullptr },
	{ "RegistersX86x32.es", 16, Type::UINT32, Type::VOID, true, NO_UNION, 13, nullptr, nullptr },
	{ "RegistersX86x32.fs", 16, Type::UINT32, Type::VOID, true, NO_UNION, 14, nullptr, nullptr },
	{ "RegistersX86x32.gs", 16, Type::UINT32, Type::VOID, true, NO_UNION, 15, nullptr, nullptr },
	{ "RegistersX86x32.trapno", 16, Type::UINT32, Type::VOID, true, NO_UNION, 16, nullptr, nullptr },
	{ "RegistersX86x32.errcode", 16, Type::UINT32, Type::VOID, true, NO_UNION, 17, nullptr, nullptr },
	{ "RegistersX86x32.origEax", 16, Type::UINT32, Type::VOID, true, NO_UNION, 18, nullptr, nullptr },
};

constexpr Field registers_arm_v7_fields[] {
	{ "RegistersArmV7.r0", 15, Type::UINT32, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersArmV7.r1", 15, Type::UINT32, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "RegistersArmV7.r2", 15, Type::UINT32, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "RegistersArmV7.r3", 15, Type::UINT32, Type::VOID, true, NO_UNION, 3, nullptr, nullptr },
	{ "RegistersArmV7.r4", 15, Type::UINT32, Type::VOID, true, NO_UNION, 4, nullptr, nullptr },
	{ "RegistersArmV7.r5", 15, Type::UINT32, Type::VOID, true, NO_UNION, 5, nullptr, nullptr },
	{ "RegistersArmV7.r6", 15, Type::UINT32, Type::VOID, true, NO_UNION, 6, nullptr, nullptr },
	{ "RegistersArmV7.r7", 15, Type::UINT32, Type::VOID, true, NO_UNION, 7, nullptr, nullptr },
	{ "RegistersArmV7.r8", 15, Type::UINT32, Type::VOID, true, NO_UNION, 8, nullptr, nullptr },
	{ "RegistersArmV7.r9", 15, Type::UINT32, Type::VOID, true, NO_UNION, 9, nullptr, nullptr },
	{ "RegistersArmV7.r10", 15, Type::UINT32, Type::VOID, true, NO_UNION, 10, nullptr, nullptr },
	{ "RegistersArmV7.r11", 15, Type::UINT32, Type::VOID, true, NO_UNION, 11, nullptr, nullptr },
	{ "RegistersArmV7.r12", 15, Type::UINT32, Type::VOID, true, NO_UNION, 12, nullptr, nullptr },
	{ "RegistersArmV7.sp", 15, Type::UINT32, Type::VOID, true, NO_UNION, 13, nullptr, nullptr },
	{ "RegistersArmV7.lr", 15, Type::UINT32, Type::VOID, true, NO_UNION, 14, nullptr, nullptr },
	{ "RegistersArmV7.ip", 15, Type::UINT32, Type::VOID, true, NO_UNION, 15, nullptr, nullptr },
	{ "RegistersArmV7.cpsr", 15, Type::UINT32, Type::VOID, true, NO_UNION, 16, nullptr, nullptr },
	{ "RegistersArmV7.cpuException", 15, Type::UINT32, Type::VOID, true, NO_UNION, 17, nullptr, nullptr },
	{ "RegistersArmV7.tls", 15, Type::UINT32, Type::VOID, true, NO_UNION, 18, nullptr, nullptr },
	{ "RegistersArmV7.origR0", 15, Type::UINT32, Type::VOID, true, NO_UNION, 19, nullptr, nullptr },
};

constexpr Field registers_arm_v8_fields[] {
	{ "RegistersArmV8.x", 15, Type::LIST, Type::UINT64, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersArmV8.sp", 15, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersArmV8.ip", 15, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "RegistersArmV8.pstate", 15, Type::UINT64, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "RegistersArmV8.esr", 15, Type::UINT64, Type::VOID, true, NO_UNION, 3, nullptr, nullptr },
	{ "RegistersArmV8.tls", 15, Type::UINT64, Type::VOID, true, NO_UNION, 4, nullptr, nullptr },
};

constexpr Field const *registers_arm_v8_slot_0[] {
	&registers_arm_v8_fields[0],
};

constexpr Slot registers_arm_v8_slots[] {
	{ registers_arm_v8_slot_0, 1, 0, 0 },
};

constexpr Field registers_riscv64_fields[] {
	{ "RegistersRiscv64.x", 17, Type::LIST, Type::UINT64, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegistersRiscv64.ip", 17, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *registers_riscv64_slot_0[] {
	&registers_riscv64_fields[0],
};

constexpr Slot registers_riscv64_slots[] {
	{ registers_riscv64_slot_0, 1, 0, 0 },
};

constexpr Field fpu_fields[] {
	{ "Fpu.format", 4, Type::ENUM, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Fpu.state", 4, Type::DATA, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *fpu_slot_0[] {
	&fpu_fields[1],
};

constexpr Slot fpu_slots[] {
	{ fpu_slot_0, 1, 0, 0 },
};

constexpr Field utcb_fields[] {
	{ "Utcb.words", 5, Type::LIST, Type::UINT64, true, NO_UNION, 0, nullptr, nullptr },
	{ "Utcb.bufferRegisters", 5, Type::LIST, Type::UINT64, true, NO_UNION, 1, nullptr, nullptr },
	{ "Utcb.threadRegisters", 5, Type::LIST, Type::UINT64, true, NO_UNION, 2, nullptr, nullptr },
};

constexpr Field const *utcb_slot_0[] {
	&utcb_fields[0],
};

constexpr Field const *utcb_slot_1[] {
	&utcb_fields[1],
};

constexpr Field const *utcb_slot_2[] {
	&utcb_fields[2],
};

constexpr Slot utcb_slots[] {
	{ utcb_slot_0, 1, 0, 0 },
	{ utcb_slot_1, 1, 0, 0 },
	{ utcb_slot_2, 1, 0, 0 },
};

constexpr Field note_fields[] {
	{ "Note.owner", 5, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Note.type", 5, Type::UINT32, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Note.content", 5, Type::DATA, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
};

constexpr Field const *note_slot_0[] {
	&note_fields[0],
};

constexpr Field const *note_slot_1[] {
	&note_fields[2],
};

constexpr Slot note_slots[] {
	{ note_slot_0, 1, 0, 0 },
	{ note_slot_1, 1, 0, 0 },
};

constexpr Field thread_registers_fields[] {
	{ "Thread.registers.none", 17, Type::VOID, Type::VOID, false, 0, 0, nullptr, nullptr },
	{ "Thread.registers.x86x64", 17, Type::STRUCT, Type::VOID, false, 1, 2, nullptr, &Registers_x86x64::shape },
	{ "Thread.registers.x86x32", 17, Type::STRUCT, Type::VOID, false, 2, 2, nullptr, &Registers_x86x32::shape },
	{ "Thread.registers.armV7", 17, Type::STRUCT, Type::VOID, false, 3, 2, nullptr, &Registers_arm_v7::shape },
	{ "Thread.registers.armV8", 17, Type::STRUCT, Type::VOID, false, 4, 2, nullptr, &Registers_arm_v8::shape },
	{ "Thread.registers.riscv64", 17, Type::STRUCT, Type::VOID, false, 5, 2, nullptr, &Registers_riscv64::shape },
	{ "Thread.registers.other", 17, Type::DATA, Type::VOID, false, 6, 2, nullptr, nullptr },
};

constexpr Field thread_fields[] {
	{ "Thread.name", 7, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Thread.pd", 7, Type::UINT32, Type::VOID, false, NO_UNION, 0, "pdSession", nullptr },
	{ "Thread.cpu", 7, Type::UINT32, Type::VOID, false, NO_UNION, 1, "cpuSession", nullptr },
	{ "Thread.gate", 7, Type::UINT32, Type::VOID, false, NO_UNION, 2, "*", nullptr },
	{ "Thread.nativeId", 7, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "Thread.weight", 7, Type::UINT32, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "Thread.slot", 7, Type::UINT32, Type::VOID, false, NO_UNION, 6, nullptr, nullptr },
	{ "Thread.hasSlot", 7, Type::BOOL, Type::VOID, false, NO_UNION, 224, nullptr, nullptr },
	{ "Thread.utcbAddress", 7, Type::UINT64, Type::VOID, true, NO_UNION, 4, nullptr, nullptr },
	{ "Thread.started", 7, Type::BOOL, Type::VOID, false, NO_UNION, 225, nullptr, nullptr },
	{ "Thread.paused", 7, Type::BOOL, Type::VOID, false, NO_UNION, 226, nullptr, nullptr },
	{ "Thread.singleStep", 7, Type::BOOL, Type::VOID, false, NO_UNION, 227, nullptr, nullptr },
	{ "Thread.exceptionHandler", 7, Type::UINT32, Type::VOID, false, NO_UNION, 10, "*", nullptr },
	{ "Thread.phase", 7, Type::ENUM, Type::VOID, false, NO_UNION, 15, nullptr, nullptr },
	{ "Thread.callTarget", 7, Type::UINT32, Type::VOID, false, NO_UNION, 11, "*", nullptr },
	{ "Thread.servedCaller", 7, Type::UINT32, Type::VOID, false, NO_UNION, 12, "*", nullptr },
	{ "Thread.pendingWakeups", 7, Type::UINT32, Type::VOID, false, NO_UNION, 13, nullptr, nullptr },
	{ "Thread.affinity", 7, Type::STRUCT, Type::VOID, false, NO_UNION, 1, nullptr, &Affinity::shape },
	{ "Thread.registers", 7, Type::GROUP, Type::VOID, false, NO_UNION, 0, nullptr, &Thread::Registers::shape },
	{ "Thread.fpu", 7, Type::STRUCT, Type::VOID, false, NO_UNION, 3, nullptr, &Fpu::shape },
	{ "Thread.utcb", 7, Type::STRUCT, Type::VOID, false, NO_UNION, 4, nullptr, &Utcb::shape },
	{ "Thread.notes", 7, Type::LIST, Type::STRUCT, false, NO_UNION, 5, nullptr, &Note::shape },
};

constexpr Field const *thread_slot_0[] {
	&thread_fields[0],
};

constexpr Field const *thread_slot_1[] {
	&thread_fields[17],
};

constexpr Field const *thread_slot_2[] {
	&thread_registers_fields[1],
	&thread_registers_fields[2],
	&thread_registers_fields[3],
	&thread_registers_fields[4],
	&thread_registers_fields[5],
	&thread_registers_fields[6],
};

constexpr Field const *thread_slot_3[] {
	&thread_fields[19],
};

constexpr Field const *thread_slot_4[] {
	&thread_fields[20],
};

constexpr Field const *thread_slot_5[] {
	&thread_fields[21],
};

constexpr Slot thread_slots[] {
	{ thread_slot_0, 1, 0, 0 },
	{ thread_slot_1, 1, 0, 0 },
	{ thread_slot_2, 6, 7, 28 },
	{ thread_slot_3, 1, 0, 0 },
	{ thread_slot_4, 1, 0, 0 },
	{ thread_slot_5, 1, 0, 0 },
};

constexpr Field absent_range_fields[] {
	{ "AbsentRange.offset", 12, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "AbsentRange.size", 12, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "AbsentRange.reason", 12, Type::ENUM, Type::VOID, false, NO_UNION, 8, nullptr, nullptr },
};

constexpr Field dataspace_fields[] {
	{ "Dataspace.kind", 10, Type::ENUM, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Dataspace.cache", 10, Type::ENUM, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Dataspace.sealed", 10, Type::BOOL, Type::VOID, false, NO_UNION, 32, nullptr, nullptr },
	{ "Dataspace.size", 10, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "Dataspace.firstBlock", 10, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "Dataspace.stored", 10, Type::BOOL, Type::VOID, false, NO_UNION, 33, nullptr, nullptr },
	{ "Dataspace.absentReason", 10, Type::ENUM, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "Dataspace.allocationOrder", 10, Type::UINT64, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "Dataspace.owner", 10, Type::UINT32, Type::VOID, false, NO_UNION, 8, "*", nullptr },
	{ "Dataspace.regionMap", 10, Type::UINT32, Type::VOID, false, NO_UNION, 9, "regionMap", nullptr },
	{ "Dataspace.physicalAddress", 10, Type::UINT64, Type::VOID, true, NO_UNION, 5, nullptr, nullptr },
	{ "Dataspace.module", 10, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Dataspace.digest", 10, Type::DATA, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Dataspace.absent", 10, Type::LIST, Type::STRUCT, false, NO_UNION, 2, nullptr, &Absent_range::shape },
};

constexpr Field const *dataspace_slot_0[] {
	&dataspace_fields[11],
};

constexpr Field const *dataspace_slot_1[] {
	&dataspace_fields[12],
};

constexpr Field const *dataspace_slot_2[] {
	&dataspace_fields[13],
};

constexpr Slot dataspace_slots[] {
	{ dataspace_slot_0, 1, 0, 0 },
	{ dataspace_slot_1, 1, 0, 0 },
	{ dataspace_slot_2, 1, 0, 0 },
};

constexpr Field region_fields[] {
	{ "Region.address", 7, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "Region.size", 7, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "Region.offset", 7, Type::UINT64, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "Region.dataspace", 7, Type::UINT32, Type::VOID, false, NO_UNION, 6, "dataspace", nullptr },
	{ "Region.readable", 7, Type::BOOL, Type::VOID, false, NO_UNION, 224, nullptr, nullptr },
	{ "Region.writeable", 7, Type::BOOL, Type::VOID, false, NO_UNION, 225, nullptr, nullptr },
	{ "Region.executable", 7, Type::BOOL, Type::VOID, false, NO_UNION, 226, nullptr, nullptr },
};

constexpr Field region_map_fields[] {
	{ "RegionMap.size", 10, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "RegionMap.dataspace", 10, Type::UINT32, Type::VOID, false, NO_UNION, 2, "dataspace", nullptr },
	{ "RegionMap.faultHandler", 10, Type::UINT32, Type::VOID, false, NO_UNION, 3, "*", nullptr },
	{ "RegionMap.regions", 10, Type::LIST, Type::STRUCT, false, NO_UNION, 0, nullptr, &Region::shape },
};

constexpr Field const *region_map_slot_0[] {
	&region_map_fields[3],
};

constexpr Slot region_map_slots[] {
	{ region_map_slot_0, 1, 0, 0 },
};

constexpr Field signal_source_fields[] {
	{ "SignalSource.pd", 13, Type::UINT32, Type::VOID, false, NO_UNION, 0, "pdSession", nullptr },
	{ "SignalSource.handler", 13, Type::UINT32, Type::VOID, false, NO_UNION, 1, "thread", nullptr },
	{ "SignalSource.semaphore", 13, Type::UINT32, Type::VOID, false, NO_UNION, 2, "*", nullptr },
};

constexpr Field signal_context_fields[] {
	{ "SignalContext.source", 14, Type::UINT32, Type::VOID, false, NO_UNION, 0, "signalSource", nullptr },
	{ "SignalContext.imprint", 14, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "SignalContext.pending", 14, Type::UINT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "SignalContext.holder", 14, Type::UINT32, Type::VOID, false, NO_UNION, 4, "*", nullptr },
	{ "SignalContext.role", 14, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *signal_context_slot_0[] {
	&signal_context_fields[4],
};

constexpr Slot signal_context_slots[] {
	{ signal_context_slot_0, 1, 0, 0 },
};

constexpr Field native_capability_fields[] {
	{ "NativeCapability.entrypoint", 17, Type::UINT32, Type::VOID, false, NO_UNION, 0, "thread", nullptr },
	{ "NativeCapability.allocationOrder", 17, Type::UINT64, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "NativeCapability.dangling", 17, Type::BOOL, Type::VOID, false, NO_UNION, 32, nullptr, nullptr },
};

constexpr Field object_fields[] {
	{ "Object.id", 7, Type::UINT32, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Object.badge", 7, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "Object.bootstrapped", 7, Type::BOOL, Type::VOID, false, NO_UNION, 32, nullptr, nullptr },
	{ "Object.label", 7, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Object.capability", 7, Type::VOID, Type::VOID, false, 0, 0, nullptr, nullptr },
	{ "Object.external", 7, Type::STRUCT, Type::VOID, false, 1, 1, nullptr, &External::shape },
	{ "Object.pdSession", 7, Type::STRUCT, Type::VOID, false, 2, 1, nullptr, &Pd_session::shape },
	{ "Object.cpuSession", 7, Type::STRUCT, Type::VOID, false, 3, 1, nullptr, &Cpu_session::shape },
	{ "Object.rmSession", 7, Type::STRUCT, Type::VOID, false, 4, 1, nullptr, &Rm_session::shape },
	{ "Object.romSession", 7, Type::STRUCT, Type::VOID, false, 5, 1, nullptr, &Rom_session::shape },
	{ "Object.logSession", 7, Type::STRUCT, Type::VOID, false, 6, 1, nullptr, &Log_session::shape },
	{ "Object.timerSession", 7, Type::STRUCT, Type::VOID, false, 7, 1, nullptr, &Timer_session::shape },
	{ "Object.session", 7, Type::STRUCT, Type::VOID, false, 8, 1, nullptr, &Other_session::shape },
	{ "Object.service", 7, Type::STRUCT, Type::VOID, false, 9, 1, nullptr, &Service::shape },
	{ "Object.thread", 7, Type::STRUCT, Type::VOID, false, 10, 1, nullptr, &Thread::shape },
	{ "Object.dataspace", 7, Type::STRUCT, Type::VOID, false, 11, 1, nullptr, &Dataspace::shape },
	{ "Object.regionMap", 7, Type::STRUCT, Type::VOID, false, 12, 1, nullptr, &Region_map::shape },
	{ "Object.signalSource", 7, Type::STRUCT, Type::VOID, false, 13, 1, nullptr, &Signal_source::shape },
	{ "Object.signalContext", 7, Type::STRUCT, Type::VOID, false, 14, 1, nullptr, &Signal_context::shape },
	{ "Object.nativeCapability", 7, Type::STRUCT, Type::VOID, false, 15, 1, nullptr, &Native_capability::shape },
	{ "Object.parentCapability", 7, Type::VOID, Type::VOID, false, 16, 0, nullptr, nullptr },
};

constexpr Field const *object_slot_0[] {
	&object_fields[3],
};

constexpr Field const *object_slot_1[] {
	&object_fields[5],
	&object_fields[6],
	&object_fields[7],
	&object_fields[8],
	&object_fields[9],
	&object_fields[10],
	&object_fields[11],
	&object_fields[12],
	&object_fields[13],
	&object_fields[14],
	&object_fields[15],
	&object_fields[16],
	&object_fields[17],
	&object_fields[18],
	&object_fields[19],
};

constexpr Slot object_slots[] {
	{ object_slot_0, 1, 0, 0 },
	{ object_slot_1, 15, 17, 3 },
};

constexpr Field capability_layout_fields[] {
	{ "CapabilityLayout.release", 17, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "CapabilityLayout.wordBytes", 17, Type::UINT8, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "CapabilityLayout.structure", 17, Type::ENUM, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "CapabilityLayout.array", 17, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "CapabilityLayout.count", 17, Type::UINT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "CapabilityLayout.stride", 17, Type::UINT32, Type::VOID, false, NO_UNION, 4, nullptr, nullptr },
	{ "CapabilityLayout.root", 17, Type::UINT64, Type::VOID, true, NO_UNION, 3, nullptr, nullptr },
	{ "CapabilityLayout.nodeOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 10, nullptr, nullptr },
	{ "CapabilityLayout.depthOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 11, nullptr, nullptr },
	{ "CapabilityLayout.idOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 16, nullptr, nullptr },
	{ "CapabilityLayout.idWidth", 17, Type::UINT8, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "CapabilityLayout.refOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 17, nullptr, nullptr },
	{ "CapabilityLayout.refWidth", 17, Type::UINT8, Type::VOID, false, NO_UNION, 36, nullptr, nullptr },
	{ "CapabilityLayout.socketOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 19, nullptr, nullptr },
	{ "CapabilityLayout.foreignOffset", 17, Type::UINT16, Type::VOID, false, NO_UNION, 20, nullptr, nullptr },
	{ "CapabilityLayout.selectorShift", 17, Type::UINT8, Type::VOID, false, NO_UNION, 37, nullptr, nullptr },
	{ "CapabilityLayout.hasSelectors", 17, Type::BOOL, Type::VOID, false, NO_UNION, 336, nullptr, nullptr },
	{ "CapabilityLayout.invalidId", 17, Type::UINT64, Type::VOID, true, NO_UNION, 6, nullptr, nullptr },
	{ "CapabilityLayout.maxBadge", 17, Type::UINT64, Type::VOID, true, NO_UNION, 7, nullptr, nullptr },
	{ "CapabilityLayout.badgeStep", 17, Type::UINT32, Type::VOID, false, NO_UNION, 11, nullptr, nullptr },
	{ "CapabilityLayout.allocatorLock", 17, Type::UINT64, Type::VOID, true, NO_UNION, 8, nullptr, nullptr },
	{ "CapabilityLayout.treeLock", 17, Type::UINT64, Type::VOID, true, NO_UNION, 9, nullptr, nullptr },
};

constexpr Field const *capability_layout_slot_0[] {
	&capability_layout_fields[0],
};

constexpr Slot capability_layout_slots[] {
	{ capability_layout_slot_0, 1, 0, 0 },
};

constexpr Field capability_entry_fields[] {
	{ "CapabilityEntry.kcap", 16, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "CapabilityEntry.index", 16, Type::UINT32, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "CapabilityEntry.object", 16, Type::UINT32, Type::VOID, false, NO_UNION, 3, "*", nullptr },
	{ "CapabilityEntry.rawId", 16, Type::UINT64, Type::VOID, true, NO_UNION, 2, nullptr, nullptr },
	{ "CapabilityEntry.refCount", 16, Type::UINT32, Type::VOID, false, NO_UNION, 6, nullptr, nullptr },
	{ "CapabilityEntry.state", 16, Type::ENUM, Type::VOID, false, NO_UNION, 14, nullptr, nullptr },
	{ "CapabilityEntry.inTree", 16, Type::BOOL, Type::VOID, false, NO_UNION, 240, nullptr, nullptr },
	{ "CapabilityEntry.kind", 16, Type::ENUM, Type::VOID, false, NO_UNION, 16, nullptr, nullptr },
	{ "CapabilityEntry.origin", 16, Type::ENUM, Type::VOID, false, NO_UNION, 17, nullptr, nullptr },
	{ "CapabilityEntry.foreign", 16, Type::BOOL, Type::VOID, false, NO_UNION, 241, nullptr, nullptr },
	{ "CapabilityEntry.socket", 16, Type::INT32, Type::VOID, false, NO_UNION, 9, nullptr, nullptr },
};

constexpr Field capability_space_fields[] {
	{ "CapabilitySpace.pd", 16, Type::UINT32, Type::VOID, false, NO_UNION, 0, "pdSession", nullptr },
	{ "CapabilitySpace.layout", 16, Type::STRUCT, Type::VOID, false, NO_UNION, 0, nullptr, &Capability_layout::shape },
	{ "CapabilitySpace.entries", 16, Type::LIST, Type::STRUCT, false, NO_UNION, 1, nullptr, &Capability_entry::shape },
};

constexpr Field const *capability_space_slot_0[] {
	&capability_space_fields[1],
};

constexpr Field const *capability_space_slot_1[] {
	&capability_space_fields[2],
};

constexpr Slot capability_space_slots[] {
	{ capability_space_slot_0, 1, 0, 0 },
	{ capability_space_slot_1, 1, 0, 0 },
};

constexpr Field badge_node_fields[] {
	{ "BadgeNode.address", 10, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "BadgeNode.object", 10, Type::UINT32, Type::VOID, false, NO_UNION, 2, "*", nullptr },
};

constexpr Field badge_tree_fields[] {
	{ "BadgeTree.role", 10, Type::ENUM, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "BadgeTree.root", 10, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "BadgeTree.capabilityOffset", 10, Type::UINT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "BadgeTree.nodes", 10, Type::LIST, Type::STRUCT, false, NO_UNION, 0, nullptr, &Badge_node::shape },
};

constexpr Field const *badge_tree_slot_0[] {
	&badge_tree_fields[3],
};

constexpr Slot badge_tree_slots[] {
	{ badge_tree_slot_0, 1, 0, 0 },
};

constexpr Field raw_badge_fields[] {
	{ "RawBadge.place", 9, Type::ENUM, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "RawBadge.address", 9, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "RawBadge.width", 9, Type::UINT8, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "RawBadge.object", 9, Type::UINT32, Type::VOID, false, NO_UNION, 1, "*", nullptr },
	{ "RawBadge.thread", 9, Type::UINT32, Type::VOID, false, NO_UNION, 4, "thread", nullptr },
	{ "RawBadge.word", 9, Type::UINT32, Type::VOID, false, NO_UNION, 5, nullptr, nullptr },
};

constexpr Field code_range_fields[] {
	{ "CodeRange.start", 10, Type::UINT64, Type::VOID, true, NO_UNION, 0, nullptr, nullptr },
	{ "CodeRange.size", 10, Type::UINT64, Type::VOID, true, NO_UNION, 1, nullptr, nullptr },
	{ "CodeRange.name", 10, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *code_range_slot_0[] {
	&code_range_fields[2],
};

constexpr Slot code_range_slots[] {
	{ code_range_slot_0, 1, 0, 0 },
};

constexpr Field manifest_fields[] {
	{ "Manifest.label", 9, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Manifest.genodeVersion", 9, Type::TEXT, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Manifest.kernel", 9, Type::ENUM, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "Manifest.sequence", 9, Type::UINT64, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Manifest.timeBase", 9, Type::UINT64, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "Manifest.timestampFrequency", 9, Type::UINT64, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "Manifest.fpuSize", 9, Type::UINT32, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "Manifest.memorySearched", 9, Type::BOOL, Type::VOID, false, NO_UNION, 16, nullptr, nullptr },
	{ "Manifest.binary", 9, Type::STRUCT, Type::VOID, false, NO_UNION, 2, nullptr, &Binary::shape },
	{ "Manifest.cpuFeatures", 9, Type::LIST, Type::TEXT, false, NO_UNION, 3, nullptr, nullptr },
	{ "Manifest.parent", 9, Type::STRUCT, Type::VOID, false, NO_UNION, 4, nullptr, &Parent::shape },
	{ "Manifest.epoch", 9, Type::DATA, Type::VOID, false, NO_UNION, 5, nullptr, nullptr },
	{ "Manifest.group", 9, Type::DATA, Type::VOID, false, NO_UNION, 6, nullptr, nullptr },
	{ "Manifest.objects", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 7, nullptr, &Object::shape },
	{ "Manifest.capabilitySpaces", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 8, nullptr, &Capability_space::shape },
	{ "Manifest.badgeTrees", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 9, nullptr, &Badge_tree::shape },
	{ "Manifest.rawBadges", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 10, nullptr, &Raw_badge::shape },
	{ "Manifest.safeSpots", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 11, nullptr, &Code_range::shape },
	{ "Manifest.notes", 9, Type::LIST, Type::STRUCT, false, NO_UNION, 12, nullptr, &Note::shape },
};

constexpr Field const *manifest_slot_0[] {
	&manifest_fields[0],
};

constexpr Field const *manifest_slot_1[] {
	&manifest_fields[1],
};

constexpr Field const *manifest_slot_2[] {
	&manifest_fields[8],
};

constexpr Field const *manifest_slot_3[] {
	&manifest_fields[9],
};

constexpr Field const *manifest_slot_4[] {
	&manifest_fields[10],
};

constexpr Field const *manifest_slot_5[] {
	&manifest_fields[11],
};

constexpr Field const *manifest_slot_6[] {
	&manifest_fields[12],
};

constexpr Field const *manifest_slot_7[] {
	&manifest_fields[13],
};

constexpr Field const *manifest_slot_8[] {
	&manifest_fields[14],
};

constexpr Field const *manifest_slot_9[] {
	&manifest_fields[15],
};

constexpr Field const *manifest_slot_10[] {
	&manifest_fields[16],
};

constexpr Field const *manifest_slot_11[] {
	&manifest_fields[17],
};

constexpr Field const *manifest_slot_12[] {
	&manifest_fields[18],
};

constexpr Slot manifest_slots[] {
	{ manifest_slot_0, 1, 0, 0 },
	{ manifest_slot_1, 1, 0, 0 },
	{ manifest_slot_2, 1, 0, 0 },
	{ manifest_slot_3, 1, 0, 0 },
	{ manifest_slot_4, 1, 0, 0 },
	{ manifest_slot_5, 1, 0, 0 },
	{ manifest_slot_6, 1, 0, 0 },
	{ manifest_slot_7, 1, 0, 0 },
	{ manifest_slot_8, 1, 0, 0 },
	{ manifest_slot_9, 1, 0, 0 },
	{ manifest_slot_10, 1, 0, 0 },
	{ manifest_slot_11, 1, 0, 0 },
	{ manifest_slot_12, 1, 0, 0 },
};

constexpr Field provenance_record_fields[] {
	{ "ProvenanceRecord.action", 17, Type::TEXT, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
	{ "ProvenanceRecord.tool", 17, Type::TEXT, Type::VOID, false, NO_UNION, 1, nullptr, nullptr },
	{ "ProvenanceRecord.source", 17, Type::DATA, Type::VOID, false, NO_UNION, 2, nullptr, nullptr },
	{ "ProvenanceRecord.detail", 17, Type::TEXT, Type::VOID, false, NO_UNION, 3, nullptr, nullptr },
	{ "ProvenanceRecord.signer", 17, Type::DATA, Type::VOID, false, NO_UNION, 4, nullptr, nullptr },
	{ "ProvenanceRecord.counter", 17, Type::UINT64, Type::VOID, false, NO_UNION, 0, nullptr, nullptr },
};

constexpr Field const *provenance_record_slot_0[] {
	&provenance_record_fields[0],
};

constexpr Field const *provenance_record_slot_1[] {
	&provenance_record_fields[1],
};

constexpr Field const *provenance_record_slot_2[] {
	&provenance_record_fields[2],
};

constexpr Field const *provenance_record_slot_3[] {
	&provenance_record_fields[3],
};

constexpr Field const *provenance_record_slot_4[] {
	&provenance_record_fields[4],
};

constexpr Slot provenance_record_slots[] {
	{ provenance_record_slot_0, 1, 0, 0 },
	{ provenance_record_slot_1, 1, 0, 0 },
	{ provenance_record_slot_2, 1, 0, 0 },
	{ provenance_record_slot_3, 1, 0, 0 },
	{ provenance_record_slot_4, 1, 0, 0 },
};

constexpr Field provenance_fields[] {
	{ "Provenance.records", 11, Type::LIST, Type::STRUCT, false, NO_UNION, 0, nullptr, &Provenance_record::shape },
};

constexpr Field const *provenance_slot_0[] {
	&provenance_fields[0],
};

constexpr Slot provenance_slots[] {
	{ provenance_slot_0, 1, 0, 0 },
};

}

constinit Struct_shape const Binary::shape {
	"Binary", 0xe8fcee6754481894,
	0, 2, false, 0, 0,
	2, binary_fields, binary_slots
};

constinit Struct_shape const Parent::shape {
	"Parent", 0x96de49d235a3d3c4,
	1, 1, false, 0, 0,
	2, parent_fields, parent_slots
};

constinit Struct_shape const External::shape {
	"External", 0xc072206b2e295217,
	0, 1, false, 0, 0,
	1, external_fields, external_slots
};

constinit Struct_shape const Affinity::shape {
	"Affinity", 0xa90ca4325f970fd7,
	2, 0, false, 0, 0,
	4, affinity_fields, nullptr
};

constinit Struct_shape const Session::shape {
	"Session", 0x8f286163af60592b,
	4, 3, false, 0, 0,
	7, session_fields, session_slots
};

constinit Struct_shape const Pd_session::shape {
	"PdSession", 0xf80aaee2b525dab1,
	7, 1, true, 0, 0,
	10, pd_session_fields, pd_session_slots
};

constinit Struct_shape const Cpu_session::shape {
	"CpuSession", 0xd8cb5900c1147033,
	3, 1, true, 0, 0,
	6, cpu_session_fields, cpu_session_slots
};

constinit Struct_shape const Rm_session::shape {
	"RmSession", 0x861abcd8dadfabad,
	0, 2, true, 0, 0,
	2, rm_session_fields, rm_session_slots
};

constinit Struct_shape const Rom_session::shape {
	"RomSession", 0xecb2a9605556dbbd,
	1, 2, true, 0, 0,
	4, rom_session_fields, rom_session_slots
};

constinit Struct_shape const Log_session::shape {
	"LogSession", 0xc9d32821f5bb4a01,
	0, 1, false, 0, 0,
	1, log_session_fields, log_session_slots
};

constinit Struct_shape const Timer_session::shape {
	"TimerSession", 0xff864fe04dc56266,
	4, 1, true, 0, 0,
	6, timer_session_fields, timer_session_slots
};

constinit Struct_shape const Other_session::shape {
	"OtherSession", 0xc3e1c87e335ca2e3,
	0, 2, false, 0, 0,
	2, other_session_fields, other_session_slots
};

constinit Struct_shape const Provided_session::shape {
	"ProvidedSession", 0xe54b5cc748e17540,
	1, 3, true, 0, 0,
	4, provided_session_fields, provided_session_slots
};

constinit Struct_shape const Service::shape {
	"Service", 0xf00b521d463d8040,
	1, 2, true, 0, 0,
	3, service_fields, service_slots
};

constinit Struct_shape const Registers_x86x64::shape {
	"RegistersX86x64", 0xc460e31ecbcf0d43,
	29, 0, false, 0, 0,
	29, registers_x86x64_fields, nullptr
};

constinit Struct_shape const Registers_x86x32::shape {
	"RegistersX86x32", 0xac2d8bd385e983a4,
	10, 0, false, 0, 0,
	19, registers_x86x32_fields, nullptr
};

constinit Struct_shape const Registers_arm_v7::shape {
	"RegistersArmV7", 0xc8f56bcb0724fe4f,
	10, 0, false, 0, 0,
	20, registers_arm_v7_fields, nullptr
};

constinit Struct_shape const Registers_arm_v8::shape {
	"RegistersArmV8", 0xb65d87adfd5d6ea2,
	5, 1, false, 0, 0,
	6, registers_arm_v8_fields, registers_arm_v8_slots
};

constinit Struct_shape const Registers_riscv64::shape {
	"RegistersRiscv64", 0xbb73ad656ba71a95,
	1, 1, false, 0, 0,
	2, registers_riscv64_fields, registers_riscv64_slots
};

constinit Struct_shape const Fpu::shape {
	"Fpu", 0xd0b43e6f9c2ee6b2,
	1, 1, false, 0, 0,
	2, fpu_fields, fpu_slots
};

constinit Struct_shape const Utcb::shape {
	"Utcb", 0xa11ac01a35ec5953,
	0, 3, false, 0, 0,
	3, utcb_fields, utcb_slots
};

constinit Struct_shape const Note::shape {
	"Note", 0x9044abe615793b97,
	1, 2, false, 0, 0,
	3, note_fields, note_slots
};

constinit Struct_shape const Thread::Registers::shape {
	"Thread.registers", 0xdb783ec9867ff5b2,
	8, 6, false, 7, 28,
	7, thread_registers_fields, nullptr
};

constinit Struct_shape const Thread::shape {
	"Thread", 0xe8bc7a0676506d7f,
	8, 6, true, 0, 0,
	22, thread_fields, thread_slots
};

constinit Struct_shape const Absent_range::shape {
	"AbsentRange", 0xa4c7fd3cab17c011,
	3, 0, false, 0, 0,
	3, absent_range_fields, nullptr
};

constinit Struct_shape const Dataspace::shape {
	"Dataspace", 0x8e12411ef17b202b,
	6, 3, true, 0, 0,
	14, dataspace_fields, dataspace_slots
};

constinit Struct_shape const Region::shape {
	"Region", 0x8ddf0cb4e836d353,
	4, 0, true, 0, 0,
	7, region_fields, nullptr
};

constinit Struct_shape const Region_map::shape {
	"RegionMap", 0xad4401f84a18366a,
	2, 1, true, 0, 0,
	4, region_map_fields, region_map_slots
};

constinit Struct_shape const Signal_source::shape {
	"SignalSource", 0x8f65be45aaabcce1,
	2, 0, true, 0, 0,
	3, signal_source_fields, nullptr
};

constinit Struct_shape const Signal_context::shape {
	"SignalContext", 0xca87ed4830c9ad07,
	3, 1, true, 0, 0,
	5, signal_context_fields, signal_context_slots
};

constinit Struct_shape const Native_capability::shape {
	"NativeCapability", 0x861f5b765493c438,
	2, 0, true, 0, 0,
	3, native_capability_fields, nullptr
};

constinit Struct_shape const Object::shape {
	"Object", 0xd9d66c844390b121,
	2, 2, false, 17, 3,
	21, object_fields, object_slots
};

constinit Struct_shape const Capability_layout::shape {
	"CapabilityLayout", 0xfc8075e16e320a42,
	10, 1, false, 0, 0,
	22, capability_layout_fields, capability_layout_slots
};

constinit Struct_shape const Capability_entry::shape {
	"CapabilityEntry", 0xb913186147ef8437,
	5, 0, true, 0, 0,
	11, capability_entry_fields, nullptr
};

constinit Struct_shape const Capability_space::shape {
	"CapabilitySpace", 0x947aec5204c37eb7,
	1, 2, true, 0, 0,
	3, capability_space_fields, capability_space_slots
};

constinit Struct_shape const Badge_node::shape {
	"BadgeNode", 0xadb4ea0a77410f9a,
	2, 0, true, 0, 0,
	2, badge_node_fields, nullptr
};

constinit Struct_shape const Badge_tree::shape {
	"BadgeTree", 0x88e6d0942b37f5cb,
	2, 1, false, 0, 0,
	4, badge_tree_fields, badge_tree_slots
};

constinit Struct_shape const Raw_badge::shape {
	"RawBadge", 0x83e258699a412990,
	3, 0, true, 0, 0,
	6, raw_badge_fields, nullptr
};

constinit Struct_shape const Code_range::shape {
	"CodeRange", 0xdf9d90d165e784d1,
	2, 1, false, 0, 0,
	3, code_range_fields, code_range_slots
};

constinit Struct_shape const Manifest::shape {
	"Manifest", 0x889e2320203ee132,
	4, 13, false, 0, 0,
	19, manifest_fields, manifest_slots
};

constinit Struct_shape const Provenance_record::shape {
	"ProvenanceRecord", 0xf4bb3be37233b29e,
	1, 5, false, 0, 0,
	6, provenance_record_fields, provenance_record_slots
};

constinit Struct_shape const Provenance::shape {
	"Provenance", 0xa0ad49b26cc738a0,
	0, 1, false, 0, 0,
	1, provenance_fields, provenance_slots
};

}
