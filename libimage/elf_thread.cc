#include "elf_thread.h"

#include <elf.h>

#include "elf_machine.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

using Note = Elf_core::Note;
using Field = Elf_machine::Field;

kj::ArrayPtr<kj::byte const> bytes_of(Const_bytes bytes) { return { bytes.base(), bytes.size() }; }

void build_note(Schema::Note::Builder builder, Note const &note, kj::ArrayPtr<kj::byte const> data)
{
	auto owner = builder.initOwner(unsigned(note.owner.size()));
	copy_memory(owner.begin(), note.owner.data(), note.owner.size());
	builder.setType(note.type);
	builder.setContent(data);
}

/* a note that is kept, and which of its bytes are elsewhere */
struct Kept
{
	Note const *note;
	Field taken[2];

	std::vector<kj::byte> rest() const
	{
		std::vector<kj::byte> data(note->content.base(),
								   note->content.base() + note->content.size());
		for (Field const &field : taken) fill_memory(data.data() + field.offset, 0, field.size);
		return data;
	}

	bool empty() const
	{
		bool const partly = taken[0].size || taken[1].size;
		if (!partly) return false;
		std::vector<kj::byte> const data = rest();
		return Const_bytes(data.data(), data.size()).all_zero();
	}
};

[[noreturn]] void fail_size(Elf_core const &core, Note const &note, char const *field)
{
	throw Image_error({ core.name(),
						Code::INVALID,
						note.offset,
						field,
						"the note has " + std::to_string(note.content.size()) +
							" bytes, which this machine's has not",
						{} });
}

struct Fpu_choice
{
	Note const *note = nullptr;
	Schema::FpuFormat format = Schema::FpuFormat::UNKNOWN;
};

Fpu_choice choose_fpu(Elf_core const &core, Elf_machine const &machine, std::span<Note const> notes)
{
	for (Elf_machine::Fpu_note const &wanted : machine.fpu_notes())
		for (Note const &note : notes) {
			if (!note.is(wanted.owner, wanted.type)) continue;
			if (note.content.size() < wanted.min_size || note.content.size() > wanted.max_size)
				fail_size(core, note, wanted.name);
			return { &note, wanted.format };
		}
	return {};
}

Note const *find_tls(Elf_core const &core, Elf_machine const &machine, std::span<Note const> notes)
{
	if (!machine.tls.size) return nullptr;
	for (Note const &note : notes) {
		if (!note.is("LINUX", NT_ARM_TLS)) continue;
		if (note.content.size() < machine.tls.offset + machine.tls.size)
			fail_size(core, note, "NT_ARM_TLS");
		return &note;
	}
	return nullptr;
}

std::uint64_t load(Const_bytes bytes, Field const &field)
{
	return field.size == 8 ? bytes.u64(field.offset) : bytes.u32(field.offset);
}

}

void build_thread(Elf_core const &core, Elf_core::Thread const &thread,
				  Schema::Thread::Builder builder)
{
	Elf_machine const *const machine = core.machine();
	std::vector<Kept> kept;
	Fpu_choice fpu;
	Note const *tls = nullptr;

	builder.setNativeId(thread.id);

	if (machine) {
		fpu = choose_fpu(core, *machine, thread.notes);
		tls = find_tls(core, *machine, thread.notes);

		Const_bytes const pr_reg(thread.status.content.base() + machine->registers.offset,
								 machine->registers.size);
		machine->read_registers(pr_reg, tls ? load(tls->content, machine->tls) : 0,
								builder.getRegisters());
		kept.push_back({ &thread.status, { machine->pid, machine->registers } });
	} else {
		kept.push_back({ &thread.status, {} });
	}

	if (fpu.note) {
		auto fpu_builder = builder.initFpu();
		fpu_builder.setFormat(fpu.format);
		fpu_builder.setState(bytes_of(fpu.note->content));
	}

	for (Note const &note : thread.notes) {
		if (&note == fpu.note) continue;
		kept.push_back({ &note, { &note == tls ? machine->tls : Field {}, {} } });
	}
	std::erase_if(kept, [](Kept const &k) { return k.empty(); });

	auto notes = builder.initNotes(unsigned(kept.size()));
	for (unsigned i = 0; i < kept.size(); i++) {
		std::vector<kj::byte> const rest = kept[i].rest();
		build_note(notes[i], *kept[i].note, { rest.data(), rest.size() });
	}
}

void build_notes(std::span<Note const> notes, capnp::List<Schema::Note>::Builder builder)
{
	for (unsigned i = 0; i < notes.size(); i++)
		build_note(builder[i], notes[i], bytes_of(notes[i].content));
}

}
