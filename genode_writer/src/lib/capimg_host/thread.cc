#include <base/entrypoint.h>

#include <capimg_host/thread.h>

namespace Capimg::Host
{

Hosted_thread::Hosted_thread(Entrypoint &ep, Thread_capability real, Name const &name,
							 Hosted_object const &pd, Hosted_object const &cpu, unsigned slot)
	: Hosted_object(Which::THREAD, ep.manage(*this)),
	  _ep(ep),
	  name(name),
	  real(real),
	  pd(pd),
	  cpu(cpu),
	  slot(slot)
{}

Hosted_thread::~Hosted_thread() { _ep.dissolve(*this); }

static void write_utcb(Metadata::Utcb::Writer const &w, Thread_image const &image)
{
	auto const words = w.init_words(image.word_count);
	for (uint32_t i = 0; i < image.word_count; i++) words.set(i, image.words[i]);
	auto const buffers = w.init_buffer_registers(image.buffer_count);
	for (uint32_t i = 0; i < image.buffer_count; i++) buffers.set(i, image.buffers[i]);
	auto const tcr = w.init_thread_registers(image.tcr_count);
	for (uint32_t i = 0; i < image.tcr_count; i++) tcr.set(i, image.tcr[i]);
}

void Hosted_thread::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	Hosted_object const *const target = objects.find_badge(image.call_target);

	auto const t = w.init_thread();
	t.pd(pd.id());
	t.cpu(cpu.id());
	t.gate(gate ? gate->id() : 0);
	t.slot(slot);
	t.has_slot(true);
	t.utcb_address(utcb_address);
	t.started(started);
	t.single_step(single_stepping);
	t.exception_handler(objects.id(handler));
	t.phase(started ? image.phase : Metadata::Ipc_phase::UNKNOWN);
	t.call_target(target ? target->id() : 0);
	t.served_caller(image.served_caller);
	t.pending_wakeups(image.wakeups);
	t.name(text(name));
	if (!started) return;

	if (image.registers) write_registers(t.registers(), image.cpu);
	if (image.fpu_size) {
		auto const fpu = t.init_fpu();
		fpu.format(image.fpu_format);
		fpu.state(Const_bytes(image.fpu, image.fpu_size));
	}
	if (image.word_count) write_utcb(t.init_utcb(), image);
}

}
