/*
 * The system that an image is to be restored on, as far as questions go
 *
 * 'Target' answers them for the machine at hand, 'capimg plan' from a description in a file.
 */

#ifndef CAPIMG__ENGINE__ENVIRONMENT_H
#define CAPIMG__ENGINE__ENVIRONMENT_H

#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"

namespace Capimg::Engine
{

struct Module_info
{
	uint64_t size = 0;     /* 0: not known */
	Const_bytes digest {}; /* SHA-256, or empty: not known */
};

class Environment : Noncopyable
{
  protected:
	~Environment() = default;

  public:
	virtual Machine machine() const = 0;
	virtual Metadata::Kernel kernel() const = 0;

	/* Genode's release, "26.02"; empty: any will do */
	virtual Wire::Text genode_version() const = 0;

	/* highest badge that core gives out here */
	virtual uint64_t highest_badge() const = 0;

	virtual uint32_t fpu_size() const = 0; /* bytes that the CPU saves; 0: not known */
	virtual bool has_cpu_feature(Wire::Text) const = 0;

	/* ROM module; NOT_FOUND */
	virtual Result<Module_info> module(Wire::Text name) const = 0;

	/* a session of this service can be opened; not asked for what core provides itself, and for
	 * ROMs
	 */
	virtual bool provides(Wire::Text service, Wire::Text label) const = 0;

	/* an object of another component can be had anew */
	virtual bool external(Wire::Text owner, Wire::Text label) const = 0;

	virtual uint64_t ram_quota() const = 0; /* bytes that the component may be given */
	virtual uint64_t cap_quota() const = 0;
};

/* what the caller allows */
struct Policy
{
	Wire::Text label {}; /* the only one accepted; empty: any */

	/* sessions of kinds that nobody can restore: opened anew, their state is lost */
	bool open_anew = false;

	/* calls that were open to other components: sent again, and so executed at least once */
	bool repeat_foreign_calls = false;

	bool allow_redacted = false;

	uint64_t ram_limit = ~uint64_t(0), cap_limit = ~uint64_t(0);
};

}

#endif /* CAPIMG__ENGINE__ENVIRONMENT_H */
