/*
 * A ROM session of the component, interposed: its dataspace and handler are state
 */

#ifndef CAPIMG__HOST__ROM_H
#define CAPIMG__HOST__ROM_H

#include <rom_session/rom_session.h>

#include <capimg_host/dataspace.h>
#include <capimg_host/session.h>

namespace Capimg::Host
{

class Hosted_rom : public Rpc_object<Rom_session>, public Hosted_session
{
	Entrypoint &_ep;
	Allocator &_alloc;
	Env::Local_rm &_rm;
	Hosted_objects &_objects;
	Hosted_dataspace *_dataspace = nullptr;

	/* Noncopyable */
	Hosted_rom(Hosted_rom const &);
	Hosted_rom &operator=(Hosted_rom const &);

	Capability<Rom_session> _real() const { return reinterpret_cap_cast<Rom_session>(real); }

  protected:
	/* the dataspace that the component gets */
	Rom_dataspace_capability _know(Rom_dataspace_capability);

  public:
	Signal_context_capability handler {};

	Hosted_rom(Entrypoint &, Allocator &, Env::Local_rm &, Hosted_objects &,
			   Session_capability real, Session_info const &);
	virtual ~Hosted_rom();

	Hosted_dataspace *content() const { return _dataspace; }

	/* last part of the label */
	Hosted_dataspace::Module module() const;

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/*
	 * Rom_session interface
	 */
	Rom_dataspace_capability dataspace() override;
	bool update() override;
	void sigh(Signal_context_capability) override;
};

}

#endif /* CAPIMG__HOST__ROM_H */
