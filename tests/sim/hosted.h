/*
 * What a runtime knows of a component that it hosts
 *
 * It interposed the creation of all objects and gave them ids, which stay. An RPC object that was
 * freed may still be referred to: it dangles until its badge is given to another one.
 */

#ifndef CAPIMG__TESTS__SIM__HOSTED_H
#define CAPIMG__TESTS__SIM__HOSTED_H

#include "running.h"

namespace Capimg::Sim
{

struct Known
{
	uint32_t id = 0;
	uint64_t badge = 0;
	Object *object = nullptr; /* null: dangling */
	uint32_t entrypoint = 0;  /* of a dangling one */
	uint64_t order = 0;
	bool reserved = false; /* the badge was taken from core for a dangling one */
};

class Hosted : Noncopyable
{
	Ecu &_ecu;
	std::map<uint32_t, Known> _known {};
	std::map<Object const *, uint32_t> _ids {};
	uint32_t _next = 1;

	void _gone(Object &);
	void _take(Object &);

  public:
	Pd *pd = nullptr;

	explicit Hosted(Ecu &);
	~Hosted();

	Ecu &ecu() const { return _ecu; }

	/* objects that have come meanwhile get ids */
	void look();

	/* by the loader: this object has this id */
	void add(uint32_t id, Object &);
	void add_dangling(uint32_t id, uint64_t badge, uint32_t entrypoint, uint64_t order);
	void remove(uint32_t id);

	std::map<uint32_t, Known> const &known() const { return _known; }
	uint32_t id(Object const *) const; /* 0: none */
	Object *object(uint32_t id) const;

	template <typename T>
	T *get(uint32_t id) const
	{
		return as<T>(object(id));
	}
};

}

#endif /* CAPIMG__TESTS__SIM__HOSTED_H */
