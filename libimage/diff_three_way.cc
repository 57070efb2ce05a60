#include "diff_three_way.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

static constexpr std::uint32_t NONE = Diff::NONE;

/* first member of a key */
enum { SLOT, OBJECT, NEW_OBJECT, OTHER };

Diff_three_way::Diff_three_way(Image const &base, Image const &a, Image const &b,
							   Diff::Options const &options)
	: _oa(base, a, options),
	  _ob(base, b, options),
	  _ab(a, b, { .same_boot = options.same_boot, .only_match = true })
{
	for (bool const second : { false, true }) {
		_collect_slots(second);
		_collect_badges(second);
		_collect_changes(second);
	}
	_collect_memory();
	_find_conflicts();
}

/* values that name objects are the same if the objects are; ids alone say nothing */
bool Diff_three_way::_same(Json const &a, Json const &b) const
{
	if (a.type() != b.type()) return false;
	if (a.is_object() && a.contains("id") && b.contains("id") && a.size() <= 2)
		return _ab.match().same(a["id"].get<std::uint32_t>(), b["id"].get<std::uint32_t>());
	if (!a.is_object()) return a == b;

	return a.size() == b.size() && std::ranges::all_of(a.items(), [&](auto const &item) {
			   auto const other = b.find(item.key());
			   return other != b.end() && _same(item.value(), *other);
		   });
}

void Diff_three_way::_add(bool second, Key const &key, Change change)
{
	auto const [at, fresh] = _changes.try_emplace(key, change);
	Change &known = at->second;
	if (_changes.size() > MAX_CHANGES)
		throw Image_error({ _diff(second).b().image().path(),
							Code::LIMIT,
							{},
							"changes",
							"too much changed since the base to compare three images",
							"compare each image with the base, without --base" });
	if (fresh) {
		known.by = second ? By::B : By::A;
		return;
	}
	/* a side comes here again with what has the same name twice */
	if (known.by == (second ? By::B : By::A)) return;
	known.by = By::BOTH;
	(second ? known.b : known.a) = second ? change.b : change.a;
	known.conflict = known.change != change.change || !_same(known.a, known.b);
}

/* what both sides have that the base has not goes by its number in A */
std::uint64_t Diff_three_way::_new_object(bool second, std::uint32_t position) const
{
	static constexpr std::uint64_t ONLY_B = std::uint64_t(1) << 32;
	if (!second) return position;
	std::uint32_t const in_a = _ab.match().in_a(position);
	return in_a != NONE && _oa.match().in_a(in_a) == NONE ? in_a : ONLY_B + position;
}

static Json occupant(Object_names const &names, Diff_side const &side, std::uint32_t at)
{
	if (at == NONE) return nullptr;
	return { { "id", side.object(at).id() }, { "name", names.name(at) } };
}

/* who is in a slot; nobody if the entry is not live */
static std::uint32_t live(Diff_side const &side, Diff_side::Entry const &entry)
{
	return entry.state() == Metadata::Entry_state::LIVE ? side.position(entry.object()) : NONE;
}

