/*
 * Reasons for which one object of an image cannot be restored; part of 'Restore_plan::check'
 */

#ifndef CAPIMG__OBJECT_CHECK_H
#define CAPIMG__OBJECT_CHECK_H

#include "capimg/restore_plan.h"

namespace Capimg::Engine
{

struct Object_check
{
	using Object = Metadata::Object;

	Restore_plan const &plan;
	Architecture const architecture;
	Environment const &target;
	Policy const &policy;
	Refusal_sink &sink;

	/* object number 'i' of the manifest */
	void run(uint32_t i) const;

	/* rows of the table in object_check.cc; 'i' is the object's number */
	void pd(Object::Reader const &, uint32_t i) const;
	void session(Object::Reader const &, uint32_t i) const;
	void rom(Object::Reader const &, uint32_t i) const;
	void external(Object::Reader const &, uint32_t i) const;
	void unknown(Object::Reader const &, uint32_t i) const;
	void service(Object::Reader const &, uint32_t i) const;
	void dataspace(Object::Reader const &, uint32_t i) const;
	void region_map(Object::Reader const &, uint32_t i) const;
	void signal_source(Object::Reader const &, uint32_t i) const;
	void signal_context(Object::Reader const &, uint32_t i) const;
	void native_capability(Object::Reader const &, uint32_t i) const;
	void thread(Object::Reader const &, uint32_t i) const;

  private:
	bool _made(uint32_t id) const;
	bool _is_pd(uint32_t id) const;
	bool _open_call(Metadata::Thread::Reader const &) const;
	void _refuse(Refusal_code, Object::Reader const &, Wire::Text name = {}, uint64_t image = 0,
				 uint64_t target = 0) const;
};

}

#endif /* CAPIMG__OBJECT_CHECK_H */
