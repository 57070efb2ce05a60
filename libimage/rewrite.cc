#include "rewrite.h"

#include <algorithm>

#include "core/cap_descriptor.h"
#include "core/manifest_check.h"
#include "declare_found.h"
#include "difference_text.h"
#include "image_error.h"
#include "json_value.h"
#include "patched_memory.h"
#include "provenance.h"

namespace Capimg
{

static Bytes bytes_of(std::vector<std::byte> &bytes) { return { bytes.data(), bytes.size() }; }

/* ---- refusals ---- */

static std::string pair_text(Badge_refusal const &r)
{
	return hex_text(r.old_badge) + " to " + hex_text(r.new_badge);
}

/* what 'other' means */
static std::string other_text(Badge_refusal const &r)
{
	switch (r.code) {
	case Badge_refusal_code::RANGE: return "the highest is " + hex_text(r.other);
	case Badge_refusal_code::OLD_TWICE: return "also to " + hex_text(r.other);
	case Badge_refusal_code::NEW_TWICE: return "so does " + hex_text(r.other);
	case Badge_refusal_code::AMBIGUOUS:
	case Badge_refusal_code::TAKEN: return "object " + std::to_string(r.other);
	default: return {};
	}
}

static std::string hint_of(Badge_refusal const &r, std::string const &image)
{
	switch (r.code) {
	case Badge_refusal_code::MISSING:
		return "'capimg caps " + image +
			   "' lists the badges; "
			   "--ignore-missing leaves such pairs out";
	case Badge_refusal_code::TAKEN: return "map that object's badge as well";
	case Badge_refusal_code::AMBIGUOUS: return "'capimg verify " + image + "' lists such badges";
	default: return {};
	}
}

[[noreturn]] static void refuse(Badge_refusal const &r, Badge_request const &request,
								std::string const &image)
{
	std::string message = badge_refusal_text(r.code);
	if (std::string const other = other_text(r); !other.empty()) message += " (" + other + ")";

	bool const of_value = r.code <= Badge_refusal_code::STEP;
	if (of_value) message = hex_text(r.in_new ? r.new_badge : r.old_badge) + ": " + message;

	throw Image_error({ request.source.empty() ? image : request.source,
						Code::INVALID,
						{},
						pair_text(r),
						message,
						hint_of(r, image) });
}

/* ---- comparison ---- */

namespace
{

/* the first difference says enough */
struct First_difference final : Badge_difference_sink
{
	std::optional<Badge_difference> first {};

	bool difference(Badge_difference const &difference) override
	{
		first = difference;
		return false;
	}

	std::string text() const
	{
		return first ? difference_text(*first) + " (at " + hex_text(first->address) + ")" : "";
	}
};

struct Tree_list final : Reseat_sink
{
	std::vector<Reseated_tree> &list;

	explicit Tree_list(std::vector<Reseated_tree> &list) : list(list) {}

