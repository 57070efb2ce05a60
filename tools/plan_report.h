/*
 * What a restore would do, and all that speaks against it, as text and as JSON
 */

#ifndef CAPIMG__TOOLS__PLAN_REPORT_H
#define CAPIMG__TOOLS__PLAN_REPORT_H

#include <string>
#include <vector>

#include "capimg/restore_plan.h"
#include "libimage/object_names.h"
#include "terminal.h"

namespace Capimg
{

struct Plan_report final : Engine::Refusal_sink
{
	Engine::Restore_plan const &plan;
	Object_names const &names;
	std::string const target; /* path of its description; empty: like the source */
	std::vector<Engine::Refusal> refusals {};

	Plan_report(Engine::Restore_plan const &plan, Object_names const &names, std::string target)
		: plan(plan), names(names), target(std::move(target))
	{}
	virtual ~Plan_report() = default;

	void refusal(Engine::Refusal const &refusal) override { refusals.push_back(refusal); }

	/* there is a PD: else there are no steps to be shown */
	bool restorable_kind() const;

	/* 'all': each step and each reason, else what is alike becomes one line */
	void print(Terminal const &, bool all) const;
	void print_json() const;
};

}

#endif /* CAPIMG__TOOLS__PLAN_REPORT_H */
