/*
 * Restoring a hosted component, which the sandbox has prepared
 */

#ifndef CAPIMG__HOST__RESTORER_H
#define CAPIMG__HOST__RESTORER_H

#include <capimg/loader.h>
#include <capimg_host/open_image.h>
#include <capimg_host/target.h>

namespace Capimg::Host
{

class Restorer : Genode::Noncopyable
{
  public:
	static constexpr unsigned MAX_IMAGES = 17; /* a whole one, and deltas above it */

  private:
	Env &_env;
	Allocator &_alloc;
	Hosted_child &_child;

	Constructible<Open_image> _images[MAX_IMAGES] {};
	unsigned _count = 0;
	Ram_buffer _work, _badges;

	Target _target;
	Constructible<Engine::Chain> _chain {};
	Engine::Image *_chain_images[MAX_IMAGES] {};
	Constructible<Engine::Loader> _loader {};

	/* Noncopyable */
	Restorer(Restorer const &);
	Restorer &operator=(Restorer const &);

	/* all reasons, in the log */
	struct Refusals final : Engine::Refusal_sink
	{
		Hosted_child const &child;
		unsigned count = 0;

		explicit Refusals(Hosted_child const &child) : child(child) {}
		void refusal(Engine::Refusal const &) override;
	};

	struct Steps final : Engine::Step_sink
	{
		bool const verbose;
		Engine::Phase phase {};
		unsigned count = 0;

		explicit Steps(bool verbose) : verbose(verbose) {}
		void step(Engine::Step const &, bool undo) override;
	};

	void _take_over();
	uint64_t _parent_badge() const;

  public:
	unsigned refusals = 0, steps = 0;

	Restorer(Env &, Allocator &, Hosted_child &, Timer::Connection &);
	~Restorer();

	/* newest first; sources outlive this, and so does the key, if there is one */
	Status open(Engine::Source &, Trusted_key const *, Trust_policy const &);

	/* the newest image's that a key was given for, else null */
	Signature const *signature() const { return _count ? _chain_images[0]->signature() : nullptr; }

	/*
	 * Verify, and then restore; the component runs if it succeeds. REFUSED has been explained in
	 * the log.
	 */
	Status restore(Engine::Policy const &, bool verbose);
};

}

#endif /* CAPIMG__HOST__RESTORER_H */
