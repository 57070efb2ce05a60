/*
 * A thread of an ELF core as the manifest holds it
 *
 * Registers, TLS register and FPU go to their fields, the thread's number to 'nativeId'. No
 * bit of the core's notes is lost, and none is stored twice:
 *
 * - of the notes that hold the FPU the most complete one becomes 'fpu' (Elf_machine::fpu);
 * - NT_PRSTATUS (pending signals, times, …) and NT_ARM_TLS (of several words on newer
 *   machines) are kept with zeros where fields hold what stood there, unless nothing else is
 *   in them;
 * - all others are kept as they are, in their order.
 *
 * Of a machine that is not known NT_PRSTATUS is kept as a note, whole.
 */

#ifndef CAPIMG__ELF_THREAD_H
#define CAPIMG__ELF_THREAD_H

#include <span>

#include "elf_core.h"
#include "image.capnp.h"

namespace Capimg
{

/* 'Image_error' if a note that is to become a field has not the size of its machine */
void build_thread(Elf_core const &, Elf_core::Thread const &, Schema::Thread::Builder);

/* the process' notes, as they are */
void build_notes(std::span<Elf_core::Note const>, capnp::List<Schema::Note>::Builder);

}

#endif /* CAPIMG__ELF_THREAD_H */
