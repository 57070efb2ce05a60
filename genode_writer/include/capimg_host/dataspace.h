/*
 * A dataspace that the component uses
 *
 * RAM is its own; the content of ROM modules, of buffers that sessions gave out, and of those whose
 * origin is not known stays where it is. Content of a managed one is a region map.
 */

#ifndef CAPIMG__HOST__DATASPACE_H
#define CAPIMG__HOST__DATASPACE_H

#include <dataspace/client.h>

#include <capimg_host/objects.h>

namespace Capimg::Host
{

class Hosted_dataspace : public Hosted_object
{
  public:
	using Kind = Metadata::Dataspace_kind;
	using Module = String<64>;

  private:
	Env::Local_rm &_rm;
	uint8_t *_local = nullptr; /* where the runtime sees it */

	/* Noncopyable */
	Hosted_dataspace(Hosted_dataspace const &);
	Hosted_dataspace &operator=(Hosted_dataspace const &);

  public:
	Dataspace_capability const ds;
	Kind kind;
	uint64_t const size;

	Metadata::Cache_attribute cache = Metadata::Cache_attribute::CACHED;
	uint64_t order = 0;                     /* in which it was allocated */
	Hosted_object const *owner = nullptr;   /* session it came from */
	Hosted_object const *content = nullptr; /* region map of a managed one */
	Module module {};                       /* of a ROM */
	unsigned regions = 0;                   /* how often it is attached */
	bool buffer = false; /* given out by a session, which makes another one at a restore */

	Hosted_dataspace(Env::Local_rm &rm, Dataspace_capability ds, Kind kind)
		: Hosted_object(Which::DATASPACE, ds),
		  _rm(rm),
		  ds(ds),
		  kind(kind),
		  size(ds.valid() ? Dataspace_client(ds).size() : 0)
	{}

	~Hosted_dataspace() { forget(); }

	/* the component's own, whose content goes into an image */
	bool ram() const { return kind == Kind::RAM && !buffer; }
	bool readable() const { return kind != Kind::MANAGED && kind != Kind::IO_MEMORY; }

	/* its bytes here, null if it cannot be attached */
	uint8_t *local();

	/* core is about to take it away */
	void forget();

	uint64_t stored_size() const override { return ram() ? size : 0; }
	Label label() const override { return Label(module); }
	void describe(Writer const &, Hosted_objects const &, uint64_t first_block) const override;
};

}

#endif /* CAPIMG__HOST__DATASPACE_H */