void Diff_three_way::_collect_slots(bool second)
{
	Diff const &diff = _diff(second);
	auto const spaces_o = diff.a().manifest().capability_spaces();
	auto const spaces_n = diff.b().manifest().capability_spaces();

	for (std::uint32_t s = 0; s < std::max(spaces_o.size(), spaces_n.size()); s++) {
		auto const x = spaces_o[s].entries(), y = spaces_n[s].entries();
		for (std::uint32_t i = 0, k = 0; i < x.size() || k < y.size();) {
			bool const in_o = i < x.size() && (k >= y.size() || x[i].index() <= y[k].index());
			bool const in_n = k < y.size() && (i >= x.size() || y[k].index() <= x[i].index());
			std::uint32_t const was = in_o ? live(diff.a(), x[i]) : NONE;
			std::uint32_t const is_now = in_n ? live(diff.b(), y[k]) : NONE;
			auto const entry = in_o ? x[i] : y[k];
			i += in_o;
			k += in_n;
			if (was == NONE && is_now == NONE) continue;
			if (was != NONE && is_now != NONE && diff.match().in_b(was) == is_now) continue;

			auto const kcap = in_o ? diff.a().kcap(s, entry) : diff.b().kcap(s, entry);
			Change change;
			change.kind = "capabilityEntry";
			change.change = "changed";
			change.name =
				kcap ? "kcap " + hex_text(*kcap) : "index " + std::to_string(entry.index());
			change.field = "object";
			change.base = occupant(diff.names_a(), diff.a(), was);
			(second ? change.b : change.a) = occupant(diff.names_b(), diff.b(), is_now);
			_add(second, { SLOT, std::uint64_t(s) << 32 | entry.index(), "object" },
				 std::move(change));
		}
	}
}

void Diff_three_way::_collect_badges(bool second)
{
	Diff const &diff = _diff(second);
	for (std::uint32_t i = 0; i < diff.a().size(); i++) {
		std::uint32_t const at = diff.match().in_b(i);
		if (at == NONE) continue;
		auto const was = diff.a().object(i), is_now = diff.b().object(at);
		if (was.badge() == is_now.badge()) continue;

		Change change;
		change.kind = "object";
		change.change = "changed";
		change.name = diff.names_a().name(i);
		change.id = was.id();
		change.field = "badge";
		change.base = hex_text(was.badge());
		(second ? change.b : change.a) = hex_text(is_now.badge());
		_add(second, { OBJECT, i, "badge" }, std::move(change));
	}
}

void Diff_three_way::_collect_changes(bool second)
{
	Diff const &diff = _diff(second);
	diff.for_each_change([&](Diff_change const &found) {
		bool const object = found.place.empty();
		bool const came = found.what == Diff_change::What::CAME;

		Change change;
		change.kind = found.kind;
		change.change = found.word();
		change.field = found.field.path;
		change.base = found.field.old_value;
		(second ? change.b : change.a) = found.field.new_value;
		if (object && found.a != NONE) {
			change.name = diff.names_a().name(found.a);
			change.id = diff.a().object(found.a).id();
		} else if (object) {
			change.name = diff.names_b().name(found.b);
			change.id = diff.b().object(found.b).id();
		} else {
			change.name = found.place;
		}

		std::string field = found.kind == "capabilityEntry" || !object
								? found.kind + " " + found.place + " " + found.field.path
								: found.field.path;
		int const what = !object ? OTHER : came ? NEW_OBJECT : OBJECT;
		std::uint64_t const which = !object ? 0
									: came  ? _new_object(second, found.b)
											: std::uint64_t(found.a);
		_add(second, { what, which, std::move(field) }, std::move(change));
	});
}

void Diff_three_way::_collect_memory()
{
	std::map<std::uint32_t, Dataspace> found;
	for (bool const second : { false, true })
		for (Diff::Dataspace const &dataspace : _diff(second).memory()) {
			auto const [at, fresh] = found.try_emplace(dataspace.a);
			Dataspace &entry = at->second;
			if (fresh) {
				entry.base = dataspace.a;
				entry.size = ~std::uint64_t(0);
				entry.diffs = { nullptr, nullptr };
			}
			entry.diffs[second] = &dataspace;
			entry.size = std::min(entry.size, _diff(second).common_size(dataspace));
		}

	for (auto &[base, dataspace] : found) {
		if (dataspace.diffs[0] && dataspace.diffs[1])
			dataspace.between = diff_pages(
				_oa.b().image(), _oa.b().object(dataspace.diffs[0]->b).id(), _ob.b().image(),
				_ob.b().object(dataspace.diffs[1]->b).id(), _oa.page_size());
		_memory.push_back(std::move(dataspace));
	}
}

