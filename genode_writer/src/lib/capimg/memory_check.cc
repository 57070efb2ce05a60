#include "capimg/memory_check.h"

#include "capimg/chain_contents.h"
#include "capimg/space_memory.h"

namespace Capimg::Engine
{

using namespace Metadata;

bool First_difference::difference(Badge_difference const &difference)
{
	if (!any) first = difference;
	any = true;
	return false;
}

namespace
{

/* bytes of one dataspace that are not known */
struct Missing
{
	uint64_t absent = 0, redacted = 0;

	void count(bool is_redacted, uint64_t bytes) { (is_redacted ? redacted : absent) += bytes; }
};

}

static Status count_missing(Chain &chain, uint32_t id, Dataspace::Reader const &dataspace,
							Missing &missing)
{
	auto const ranges = dataspace.absent();
	for (uint32_t i = 0; i < ranges.size(); i++)
		missing.count(ranges[i].reason() == Absent_reason::REDACTED, ranges[i].size());

	Result<Block_range> const range = chain.newest().range_of(id);
	if (range.failed()) return range.error();

	uint64_t n = range->first;
	for (uint64_t left = dataspace.size(); left;) {
		Result<Block_place> const place = chain.find(n++);
		if (place.failed()) return place.error();
		if (place->block.kind == Block_kind::ABSENT)
			missing.count(place->block.absence == Block_absence::REDACTED, place->size);
		left -= min<uint64_t>(left, place->size);
	}
	return ok;
}

static Status check_content(Chain &chain, Restore_plan const &plan, Policy const &policy,
							Refusal_sink &sink, bool &complete)
{
	for (uint32_t n = plan.first(Phase::CONTENT); n < plan.end(Phase::CONTENT); n++) {
		Object::Reader const object = plan.manifest().objects()[plan.step(n).object];

		Missing missing {};
		if (Status const s = count_missing(chain, object.id(), object.dataspace(), missing))
			return s;

		auto const refuse = [&](Refusal_code code, uint64_t bytes) {
			if (!bytes) return;
			complete = false;
			sink.refusal({ code, object.id(), object.label(), bytes });
		};
		refuse(Refusal_code::ABSENT_MEMORY, missing.absent);
		refuse(Refusal_code::REDACTED, policy.allow_redacted ? 0 : missing.redacted);
	}
	return ok;
}

Status check_memory(Chain &chain, Restore_plan const &plan, Policy const &policy, Bytes work,
					Refusal_sink &sink)
{
	if (Status const s = chain.verify()) return s;

	bool complete = true;
	if (Status const s = check_content(chain, plan, policy, sink, complete)) return s;

	auto const &manifest = plan.manifest();
	uint32_t const pd = plan.roles().pd();
	if (!complete || pd == Restore_role::NONE || !manifest.capability_spaces().size()) return ok;

	uint32_t const id = manifest.objects()[pd].id();
	Chain_contents contents(chain);
	Space_memory const memory(manifest, id, contents);
	if (Status const s = memory.status()) return s;

	First_difference difference;
	Badge_comparison comparison(manifest, 0, memory, work, difference);
	if (Status const s = comparison.run()) return s;
	if (Status const s = memory.failure()) return s;
	if (difference.any) sink.refusal({ Refusal_code::MEMORY, id });
	return ok;
}

}
