/*
 * Badges outside of the capability map: the parent's word, and message words of threads in a call
 */

#include <capimg_host/foc_ipc.h>
#include <capimg_host/origin.h>

namespace Capimg::Host
{

using namespace Engine;
using Metadata::Raw_badge_place;

/*
 * Of a thread that waits within a call, the message is sent again at a restore: it names what is
 * called, and capabilities that come along
 */
void Origin::_list_message(Hosted_thread const &thread)
{
	Thread_image const &image = thread.image;
	if (!image.word_count || image.phase == Metadata::Ipc_phase::USER_MODE) return;
	if (!Foc_ipc(image.cpu).call()) return;

	auto const add = [&](unsigned word) {
		_add_raw(
			{ Raw_badge_place::UTCB, 0, sizeof(uint64_t), image.words[word], thread.id(), word });
	};
	add(Foc_ipc::DESTINATION);
	uint64_t const caps = min<uint64_t>(image.words[Foc_ipc::CAP_COUNT], Foc_ipc::MAX_CAPS);
	for (unsigned i = 0; i < caps; i++)
		if (image.words[Foc_ipc::FIRST_CAP + i] != Foc_ipc::NO_BADGE) add(Foc_ipc::FIRST_CAP + i);
}

void Origin::_list_raw()
{
	_raw_count = 0;
	if (cap_kernel(_child.info.kernel) == Cap_kernel::NONE) return;

	if (addr_t const word = [&] {
			Mutex::Guard guard(_objects.mutex);
			return _child.pd().parent_word();
		}())
	{
		uint64_t badge = 0;
		if (!_memory.read(word, Bytes(&badge, sizeof(long))))
			_add_raw({ Raw_badge_place::PARENT_CAPABILITY, word, sizeof(long), badge, 0, 0 });
	}
	if (_child.info.kernel != Kernel::FOC) return;
	Mutex::Guard guard(_objects.mutex);
	_objects.for_each([&](Hosted_object &object) {
		if (object.which != Which::THREAD) return;
		Hosted_thread const &thread = static_cast<Hosted_thread const &>(object);
		if (thread.started) _list_message(thread);
	});
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
