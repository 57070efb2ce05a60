/*
 * Session of the test server: many objects, each of which knows who it is
 */

#ifndef _INCLUDE__CAPIMG_TEST_SESSION__CAPIMG_TEST_SESSION_H_
#define _INCLUDE__CAPIMG_TEST_SESSION__CAPIMG_TEST_SESSION_H_

#include <base/rpc.h>
#include <session/session.h>

namespace Capimg_test
{

using namespace Genode;

struct Answer
{
	unsigned object = 0;
	unsigned answer = 0;
	unsigned long asked = 0; /* how often the object was asked, this time included */
};

/* what object 'n' answers: another object's answer is never right */
static inline unsigned right_answer(unsigned object, unsigned question)
{
	return (object * 2654435761u) ^ (question * 40503u);
}

struct Object : Interface
{
	virtual Answer ask(unsigned question) = 0;

	GENODE_RPC(Rpc_ask, Answer, ask, unsigned);
	GENODE_RPC_INTERFACE(Rpc_ask);
};

struct Session : Genode::Session
{
	static char const *service_name() { return "Capimg_test"; }

	static constexpr unsigned CAP_QUOTA = 4;

	virtual ~Session() {}

	/* objects are numbered from 0 */
	virtual unsigned objects() = 0;
	virtual Capability<Object> object(unsigned) = 0;

	GENODE_RPC(Rpc_objects, unsigned, objects);
	GENODE_RPC(Rpc_object, Capability<Object>, object, unsigned);
	GENODE_RPC_INTERFACE(Rpc_objects, Rpc_object);
};

}

#endif /* _INCLUDE__CAPIMG_TEST_SESSION__CAPIMG_TEST_SESSION_H_ */
