#include <capimg_host/objects.h>

namespace Capimg::Host
{

Hosted_objects::~Hosted_objects()
{
	_reading = false;
	_free_retired();
	while (Id_node *const node = _by_id.first()) {
		Hosted_object &object = node->object;
		_remove(object);
		_free(object);
	}
}

/* what was allocated begins with another base class, as a rule */
void Hosted_objects::_free(Hosted_object &object)
{
	void *const begin = dynamic_cast<void *>(&object);
	object.~Hosted_object();
	_alloc.free(begin, 0);
}

Hosted_object *Hosted_objects::find(uint32_t id) const
{
	for (Id_node *node = _by_id.first(); node;) {
		if (node->object._id == id) return &node->object;
		node = node->child(id > node->object._id);
	}
	return nullptr;
}

Hosted_object *Hosted_objects::find_badge(uint64_t badge) const
{
	if (!badge) return nullptr;
	for (Badge_node *node = _by_badge.first(); node;) {
		if (node->object._badge == badge) return &node->object;
		node = node->child(badge > node->object._badge);
	}
	return nullptr;
}

void Hosted_objects::_insert(Hosted_object &object, uint32_t id)
{
	object._id = id;
	object._registered = true;
	_by_id.insert(&object._id_node);
	_count++;
}

void Hosted_objects::_remove(Hosted_object &object)
{
	if (!object._registered) return;
	_by_id.remove(&object._id_node);
	_count--;
	object._registered = false;
	if (object._by_badge) _by_badge.remove(&object._badge_node);
	object._by_badge = false;
}

void Hosted_objects::add(Hosted_object &object)
{
	Hosted_object *former = nullptr;
	{
		Mutex::Guard guard(mutex);
		former = find_badge(object._badge);
		if (former) {
			_by_badge.remove(&former->_badge_node);
			former->_by_badge = false;
			former->_badge = 0;
		}
		_insert(object, _next++);
		if (object._badge) {
			_by_badge.insert(&object._badge_node);
			object._by_badge = true;
		}
	}
	if (former && former->badge_only()) retire(*former);
}

void Hosted_objects::remove(Hosted_object &object)
{
	Mutex::Guard guard(mutex);
	_remove(object);
}

void Hosted_objects::retire(Hosted_object &object)
{
	{
		Mutex::Guard guard(mutex);
		/* a checkpoint and an entrypoint may be at it at once: it is freed once */
		if (_reading && !object._registered) return;
		_remove(object);
		if (_reading) {
			object._next_retired = _retired;
			_retired = &object;
			return;
		}
	}
	_free(object);
}

void Hosted_objects::_free_retired()
{
	while (Hosted_object *const object = _retired) {
		_retired = object->_next_retired;
		_free(*object);
	}
}

void Hosted_objects::reading(bool reading)
{
	Mutex::Guard guard(mutex);
	_reading = reading;
	if (!reading) _free_retired();
}

bool Hosted_objects::adopt(Hosted_object &object, uint32_t id)
{
	if (object._id == id) return true;
	if (find(id) || !object._registered) return false;
	_by_id.remove(&object._id_node);
	_count--;
	_insert(object, id);
	return true;
}

void Hosted_objects::begin_restore()
{
	_next = PROVISIONAL;
	while (_by_id.first()) {
		Hosted_object *first = nullptr;
		for_each([&](Hosted_object &object) {
			if (!first && object._id < PROVISIONAL) first = &object;
		});
		if (!first) return;
		(void)adopt(*first, _next++);
	}
}

void Hosted_objects::end_restore()
{
	uint32_t highest = 0;
	for_each([&](Hosted_object &object) {
		if (object._id < PROVISIONAL) highest = max(highest, object._id);
	});

	/* renumbering keeps their order */
	_next = highest + 1;
	for (;;) {
		Hosted_object *first = nullptr;
		for_each([&](Hosted_object &object) {
			if (!first && object._id >= PROVISIONAL) first = &object;
		});
		if (!first) return;
		(void)adopt(*first, _next++);
	}
}

}
