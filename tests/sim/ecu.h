/*
 * One machine with its core: objects, badges, quota, time
 *
 * Everything follows from the seed. Creation fails with a value: NO_QUOTA, or DENIED where the
 * fault that was asked for happens; nothing is left behind then.
 */

#ifndef CAPIMG__TESTS__SIM__ECU_H
#define CAPIMG__TESTS__SIM__ECU_H

#include <cstdlib>
#include <functional>
#include <memory>

#include "badge_alloc.h"
#include "faults.h"
#include "libimage/core/cap_layout.h"
#include "thread.h"

namespace Capimg::Sim
{

class Ecu : Noncopyable
{
  public:
	struct Config
	{
		uint64_t seed = 1;
		unsigned layout = 0; /* row of 'cap_layouts': release and kernel */
		Badge_alloc::Reuse reuse = Badge_alloc::Reuse::LOWEST;
		unsigned age = 100; /* badges that came and went before */
	};

	Cap_layout const &layout;
	Badge_alloc badges;
	Random random;
	Faults faults {};
	Account account {}; /* of the runtime, which pays for sessions */
	uint64_t time = 0;
	uint64_t map_version = 0; /* changes with every region map */

	std::map<std::string, std::vector<uint8_t>> modules {};

	/* calls that other components' servers have executed, by the object's identity */
	std::map<uint64_t, uint64_t> outside_calls {};

	/* the runtime interposes itself: it is told before an object is destroyed, and when the
	 * component has made one */
	std::map<void const *, std::function<void(Object &)>> observers {};
	std::map<void const *, std::function<void(Object &)>> creation_observers {};

  private:
	std::map<uint64_t, std::unique_ptr<Object>> _objects {};
	std::vector<Object *> _clocked {};
	uint64_t _numbers = 0;

	void _forget(Object &);

  public:
	explicit Ecu(Config const &);
	~Ecu();

	/* who pays, for which component, as a part of which object */
	struct Terms
	{
		Pd *pd = nullptr;
		Account *account = nullptr;
		Amount cost {};
		Object *companion = nullptr;
		bool has_badge = true;
	};

	/* T is one of object.h; its kind and label come first */
	template <typename T>
	Result<T *> create(Kind kind, std::string const &label, Terms const &terms)
	{
		if (faults.hit("create")) return Error { Code::DENIED, 0, "create" };
		if (terms.account && !terms.account->withdraw(terms.cost))
			return Error { Code::NO_QUOTA, 0, "quota" };
		uint64_t const badge = terms.has_badge ? badges.alloc() : 0;
		if (terms.has_badge && !badge) {
			if (terms.account) terms.account->give_back(terms.cost);
			return Error { Code::DENIED, 0, "badge" };
		}
		auto object = std::make_unique<T>(kind, label);
		T *const result = object.get();
		if constexpr (!std::is_same_v<T, Object>)
			if (!T::is(kind)) std::abort();
		result->badge = badge;
		result->number = ++_numbers;
		result->pd = terms.pd;
		result->account = terms.account;
		result->cost = terms.cost;
		result->companion = terms.companion;
		_objects[result->number] = std::move(object);
		if (kind == Kind::THREAD || kind == Kind::TIMER) _clocked.push_back(result);
		return result;
	}

	/* with its companions; all that refers to it refers to nothing then */
	void destroy(Object &);

	std::map<uint64_t, std::unique_ptr<Object>> const &objects() const { return _objects; }

	/* those for which time passes: threads and timers */
	std::vector<Object *> const &clocked() const { return _clocked; }

	/* kernel's selector of a slot's gate and own wakeups, as the base library computes it */
	uint64_t gate_kcap(unsigned slot) const
	{
		return (0xcull + 5ull * slot) << layout.selector_shift;
	}
	uint64_t irq_kcap(unsigned slot) const
	{
		return (0xcull + 5ull * slot + 2) << layout.selector_shift;
	}
	uint64_t parent_kcap() const { return 0xbull << layout.selector_shift; }

	/* all there is, in words; equal texts are equal systems */
	std::string fingerprint() const;
};

}

#endif /* CAPIMG__TESTS__SIM__ECU_H */
