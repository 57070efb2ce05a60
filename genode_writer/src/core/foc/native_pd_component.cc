/*
 * Core's side of Fiasco.OC's part of the PD-session interface
 */

/* core includes */
#include <cpu_thread_component.h>
#include <native_pd_component.h>
#include <pd_session_component.h>
#include <platform.h>
#include <thread_capture.h>

/* base-internal includes */
#include <base/internal/cap_map.h>
#include <foc/capability_space.h>

using namespace Core;
using namespace Foc;
using Result = Pd_session::Native_pd::Result;
using Words = Pd_session::Native_pd::Words;

/* as many selectors as a component's capability map has entries */
static constexpr addr_t END_CAP = 4096UL << L4_CAP_SHIFT;

/* a component chooses among these by itself; core fills the ones below */
static bool user_selector(addr_t kcap)
{
	return kcap >= USER_BASE_CAP && kcap < END_CAP && !(kcap & ((1UL << L4_CAP_SHIFT) - 1));
}

Native_capability Native_pd_component::_task() { return _pd._pd.native_task(); }

/* call 'fn' with a selector of core's own for what the PD holds at 'kcap' */
auto Native_pd_component::_with_kcap(addr_t kcap, auto const &fn, auto const &missing_fn)
{
	l4_cap_idx_t const local = Capability_space::alloc_kcap();

	l4_task_map(L4_BASE_TASK_CAP, _task().data()->kcap(), l4_obj_fpage(kcap, 0, L4_FPAGE_RWX),
				local | L4_ITEM_MAP);

	auto const result =
		l4_msgtag_label(l4_task_cap_valid(L4_BASE_TASK_CAP, local)) > 0 ? fn(local) : missing_fn();

	l4_task_unmap(L4_BASE_TASK_CAP, l4_obj_fpage(local, 0, L4_FPAGE_RWX), L4_FP_ALL_SPACES);
	Capability_space::free_kcap(local);
	return result;
}

/* call 'fn' with a thread that belongs to this PD */
auto Native_pd_component::_with_thread(Thread_capability cap, auto const &fn,
									   auto const &missing_fn)
{
	return _pd._ep.apply(cap, [&](Cpu_thread_component *thread) {
		bool ours = false;
		_pd._threads.for_each([&](Cpu_thread_component &other) { ours |= &other == thread; });

		return ours ? fn(thread->platform_thread()) : missing_fn();
	});
}

Result Native_pd_component::install(Native_capability cap, addr_t kcap)
{
	if (!user_selector(kcap)) return Result::REFUSED;
	if (!cap.valid()) return Result::NO_CAP;

	auto const tag =
		l4_task_map(_task().data()->kcap(), L4_BASE_TASK_CAP,
					l4_obj_fpage(cap.data()->kcap(), 0, L4_FPAGE_RWX), kcap | L4_ITEM_MAP);

	return l4_error(tag) ? Result::FAILED : Result::OK;
}

Native_capability Native_pd_component::request(addr_t kcap, uint32_t id)
{
	/* all capabilities with an id are core's */
	Cap_index *const index = cap_map().find(id);
	if (!index || kcap >= END_CAP) return {};

	Native_capability const known(index);

	bool const same = _with_kcap(
		kcap,
		[&](l4_cap_idx_t local) {
			return l4_msgtag_label(l4_task_cap_equal(L4_BASE_TASK_CAP, index->kcap(), local)) != 0;
		},
		[&] { return false; });

	return same ? known : Native_capability();
}

bool Native_pd_component::present(addr_t kcap)
{
	return kcap < END_CAP && l4_msgtag_label(l4_task_cap_valid(_task().data()->kcap(), kcap)) > 0;
}

Pd_session::Native_pd::Thread_status Native_pd_component::thread_status(Thread_capability cap)
{
	return _with_thread(
		cap,
		[&](Platform_thread &thread) {
			Thread_status status = Thread_capture::status(thread.thread().local.data()->kcap());

			status.wakeups = _with_kcap(
				thread.gate().remote + THREAD_IRQ_CAP,
				[&](l4_cap_idx_t irq) { return Thread_capture::wakeups(irq); }, [&] { return 0u; });

			return status;
		},
		[&] { return Thread_status {}; });
}

Words Native_pd_component::thread_read(Thread_capability cap, Part part, unsigned first,
									   unsigned count)
{
	return _with_thread(
		cap,
		[&](Platform_thread &thread) {
			return Thread_capture::read(thread.thread().local.data()->kcap(), part, first, count);
		},
		[&] { return Words {}; });
}

Result Native_pd_component::thread_write(Thread_capability cap, Part part, unsigned first,
										 Words words)
{
	return _with_thread(
		cap,
		[&](Platform_thread &thread) {
			return Thread_capture::write(thread.thread().local.data()->kcap(), part, first, words)
					   ? Result::OK
					   : Result::FAILED;
		},
		[&] { return Result::NO_CAP; });
}

Result Native_pd_component::wake_up(Thread_capability cap)
{
	return _with_thread(
		cap,
		[&](Platform_thread &thread) {
			return _with_kcap(
				thread.gate().remote + THREAD_IRQ_CAP,
				[&](l4_cap_idx_t irq) {
					l4_irq_trigger(irq);
					return Result::OK;
				},
				[&] { return Result::FAILED; });
		},
		[&] { return Result::NO_CAP; });
}

Result Native_pd_component::bind(Native_capability semaphore, Thread_capability cap)
{
	if (!semaphore.valid()) return Result::NO_CAP;

	return _with_thread(
		cap,
		[&](Platform_thread &thread) {
			auto const tag = l4_rcv_ep_bind_thread(semaphore.data()->kcap(),
												   thread.thread().local.data()->kcap(), 0);
			return l4_error(tag) ? Result::FAILED : Result::OK;
		},
		[&] { return Result::NO_CAP; });
}

Native_pd_component::Native_pd_component(Pd_session_component &pd, char const *) : _pd(pd)
{
	_pd._ep.manage(this);
}

Native_pd_component::~Native_pd_component() { _pd._ep.dissolve(this); }
