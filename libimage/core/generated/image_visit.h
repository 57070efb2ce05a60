/*
 * Visit all fields of a struct
 *
 * Generated from schema/image.capnp, do not edit. Written by: schema/generate PLUGIN libimage/core/generated
 */

#ifndef CAPIMG__CORE__GENERATED__IMAGE_VISIT_H
#define CAPIMG__CORE__GENERATED__IMAGE_VISIT_H

#include "image.h"

namespace Capimg::Metadata
{

/*
 * 'visit' calls visitor(Wire::Field const &, bool present, VALUE const &) for each field,
 * of a union for the member that is there. VALUE is what the reader's function returns, or
 * Wire::Void. 'present' is false for a null pointer. A visitor that wants to go into groups,
 * structs and lists of structs calls 'visit' for them.
 */

template <typename V>
void visit(Binary::Reader const &r, V &&visitor)
{
	visitor(Binary::shape.fields[0], r.has_name(), r.name());
	visitor(Binary::shape.fields[1], r.has_digest(), r.digest());
}

template <typename V>
void visit(Parent::Reader const &r, V &&visitor)
{
	visitor(Parent::shape.fields[0], r.has_state_digest(), r.state_digest());
	visitor(Parent::shape.fields[1], true, r.sequence());
}

template <typename V>
void visit(External::Reader const &r, V &&visitor)
{
	visitor(External::shape.fields[0], r.has_owner(), r.owner());
}

template <typename V>
void visit(Affinity::Reader const &r, V &&visitor)
{
	visitor(Affinity::shape.fields[0], true, r.x());
	visitor(Affinity::shape.fields[1], true, r.y());
	visitor(Affinity::shape.fields[2], true, r.width());
	visitor(Affinity::shape.fields[3], true, r.height());
}

template <typename V>
void visit(Session::Reader const &r, V &&visitor)
{
	visitor(Session::shape.fields[0], r.has_service(), r.service());
	visitor(Session::shape.fields[1], r.has_arguments(), r.arguments());
	visitor(Session::shape.fields[2], true, r.ram_upgrade());
	visitor(Session::shape.fields[3], true, r.cap_upgrade());
	visitor(Session::shape.fields[4], true, r.client_id());
	visitor(Session::shape.fields[5], true, r.interposed());
	visitor(Session::shape.fields[6], r.has_affinity(), r.affinity());
}

template <typename V>
void visit(Pd_session::Reader const &r, V &&visitor)
{
	visitor(Pd_session::shape.fields[0], r.has_session(), r.session());
	visitor(Pd_session::shape.fields[1], true, r.address_space());
	visitor(Pd_session::shape.fields[2], true, r.stack_area());
	visitor(Pd_session::shape.fields[3], true, r.linker_area());
	visitor(Pd_session::shape.fields[4], true, r.ram_quota());
	visitor(Pd_session::shape.fields[5], true, r.ram_used());
	visitor(Pd_session::shape.fields[6], true, r.cap_quota());
	visitor(Pd_session::shape.fields[7], true, r.cap_used());
	visitor(Pd_session::shape.fields[8], true, r.ref_account());
	visitor(Pd_session::shape.fields[9], true, r.native_pd());
}

template <typename V>
void visit(Cpu_session::Reader const &r, V &&visitor)
{
	visitor(Cpu_session::shape.fields[0], r.has_session(), r.session());
	visitor(Cpu_session::shape.fields[1], true, r.exception_handler());
	visitor(Cpu_session::shape.fields[2], true, r.priority());
	visitor(Cpu_session::shape.fields[3], true, r.quota());
	visitor(Cpu_session::shape.fields[4], true, r.ref_account());
	visitor(Cpu_session::shape.fields[5], true, r.native_cpu());
}

template <typename V>
void visit(Rm_session::Reader const &r, V &&visitor)
{
	visitor(Rm_session::shape.fields[0], r.has_session(), r.session());
	visitor(Rm_session::shape.fields[1], r.has_region_maps(), r.region_maps());
}

template <typename V>
void visit(Rom_session::Reader const &r, V &&visitor)
{
	visitor(Rom_session::shape.fields[0], r.has_session(), r.session());
	visitor(Rom_session::shape.fields[1], r.has_module(), r.module());
	visitor(Rom_session::shape.fields[2], true, r.dataspace());
	visitor(Rom_session::shape.fields[3], true, r.handler());
}

template <typename V>
void visit(Log_session::Reader const &r, V &&visitor)
{
	visitor(Log_session::shape.fields[0], r.has_session(), r.session());
}

template <typename V>
void visit(Timer_session::Reader const &r, V &&visitor)
{
	visitor(Timer_session::shape.fields[0], r.has_session(), r.session());
	visitor(Timer_session::shape.fields[1], true, r.handler());
	visitor(Timer_session::shape.fields[2], true, r.timeout());
	visitor(Timer_session::shape.fields[3], true, r.periodic());
	visitor(Timer_session::shape.fields[4], true, r.elapsed());
	visitor(Timer_session::shape.fields[5], true, r.time_base());
}

template <typename V>
void visit(Other_session::Reader const &r, V &&visitor)
{
	visitor(Other_session::shape.fields[0], r.has_session(), r.session());
	visitor(Other_session::shape.fields[1], r.has_state(), r.state());
}

template <typename V>
void visit(Provided_session::Reader const &r, V &&visitor)
{
	visitor(Provided_session::shape.fields[0], r.has_label(), r.label());
	visitor(Provided_session::shape.fields[1], r.has_arguments(), r.arguments());
	visitor(Provided_session::shape.fields[2], true, r.session());
	visitor(Provided_session::shape.fields[3], r.has_objects(), r.objects());
}

template <typename V>
void visit(Service::Reader const &r, V &&visitor)
{
	visitor(Service::shape.fields[0], r.has_name(), r.name());
	visitor(Service::shape.fields[1], true, r.root());
	visitor(Service::shape.fields[2], r.has_sessions(), r.sessions());
}

template <typename V>
void visit(Registers_x86x64::Reader const &r, V &&visitor)
{
	visitor(Registers_x86x64::shape.fields[0], true, r.ip());
	visitor(Registers_x86x64::shape.fields[1], true, r.sp());
	visitor(Registers_x86x64::shape.fields[2], true, r.rax());
	visitor(Registers_x86x64::shape.fields[3], true, r.rbx());
	visitor(Registers_x86x64::shape.fields[4], true, r.rcx());
	visitor(Registers_x86x64::shape.fields[5], true, r.rdx());
	visitor(Registers_x86x64::shape.fields[6], true, r.rdi());
	visitor(Registers_x86x64::shape.fields[7], true, r.rsi());
	visitor(Registers_x86x64::shape.fields[8], true, r.rbp());
	visitor(Registers_x86x64::shape.fields[9], true, r.r8());
	visitor(Registers_x86x64::shape.fields[10], true, r.r9());
	visitor(Registers_x86x64::shape.fields[11], true, r.r10());
	visitor(Registers_x86x64::shape.fields[12], true, r.r11());
	visitor(Registers_x86x64::shape.fields[13], true, r.r12());
	visitor(Registers_x86x64::shape.fields[14], true, r.r13());
	visitor(Registers_x86x64::shape.fields[15], true, r.r14());
	visitor(Registers_x86x64::shape.fields[16], true, r.r15());
	visitor(Registers_x86x64::shape.fields[17], true, r.eflags());
	visitor(Registers_x86x64::shape.fields[18], true, r.cs());
	visitor(Registers_x86x64::shape.fields[19], true, r.ss());
	visitor(Registers_x86x64::shape.fields[20], true, r.ds());
	visitor(Registers_x86x64::shape.fields[21], true, r.es());
	visitor(Registers_x86x64::shape.fields[22], true, r.fs());
	visitor(Registers_x86x64::shape.fields[23], true, r.gs());
	visitor(Registers_x86x64::shape.fields[24], true, r.fs_base());
	visitor(Registers_x86x64::shape.fields[25], true, r.gs_base());
	visitor(Registers_x86x64::shape.fields[26], true, r.trapno());
	visitor(Registers_x86x64::shape.fields[27], true, r.errcode());
	visitor(Registers_x86x64::shape.fields[28], true, r.orig_rax());
}

template <typename V>
void visit(Registers_x86x32::Reader const &r, V &&visitor)
{
	visitor(Registers_x86x32::shape.fields[0], true, r.ip());
	visitor(Registers_x86x32::shape.fields[1], true, r.sp());
	visitor(Registers_x86x32::shape.fields[2], true, r.eax());
	visitor(Registers_x86x32::shape.fields[3], true, r.ebx());
	visitor(Registers_x86x32::shape.fields[4], true, r.ecx());
	visitor(Registers_x86x32::shape.fields[5], true, r.edx());
	visitor(Registers_x86x32::shape.fields[6], true, r.edi());
	visitor(Registers_x86x32::shape.fields[7], true, r.esi());
	visitor(Registers_x86x32::shape.fields[8], true, r.ebp());
	visitor(Registers_x86x32::shape.fields[9], true, r.eflags());
	visitor(Registers_x86x32::shape.fields[10], true, r.cs());
	visitor(Registers_x86x32::shape.fields[11], true, r.ss());
	visitor(Registers_x86x32::shape.fields[12], true, r.ds());
	visitor(Registers_x86x32::shape.fields[13], true, r.es());
	visitor(Registers_x86x32::shape.fields[14], true, r.fs());
	visitor(Registers_x86x32::shape.fields[15], true, r.gs());
	visitor(Registers_x86x32::shape.fields[16], true, r.trapno());
	visitor(Registers_x86x32::shape.fields[17], true, r.errcode());
	visitor(Registers_x86x32::shape.fields[18], true, r.orig_eax());
}

template <typename V>
void visit(Registers_arm_v7::Reader const &r, V &&visitor)
{
	visitor(Registers_arm_v7::shape.fields[0], true, r.r0());
	visitor(Registers_arm_v7::shape.fields[1], true, r.r1());
	visitor(Registers_arm_v7::shape.fields[2], true, r.r2());
	visitor(Registers_arm_v7::shape.fields[3], true, r.r3());
	visitor(Registers_arm_v7::shape.fields[4], true, r.r4());
	visitor(Registers_arm_v7::shape.fields[5], true, r.r5());
	visitor(Registers_arm_v7::shape.fields[6], true, r.r6());
	visitor(Registers_arm_v7::shape.fields[7], true, r.r7());
	visitor(Registers_arm_v7::shape.fields[8], true, r.r8());
	visitor(Registers_arm_v7::shape.fields[9], true, r.r9());
	visitor(Registers_arm_v7::shape.fields[10], true, r.r10());
	visitor(Registers_arm_v7::shape.fields[11], true, r.r11());
	visitor(Registers_arm_v7::shape.fields[12], true, r.r12());
	visitor(Registers_arm_v7::shape.fields[13], true, r.sp());
	visitor(Registers_arm_v7::shape.fields[14], true, r.lr());
	visitor(Registers_arm_v7::shape.fields[15], true, r.ip());
	visitor(Registers_arm_v7::shape.fields[16], true, r.cpsr());
	visitor(Registers_arm_v7::shape.fields[17], true, r.cpu_exception());
	visitor(Registers_arm_v7::shape.fields[18], true, r.tls());
	visitor(Registers_arm_v7::shape.fields[19], true, r.orig_r0());
}

template <typename V>
void visit(Registers_arm_v8::Reader const &r, V &&visitor)
{
	visitor(Registers_arm_v8::shape.fields[0], r.has_x(), r.x());
	visitor(Registers_arm_v8::shape.fields[1], true, r.sp());
	visitor(Registers_arm_v8::shape.fields[2], true, r.ip());
	visitor(Registers_arm_v8::shape.fields[3], true, r.pstate());
	visitor(Registers_arm_v8::shape.fields[4], true, r.esr());
	visitor(Registers_arm_v8::shape.fields[5], true, r.tls());
}

template <typename V>
void visit(Registers_riscv64::Reader const &r, V &&visitor)
{
	visitor(Registers_riscv64::shape.fields[0], r.has_x(), r.x());
	visitor(Registers_riscv64::shape.fields[1], true, r.ip());
}

template <typename V>
void visit(Fpu::Reader const &r, V &&visitor)
{
	visitor(Fpu::shape.fields[0], true, r.format());
	visitor(Fpu::shape.fields[1], r.has_state(), r.state());
}

template <typename V>
void visit(Utcb::Reader const &r, V &&visitor)
{
	visitor(Utcb::shape.fields[0], r.has_words(), r.words());
	visitor(Utcb::shape.fields[1], r.has_buffer_registers(), r.buffer_registers());
	visitor(Utcb::shape.fields[2], r.has_thread_registers(), r.thread_registers());
}

template <typename V>
void visit(Note::Reader const &r, V &&visitor)
{
	visitor(Note::shape.fields[0], r.has_owner(), r.owner());
	visitor(Note::shape.fields[1], true, r.type());
	visitor(Note::shape.fields[2], r.has_content(), r.content());
}

template <typename V>
void visit(Thread::Registers::Reader const &r, V &&visitor)
{
	if (r.which() == Thread::Registers::Which::NONE) visitor(Thread::Registers::shape.fields[0], true, Wire::Void());
	if (r.which() == Thread::Registers::Which::X86X64) visitor(Thread::Registers::shape.fields[1], r.has_x86x64(), r.x86x64());
	if (r.which() == Thread::Registers::Which::X86X32) visitor(Thread::Registers::shape.fields[2], r.has_x86x32(), r.x86x32());
	if (r.which() == Thread::Registers::Which::ARM_V7) visitor(Thread::Registers::shape.fields[3], r.has_arm_v7(), r.arm_v7());
	if (r.which() == Thread::Registers::Which::ARM_V8) visitor(Thread::Registers::shape.fields[4], r.has_arm_v8(), r.arm_v8());
	if (r.which() == Thread::Registers::Which::RISCV64) visitor(Thread::Registers::shape.fields[5], r.has_riscv64(), r.riscv64());
	if (r.which() == Thread::Registers::Which::OTHER) visitor(Thread::Registers::shape.fields[6], r.has_other(), r.other());
}

template <typename V>
void visit(Thread::Reader const &r, V &&visitor)
{
	visitor(Thread::shape.fields[0], r.has_name(), r.name());
	visitor(Thread::shape.fields[1], true, r.pd());
	visitor(Thread::shape.fields[2], true, r.cpu());
	visitor(Thread::shape.fields[3], true, r.gate());
	visitor(Thread::shape.fields[4], true, r.native_id());
	visitor(Thread::shape.fields[5], true, r.weight());
	visitor(Thread::shape.fields[6], true, r.slot());
	visitor(Thread::shape.fields[7], true, r.has_slot());
	visitor(Thread::shape.fields[8], true, r.utcb_address());
	visitor(Thread::shape.fields[9], true, r.started());
	visitor(Thread::shape.fields[10], true, r.paused());
	visitor(Thread::shape.fields[11], true, r.single_step());
	visitor(Thread::shape.fields[12], true, r.exception_handler());
	visitor(Thread::shape.fields[13], true, r.phase());
	visitor(Thread::shape.fields[14], true, r.call_target());
	visitor(Thread::shape.fields[15], true, r.served_caller());
	visitor(Thread::shape.fields[16], true, r.pending_wakeups());
	visitor(Thread::shape.fields[17], r.has_affinity(), r.affinity());
	visitor(Thread::shape.fields[18], true, r.registers());
	visitor(Thread::shape.fields[19], r.has_fpu(), r.fpu());
	visitor(Thread::shape.fields[20], r.has_utcb(), r.utcb());
	visitor(Thread::shape.fields[21], r.has_notes(), r.notes());
}

template <typename V>
void visit(Absent_range::Reader const &r, V &&visitor)
{
	visitor(Absent_range::shape.fields[0], true, r.offset());
	visitor(Absent_range::shape.fields[1], true, r.size());
	visitor(Absent_range::shape.fields[2], true, r.reason());
}

template <typename V>
void visit(Dataspace::Reader const &r, V &&visitor)
{
	visitor(Dataspace::shape.fields[0], true, r.kind());
	visitor(Dataspace::shape.fields[1], true, r.cache());
	visitor(Dataspace::shape.fields[2], true, r.sealed());
	visitor(Dataspace::shape.fields[3], true, r.size());
	visitor(Dataspace::shape.fields[4], true, r.first_block());
	visitor(Dataspace::shape.fields[5], true, r.stored());
	visitor(Dataspace::shape.fields[6], true, r.absent_reason());
	visitor(Dataspace::shape.fields[7], true, r.allocation_order());
	visitor(Dataspace::shape.fields[8], true, r.owner());
	visitor(Dataspace::shape.fields[9], true, r.region_map());
	visitor(Dataspace::shape.fields[10], true, r.physical_address());
	visitor(Dataspace::shape.fields[11], r.has_module(), r.module());
	visitor(Dataspace::shape.fields[12], r.has_digest(), r.digest());
	visitor(Dataspace::shape.fields[13], r.has_absent(), r.absent());
}

template <typename V>
void visit(Region::Reader const &r, V &&visitor)
{
	visitor(Region::shape.fields[0], true, r.address());
	visitor(Region::shape.fields[1], true, r.size());
	visitor(Region::shape.fields[2], true, r.offset());
	visitor(Region::shape.fields[3], true, r.dataspace());
	visitor(Region::shape.fields[4], true, r.readable());
	visitor(Region::shape.fields[5], true, r.writeable());
	visitor(Region::shape.fields[6], true, r.executable());
}

template <typename V>
void visit(Region_map::Reader const &r, V &&visitor)
{
	visitor(Region_map::shape.fields[0], true, r.size());
	visitor(Region_map::shape.fields[1], true, r.dataspace());
	visitor(Region_map::shape.fields[2], true, r.fault_handler());
	visitor(Region_map::shape.fields[3], r.has_regions(), r.regions());
}

template <typename V>
void visit(Signal_source::Reader const &r, V &&visitor)
{
	visitor(Signal_source::shape.fields[0], true, r.pd());
	visitor(Signal_source::shape.fields[1], true, r.handler());
	visitor(Signal_source::shape.fields[2], true, r.semaphore());
}

template <typename V>
void visit(Signal_context::Reader const &r, V &&visitor)
{
	visitor(Signal_context::shape.fields[0], true, r.source());
	visitor(Signal_context::shape.fields[1], true, r.imprint());
	visitor(Signal_context::shape.fields[2], true, r.pending());
	visitor(Signal_context::shape.fields[3], true, r.holder());
	visitor(Signal_context::shape.fields[4], r.has_role(), r.role());
}

template <typename V>
void visit(Native_capability::Reader const &r, V &&visitor)
{
	visitor(Native_capability::shape.fields[0], true, r.entrypoint());
	visitor(Native_capability::shape.fields[1], true, r.allocation_order());
	visitor(Native_capability::shape.fields[2], true, r.dangling());
}

template <typename V>
void visit(Object::Reader const &r, V &&visitor)
{
	visitor(Object::shape.fields[0], true, r.id());
	visitor(Object::shape.fields[1], true, r.badge());
	visitor(Object::shape.fields[2], true, r.bootstrapped());
	visitor(Object::shape.fields[3], r.has_label(), r.label());
	if (r.which() == Object::Which::CAPABILITY) visitor(Object::shape.fields[4], true, Wire::Void());
	if (r.which() == Object::Which::EXTERNAL) visitor(Object::shape.fields[5], r.has_external(), r.external());
	if (r.which() == Object::Which::PD_SESSION) visitor(Object::shape.fields[6], r.has_pd_session(), r.pd_session());
	if (r.which() == Object::Which::CPU_SESSION) visitor(Object::shape.fields[7], r.has_cpu_session(), r.cpu_session());
	if (r.which() == Object::Which::RM_SESSION) visitor(Object::shape.fields[8], r.has_rm_session(), r.rm_session());
	if (r.which() == Object::Which::ROM_SESSION) visitor(Object::shape.fields[9], r.has_rom_session(), r.rom_session());
	if (r.which() == Object::Which::LOG_SESSION) visitor(Object::shape.fields[10], r.has_log_session(), r.log_session());
	if (r.which() == Object::Which::TIMER_SESSION) visitor(Object::shape.fields[11], r.has_timer_session(), r.timer_session());
	if (r.which() == Object::Which::SESSION) visitor(Object::shape.fields[12], r.has_session(), r.session());
	if (r.which() == Object::Which::SERVICE) visitor(Object::shape.fields[13], r.has_service(), r.service());
	if (r.which() == Object::Which::THREAD) visitor(Object::shape.fields[14], r.has_thread(), r.thread());
	if (r.which() == Object::Which::DATASPACE) visitor(Object::shape.fields[15], r.has_dataspace(), r.dataspace());
	if (r.which() == Object::Which::REGION_MAP) visitor(Object::shape.fields[16], r.has_region_map(), r.region_map());
	if (r.which() == Object::Which::SIGNAL_SOURCE) visitor(Object::shape.fields[17], r.has_signal_source(), r.signal_source());
	if (r.which() == Object::Which::SIGNAL_CONTEXT) visitor(Object::shape.fields[18], r.has_signal_context(), r.signal_context());
	if (r.which() == Object::Which::NATIVE_CAPABILITY) visitor(Object::shape.fields[19], r.has_native_capability(), r.native_capability());
	if (r.which() == Object::Which::PARENT_CAPABILITY) visitor(Object::shape.fields[20], true, Wire::Void());
}

template <typename V>
void visit(Capability_layout::Reader const &r, V &&visitor)
{
	visitor(Capability_layout::shape.fields[0], r.has_release(), r.release());
	visitor(Capability_layout::shape.fields[1], true, r.word_bytes());
	visitor(Capability_layout::shape.fields[2], true, r.structure());
	visitor(Capability_layout::shape.fields[3], true, r.array());
	visitor(Capability_layout::shape.fields[4], true, r.count());
	visitor(Capability_layout::shape.fields[5], true, r.stride());
	visitor(Capability_layout::shape.fields[6], true, r.root());
	visitor(Capability_layout::shape.fields[7], true, r.node_offset());
	visitor(Capability_layout::shape.fields[8], true, r.depth_offset());
	visitor(Capability_layout::shape.fields[9], true, r.id_offset());
	visitor(Capability_layout::shape.fields[10], true, r.id_width());
	visitor(Capability_layout::shape.fields[11], true, r.ref_offset());
	visitor(Capability_layout::shape.fields[12], true, r.ref_width());
	visitor(Capability_layout::shape.fields[13], true, r.socket_offset());
	visitor(Capability_layout::shape.fields[14], true, r.foreign_offset());
	visitor(Capability_layout::shape.fields[15], true, r.selector_shift());
	visitor(Capability_layout::shape.fields[16], true, r.has_selectors());
	visitor(Capability_layout::shape.fields[17], true, r.invalid_id());
	visitor(Capability_layout::shape.fields[18], true, r.max_badge());
	visitor(Capability_layout::shape.fields[19], true, r.badge_step());
	visitor(Capability_layout::shape.fields[20], true, r.allocator_lock());
	visitor(Capability_layout::shape.fields[21], true, r.tree_lock());
}

template <typename V>
void visit(Capability_entry::Reader const &r, V &&visitor)
{
	visitor(Capability_entry::shape.fields[0], true, r.kcap());
	visitor(Capability_entry::shape.fields[1], true, r.index());
	visitor(Capability_entry::shape.fields[2], true, r.object());
	visitor(Capability_entry::shape.fields[3], true, r.raw_id());
	visitor(Capability_entry::shape.fields[4], true, r.ref_count());
	visitor(Capability_entry::shape.fields[5], true, r.state());
	visitor(Capability_entry::shape.fields[6], true, r.in_tree());
	visitor(Capability_entry::shape.fields[7], true, r.kind());
	visitor(Capability_entry::shape.fields[8], true, r.origin());
	visitor(Capability_entry::shape.fields[9], true, r.foreign());
	visitor(Capability_entry::shape.fields[10], true, r.socket());
}

template <typename V>
void visit(Capability_space::Reader const &r, V &&visitor)
{
	visitor(Capability_space::shape.fields[0], true, r.pd());
	visitor(Capability_space::shape.fields[1], r.has_layout(), r.layout());
	visitor(Capability_space::shape.fields[2], r.has_entries(), r.entries());
}

template <typename V>
void visit(Badge_node::Reader const &r, V &&visitor)
{
	visitor(Badge_node::shape.fields[0], true, r.address());
	visitor(Badge_node::shape.fields[1], true, r.object());
}

template <typename V>
void visit(Badge_tree::Reader const &r, V &&visitor)
{
	visitor(Badge_tree::shape.fields[0], true, r.role());
	visitor(Badge_tree::shape.fields[1], true, r.root());
	visitor(Badge_tree::shape.fields[2], true, r.capability_offset());
	visitor(Badge_tree::shape.fields[3], r.has_nodes(), r.nodes());
}

template <typename V>
void visit(Raw_badge::Reader const &r, V &&visitor)
{
	visitor(Raw_badge::shape.fields[0], true, r.place());
	visitor(Raw_badge::shape.fields[1], true, r.address());
	visitor(Raw_badge::shape.fields[2], true, r.width());
	visitor(Raw_badge::shape.fields[3], true, r.object());
	visitor(Raw_badge::shape.fields[4], true, r.thread());
	visitor(Raw_badge::shape.fields[5], true, r.word());
}

template <typename V>
void visit(Code_range::Reader const &r, V &&visitor)
{
	visitor(Code_range::shape.fields[0], true, r.start());
	visitor(Code_range::shape.fields[1], true, r.size());
	visitor(Code_range::shape.fields[2], r.has_name(), r.name());
}

template <typename V>
void visit(Manifest::Reader const &r, V &&visitor)
{
	visitor(Manifest::shape.fields[0], r.has_label(), r.label());
	visitor(Manifest::shape.fields[1], r.has_genode_version(), r.genode_version());
	visitor(Manifest::shape.fields[2], true, r.kernel());
	visitor(Manifest::shape.fields[3], true, r.sequence());
	visitor(Manifest::shape.fields[4], true, r.time_base());
	visitor(Manifest::shape.fields[5], true, r.timestamp_frequency());
	visitor(Manifest::shape.fields[6], true, r.fpu_size());
	visitor(Manifest::shape.fields[7], true, r.memory_searched());
	visitor(Manifest::shape.fields[8], r.has_binary(), r.binary());
	visitor(Manifest::shape.fields[9], r.has_cpu_features(), r.cpu_features());
	visitor(Manifest::shape.fields[10], r.has_parent(), r.parent());
	visitor(Manifest::shape.fields[11], r.has_epoch(), r.epoch());
	visitor(Manifest::shape.fields[12], r.has_group(), r.group());
	visitor(Manifest::shape.fields[13], r.has_objects(), r.objects());
	visitor(Manifest::shape.fields[14], r.has_capability_spaces(), r.capability_spaces());
	visitor(Manifest::shape.fields[15], r.has_badge_trees(), r.badge_trees());
	visitor(Manifest::shape.fields[16], r.has_raw_badges(), r.raw_badges());
	visitor(Manifest::shape.fields[17], r.has_safe_spots(), r.safe_spots());
	visitor(Manifest::shape.fields[18], r.has_notes(), r.notes());
}

template <typename V>
void visit(Provenance_record::Reader const &r, V &&visitor)
{
	visitor(Provenance_record::shape.fields[0], r.has_action(), r.action());
	visitor(Provenance_record::shape.fields[1], r.has_tool(), r.tool());
	visitor(Provenance_record::shape.fields[2], r.has_source(), r.source());
	visitor(Provenance_record::shape.fields[3], r.has_detail(), r.detail());
	visitor(Provenance_record::shape.fields[4], r.has_signer(), r.signer());
	visitor(Provenance_record::shape.fields[5], true, r.counter());
}

template <typename V>
void visit(Provenance::Reader const &r, V &&visitor)
{
	visitor(Provenance::shape.fields[0], r.has_records(), r.records());
}

}

#endif /* CAPIMG__CORE__GENERATED__IMAGE_VISIT_H */
