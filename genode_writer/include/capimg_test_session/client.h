/*
 * Clients of the test server's session and objects
 */

#ifndef _INCLUDE__CAPIMG_TEST_SESSION__CLIENT_H_
#define _INCLUDE__CAPIMG_TEST_SESSION__CLIENT_H_

#include <base/rpc_client.h>
#include <capimg_test_session/capimg_test_session.h>

namespace Capimg_test
{
struct Object_client;
struct Session_client;
}

struct Capimg_test::Object_client : Rpc_client<Object>
{
	explicit Object_client(Capability<Object> cap) : Rpc_client<Object>(cap) {}

	Answer ask(unsigned question) override { return call<Rpc_ask>(question); }
};

struct Capimg_test::Session_client : Rpc_client<Session>
{
	explicit Session_client(Capability<Session> cap) : Rpc_client<Session>(cap) {}

	unsigned objects() override { return call<Rpc_objects>(); }
	Capability<Object> object(unsigned n) override { return call<Rpc_object>(n); }
};

#endif /* _INCLUDE__CAPIMG_TEST_SESSION__CLIENT_H_ */
