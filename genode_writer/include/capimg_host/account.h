/*
 * A PD session of this runtime that stands for one of core's
 *
 * Quota is transferred between core's own sessions: capabilities of interposed ones that reach the
 * runtime as arguments are exchanged.
 */

#ifndef CAPIMG__HOST__ACCOUNT_H
#define CAPIMG__HOST__ACCOUNT_H

#include <base/entrypoint.h>
#include <pd_session/pd_session.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

struct Account : Interface
{
	virtual Capability<Pd_account> real_account() const = 0;

	static Capability<Pd_account> real_of(Entrypoint &ep, Capability<Pd_account> account)
	{
		Capability<Pd_account> result = account;
		ep.rpc_ep().apply(account, [&](Account *local) {
			if (local) result = local->real_account();
		});
		return result;
	}
};

}

#endif /* CAPIMG__HOST__ACCOUNT_H */
