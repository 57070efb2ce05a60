#include "elf_machine.h"

#include <elf.h>

namespace Capimg
{

namespace
{

using namespace Schema;

/* one register: where it stands in 'pr_reg', in words, and how the schema names it */
template <typename BUILDER, typename WORD>
struct Register
{
	unsigned word;
	void (BUILDER::*set)(WORD);
};

template <typename BUILDER, typename WORD, std::size_t N>
void read_all(Register<BUILDER, WORD> const (&table)[N], Const_bytes pr_reg, BUILDER builder)
{
	for (Register<BUILDER, WORD> const &r : table)
		(builder.*r.set)(pr_reg.load<WORD>(r.word * sizeof(WORD)));
}

/* user_regs_struct of arch/x86/include/asm/user_64.h */
using X64 = RegistersX86x64::Builder;
constexpr Register<X64, std::uint64_t> X86_64[] {
	{ 0, &X64::setR15 },      { 1, &X64::setR14 },     { 2, &X64::setR13 },
	{ 3, &X64::setR12 },      { 4, &X64::setRbp },     { 5, &X64::setRbx },
	{ 6, &X64::setR11 },      { 7, &X64::setR10 },     { 8, &X64::setR9 },
	{ 9, &X64::setR8 },       { 10, &X64::setRax },    { 11, &X64::setRcx },
	{ 12, &X64::setRdx },     { 13, &X64::setRsi },    { 14, &X64::setRdi },
	{ 15, &X64::setOrigRax }, { 16, &X64::setIp },     { 17, &X64::setCs },
	{ 18, &X64::setEflags },  { 19, &X64::setSp },     { 20, &X64::setSs },
	{ 21, &X64::setFsBase },  { 22, &X64::setGsBase }, { 23, &X64::setDs },
	{ 24, &X64::setEs },      { 25, &X64::setFs },     { 26, &X64::setGs },
};

void read_x86_64(Const_bytes pr_reg, std::uint64_t, Thread::Registers::Builder registers)
{
	read_all(X86_64, pr_reg, registers.initX86x64());
}

/* user_regs_struct of arch/x86/include/asm/user_32.h */
using X32 = RegistersX86x32::Builder;
constexpr Register<X32, std::uint32_t> X86_32[] {
	{ 0, &X32::setEbx }, { 1, &X32::setEcx }, { 2, &X32::setEdx },     { 3, &X32::setEsi },
	{ 4, &X32::setEdi }, { 5, &X32::setEbp }, { 6, &X32::setEax },     { 7, &X32::setDs },
	{ 8, &X32::setEs },  { 9, &X32::setFs },  { 10, &X32::setGs },     { 11, &X32::setOrigEax },
	{ 12, &X32::setIp }, { 13, &X32::setCs }, { 14, &X32::setEflags }, { 15, &X32::setSp },
	{ 16, &X32::setSs },
};

void read_x86_32(Const_bytes pr_reg, std::uint64_t, Thread::Registers::Builder registers)
{
	read_all(X86_32, pr_reg, registers.initX86x32());
}

/* pt_regs of arch/arm/include/uapi/asm/ptrace.h */
using V7 = RegistersArmV7::Builder;
constexpr Register<V7, std::uint32_t> ARM_V7[] {
	{ 0, &V7::setR0 },    { 1, &V7::setR1 },      { 2, &V7::setR2 },   { 3, &V7::setR3 },
	{ 4, &V7::setR4 },    { 5, &V7::setR5 },      { 6, &V7::setR6 },   { 7, &V7::setR7 },
	{ 8, &V7::setR8 },    { 9, &V7::setR9 },      { 10, &V7::setR10 }, { 11, &V7::setR11 },
	{ 12, &V7::setR12 },  { 13, &V7::setSp },     { 14, &V7::setLr },  { 15, &V7::setIp },
	{ 16, &V7::setCpsr }, { 17, &V7::setOrigR0 },
};

void read_arm_v7(Const_bytes pr_reg, std::uint64_t tls, Thread::Registers::Builder registers)
{
	V7 builder = registers.initArmV7();
	read_all(ARM_V7, pr_reg, builder);
	builder.setTls(std::uint32_t(tls));
}

/* user_pt_regs of arch/arm64/include/uapi/asm/ptrace.h: x0 to x30, sp, pc, pstate */
void read_arm_v8(Const_bytes pr_reg, std::uint64_t tls, Thread::Registers::Builder registers)
{
	RegistersArmV8::Builder builder = registers.initArmV8();
	auto x = builder.initX(31);
	for (unsigned i = 0; i < 31; i++) x.set(i, pr_reg.u64(i * 8));
	builder.setSp(pr_reg.u64(31 * 8));
	builder.setIp(pr_reg.u64(32 * 8));
	builder.setPstate(pr_reg.u64(33 * 8));
	builder.setTls(tls);
}

/* user_regs_struct of arch/riscv/include/uapi/asm/ptrace.h: pc, x1 to x31 */
void read_riscv_64(Const_bytes pr_reg, std::uint64_t, Thread::Registers::Builder registers)
{
	RegistersRiscv64::Builder builder = registers.initRiscv64();
	builder.setIp(pr_reg.u64(0));
	auto x = builder.initX(31);
	for (unsigned i = 0; i < 31; i++) x.set(i, pr_reg.u64((i + 1) * 8));
}

/* legacy area and header; Linux' largest are below 12 KiB, with AMX tiles */
constexpr std::uint32_t MIN_XSAVE = 512 + 64, MAX_XSAVE = 64 * 1024;

constexpr Elf_machine MACHINES[] {
	{
		.number = EM_X86_64,
		.word_bytes = 8,
		.architecture = Architecture::X86_64,
		.status_size = 336,
		.pid = { 32, 4 },
		.registers = { 112, 27 * 8 },
		.tls = {},
		.fpu = { { "NT_X86_XSTATE", "LINUX", NT_X86_XSTATE, FpuFormat::XSAVE, MIN_XSAVE,
				   MAX_XSAVE },
				 { "NT_FPREGSET", "CORE", NT_FPREGSET, FpuFormat::FXSAVE, 512, 512 } },
		.read_registers = read_x86_64,
	},
	{
		.number = EM_386,
		.word_bytes = 4,
		.architecture = Architecture::X86_32,
		.status_size = 144,
		.pid = { 24, 4 },
		.registers = { 72, 17 * 4 },
		.tls = {},
		.fpu = { { "NT_X86_XSTATE", "LINUX", NT_X86_XSTATE, FpuFormat::XSAVE, MIN_XSAVE,
				   MAX_XSAVE },
				 { "NT_PRXFPREG", "LINUX", NT_PRXFPREG, FpuFormat::FXSAVE, 512, 512 },
				 { "NT_FPREGSET", "CORE", NT_FPREGSET, FpuFormat::FSAVE, 108, 108 } },
		.read_registers = read_x86_32,
	},
	{
		.number = EM_ARM,
		.word_bytes = 4,
		.architecture = Architecture::ARM_V7,
		.status_size = 148,
		.pid = { 24, 4 },
		.registers = { 72, 18 * 4 },
		.tls = { 0, 4 },
		.fpu = { { "NT_ARM_VFP", "LINUX", NT_ARM_VFP, FpuFormat::ARM_VFP, 260, 260 },
				 { "NT_FPREGSET", "CORE", NT_FPREGSET, FpuFormat::ARM_FPA, 116, 116 } },
		.read_registers = read_arm_v7,
	},
	{
		.number = EM_AARCH64,
		.word_bytes = 8,
		.architecture = Architecture::ARM_V8,
		.status_size = 392,
		.pid = { 32, 4 },
		.registers = { 112, 34 * 8 },
		.tls = { 0, 8 },
		.fpu = { { "NT_FPREGSET", "CORE", NT_FPREGSET, FpuFormat::ARM_V8_SIMD, 528, 528 } },
		.read_registers = read_arm_v8,
	},
	{
		.number = EM_RISCV,
		.word_bytes = 8,
		.architecture = Architecture::RISCV_64,
		.status_size = 376,
		.pid = { 32, 4 },
		.registers = { 112, 32 * 8 },
		.tls = {},
		.fpu = {}, /* the schema has no format for it: its note is kept as it is */
		.read_registers = read_riscv_64,
	},
};

}

std::span<Elf_machine const> elf_machines() { return MACHINES; }

Elf_machine const *elf_machine(std::uint16_t number, unsigned word_bytes)
{
	for (Elf_machine const &machine : MACHINES)
		if (machine.number == number && machine.word_bytes == word_bytes) return &machine;
	return nullptr;
}

}
