/*
 * Code in which no thread may have been captured: the manifest's safe spots, by address
 *
 * Between the kernel's delivery of a message and the look-up of its badge, badges are in registers
 * and on the stack, where nobody can replace them (origin.h).
 */

#ifndef CAPIMG__CODE_SPANS_H
#define CAPIMG__CODE_SPANS_H

#include "libimage/core/arena.h"
#include "libimage/core/generated/image.h"

namespace Capimg::Engine
{

class Code_spans : Noncopyable
{
	/* by ascending starts; 'last' is the highest one of this and all spans before */
	struct Span
	{
		uint64_t start = 0, last = 0;
	};
	Span *_spans = nullptr;
	uint32_t _count = 0;

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	Code_spans() = default;

	/* spans may overlap, in any order; NO_SPACE */
	Status open(Metadata::Manifest::Reader const &, Arena &);

	/* an address lies in one of them; O(log n) */
	bool holds(uint64_t address) const;
};

/* instruction pointer, whatever the architecture; 0 if it is not known */
uint64_t instruction_pointer(Metadata::Thread::Reader const &);

}

#endif /* CAPIMG__CODE_SPANS_H */
