/*
 * Threads of ELF cores: every register, FPU, TLS, and that no bit of a note is lost
 *
 * The order of registers is given here by name, from Linux' headers, and not taken from the
 * table under test.
 */

#include <sstream>
#include <sys/procfs.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <elf.h>

#include <gtest/gtest.h>

#include "libimage/elf_machine.h"
#include "libimage/elf_thread.h"
#include "libimage/image_error.h"
#include "tests/support/elf_core_builder.h"

namespace
{

using namespace Capimg;
using Test::Elf_core_builder;
using Test::little_endian;

/* the host's own layout confirms the row of x86_64 */
#ifdef __x86_64__
static_assert(sizeof(elf_prstatus) == 336);
static_assert(offsetof(elf_prstatus, pr_reg) == 112);
static_assert(offsetof(elf_prstatus, pr_pid) == 32);
static_assert(sizeof(elf_gregset_t) == 27 * 8);
static_assert(sizeof(elf_fpregset_t) == 512);
#endif

struct Architecture_case
{
	char const *name; /* of the member of Thread.registers */
	std::uint16_t machine;
	unsigned word_bytes;
	char const *order;       /* of pr_reg, schema names; 'x' lists as x.0, x.1, … */
	char const *not_in_core; /* fields that no ELF core fills */
	unsigned tls_bytes;
};

Architecture_case const CASES[] {
	{ "x86x64", EM_X86_64, 8,
	  "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi origRax ip cs eflags sp ss "
	  "fsBase gsBase ds es fs gs",
	  "trapno errcode", 0 },
	{ "x86x32", EM_386, 4, "ebx ecx edx esi edi ebp eax ds es fs gs origEax ip cs eflags sp ss",
	  "trapno errcode", 0 },
	{ "armV7", EM_ARM, 4, "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr ip cpsr origR0",
	  "cpuException", 4 },
	{ "armV8", EM_AARCH64, 8,
	  "x.0 x.1 x.2 x.3 x.4 x.5 x.6 x.7 x.8 x.9 x.10 x.11 x.12 x.13 x.14 x.15 x.16 x.17 x.18 x.19 "
	  "x.20 x.21 x.22 x.23 x.24 x.25 x.26 x.27 x.28 x.29 x.30 sp ip pstate",
	  "esr", 8 },
	{ "riscv64", EM_RISCV, 8,
	  "ip x.0 x.1 x.2 x.3 x.4 x.5 x.6 x.7 x.8 x.9 x.10 x.11 x.12 x.13 x.14 x.15 x.16 x.17 x.18 "
	  "x.19 x.20 x.21 x.22 x.23 x.24 x.25 x.26 x.27 x.28 x.29 x.30",
	  "", 0 },
};

std::vector<std::string> words(char const *text)
{
	std::istringstream in(text);
	return { std::istream_iterator<std::string>(in), {} };
}

/* distinct in every byte of every register */
std::uint64_t value_of(unsigned i, unsigned word_bytes)
{
	std::uint64_t const value = 0x0102030405060708ull * (i + 1) + 0x8000000000000000ull;
	return word_bytes == 8 ? value : value & 0xffffffff;
}

constexpr std::uint64_t TLS = 0xf1e2d3c4b5a69788;

std::string registers(Architecture_case const &a)
{
	std::string result;
	for (unsigned i = 0; i < words(a.order).size(); i++)
		result += little_endian(value_of(i, a.word_bytes), a.word_bytes);
	return result;
}

struct Built
{
	std::string file;
	capnp::MallocMessageBuilder message {};
	Schema::Thread::Reader thread {};

