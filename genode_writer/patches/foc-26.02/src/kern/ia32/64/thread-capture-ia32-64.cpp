/*
 * State of a thread that user mode can not read by itself
 *
 * The operation 'Op_capture' on a thread reads and writes what belongs to a stopped thread besides
 * the registers of its exception message: where it stands in a system call and the registers it
 * entered the kernel with, its UTCB, and its FPU. Who holds the thread's capability may start it
 * anywhere anyway ('Op_ex_regs'); there is no further check.
 *
 *   in   values[0]  Op_capture | part << 16
 *        values[1]  first word
 *        values[2]  number of words, at most 'Max_words'
 *        values[3]  words to be written
 *   out  values[0]  words that were read, 'Status_words' of a status
 *
 * The thread is on the caller's CPU and does not run.
 */

IMPLEMENTATION [amd64]:

#include "fpu.h"
#include "fpu_state.h"
#include "globals.h"
#include "thread_state.h"

PRIVATE inline NEEDS ["globals.h"]
bool
Thread::capture_range(Mword first, Mword count, Mword size) const
{
  enum { Max_words = 32 };

  return count <= Max_words && first <= size && count <= size - first;
}

/* frame of the system call that the thread is in, also once an exception is armed */
PRIVATE inline
bool
Thread::capture_in_syscall() const
{
  return exception_triggered() ? _exc_cont.in_syscall() : regs()->cs() & 0x80;
}

PRIVATE
L4_msg_tag
Thread::capture_status(Utcb *utcb) const
{
  enum { R15, R14, R13, R12, R11, R10, R9, R8, Rdi, Rsi, Rbp, Cr2, Rbx, Rdx, Rcx, Rax,
         Gprs, Header = 6, Status_words = Header + Gprs + 3 };

  Mword const *frame = reinterpret_cast<Mword const *>(static_cast<Entry_frame const *>(regs()));
  bool const syscall = capture_in_syscall();

  utcb->values[0] = state();
  utcb->values[1] = reinterpret_cast<Mword>(this);
  utcb->values[2] = reinterpret_cast<Mword>(caller());
  utcb->values[3] = syscall | (exception_triggered() ? 2 : 0);
  utcb->values[4] = Fpu::state_size();
  utcb->values[5] = home_cpu() == current_cpu();

  for (unsigned i = 0; i < Gprs; i++)
    utcb->values[Header + i] = syscall ? frame[i] : 0;

  /* the system call has destroyed these; what stands there is the kernel's */
  utcb->values[Header + Cr2] = 0;
  utcb->values[Header + Rcx] = 0;
  utcb->values[Header + R11] = 0;

  utcb->values[Header + Gprs]     = user_ip();
  utcb->values[Header + Gprs + 1] = user_sp();
  utcb->values[Header + Gprs + 2] = user_eflags();

  return Kobject_iface::commit_result(0, Status_words);
}

PRIVATE inline
Mword
Thread::user_eflags() const
{ return exception_triggered() ? _exc_cont.flags(regs()) : regs()->flags(); }

/*
 * Words of the UTCB as the thread left it: an exception in progress has taken three of them
 */
PRIVATE
Mword *
Thread::capture_utcb_word(Mword index)
{
  Utcb *utcb = this->utcb().access();
  Mword *words = reinterpret_cast<Mword *>(utcb);
  Mword const taken = reinterpret_cast<Mword *>(&utcb->buf_desc) - words;

  if (_exc_buffers && index - taken < 3)
    return reinterpret_cast<Mword *>(_exc_buffers) + (index - taken);

  return words + index;
}

PRIVATE
L4_msg_tag
Thread::sys_capture(L4_msg_tag const &tag, Utcb *utcb)
{
  enum Part { Status, Read_utcb, Write_utcb, Read_fpu, Write_fpu };

  static_assert(sizeof(Buf_utcb_saver) == 3 * sizeof(Mword), "one word for each of three");

  Mword const part  = utcb->values[0] >> 16;
  Mword const first = utcb->values[1];
  Mword const count = utcb->values[2];

  if (tag.words() < 3 || this == current() || home_cpu() != current_cpu())
    return Kobject_iface::commit_result(-L4_err::EInval);

  switch (part)
    {
    case Status:
      return capture_status(utcb);

    case Read_utcb:
    case Write_utcb:
      /* the kernel's own word, the user address of the UTCB, can only be read */
      if (!this->utcb().access() || !capture_range(first, count, sizeof(Utcb) / sizeof(Mword)))
        return Kobject_iface::commit_result(-L4_err::ERange);

      if (part == Read_utcb)
        for (Mword i = 0; i < count; i++)
          utcb->values[i] = *capture_utcb_word(first + i);
      else
        for (Mword i = 0; i < count && i + 3 < tag.words(); i++)
          if (capture_utcb_word(first + i) != &this->utcb().access()->utcb_addr)
            *capture_utcb_word(first + i) = utcb->values[3 + i];
      break;

    case Read_fpu:
    case Write_fpu:
      {
        Mword *fpu = reinterpret_cast<Mword *>(fpu_state()->state_buffer());

        if (!fpu || !capture_range(first, count, Fpu::state_size() / sizeof(Mword)))
          return Kobject_iface::commit_result(-L4_err::ERange);

        if (part == Read_fpu)
          for (Mword i = 0; i < count; i++)
            utcb->values[i] = fpu[first + i];
        else
          for (Mword i = 0; i < count && i + 3 < tag.words(); i++)
            fpu[first + i] = utcb->values[3 + i];
        break;
      }

    default:
      return Kobject_iface::commit_result(-L4_err::ENosys);
    }

  return Kobject_iface::commit_result(0, part == Read_utcb || part == Read_fpu ? count : 0);
}
