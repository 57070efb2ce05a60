/*
 * Which selectors of a component on Fiasco.OC have a fixed meaning
 *
 * From 'Foc::Native_capability' of the releases (base-foc/include/foc/native_capability.h,
 * in earlier ones 'Fiasco::Fiasco_capability'): parent, one area for each of 128 threads,
 * whose first slot is the thread's IPC gate, and above them what the component allocates.
 */

#ifndef CAPIMG__FOC_SELECTORS_H
#define CAPIMG__FOC_SELECTORS_H

#include <cstdint>
#include <span>

namespace Capimg
{

/* selectors are given as the index of their entry: selector >> 12 */
struct Foc_selectors
{
	static constexpr std::uint64_t MAX_THREADS = 128;

	std::uint16_t first_release, last_release; /* year * 100 + month */
	std::uint64_t parent, thread_area, thread_slots, user_base;

	bool thread_gate(std::uint64_t index) const
	{
		return index >= thread_area && index < thread_area + MAX_THREADS * thread_slots &&
			   (index - thread_area) % thread_slots == 0;
	}

	bool fixed(std::uint64_t index) const { return index == parent || thread_gate(index); }
};

/*
 * The scheme that a component uses, newest first where it makes no difference
 *
 * Only those of the releases from 'first' to 'last' come into question, and only one that
 * explains every one of the 'indices' below its user selectors and has a parent among them.
 * Null if none does.
 */
Foc_selectors const *foc_selectors(std::uint16_t first, std::uint16_t last,
								   std::span<std::uint64_t const> indices);

}

#endif /* CAPIMG__FOC_SELECTORS_H */
