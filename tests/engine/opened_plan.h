/*
 * An image in memory, opened, and the plan of its restore
 */

#ifndef CAPIMG__TESTS__ENGINE__OPENED_PLAN_H
#define CAPIMG__TESTS__ENGINE__OPENED_PLAN_H

#include <stdexcept>

#include "capimg/restore_plan.h"
#include "libimage/sha256.h"
#include "recording_target.h"
#include "tests/support/engine_source.h"
#include "whole_component.h"

namespace Capimg::Test
{

/* refusals as text, "missing-module 9", in the order of their reports */
using Reasons = std::vector<std::string>;

struct Collected_refusals final : Engine::Refusal_sink
{
	Reasons reasons {};

	void refusal(Engine::Refusal const &refusal) override
	{
		reasons.push_back(std::string(refusal_name(refusal.code)) + " " +
						  std::to_string(refusal.object));
	}
};

struct Opened_plan
{
	std::vector<std::byte> const bytes;
	Memory_source source { bytes };
	Sodium_sha256 hash {};
	Opened_image image { source, hash };
	Exact_bytes const work;
	Engine::Restore_plan plan;

	explicit Opened_plan(std::vector<std::byte> image_bytes)
		: bytes(std::move(image_bytes)),
		  work(Engine::Restore_plan::work_size(image.image.manifest())),
		  plan(image.image.manifest(), work.bytes())
	{
		if (image.status) throw std::runtime_error(error_text(image.status.code));
		if (plan.open()) throw std::runtime_error("plan");
	}

	/* all reasons; a target like the source unless it was changed */
	Reasons check(Recording_target const &target, Engine::Policy const &policy) const
	{
		Collected_refusals refusals;
		plan.check(image.image.head(), target, policy, refusals);
		return refusals.reasons;
	}
};

/* a system like the one that 'whole_component' comes from */
inline void like_source(Recording_target &target)
{
	target.here = whole_machine();
	target.kernel_here = Metadata::Kernel::FOC;
	target.version = "26.02";
	target.highest = 0xffff;
	target.fpu = 512;
	for (std::uint32_t id = 1; id <= Whole::COUNT; id++) target.old_badges[id] = whole_badge(id);
}

}

#endif /* CAPIMG__TESTS__ENGINE__OPENED_PLAN_H */