	void tree(Reseated_tree const &tree) override { list.push_back(tree); }
};

}

/* raw badges belong to the first space, so there is one even if there are no capabilities */
static std::uint32_t spaces_of(Metadata::Manifest::Reader const &manifest)
{
	return std::max(1u, manifest.capability_spaces().size());
}

/* there is something to do in memory */
static bool in_memory(Metadata::Manifest::Reader const &manifest, std::uint32_t space)
{
	return !space || has_cap_map(manifest.capability_spaces()[space]);
}

static std::uint32_t pd_of(Metadata::Manifest::Reader const &manifest, std::uint32_t space)
{
	return manifest.capability_spaces()[space].pd();
}

/* ---- the plan ---- */

Metadata::Manifest::Reader Rewrite_plan::_manifest() const
{
	auto const segment = value_or_throw(Wire::open_segment({ _declared.data(), _declared.size() }));
	return Metadata::Manifest::Reader(Wire::root(segment));
}

void Rewrite_plan::_declare(Badge_request const &request)
{
	if (!request.scan) {
		auto const message = _image.manifest_bytes();
		_declared.assign(message.begin(), message.end());
		return;
	}
	Found_declarations found = declare_found(_image);
	_declared = std::move(found.message);
	_report.found_trees = std::move(found.pools);
	_report.found_parent_word = found.parent_word;
}

void Rewrite_plan::_apply(Badge_assignment &badges, Badge_request const &request)
{
	Badge_refusal const refusal =
		request.fresh ? badges.assign_fresh(*request.fresh)
					  : badges.apply(request.pairs.data(), std::uint32_t(request.pairs.size()),
									 request.ignore_missing);
	if (refusal) refuse(refusal, request, _image.path());

	if (!_manifest().memory_searched() && !badges.order_kept() && !request.unscanned)
		throw Image_error(
			{ _image.path(),
			  Code::INCONSISTENT,
			  {},
			  "Manifest.memorySearched",
			  "the new badges have another order, and nobody searched this memory for trees that "
			  "are ordered by badges",
			  "--scan searches it now; --unscanned rewrites what is declared" });
}

void Rewrite_plan::_rewrite(Badge_assignment const &badges)
{
	auto const manifest = _manifest();
	std::vector<std::byte> work(Badge_rewrite::work_size(manifest));
	Badge_rewrite rewrite(manifest, badges, bytes_of(work));
	Tree_list trees(_report.trees);

	for (std::uint32_t space = 0; space < spaces_of(manifest); space++) {
		if (!in_memory(manifest, space)) continue;
		Patched_memory memory(_image, _patched, pd_of(manifest, space));
		First_difference differences;
		Status const status = rewrite.memory(space, memory, differences, trees);
		if (differences.first)
			throw Image_error({ _image.path(),
								Code::INCONSISTENT,
								{},
								"capabilities",
								"manifest and memory do not agree: " + differences.text(),
								"'capimg caps " + _image.path() + "' shows all differences" });
		throw_if(status, _image.path());
	}

	_message = _declared;
	throw_if(rewrite.message(bytes_of(_message)), _image.path());
	_report.entries = rewrite.written();
	_report.blocks = _patched.size();
}

/* the same comparison on the result, with a look-up of every badge */
void Rewrite_plan::_prove()
{
	Manifest_context const context { _image.block_size(), _image.head().machine.page_size,
									 _image.blocks() };
	auto const manifest = value_or_throw(
		check_manifest({ _message.data(), _message.size() }, context), _image.path());

	std::vector<std::byte> work(Badge_comparison::work_size(manifest));

	for (std::uint32_t space = 0; space < spaces_of(manifest); space++) {
		if (!in_memory(manifest, space)) continue;
		Patched_memory const memory(_image, _patched, pd_of(manifest, space));
		First_difference differences;
		throw_if(Badge_comparison(manifest, space, memory, bytes_of(work), differences, true).run(),
				 _image.path());
		if (differences.first)
			throw Image_error({ _image.path(),
								Code::INCONSISTENT,
								{},
								"capabilities",
								"the result would not hold: " + differences.text(),
								"declared trees, entries or raw badges overlap in memory" });
	}
}

void Rewrite_plan::_report_badges(Badge_assignment const &badges, Badge_request const &request)
{
	_report.rewritten = badges.changed();
	_report.missing = badges.missing();
	_report.order_kept = badges.order_kept();
	_report.searched = _manifest().memory_searched();

	for (std::uint32_t i = 0; i < badges.count(); i++) {
		if (request.fresh && badges.old_badge(i) && !badges.rewritable(i)) _report.left_out++;
		if (badges.new_badge(i) != badges.old_badge(i))
			_report.undo.push_back({ badges.new_badge(i), badges.old_badge(i) });
	}
	std::ranges::sort(_report.undo, {}, &Badge_pair::old_badge);
}

Rewrite_plan::Rewrite_plan(Image const &image, Badge_request const &request) : _image(image)
{
	_declare(request);
	auto const manifest = _manifest();
	std::vector<std::byte> work(Badge_assignment::work_size(manifest));
	Badge_assignment badges(manifest, bytes_of(work));
	throw_if(badges.open(), image.path());

	_apply(badges, request);
	_report_badges(badges, request);
	_rewrite(badges);
	_prove();
}

Image_copy Rewrite_plan::_copy() const
{
	Image_copy copy { _image };
	copy.patched = &_patched;
	copy.message = _message;
	copy.sections = [this](State_digest const &state, Image_copy::Sections sections) {
		if (state == _image.trailer().state) return sections;

		auto const last = Provenance_record::last(_image);
		if (last && last->action == "rewrite" && last->source == state)
			return remove_record(_image, std::move(sections));

		std::string const detail = std::to_string(_report.rewritten) + " badges, order " +
								   (_report.order_kept ? "kept" : "changed");
		return add_record(_image, std::move(sections), "rewrite", detail);
	};
	return copy;
}

Writer::Summary Rewrite_plan::write(Sink &sink, Options const &options) const
{
	Image_copy copy = _copy();
	copy.threads = options.threads;
	copy.progress = options.progress;
	return copy.write(sink);
}

Image_edit Rewrite_plan::edit(Edit_signer const *signer) const
{
	return Image_edit::of(_copy(), signer);
}

}
