#include "verify.h"

#include <algorithm>
#include <set>

#include "verification.h"

namespace Capimg
{

struct Check
{
	char const *name;
	char const *needs; /* must have passed before, or null */
	char const *about;
	void (*run)(Verification &);
	bool required = false; /* what it throws is no finding: this is no image */
};

static constexpr Check CHECKS[] {
	{ "signature", nullptr, "the image is what was signed, with the key given if there is one",
	  Verify_check::signature },
	{ "head", nullptr, "magic, version, features and digest of the head", Verify_check::head,
	  true },
	{ "trailer", "head", "the image was committed, and the trailer fits the head",
	  Verify_check::trailer },
	{ "sections", "trailer", "every section has the bytes it was written with",
	  Verify_check::sections },
	{ "manifest", "sections", "encoding, references and meaning of the manifest",
	  Verify_check::manifest },
	{ "index", "manifest", "every block and chunk stands where the format puts it, padding is zero",
	  Verify_check::index },
	{ "blocks", "index", "every block has the bytes it was written with", Verify_check::blocks },
	{ "state", "manifest", "the state digest is that of manifest and contents",
	  Verify_check::state },
	{ "parent", "manifest", "inherited blocks have a parent that the manifest names",
	  Verify_check::parent },
	{ "badges", "manifest", "badges are unique and within the kernel's range",
	  Verify_check::badges },
	{ "capability-map", "index", "the map in memory is sound and says what the manifest says",
	  Verify_check::capability_map },
	{ "object-pools", "capability-map", "every object is found in its pool by its badge",
	  Verify_check::object_pools },
	{ "raw-badges", "index", "declared raw badges in memory are those of their objects",
	  Verify_check::raw_badges },
	{ "locks", "capability-map", "no lock of the capability map was held at the checkpoint",
	  Verify_check::locks },
};

static Check const *find_check(std::string const &name)
{
	auto const found = std::ranges::find(CHECKS, name, [](Check const &c) { return c.name; });
	return found == std::end(CHECKS) ? nullptr : found;
}

static void require_known(std::vector<std::string> const &names)
{
	for (std::string const &name : names)
		if (!find_check(name))
			throw Image_error({ {},
								Code::BAD_ARGUMENT,
								{},
								"check '" + name + "'",
								"there is no such check",
								"'capimg verify --list' lists them" });
}

/* the wanted checks, and those that they need */
static std::set<std::string> selected(Verify_options const &options)
{
	require_known(options.only);
	require_known(options.skip);

	std::set<std::string> names;
	for (Check const &check : CHECKS)
		if (options.only.empty()) names.insert(check.name);

	for (std::string const &name : options.only)
		for (Check const *check = find_check(name); check;
			 check = check->needs ? find_check(check->needs) : nullptr)
			names.insert(check->name);

	for (std::string const &name : options.skip) names.erase(name);
	if (options.key) names.insert("signature");
	return names;
}

std::vector<Check_info> verify_checks()
{
	std::vector<Check_info> list;
	for (Check const &check : CHECKS) list.push_back({ check.name, check.about });
	return list;
}

void Verification::start(std::string name)
{
	check = std::move(name);
	note.clear();
	_count = 0;
}

void Verification::found(std::optional<std::uint64_t> offset, std::string field,
						 std::string message)
{
	std::lock_guard const guard(_mutex);
	_count++;
	if (_report.findings.size() >= MAX_FINDINGS) {
		_report.findings_cut = true;
		return;
	}
	_report.findings.push_back({ check, offset, std::move(field), std::move(message) });
}

void Verification::found(Image_error const &error)
{
	found(error.info().offset, error.info().field, error.info().message);
}

void Verification::expect_zero(std::uint64_t from, std::uint64_t to, char const *what)
{
	if (from >= to || to > file.size()) return;
	Const_bytes const bytes(file.bytes().data() + from, to - from);
	if (std::size_t const at = bytes.first_non_zero(); at != bytes.size())
		found(from + at, what, "padding is not zero");
}

Verify_report verify(std::string const &path, Verify_options const &options)
{
	std::set<std::string> const names = selected(options);

	Verify_report report;
	Verification verification(path, options, report);
	std::set<std::string> passed;

	for (Check const &check : CHECKS) {
		Verify_report::Line line { check.name, Check_result::SKIPPED, {} };

		if (!names.contains(check.name)) {
			line.note = "not selected";
		} else if (verification.distrusted) {
			line.note = "needs signature";
		} else if (check.needs && !passed.contains(check.needs)) {
			line.note = std::string("needs ") + check.needs;
		} else {
			verification.start(check.name);
			bool no_parent = false; /* a delta alone is no less sound */
			try {
				check.run(verification);
			} catch (Image_error const &error) {
				if (check.required) throw;
				/* nor is what the user bars a finding */
				if (error.info().code == Code::LIMIT && options.limits != Reading_limits()) throw;
				no_parent = error.info().code == Code::NO_PARENT;
				if (!no_parent) verification.found(error);
			}
			bool const failed = verification.count();
			line.result = failed      ? Check_result::FAILED
						  : no_parent ? Check_result::SKIPPED
									  : Check_result::PASSED;
			line.note = no_parent ? "inherited memory: give '--parent'" : verification.note;
			if (line.result == Check_result::PASSED) passed.insert(check.name);
		}
		report.checks.push_back(std::move(line));
	}

	/* from several threads, in whatever order */
	std::ranges::stable_sort(report.findings, {}, [](Finding const &finding) {
		return std::pair(find_check(finding.check), finding.offset);
	});
	return report;
}

}
