/*
 * Components that are restored from images in place of being started from their binaries
 *
 * Configured by nodes <restore> of the runtime's configuration. Works in a thread of its own, as
 * it opens sessions for components through the first entrypoint.
 */

#ifndef CAPIMG__HOST__RESTORE_AGENT_H
#define CAPIMG__HOST__RESTORE_AGENT_H

#include <capimg_host/entrypoint_env.h>
#include <capimg_host/image_file.h>
#include <capimg_host/image_rom.h>
#include <capimg_host/image_trust.h>
#include <capimg_host/restorer.h>
#include <capimg_host/runtime.h>

namespace Capimg::Host
{

class Restore_agent : Genode::Noncopyable
{
	Env &_main_env;
	Allocator &_alloc;
	Runtime &_runtime;

	Entrypoint _ep { _main_env, 24 * 1024 * sizeof(long), "restore", Affinity::Location() };
	Entrypoint_env _env { _main_env, _ep };
	Timer::Connection _timer { _env, _ep, "restore" };
	Attached_rom_dataspace _config { _env, "config" };
	Constructible<Root_directory> _root {};
	Constructible<Expanding_reporter> _reporter {}; /* with the attribute "report" */

	/* asked for by the first entrypoint */
	struct Request : List<Request>::Element
	{
		Hosted_child::Name const name;
		explicit Request(Hosted_child::Name const &name) : name(name) {}
	};
	Mutex _mutex {};
	List<Request> _requests {};

	/* held while a component is restored: it is not to vanish */
	Mutex _busy {};

	struct Source
	{
		Constructible<File_source> file {};
		Constructible<Rom_source> rom {};
	};
	Source _sources[Restorer::MAX_IMAGES] {};
	Image_trust _trust {};

	/* Noncopyable */
	Restore_agent(Restore_agent const &);
	Restore_agent &operator=(Restore_agent const &);

	Status _open(Node const &, Source &, Restorer &, Trust_policy const &);
	Status _open_all(Node const &, Const_bytes label, Restorer &);
	void _restore(Hosted_child::Name const &, Node const &);
	void _handle();

	Signal_handler<Restore_agent> _handler { _ep, *this, &Restore_agent::_handle };

  public:
	Restore_agent(Env &, Allocator &, Runtime &);

	/*
	 * By the first entrypoint
	 */

	/* the configuration wants it restored */
	static bool wanted(Node const &config, Hosted_child::Name const &);

	void restore(Hosted_child::Name const &);
	void vanishing(Hosted_child &) { Mutex::Guard guard(_busy); }
};

}

#endif /* CAPIMG__HOST__RESTORE_AGENT_H */
