/*
 * All objects of one hosted component, by id and by badge
 *
 * Entrypoints that serve the component, and the thread that takes checkpoints, share it: whoever
 * changes what 'describe' reads, or looks something up, holds the lock. Objects that go away while
 * somebody reads are freed when the reader has ended.
 */

#ifndef CAPIMG__HOST__OBJECTS_H
#define CAPIMG__HOST__OBJECTS_H

#include <capimg_host/object.h>

namespace Capimg::Host
{

class Hosted_objects : Genode::Noncopyable
{
	using Id_node = Hosted_object::Id_node;
	using Badge_node = Hosted_object::Badge_node;

	/*
	 * Ids that objects of a component that is being restored have until the image's id is known:
	 * above all that an image of that size could have
	 */
	static constexpr uint32_t PROVISIONAL = 1u << 30;

	Allocator &_alloc;
	Genode::Avl_tree<Id_node> _by_id {};
	Genode::Avl_tree<Badge_node> _by_badge {};
	uint32_t _next = 1;
	uint32_t _count = 0;
	bool _reading = false;
	Hosted_object *_retired = nullptr;

	/* Noncopyable */
	Hosted_objects(Hosted_objects const &);
	Hosted_objects &operator=(Hosted_objects const &);

	void _insert(Hosted_object &, uint32_t id);
	void _remove(Hosted_object &);
	void _free(Hosted_object &);
	void _free_retired();

  public:
	mutable Mutex mutex {};

	explicit Hosted_objects(Allocator &alloc) : _alloc(alloc) {}
	~Hosted_objects();

	/*
	 * takes the lock; an older object with the same badge is gone for core, and loses it. What is
	 * known by its badge only, goes.
	 */
	void add(Hosted_object &);

	/* takes the lock; 'object' came from the allocator, which gets it back, now or later */
	void retire(Hosted_object &);

	/* takes the lock; for objects that are members of others */
	void remove(Hosted_object &);

	/* takes the lock; from now on nothing is freed, until 'false' */
	void reading(bool);

	/*
	 * With the lock held
	 */

	uint32_t count() const { return _count; }
	Hosted_object *find(uint32_t id) const;
	Hosted_object *find_badge(uint64_t badge) const;
	uint32_t id(Untyped_capability const &cap) const
	{
		Hosted_object const *const o = find_badge(badge_of(cap));
		return o ? o->id() : 0;
	}

	template <typename T>
	T *find_as(Untyped_capability const &cap) const
	{
		return dynamic_cast<T *>(find_badge(badge_of(cap)));
	}

	/* by ascending ids */
	template <typename FN>
	void for_each(FN const &fn) const
	{
		_by_id.for_each([&](Id_node const &node) { fn(node.object); });
	}

	/*
	 * Restore: the image's ids for objects that have been made
	 */
	void begin_restore();
	bool adopt(Hosted_object &, uint32_t id); /* false: another object has it */
	void end_restore(); /* who still has a provisional id gets one behind all others */
};

}

#endif /* CAPIMG__HOST__OBJECTS_H */
