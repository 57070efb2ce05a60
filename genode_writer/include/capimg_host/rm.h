/*
 * An RM session of the component, interposed: it creates region maps
 */

#ifndef CAPIMG__HOST__RM_H
#define CAPIMG__HOST__RM_H

#include <rm_session/rm_session.h>

#include <capimg_host/region_map.h>
#include <capimg_host/session.h>

namespace Capimg::Host
{

class Hosted_rm : public Rpc_object<Rm_session>, public Hosted_session
{
	Entrypoint &_ep;
	Allocator &_alloc;
	Env::Local_rm &_rm;
	Hosted_objects &_objects;

	struct Map : List<Map>::Element
	{
		Hosted_region_map &map;
		explicit Map(Hosted_region_map &map) : map(map) {}
	};
	List<Map> _maps {};

	Capability<Rm_session> _real() const { return reinterpret_cap_cast<Rm_session>(real); }

  public:
	Hosted_rm(Entrypoint &, Allocator &, Env::Local_rm &, Hosted_objects &, Session_capability real,
			  Session_info const &);
	~Hosted_rm();

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/*
	 * Rm_session interface
	 */
	Create_result create(Genode::size_t) override;
	void destroy(Capability<Region_map>) override;
};

}

#endif /* CAPIMG__HOST__RM_H */
