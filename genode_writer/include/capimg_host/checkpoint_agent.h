/*
 * When checkpoints are taken, and where the images go
 *
 * Configured by the node <checkpoint> of the runtime's configuration. Works in a thread of its own,
 * so that the component is served meanwhile.
 */

#ifndef CAPIMG__HOST__CHECKPOINT_AGENT_H
#define CAPIMG__HOST__CHECKPOINT_AGENT_H

#include <capimg/framed_sink.h>
#include <capimg_host/checkpointer.h>
#include <capimg_host/entrypoint_env.h>
#include <capimg_host/foc_threads.h>
#include <capimg_host/image_file.h>
#include <capimg_host/runtime.h>
#include <capimg_host/terminal_line.h>

namespace Capimg::Host
{

class Checkpoint_agent : Genode::Noncopyable
{
	Env &_main_env;
	Allocator &_alloc;
	Runtime &_runtime;

	/* the engine needs less than 40 KiB, files and reports the rest */
	Entrypoint _ep { _main_env, 24 * 1024 * sizeof(long), "checkpoint", Affinity::Location() };
	Entrypoint_env _env { _main_env, _ep };
	Timer::Connection _timer { _env, _ep, "checkpoint" };
	Timer::Connection _clock { _env, _ep, "clock" };
	Attached_rom_dataspace _config { _env, "config" };
	Constructible<Root_directory> _root {};
	Constructible<Attached_rom_dataspace> _trigger {};
	Constructible<Expanding_reporter> _reporter {}; /* with the attribute "report" */
	Ram_buffer _look_work { _env, Engine::Image::LOOK_WORK };

	struct Settings
	{
		Hosted_child::Name child {};
		Image_path path {}; /* of images: followed by ".SEQUENCE.img" */
		uint32_t block_size = Limit::MIN_BLOCK_SIZE;
		bool delta = false;    /* each but the first */
		bool terminal = false; /* images go over a line, and to files only if deltas need them */
		uint64_t every_ms = 0; /* besides the ROM's updates */
		unsigned count = 0;    /* of those by time, 0: no end */

		bool files() const { return !terminal || delta; }

		static Settings from_node(Node const &);
	};
	Settings _settings {};
	unsigned _by_time = 0;
	uint8_t _epoch[16] {};

	/* held while a checkpoint is taken: the component is not to vanish */
	Mutex _busy {};
	Hosted_child *_child = nullptr;

	/* Noncopyable */
	Checkpoint_agent(Checkpoint_agent const &);
	Checkpoint_agent &operator=(Checkpoint_agent const &);

	Constructible<Plain_thread_control> _plain_threads {};
	Constructible<Foc_threads> _foc_threads {};
	Constructible<Checkpointer> _checkpointer {};

	/* images that a delta inherits from, newest first */
	struct Parent_image
	{
		File_source source;
		Open_image open;

		Parent_image(Env &env, Genode::Directory &root, Image_path const &path)
			: source(root, path), open(env, source)
		{}
	};
	static constexpr unsigned MAX_PARENTS = 16; /* then one image is whole again */
	Constructible<Parent_image> _parents[MAX_PARENTS] {};
	unsigned _parent_count = 0;

	Constructible<Terminal_line> _line {};

	Status _to_file(Engine::Parents const &, Image_path const &, Outcome &);
	Status _to_terminal(Outcome &);
	Status _send(Image_path const &);
	Image_path _path_of(uint64_t sequence) const;
	void _keep(Image_path const &);
	void _forget_parents();
	Thread_control &_threads_of(Hosted_child &);
	Hosted_child *_running_child();
	bool _ready();
	void _take();
	void _report(Outcome const &, Image_path const &);
	void _handle_config();
	void _handle_trigger();
	void _handle_timer();

	Signal_handler<Checkpoint_agent> _config_handler { _ep, *this,
													   &Checkpoint_agent::_handle_config };
	Signal_handler<Checkpoint_agent> _trigger_handler { _ep, *this,
														&Checkpoint_agent::_handle_trigger };
	Signal_handler<Checkpoint_agent> _timer_handler { _ep, *this,
													  &Checkpoint_agent::_handle_timer };

  public:
	Checkpoint_agent(Env &, Allocator &, Runtime &);

	/* by the first entrypoint: the component is about to go */
	void vanishing(Hosted_child &);
};

}

#endif /* CAPIMG__HOST__CHECKPOINT_AGENT_H */
