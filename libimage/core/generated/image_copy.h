/*
 * Copy a struct field by field
 *
 * Generated from schema/image.capnp, do not edit. Written by: schema/generate PLUGIN libimage/core/generated
 */

#ifndef CAPIMG__CORE__GENERATED__IMAGE_COPY_H
#define CAPIMG__CORE__GENERATED__IMAGE_COPY_H

#include "image.h"

namespace Capimg::Metadata
{

/*
 * 'copy' copies all fields that the schema knows, with all that is below them, in the order
 * that the builder demands. What a newer minor version added is left behind, but for
 * the values of enums and the tags of unions.
 */

inline void copy(Binary::Reader const &from, Binary::Writer const &to)
{
	if (from.has_name())
		to.name(from.name());
	if (from.has_digest())
		to.digest(from.digest());
}

inline void copy(Parent::Reader const &from, Parent::Writer const &to)
{
	to.sequence(from.sequence());
	if (from.has_state_digest())
		to.state_digest(from.state_digest());
}

inline void copy(External::Reader const &from, External::Writer const &to)
{
	if (from.has_owner())
		to.owner(from.owner());
}

inline void copy(Affinity::Reader const &from, Affinity::Writer const &to)
{
	to.x(from.x());
	to.y(from.y());
	to.width(from.width());
	to.height(from.height());
}

inline void copy(Session::Reader const &from, Session::Writer const &to)
{
	to.ram_upgrade(from.ram_upgrade());
	to.cap_upgrade(from.cap_upgrade());
	to.client_id(from.client_id());
	to.interposed(from.interposed());
	if (from.has_service())
		to.service(from.service());
	if (from.has_arguments())
		to.arguments(from.arguments());
	if (from.has_affinity())
		copy(from.affinity(), to.init_affinity());
}

inline void copy(Pd_session::Reader const &from, Pd_session::Writer const &to)
{
	to.address_space(from.address_space());
	to.stack_area(from.stack_area());
	to.linker_area(from.linker_area());
	to.ram_quota(from.ram_quota());
	to.ram_used(from.ram_used());
	to.cap_quota(from.cap_quota());
	to.cap_used(from.cap_used());
	to.ref_account(from.ref_account());
	to.native_pd(from.native_pd());
	if (from.has_session())
		copy(from.session(), to.init_session());
}

inline void copy(Cpu_session::Reader const &from, Cpu_session::Writer const &to)
{
	to.exception_handler(from.exception_handler());
	to.priority(from.priority());
	to.quota(from.quota());
	to.ref_account(from.ref_account());
	to.native_cpu(from.native_cpu());
	if (from.has_session())
		copy(from.session(), to.init_session());
}

inline void copy(Rm_session::Reader const &from, Rm_session::Writer const &to)
{
	if (from.has_session())
		copy(from.session(), to.init_session());
	if (from.has_region_maps()) {
		auto const list = from.region_maps();
		auto const copies = to.init_region_maps(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
}

inline void copy(Rom_session::Reader const &from, Rom_session::Writer const &to)
{
	to.dataspace(from.dataspace());
	to.handler(from.handler());
	if (from.has_session())
		copy(from.session(), to.init_session());
	if (from.has_module())
		to.module(from.module());
}

inline void copy(Log_session::Reader const &from, Log_session::Writer const &to)
{
	if (from.has_session())
		copy(from.session(), to.init_session());
}

inline void copy(Timer_session::Reader const &from, Timer_session::Writer const &to)
{
	to.handler(from.handler());
	to.timeout(from.timeout());
	to.periodic(from.periodic());
	to.elapsed(from.elapsed());
	to.time_base(from.time_base());
	if (from.has_session())
		copy(from.session(), to.init_session());
}

inline void copy(Other_session::Reader const &from, Other_session::Writer const &to)
{
	if (from.has_session())
		copy(from.session(), to.init_session());
	if (from.has_state())
		to.state(from.state());
}

inline void copy(Provided_session::Reader const &from, Provided_session::Writer const &to)
{
	to.session(from.session());
	if (from.has_label())
		to.label(from.label());
	if (from.has_arguments())
		to.arguments(from.arguments());
	if (from.has_objects()) {
		auto const list = from.objects();
		auto const copies = to.init_objects(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
}

inline void copy(Service::Reader const &from, Service::Writer const &to)
{
	to.root(from.root());
	if (from.has_name())
		to.name(from.name());
	if (from.has_sessions()) {
		auto const list = from.sessions();
		auto const copies = to.init_sessions(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Registers_x86x64::Reader const &from, Registers_x86x64::Writer const &to)
{
	to.ip(from.ip());
	to.sp(from.sp());
	to.rax(from.rax());
	to.rbx(from.rbx());
	to.rcx(from.rcx());
	to.rdx(from.rdx());
	to.rdi(from.rdi());
	to.rsi(from.rsi());
	to.rbp(from.rbp());
	to.r8(from.r8());
	to.r9(from.r9());
	to.r10(from.r10());
	to.r11(from.r11());
	to.r12(from.r12());
	to.r13(from.r13());
	to.r14(from.r14());
	to.r15(from.r15());
	to.eflags(from.eflags());
	to.cs(from.cs());
	to.ss(from.ss());
	to.ds(from.ds());
	to.es(from.es());
	to.fs(from.fs());
	to.gs(from.gs());
	to.fs_base(from.fs_base());
	to.gs_base(from.gs_base());
	to.trapno(from.trapno());
	to.errcode(from.errcode());
	to.orig_rax(from.orig_rax());
}

inline void copy(Registers_x86x32::Reader const &from, Registers_x86x32::Writer const &to)
{
	to.ip(from.ip());
	to.sp(from.sp());
	to.eax(from.eax());
	to.ebx(from.ebx());
	to.ecx(from.ecx());
	to.edx(from.edx());
	to.edi(from.edi());
	to.esi(from.esi());
	to.ebp(from.ebp());
	to.eflags(from.eflags());
	to.cs(from.cs());
	to.ss(from.ss());
	to.ds(from.ds());
	to.es(from.es());
	to.fs(from.fs());
	to.gs(from.gs());
	to.trapno(from.trapno());
	to.errcode(from.errcode());
	to.orig_eax(from.orig_eax());
}

inline void copy(Registers_arm_v7::Reader const &from, Registers_arm_v7::Writer const &to)
{
	to.r0(from.r0());
	to.r1(from.r1());
	to.r2(from.r2());
	to.r3(from.r3());
	to.r4(from.r4());
	to.r5(from.r5());
	to.r6(from.r6());
	to.r7(from.r7());
	to.r8(from.r8());
	to.r9(from.r9());
	to.r10(from.r10());
	to.r11(from.r11());
	to.r12(from.r12());
	to.sp(from.sp());
	to.lr(from.lr());
	to.ip(from.ip());
	to.cpsr(from.cpsr());
	to.cpu_exception(from.cpu_exception());
	to.tls(from.tls());
	to.orig_r0(from.orig_r0());
}

inline void copy(Registers_arm_v8::Reader const &from, Registers_arm_v8::Writer const &to)
{
	to.sp(from.sp());
	to.ip(from.ip());
	to.pstate(from.pstate());
	to.esr(from.esr());
	to.tls(from.tls());
	if (from.has_x()) {
		auto const list = from.x();
		auto const copies = to.init_x(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
}

inline void copy(Registers_riscv64::Reader const &from, Registers_riscv64::Writer const &to)
{
	to.ip(from.ip());
	if (from.has_x()) {
		auto const list = from.x();
		auto const copies = to.init_x(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
}

inline void copy(Fpu::Reader const &from, Fpu::Writer const &to)
{
	to.format(from.format());
	if (from.has_state())
		to.state(from.state());
}

inline void copy(Utcb::Reader const &from, Utcb::Writer const &to)
{
	if (from.has_words()) {
		auto const list = from.words();
		auto const copies = to.init_words(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
	if (from.has_buffer_registers()) {
		auto const list = from.buffer_registers();
		auto const copies = to.init_buffer_registers(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
	if (from.has_thread_registers()) {
		auto const list = from.thread_registers();
		auto const copies = to.init_thread_registers(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copies.set(i, list[i]);
	}
}

inline void copy(Note::Reader const &from, Note::Writer const &to)
{
	to.type(from.type());
	if (from.has_owner())
		to.owner(from.owner());
	if (from.has_content())
		to.content(from.content());
}

inline void copy(Thread::Reader const &from, Thread::Writer const &to)
{
	to.registers().which(from.registers().which());
	to.pd(from.pd());
	to.cpu(from.cpu());
	to.gate(from.gate());
	to.native_id(from.native_id());
	to.weight(from.weight());
	to.slot(from.slot());
	to.has_slot(from.has_slot());
	to.utcb_address(from.utcb_address());
	to.started(from.started());
	to.paused(from.paused());
	to.single_step(from.single_step());
	to.exception_handler(from.exception_handler());
	to.phase(from.phase());
	to.call_target(from.call_target());
	to.served_caller(from.served_caller());
	to.pending_wakeups(from.pending_wakeups());
	if (from.has_name())
		to.name(from.name());
	if (from.has_affinity())
		copy(from.affinity(), to.init_affinity());
	if (from.registers().has_x86x64())
		copy(from.registers().x86x64(), to.registers().init_x86x64());
	if (from.registers().has_x86x32())
		copy(from.registers().x86x32(), to.registers().init_x86x32());
	if (from.registers().has_arm_v7())
		copy(from.registers().arm_v7(), to.registers().init_arm_v7());
	if (from.registers().has_arm_v8())
		copy(from.registers().arm_v8(), to.registers().init_arm_v8());
	if (from.registers().has_riscv64())
		copy(from.registers().riscv64(), to.registers().init_riscv64());
	if (from.registers().has_other())
		to.registers().other(from.registers().other());
	if (from.has_fpu())
		copy(from.fpu(), to.init_fpu());
	if (from.has_utcb())
		copy(from.utcb(), to.init_utcb());
	if (from.has_notes()) {
		auto const list = from.notes();
		auto const copies = to.init_notes(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Absent_range::Reader const &from, Absent_range::Writer const &to)
{
	to.offset(from.offset());
	to.size(from.size());
	to.reason(from.reason());
}

inline void copy(Dataspace::Reader const &from, Dataspace::Writer const &to)
{
	to.kind(from.kind());
	to.cache(from.cache());
	to.sealed(from.sealed());
	to.size(from.size());
	to.first_block(from.first_block());
	to.stored(from.stored());
	to.absent_reason(from.absent_reason());
	to.allocation_order(from.allocation_order());
	to.owner(from.owner());
	to.region_map(from.region_map());
	to.physical_address(from.physical_address());
	if (from.has_module())
		to.module(from.module());
	if (from.has_digest())
		to.digest(from.digest());
	if (from.has_absent()) {
		auto const list = from.absent();
		auto const copies = to.init_absent(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Region::Reader const &from, Region::Writer const &to)
{
	to.address(from.address());
	to.size(from.size());
	to.offset(from.offset());
	to.dataspace(from.dataspace());
	to.readable(from.readable());
	to.writeable(from.writeable());
	to.executable(from.executable());
}

inline void copy(Region_map::Reader const &from, Region_map::Writer const &to)
{
	to.size(from.size());
	to.dataspace(from.dataspace());
	to.fault_handler(from.fault_handler());
	if (from.has_regions()) {
		auto const list = from.regions();
		auto const copies = to.init_regions(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Signal_source::Reader const &from, Signal_source::Writer const &to)
{
	to.pd(from.pd());
	to.handler(from.handler());
	to.semaphore(from.semaphore());
}

inline void copy(Signal_context::Reader const &from, Signal_context::Writer const &to)
{
	to.source(from.source());
	to.imprint(from.imprint());
	to.pending(from.pending());
	to.holder(from.holder());
	if (from.has_role())
		to.role(from.role());
}

inline void copy(Native_capability::Reader const &from, Native_capability::Writer const &to)
{
	to.entrypoint(from.entrypoint());
	to.allocation_order(from.allocation_order());
	to.dangling(from.dangling());
}

inline void copy(Object::Reader const &from, Object::Writer const &to)
{
	to.which(from.which());
	to.id(from.id());
	to.badge(from.badge());
	to.bootstrapped(from.bootstrapped());
	if (from.has_label())
		to.label(from.label());
	if (from.has_external())
		copy(from.external(), to.init_external());
	if (from.has_pd_session())
		copy(from.pd_session(), to.init_pd_session());
	if (from.has_cpu_session())
		copy(from.cpu_session(), to.init_cpu_session());
	if (from.has_rm_session())
		copy(from.rm_session(), to.init_rm_session());
	if (from.has_rom_session())
		copy(from.rom_session(), to.init_rom_session());
	if (from.has_log_session())
		copy(from.log_session(), to.init_log_session());
	if (from.has_timer_session())
		copy(from.timer_session(), to.init_timer_session());
	if (from.has_session())
		copy(from.session(), to.init_session());
	if (from.has_service())
		copy(from.service(), to.init_service());
	if (from.has_thread())
		copy(from.thread(), to.init_thread());
	if (from.has_dataspace())
		copy(from.dataspace(), to.init_dataspace());
	if (from.has_region_map())
		copy(from.region_map(), to.init_region_map());
	if (from.has_signal_source())
		copy(from.signal_source(), to.init_signal_source());
	if (from.has_signal_context())
		copy(from.signal_context(), to.init_signal_context());
	if (from.has_native_capability())
		copy(from.native_capability(), to.init_native_capability());
}

inline void copy(Capability_layout::Reader const &from, Capability_layout::Writer const &to)
{
	to.word_bytes(from.word_bytes());
	to.structure(from.structure());
	to.array(from.array());
	to.count(from.count());
	to.stride(from.stride());
	to.root(from.root());
	to.node_offset(from.node_offset());
	to.depth_offset(from.depth_offset());
	to.id_offset(from.id_offset());
	to.id_width(from.id_width());
	to.ref_offset(from.ref_offset());
	to.ref_width(from.ref_width());
	to.socket_offset(from.socket_offset());
	to.foreign_offset(from.foreign_offset());
	to.selector_shift(from.selector_shift());
	to.has_selectors(from.has_selectors());
	to.invalid_id(from.invalid_id());
	to.max_badge(from.max_badge());
	to.badge_step(from.badge_step());
	to.allocator_lock(from.allocator_lock());
	to.tree_lock(from.tree_lock());
	if (from.has_release())
		to.release(from.release());
}

inline void copy(Capability_entry::Reader const &from, Capability_entry::Writer const &to)
{
	to.kcap(from.kcap());
	to.index(from.index());
	to.object(from.object());
	to.raw_id(from.raw_id());
	to.ref_count(from.ref_count());
	to.state(from.state());
	to.in_tree(from.in_tree());
	to.kind(from.kind());
	to.origin(from.origin());
	to.foreign(from.foreign());
	to.socket(from.socket());
}

inline void copy(Capability_space::Reader const &from, Capability_space::Writer const &to)
{
	to.pd(from.pd());
	if (from.has_layout())
		copy(from.layout(), to.init_layout());
	if (from.has_entries()) {
		auto const list = from.entries();
		auto const copies = to.init_entries(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Badge_node::Reader const &from, Badge_node::Writer const &to)
{
	to.address(from.address());
	to.object(from.object());
}

inline void copy(Badge_tree::Reader const &from, Badge_tree::Writer const &to)
{
	to.role(from.role());
	to.root(from.root());
	to.capability_offset(from.capability_offset());
	if (from.has_nodes()) {
		auto const list = from.nodes();
		auto const copies = to.init_nodes(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Raw_badge::Reader const &from, Raw_badge::Writer const &to)
{
	to.place(from.place());
	to.address(from.address());
	to.width(from.width());
	to.object(from.object());
	to.thread(from.thread());
	to.word(from.word());
}

inline void copy(Code_range::Reader const &from, Code_range::Writer const &to)
{
	to.start(from.start());
	to.size(from.size());
	if (from.has_name())
		to.name(from.name());
}

inline void copy(Manifest::Reader const &from, Manifest::Writer const &to)
{
	to.kernel(from.kernel());
	to.sequence(from.sequence());
	to.time_base(from.time_base());
	to.timestamp_frequency(from.timestamp_frequency());
	to.fpu_size(from.fpu_size());
	to.memory_searched(from.memory_searched());
	if (from.has_label())
		to.label(from.label());
	if (from.has_genode_version())
		to.genode_version(from.genode_version());
	if (from.has_binary())
		copy(from.binary(), to.init_binary());
	if (from.has_cpu_features()) {
		auto const list = from.cpu_features();
		auto const copies = to.init_cpu_features(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			if (list.has(i)) copies.set(i, list[i]);
	}
	if (from.has_parent())
		copy(from.parent(), to.init_parent());
	if (from.has_epoch())
		to.epoch(from.epoch());
	if (from.has_group())
		to.group(from.group());
	if (from.has_objects()) {
		auto const list = from.objects();
		auto const copies = to.init_objects(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
	if (from.has_capability_spaces()) {
		auto const list = from.capability_spaces();
		auto const copies = to.init_capability_spaces(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
	if (from.has_badge_trees()) {
		auto const list = from.badge_trees();
		auto const copies = to.init_badge_trees(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
	if (from.has_raw_badges()) {
		auto const list = from.raw_badges();
		auto const copies = to.init_raw_badges(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
	if (from.has_safe_spots()) {
		auto const list = from.safe_spots();
		auto const copies = to.init_safe_spots(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
	if (from.has_notes()) {
		auto const list = from.notes();
		auto const copies = to.init_notes(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

inline void copy(Provenance_record::Reader const &from, Provenance_record::Writer const &to)
{
	to.counter(from.counter());
	if (from.has_action())
		to.action(from.action());
	if (from.has_tool())
		to.tool(from.tool());
	if (from.has_source())
		to.source(from.source());
	if (from.has_detail())
		to.detail(from.detail());
	if (from.has_signer())
		to.signer(from.signer());
}

inline void copy(Provenance::Reader const &from, Provenance::Writer const &to)
{
	if (from.has_records()) {
		auto const list = from.records();
		auto const copies = to.init_records(list.size());
		for (uint32_t i = 0; i < list.size(); i++)
			copy(list[i], copies[i]);
	}
}

}

#endif /* CAPIMG__CORE__GENERATED__IMAGE_COPY_H */
