/*
 * Finding capability maps in captured memory, by their structure alone
 *
 * No symbols and no help from the component are needed: an array of entries of one size, whose
 * links form an ordered tree with consistent parents and depths, and that its allocator
 * points to (or that stands where the table has it), is unmistakable. Ordinary processes have
 * no such thing. A map whose tree holds less than two entries is not found without its address.
 */

#ifndef CAPIMG__CORE__CAP_FIND_H
#define CAPIMG__CORE__CAP_FIND_H

#include "cap_layout.h"
#include "memory.h"

namespace Capimg
{

/* what narrows the search; default values narrow nothing */
struct Cap_hints
{
	Cap_kernel kernel = Cap_kernel::NONE;
	uint16_t release = 0;   /* year * 100 + month: only layouts of this release */
	uint8_t word_bytes = 0; /* 4 or 8 */

	/*
	 * The place: address of entry 0, of the allocator or table object, or of the tree object.
	 * Memory is not searched then, and a map is reported even if its tree is empty or damaged.
	 */
	bool has_addr = false;
	uint64_t addr = 0;

	bool admit(Cap_layout const &) const;
};

/* 2602 for "26.02"; 0 if it is not two digits, a dot and two digits */
uint16_t cap_release(char const *text, size_t length);

/* why a candidate is better than the next one */
enum class Cap_reason : uint8_t {
	ONLY,                 /* there is no other */
	INTACT,               /* its tree is sound, the other's is not */
	FEWER_CONTRADICTIONS, /* more of its entries look as this layout has them */
	MORE_CAPABILITIES,
	USUAL_SIZE, /* it has as many entries as this release gives a component */
	NONE,       /* it is not better */
};

/* half a sentence: "has fewer entries that contradict its layout"; never null */
char const *cap_reason_text(Cap_reason);

struct Cap_candidate
{
	Cap_map map {};

	/*
	 * Rows of 'cap_layouts' that this is, one bit each: more than one where kernels share all
	 * numbers (okl4 and pistachio). 'map.kernel' is that of the first.
	 */
	uint32_t layouts = 0;

	uint64_t nodes = 0;          /* entries in the tree or list */
	uint64_t used = 0;           /* slots in use */
	uint64_t contradictions = 0; /* entries that do not look as this layout has them */
	Cap_reason reason = Cap_reason::NONE;

	/* only where the address was given: what is wrong with the tree, as 'Cap_walk' says it */
	Error tree {};

	/* the first row */
	Cap_layout const &layout() const;
};

struct Cap_find_result
{
	Cap_candidate candidates[Limit::MAX_CAP_CANDIDATES] {}; /* best first */
	unsigned count = 0;

	/* there were candidates that cost so much work that the search gave up on some of them */
	bool exhausted = false;

	/* NOT_FOUND; AMBIGUOUS if the second candidate is as good as the first */
	Result<Cap_map> best() const;
};

/* bytes of working memory: a buffer to scan through, and bits for the longest list */
static constexpr size_t CAP_FIND_MIN_WORK = Limit::MIN_SCAN_BUFFER;
static constexpr size_t CAP_FIND_WORK = Limit::MAX_CAP_ENTRIES / 8 + CAP_FIND_MIN_WORK;

/*
 * Search
 *
 * One pass over memory for each word size and structure that the hints admit: up to four, two
 * with the word size known. All work together is linear in the size of the memory, whatever
 * it holds (cap_limits.h). Needs 'CAP_FIND_MIN_WORK' bytes of working memory and less than
 * 32 KiB of stack. Lists (16.08) are found if the memory has a bit more for each of their entries:
 * 'CAP_FIND_WORK' suffices for all.
 *
 * 'ok' also if nothing was found. NO_SPACE, BAD_ARGUMENT for impossible hints, or a failure of
 * the memory itself.
 */
Status find_cap_maps(Memory const &, Cap_hints const &, Bytes work, Cap_find_result &);

}

#endif /* CAPIMG__CORE__CAP_FIND_H */
