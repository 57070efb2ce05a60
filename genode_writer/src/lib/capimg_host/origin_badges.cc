/*
 * Badges outside of the capability map: the parent's word, and message words of threads in a call
 */

#include <capimg_host/origin.h>

namespace Capimg::Host
{

using namespace Engine;
using Metadata::Raw_badge_place;

void Origin::_list_raw()
{
	_raw_count = 0;

	if (addr_t const word = [&] {
			Mutex::Guard guard(_objects.mutex);
			return _child.pd().parent_word();
		}()) {
		uint64_t badge = 0;
		if (!_memory.read(word, Bytes(&badge, sizeof(long))))
			_add_raw({ Raw_badge_place::PARENT_CAPABILITY, word, sizeof(long), badge, 0, 0 });
	}
}

/* what core fills is known by its selector (Fiasco.OC) */
Cap_note Origin::note(uint64_t kcap)
{
	using Metadata::Entry_kind, Metadata::Entry_origin;

	static constexpr unsigned SHIFT = 12, PARENT = 0xb, FIRST_GATE = 0xc, PER_THREAD = 5,
							  FIRST_USER = 0x300;
	if (_child.info.kernel != Kernel::FOC) return {};

	uint64_t const index = kcap >> SHIFT;
	if (index == PARENT) return { Entry_kind::PARENT, Entry_origin::PARENT };
	if (index >= FIRST_GATE && index < FIRST_USER)
		return { (index - FIRST_GATE) % PER_THREAD ? Entry_kind::IRQ : Entry_kind::THREAD_GATE,
				 Entry_origin::CORE };
	return { Entry_kind::GATE, Entry_origin::UNKNOWN };
}

}
