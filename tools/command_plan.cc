#include "capimg/memory_check.h"
#include "command.h"
#include "engine_chain.h"
#include "libimage/image_error.h"
#include "libimage/image_signature.h"
#include "parent_options.h"
#include "plan_report.h"
#include "target_file.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {}, target {}, label {}, key {};
	std::uint64_t min_counter = 0;
	Parent_options parents {};
	Engine::Policy policy {};
	bool steps = false, json = false;
};

}

static void run(Options &options, Context &context)
{
	/* nothing is read of an image before its signature was checked */
	std::optional<Public_key> key;
	Trust_policy const trust { { options.label.data(), options.label.size() },
							   options.min_counter };
	if (!options.key.empty()) {
		key.emplace(options.key);
		(void)check_signature(Mapped_file(options.image), &*key, trust, 0);
		for (std::string const &parent : options.parents.paths)
			(void)check_signature(Mapped_file(parent), &*key, { trust.label }, 0);
	}

	Image image(options.image, context.limits.reading);
	options.parents.connect(image);
	Target_file const target =
		options.target.empty() ? Target_file(image) : Target_file(image, options.target);

	/* from here on it is the code that restores on the target */
	Engine_chain chain(image, key ? &*key : nullptr, trust);
	auto const &manifest = chain.chain().newest().manifest();
	std::vector<std::byte> plan_work(Engine::Restore_plan::work_size(manifest));
	Engine::Restore_plan plan(manifest, { plan_work.data(), plan_work.size() });
	throw_if(plan.open(), options.image);

	Diff_side const side(image);
	Object_names const names(side);
	Plan_report report(plan, names, options.target);
	Engine::Policy policy = options.policy;
	policy.label = options.label.c_str();
	plan.check(image.head(), target, policy, report);

	std::vector<std::byte> work(Badge_comparison::work_size(manifest));
	throw_if(check_memory(chain.chain(), plan, policy, { work.data(), work.size() }, report),
			 options.image);

	context.exit_code = report.refusals.empty() ? SOUND : FINDINGS;
	if (options.json)
		report.print_json();
	else
		report.print(context.out(), options.steps);
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();
	Engine::Policy &policy = options->policy;

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	options->parents.add(app);
	app.option("--target", options->target,
			   "Description of the system, as JSON (default: one like the image's)")
		.type_name("FILE");
	auto const key =
		app.option("--key", options->key, "Public key that all images must be signed with")
			.type_name("FILE");
	app.option("--min-counter", options->min_counter,
			   "Rollback counter that the image must have at least")
		.needs(key)
		.type_name("N");
	app.option("--label", options->label, "Only a component of this label may be restored")
		.type_name("LABEL");
	app.flag("--open-anew", policy.open_anew, "Open sessions anew whose state nobody can restore");
	app.flag("--repeat-calls", policy.repeat_foreign_calls,
			 "Send open calls to other components again");
	app.flag("--allow-redacted", policy.allow_redacted, "Restore memory that was blanked out");
	app.option("--ram-limit", policy.ram_limit, "Most RAM that the component may be given")
		.size()
		.type_name("BYTES");
	app.option("--cap-limit", policy.cap_limit, "Most capabilities that it may be given")
		.type_name("N");
	app.flag("--steps", options->steps, "Show each step and each reason");
	app.flag("--json", options->json, "JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_plan { "plan",
							 "Show what a restore would do: 0 possible, 1 refused, 2 trouble",
							 "capimg plan component.img\n"
							 "capimg plan component.img --target board.json",
							 add };

}