void Diff_three_way::_find_conflicts()
{
	/* what one side removed and the other one changed; another badge is not the component's doing
	 */
	std::set<std::pair<std::uint32_t, By>> touched;
	for (auto const &[key, change] : _changes)
		if (std::get<0>(key) == OBJECT && change.change == "changed" && change.field != "badge")
			touched.emplace(std::uint32_t(std::get<1>(key)), change.by);
	for (Dataspace const &dataspace : _memory)
		for (bool const second : { false, true })
			if (dataspace.diffs[second]) touched.emplace(dataspace.base, second ? By::B : By::A);

	for (auto &[key, change] : _changes) {
		auto const [what, which, field] = key;
		if (what == OBJECT && change.change == "gone" && change.by != By::BOTH)
			change.conflict =
				touched.contains({ std::uint32_t(which), change.by == By::A ? By::B : By::A });
		/* both made it, but not alike */
		if (what == NEW_OBJECT && change.by == By::BOTH) {
			bool alike = true;
			_ab.for_each_field(std::uint32_t(which), [&](Diff_change const &) { alike = false; });
			change.conflict = !alike;
		}
		_conflicts += change.conflict;
	}
	for (Dataspace const &dataspace : _memory) {
		bool conflict = false;
		for_each_range(dataspace, [&](Range const &range) { conflict |= range.conflict; });
		_conflicts += conflict;
	}
}

void Diff_three_way::for_each_range(Dataspace const &dataspace, Range_visitor const &visit) const
{
	std::uint64_t const page = _oa.page_size();
	Diff::Dataspace const *const a = dataspace.diffs[0], *const b = dataspace.diffs[1];

	auto const visit_run = [&](std::uint64_t first, std::uint64_t end, By by, bool conflict) {
		/* where the component sees it, as the side says that has a difference there */
		bool const second = by == By::B;
		std::uint64_t offset = first * page;
		std::uint64_t const stop =
			std::min(end * page, _diff(second).common_size(*(second ? b : a)));
		while (offset < stop) {
			auto const shown = _diff(second).shown(*(second ? b : a), offset, stop - offset);
			visit({ offset, shown.size, (shown.size + page - 1) / page, by, conflict,
					shown.address });
			offset += shown.size;
		}
	};

	struct Here
	{
		bool a, b, conflict;
		bool operator==(Here const &) const = default;
	};
	auto const here = [&](std::uint64_t at) {
		auto const differs = [&](Diff::Dataspace const *d) {
			return d && at < d->pages.pages() && d->pages.state(at) != Page_state::SAME;
		};
		bool const in_a = differs(a), in_b = differs(b);
		bool const conflict =
			in_a && in_b &&
			(at >= dataspace.between->pages() || dataspace.between->state(at) != Page_state::SAME);
		return Here { in_a, in_b, conflict };
	};

	/* from one page where something differs to the next one; runs are looked for once each */
	auto run_a = a ? a->pages.next(0) : std::nullopt, run_b = b ? b->pages.next(0) : std::nullopt;
	for (std::uint64_t at = 0; run_a || run_b;) {
		std::uint64_t first = ~std::uint64_t(0);
		for (auto const &run : { run_a, run_b })
			if (run) first = std::min(first, std::max(run->first, at));

		/* as far as neither side goes from one state to another one */
		std::uint64_t limit = ~std::uint64_t(0);
		for (auto const &run : { run_a, run_b })
			if (run)
				limit = std::min(limit, run->first > first ? run->first : run->first + run->count);

		Here const state = here(first);
		std::uint64_t end = first + 1;
		while (end < limit && here(end) == state) end++;
		visit_run(first, end,
				  state.a && state.b ? By::BOTH
				  : state.a          ? By::A
									 : By::B,
				  state.conflict);
		at = end;
		if (run_a && run_a->first + run_a->count <= at) run_a = a->pages.next(at);
		if (run_b && run_b->first + run_b->count <= at) run_b = b->pages.next(at);
	}
}

}
