#include <iostream>

#include "command.h"
#include "diff_report.h"
#include "libimage/image_family.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string a {}, b {}, base {};
	std::vector<std::string> parents {};
	bool json = false, same_boot = false, other_boot = false;
	Diff_output output {};
};

}

static void run(Options const &options, Context &context)
{
	bool const three = !options.base.empty();
	Image_family family;
	auto const open = [&](std::string const &path) {
		family.push_back(std::make_shared<Image>(path, context.limits.reading));
	};
	open(options.a);
	open(options.b);
	if (three) open(options.base);
	for (std::string const &path : options.parents) open(path);
	connect_family(family, three ? 3 : 2);

	Diff::Options how;
	if (options.same_boot || options.other_boot) how.same_boot = options.same_boot;
	if (three) {
		Diff_three_way const diff(*family[2], *family[0], *family[1], how);
		context.exit_code = diff.equal() ? SOUND : FINDINGS;
		return options.json ? print_diff_base_json(diff)
							: print_diff_base(diff, options.output, context.out());
	}
	Diff const diff(*family[0], *family[1], how);
	context.exit_code = diff.equal() ? SOUND : FINDINGS;

	if (options.json)
		print_diff_json(diff, options.output);
	else
		print_diff(diff, options.output, context.out());
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("A", options->a, "Image").required().type_name("FILE");
	app.option("B", options->b, "Image that it is compared with").required().type_name("FILE");
	auto const base =
		app.option("--base", options->base, "What did each of them change since this one")
			.type_name("FILE");
	app.option("--parent", options->parents, "Image that one of them inherits from")
		.single()
		.type_name("FILE");
	app.flag("--pages", options->output.pages, "Show the lines that differ in each page")
		.excludes(base);
	app.flag("--bytes", options->output.bytes, "Show the bytes that differ").excludes(base);
	app.flag("--by-badge", options->output.by_badge, "List which badges are new").excludes(base);
	app.flag("--all", options->output.all, "Do not cut long lists");
	auto const same = app.flag("--same-boot", options->same_boot,
							   "Both are of one boot: same badge, same object");
	app.flag("--other-boot", options->other_boot, "They are of different boots").excludes(same);
	app.flag("--json", options->json, "JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_diff { "diff", "What differs: 0 nothing, 1 something, 2 trouble",
							 "capimg diff before.img after.img\n"
							 "capimg diff ours.img theirs.img --base before.img",
							 add };

}
