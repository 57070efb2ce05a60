/*
 * An object that a hosted component uses
 *
 * The runtime sees its creation and keeps it until the component gives it up. What is written of it
 * into an image, each kind knows for itself.
 */

#ifndef CAPIMG__HOST__OBJECT_H
#define CAPIMG__HOST__OBJECT_H

#include <util/avl_tree.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

class Hosted_object : public Interface
{
	friend class Hosted_objects;

	/* nodes of the registry's two trees */
	struct Id_node : Genode::Avl_node<Id_node>
	{
		Hosted_object &object;
		explicit Id_node(Hosted_object &object) : object(object) {}
		bool higher(Id_node *other) { return other->object._id > object._id; }
	};
	struct Badge_node : Genode::Avl_node<Badge_node>
	{
		Hosted_object &object;
		explicit Badge_node(Hosted_object &object) : object(object) {}
		bool higher(Badge_node *other) { return other->object._badge > object._badge; }
	};

	Id_node _id_node { *this };
	Badge_node _badge_node { *this };
	uint32_t _id = 0;
	uint64_t _badge = 0;
	bool _registered = false, _by_badge = false;
	Hosted_object *_next_retired = nullptr;

	/* Noncopyable */
	Hosted_object(Hosted_object const &);
	Hosted_object &operator=(Hosted_object const &);

  public:
	using Writer = Metadata::Object::Writer;
	using Label = String<160>;

	Which const which;

	/* what the component holds, or would hold */
	Untyped_capability const capability {};

	/* made by the runtime before the component's first instruction */
	bool bootstrapped = false;

	Hosted_object(Which which, Untyped_capability const &cap)
		: _badge(badge_of(cap)), which(which), capability(cap)
	{}

	/* known by its badge only */
	Hosted_object(Which which, uint64_t badge) : _badge(badge), which(which) {}

	uint32_t id() const { return _id; }
	uint64_t badge() const { return _badge; }

	/*
	 * it is gone for core, and goes when its badge is another object's, or when a checkpoint sees
	 * that nothing names it any more
	 */
	virtual bool badge_only() const { return false; }

	/* bytes of content that go into an image */
	virtual uint64_t stored_size() const { return 0; }

	virtual Label label() const { return {}; }

	/* the part of the object's kind; the registry's lock is held */
	virtual void describe(Writer const &, Hosted_objects const &, uint64_t first_block) const = 0;
};

/* nothing but its badge is known, or it is the companion of another one */
struct Hosted_capability : Hosted_object
{
	explicit Hosted_capability(Untyped_capability const &cap)
		: Hosted_object(Which::CAPABILITY, cap)
	{}
	explicit Hosted_capability(uint64_t badge) : Hosted_object(Which::CAPABILITY, badge) {}

	void describe(Writer const &w, Hosted_objects const &, uint64_t) const override
	{
		w.capability();
	}
};

/* the way to the component's parent */
struct Hosted_parent_capability : Hosted_object
{
	explicit Hosted_parent_capability(Untyped_capability const &cap)
		: Hosted_object(Which::PARENT_CAPABILITY, cap)
	{
		bootstrapped = true;
	}

	void describe(Writer const &w, Hosted_objects const &, uint64_t) const override
	{
		w.parent_capability();
	}
};

}

#endif /* CAPIMG__HOST__OBJECT_H */
