/*
 * Why an image cannot be restored here: all reasons, before anything is created
 */

#ifndef CAPIMG__ENGINE__REFUSAL_H
#define CAPIMG__ENGINE__REFUSAL_H

#include "libimage/core/wire.h"

namespace Capimg::Engine
{

/* 'refusal_text' and 'refusal_hint' (refusal.cc) have a row for each, in this order */
enum class Refusal_code : uint8_t {
	ARCHITECTURE, /* another instruction set */
	WORD_SIZE,
	PAGE_SIZE,
	KERNEL,
	RELEASE,     /* ld.lib.so in the image speaks another release's protocol with core */
	BADGE_RANGE, /* the map's id field is too narrow for the badges that core gives here */
	CPU_FEATURE, /* the component was started on a CPU with a feature that is missing here */
	FPU,         /* FPU blocks are larger than this CPU's */
	NO_PD,       /* nothing to restore, as in images that were imported from a core */
	SEVERAL_PDS,
	LABEL,         /* the caller allows another one only */
	DEVICE,        /* I/O memory, IRQ or DMA buffer: the device does not move along */
	ABSENT_MEMORY, /* RAM that was not captured */
	REDACTED,      /* RAM that was blanked out */
	NO_MODULE,     /* a ROM module is missing */
	MODULE_DIFFERS,
	NO_SERVICE,
	SESSION_STATE,  /* nobody can restore this kind of session, and the policy does not let it open
					   anew */
	EXTERNAL,       /* an object of another component that nobody here provides */
	UNKNOWN_OBJECT, /* only a badge is known */
	UNBOUND,        /* an RPC object without entrypoint, a context without source, … */
	NO_REGISTERS,   /* a started thread without registers of this architecture */
	UNSAFE_SPOT,    /* a thread was captured where badges are out of reach */
	CALL_CYCLE,     /* threads serve each other's calls in a circle */
	FOREIGN_CALL, /* a call to another component is open, and the policy does not let it be repeated
				   */
	MEMORY,       /* captured memory and manifest contradict each other */
	RAM_QUOTA,
	CAP_QUOTA,
};

static constexpr unsigned REFUSAL_COUNT = unsigned(Refusal_code::CAP_QUOTA) + 1;

struct Refusal
{
	Refusal_code code {};
	uint32_t object = 0;            /* id, 0: the image as a whole */
	Wire::Text name {};             /* module, service, feature, label: as the code suggests */
	uint64_t image = 0, target = 0; /* what is needed, and what is there; 0 where it says nothing */
};

char const *refusal_name(Refusal_code); /* "missing-module", for JSON; never null */
char const *refusal_text(Refusal_code); /* one sentence without a period */
char const *refusal_hint(Refusal_code); /* what to do, may be empty */

class Refusal_sink : Noncopyable
{
  protected:
	~Refusal_sink() = default;

  public:
	/* texts are those of the manifest: valid as long as it is */
	virtual void refusal(Refusal const &) = 0;
};

}

#endif /* CAPIMG__ENGINE__REFUSAL_H */
