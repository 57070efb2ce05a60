#include <capimg_host/thread_image.h>

namespace Capimg::Host
{

void write_registers(Metadata::Thread::Registers::Writer const &w, Cpu_state const &cpu)
{
	auto const x = w.init_x86x64();
	x.ip(cpu.ip);
	x.sp(cpu.sp);
	x.rax(cpu.rax);
	x.rbx(cpu.rbx);
	x.rcx(cpu.rcx);
	x.rdx(cpu.rdx);
	x.rdi(cpu.rdi);
	x.rsi(cpu.rsi);
	x.rbp(cpu.rbp);
	x.r8(cpu.r8);
	x.r9(cpu.r9);
	x.r10(cpu.r10);
	x.r11(cpu.r11);
	x.r12(cpu.r12);
	x.r13(cpu.r13);
	x.r14(cpu.r14);
	x.r15(cpu.r15);
	x.eflags(cpu.eflags);
	x.cs(cpu.cs);
	x.ss(cpu.ss);
	x.trapno(cpu.trapno);
	x.errcode(cpu.errcode);
}

bool read_registers(Metadata::Thread::Registers::Reader const &r, Cpu_state &cpu)
{
	if (!r.has_x86x64()) return false;
	auto const x = r.x86x64();
	cpu.ip = x.ip();
	cpu.sp = x.sp();
	cpu.rax = x.rax();
	cpu.rbx = x.rbx();
	cpu.rcx = x.rcx();
	cpu.rdx = x.rdx();
	cpu.rdi = x.rdi();
	cpu.rsi = x.rsi();
	cpu.rbp = x.rbp();
	cpu.r8 = x.r8();
	cpu.r9 = x.r9();
	cpu.r10 = x.r10();
	cpu.r11 = x.r11();
	cpu.r12 = x.r12();
	cpu.r13 = x.r13();
	cpu.r14 = x.r14();
	cpu.r15 = x.r15();
	cpu.eflags = x.eflags();
	cpu.cs = x.cs();
	cpu.ss = x.ss();
	cpu.trapno = x.trapno();
	cpu.errcode = x.errcode();
	return true;
}

addr_t instruction_pointer(Cpu_state const &cpu) { return cpu.ip; }

Machine this_machine() { return { Architecture::X86_64, 64, 4096 }; }

}