	explicit Built(std::string core) : file(std::move(core))
	{
		Elf_core const core_file("test.core", { file.data(), file.size() });
		auto builder = message.initRoot<Schema::Thread>();
		build_thread(core_file, core_file.threads()[0], builder);
		thread = builder.asReader();
	}
};

std::string text(capnp::Data::Reader data)
{
	return { reinterpret_cast<char const *>(data.begin()), data.size() };
}

TEST(Elf_thread, Every_register_of_every_machine)
{
	for (Architecture_case const &a : CASES) {
		SCOPED_TRACE(a.name);
		Elf_core_builder builder(a.machine, a.word_bytes);
		builder.thread(0x12345678, registers(a), '\0');
		if (a.tls_bytes) builder.note("LINUX", NT_ARM_TLS, little_endian(TLS, a.tls_bytes));

		Built const built(builder.build());
		EXPECT_EQ(built.thread.getNativeId(), 0x12345678u);
		EXPECT_EQ(built.thread.getNotes().size(), 0u) << "nothing is left to be kept";
		EXPECT_FALSE(built.thread.hasFpu());

		auto const group =
			capnp::DynamicStruct::Reader(built.thread).get("registers").as<capnp::DynamicStruct>();
		auto const which = group.which();
		ASSERT_TRUE(which != nullptr);
		KJ_IF_MAYBE (field, which) {
			EXPECT_STREQ(field->getProto().getName().cStr(), a.name);
		}
		auto const all = group.get(a.name).as<capnp::DynamicStruct>();

		std::set<std::string> seen;
		std::vector<std::string> const order = words(a.order);
		for (unsigned i = 0; i < order.size(); i++) {
			std::string const field = order[i].substr(0, order[i].find('.'));
			seen.insert(field);
			std::uint64_t value = 0;
			if (field == order[i]) {
				value = all.get(field.c_str()).as<std::uint64_t>();
			} else {
				auto const list = all.get("x").as<capnp::DynamicList>();
				ASSERT_EQ(list.size(), 31u);
				value = list[unsigned(std::stoul(order[i].substr(2)))].as<std::uint64_t>();
			}
			EXPECT_EQ(value, value_of(i, a.word_bytes)) << order[i];
		}

		if (a.tls_bytes) {
			seen.insert("tls");
			std::uint64_t const tls = all.get("tls").as<std::uint64_t>();
			EXPECT_EQ(tls, a.tls_bytes == 8 ? TLS : TLS & 0xffffffff);
		}

		/* no field of the schema is forgotten */
		for (std::string const &field : words(a.not_in_core)) {
			seen.insert(field);
			EXPECT_EQ(all.get(field.c_str()).as<std::uint64_t>(), 0u) << field;
		}
		for (auto const field : all.getSchema().getFields())
			EXPECT_TRUE(seen.count(field.getProto().getName().cStr()))
				<< field.getProto().getName().cStr();
	}
}

TEST(Elf_thread, Rest_of_the_status_note_is_kept_without_what_has_a_field)
{
	for (Architecture_case const &a : CASES) {
		SCOPED_TRACE(a.name);
		std::string const regs = registers(a);
		Built const built(
			Elf_core_builder(a.machine, a.word_bytes).thread(0x01020304, regs, 'S').build());

		ASSERT_EQ(built.thread.getNotes().size(), 1u);
		auto const note = built.thread.getNotes()[0];
		EXPECT_EQ(note.getOwner(), "CORE");
		EXPECT_EQ(note.getType(), unsigned(NT_PRSTATUS));

		/* with number and registers put back it is the note that was there */
		std::string content = text(note.getContent());
		std::size_t const pid = a.word_bytes == 8 ? 32 : 24;
		std::size_t const pr_reg = a.word_bytes == 8 ? 112 : 72;
		ASSERT_GE(content.size(), pr_reg + regs.size());
		EXPECT_EQ(content.substr(pid, 4), std::string(4, '\0'));
		EXPECT_EQ(content.substr(pr_reg, regs.size()), std::string(regs.size(), '\0'));
		content.replace(pid, 4, little_endian(0x01020304, 4));
		content.replace(pr_reg, regs.size(), regs);
		EXPECT_NE(built.file.find(content), std::string::npos);
	}
}

struct Fpu_case
{
	std::uint16_t machine;
	unsigned word_bytes;
	char const *owner;
	std::uint32_t type;
	std::size_t size;
	Schema::FpuFormat format;
	bool preferred; /* over all others of the machine */
};

Fpu_case const FPU_CASES[] {
	{ EM_X86_64, 8, "LINUX", NT_X86_XSTATE, 2696, Schema::FpuFormat::XSAVE, true },
	{ EM_X86_64, 8, "CORE", NT_FPREGSET, 512, Schema::FpuFormat::FXSAVE, false },
	{ EM_386, 4, "LINUX", NT_X86_XSTATE, 576, Schema::FpuFormat::XSAVE, true },
	{ EM_386, 4, "LINUX", NT_PRXFPREG, 512, Schema::FpuFormat::FXSAVE, false },
	{ EM_386, 4, "CORE", NT_FPREGSET, 108, Schema::FpuFormat::FSAVE, false },
	{ EM_ARM, 4, "LINUX", NT_ARM_VFP, 260, Schema::FpuFormat::ARM_VFP, true },
	{ EM_ARM, 4, "CORE", NT_FPREGSET, 116, Schema::FpuFormat::ARM_FPA, false },
	{ EM_AARCH64, 8, "CORE", NT_FPREGSET, 528, Schema::FpuFormat::ARM_V8_SIMD, true },
};

std::string no_registers(std::uint16_t machine)
{
	for (Architecture_case const &a : CASES)
		if (a.machine == machine) return std::string(registers(a).size(), '\0');
	return {};
}

/* content of one kind of FPU note, different from that of all others */
std::string content_of(Fpu_case const &f)
{
	std::string result;
	for (std::size_t i = 0; i < f.size; i++) result += char(i * 7 + f.type + f.size);
	return result;
}

TEST(Elf_thread, Fpu_notes_alone)
{
	for (Fpu_case const &f : FPU_CASES) {
		SCOPED_TRACE(std::to_string(f.machine) + " " + std::to_string(f.type));
		Built const built(Elf_core_builder(f.machine, f.word_bytes)
							  .thread(0, no_registers(f.machine))
							  .note(f.owner, f.type, content_of(f))
							  .build());
		EXPECT_EQ(built.thread.getFpu().getFormat(), f.format);
		EXPECT_EQ(text(built.thread.getFpu().getState()), content_of(f));
		EXPECT_EQ(built.thread.getNotes().size(), 0u);
	}
}

TEST(Elf_thread, Most_complete_fpu_note_wins_and_the_others_are_kept)
{
	for (Fpu_case const &best : FPU_CASES) {
		if (!best.preferred) continue;
		SCOPED_TRACE(best.machine);

		/* the best one first, and last */
		for (bool const first : { true, false }) {
			Elf_core_builder builder(best.machine, best.word_bytes);
			builder.thread(0, no_registers(best.machine));
			std::vector<Fpu_case> others;
			if (first) builder.note(best.owner, best.type, content_of(best));
			for (Fpu_case const &f : FPU_CASES) {
				if (f.machine != best.machine || f.preferred) continue;
				builder.note(f.owner, f.type, content_of(f));
				others.push_back(f);
			}
			if (!first) builder.note(best.owner, best.type, content_of(best));

			Built const built(builder.build());
			EXPECT_EQ(built.thread.getFpu().getFormat(), best.format);
			EXPECT_EQ(text(built.thread.getFpu().getState()), content_of(best));

			ASSERT_EQ(built.thread.getNotes().size(), others.size());
			for (unsigned i = 0; i < others.size(); i++) {
				auto const note = built.thread.getNotes()[i];
				EXPECT_EQ(note.getOwner(), others[i].owner);
				EXPECT_EQ(note.getType(), others[i].type);
				EXPECT_EQ(text(note.getContent()), content_of(others[i]));
			}
		}
	}
}

TEST(Elf_thread, Fpu_note_of_a_wrong_size_is_refused)
{
	for (Fpu_case const &f : FPU_CASES) {
		SCOPED_TRACE(std::to_string(f.machine) + " " + std::to_string(f.type));
		for (std::size_t const size : { std::size_t(0), f.size - 1, std::size_t(65537) }) {
			if (f.format == Schema::FpuFormat::XSAVE && size >= 576 && size <= 65536) continue;
			Elf_core_builder builder(f.machine, f.word_bytes);
			builder.thread(0, no_registers(f.machine))
				.note(f.owner, f.type, std::string(size, 'x'));
			try {
				Built const built(builder.build());
				ADD_FAILURE() << "accepted " << size;
			} catch (Image_error const &e) {
				EXPECT_EQ(e.info().code, Code::INVALID);
				EXPECT_EQ(e.info().field.substr(0, 3), "NT_");
				EXPECT_GT(e.info().offset.value_or(0), builder.notes_offset());
			}
		}
	}
}

TEST(Elf_thread, Fpu_of_riscv_stays_a_note)
{
	Built const built(Elf_core_builder(EM_RISCV)
						  .thread(1, no_registers(EM_RISCV))
						  .note("CORE", NT_FPREGSET, std::string(528, 'f'))
						  .build());
	EXPECT_FALSE(built.thread.hasFpu());
	ASSERT_EQ(built.thread.getNotes().size(), 1u);
	EXPECT_EQ(text(built.thread.getNotes()[0].getContent()), std::string(528, 'f'));
}

TEST(Elf_thread, Further_words_of_the_tls_note_are_kept)
{
	std::string const second = little_endian(0x1122334455667788, 8); /* TPIDR2_EL0 */
	Built const built(Elf_core_builder(EM_AARCH64)
						  .thread(1, no_registers(EM_AARCH64))
						  .note("LINUX", NT_ARM_TLS, little_endian(TLS, 8) + second)
						  .build());
	EXPECT_EQ(built.thread.getRegisters().getArmV8().getTls(), TLS);
	ASSERT_EQ(built.thread.getNotes().size(), 1u);
	EXPECT_EQ(text(built.thread.getNotes()[0].getContent()), std::string(8, '\0') + second);

	EXPECT_THROW(Built(Elf_core_builder(EM_AARCH64)
						   .thread(1, no_registers(EM_AARCH64))
						   .note("LINUX", NT_ARM_TLS, "1234567")
						   .build()),
				 Image_error);
}

TEST(Elf_thread, Unknown_machine_keeps_the_status_note_whole)
{
	Built const built(Elf_core_builder(EM_PPC64)
						  .thread(99, std::string(384, 'p'), 'q')
						  .note("CORE", NT_FPREGSET, "fp")
						  .build());
	EXPECT_TRUE(built.thread.getRegisters().isNone());
	EXPECT_EQ(built.thread.getNativeId(), 0u);
	ASSERT_EQ(built.thread.getNotes().size(), 2u);
	EXPECT_NE(built.file.find(text(built.thread.getNotes()[0].getContent())), std::string::npos);
	EXPECT_EQ(built.thread.getNotes()[0].getContent().size(), 112u + 384 + 8);
	EXPECT_EQ(text(built.thread.getNotes()[1].getContent()), "fp");
}

TEST(Elf_thread, Table_rows_are_distinct)
{
	for (Elf_machine const &a : elf_machines()) {
		EXPECT_EQ(elf_machine(a.number, a.word_bytes), &a);
		EXPECT_EQ(elf_machine(a.number, 12 - a.word_bytes), nullptr); /* the other class */
		EXPECT_LE(a.registers.offset + a.registers.size, a.status_size);
	}
	EXPECT_EQ(elf_machine(EM_NONE, 8), nullptr);
}

}
