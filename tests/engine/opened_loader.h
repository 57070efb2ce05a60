/*
 * An image in memory, and a loader that restores it onto a recording target
 */

#ifndef CAPIMG__TESTS__ENGINE__OPENED_LOADER_H
#define CAPIMG__TESTS__ENGINE__OPENED_LOADER_H

#include "capimg/loader.h"
#include "libimage/compression.h"
#include "libimage/sha256.h"
#include "opened_plan.h"
#include "tests/support/engine_chain.h"

namespace Capimg::Test
{

struct Collected_steps final : Engine::Step_sink
{
	std::vector<std::string> done {}, undone {};

	void step(Engine::Step const &step, bool undo) override
	{
		(undo ? undone : done)
			.push_back(std::string(phase_name(step.phase)) + " " + std::to_string(step.object));
	}
};

/* images newest first */
struct Opened_loader
{
	std::vector<std::vector<std::byte>> const images;
	std::vector<std::unique_ptr<Memory_source>> sources {};
	Host_codec codec {};
	Sodium_sha256 hash {};
	std::unique_ptr<Opened_chain> opened {};
	Recording_target target {};
	Engine::Policy policy {};
	Exact_bytes badges { 0 };
	std::unique_ptr<Engine::Loader> loader {};
	Collected_refusals refusals {};
	Collected_steps steps {};

	explicit Opened_loader(std::vector<std::vector<std::byte>> bytes) : images(std::move(bytes))
	{
		std::vector<Engine::Source *> pointers;
		for (auto const &image : images) {
			sources.push_back(std::make_unique<Memory_source>(image));
			pointers.push_back(sources.back().get());
		}
		opened = std::make_unique<Opened_chain>(pointers, &codec, hash);
		if (opened->status)
			throw std::runtime_error(std::string("chain: ") + error_text(opened->status.code) +
									 opened->status.field);
		like_source(target);
		policy.open_anew = true;
		badges = Exact_bytes(Engine::Loader::badges_size(manifest()));
	}

	Metadata::Manifest::Reader const &manifest() { return opened->chain().newest().manifest(); }

	/* a fresh loader, so that target, policy and memory may have been changed */
	Engine::Loader &make()
	{
		loader = std::make_unique<Engine::Loader>(opened->chain(), target, policy, badges.bytes());
		return *loader;
	}

	Status verify() { return make().verify(refusals); }

	Status restore()
	{
		if (Status const s = verify()) return s;
		return loader->restore(steps);
	}

	std::vector<Capimg::uint8_t> message()
	{
		Bytes const bytes = opened->chain().newest().message();
		return { bytes.base(), bytes.base() + bytes.size() };
	}
};

}

#endif /* CAPIMG__TESTS__ENGINE__OPENED_LOADER_H */
