#include "diff.h"

#include <algorithm>
#include <array>

#include "core/head.h"
#include "list_pairs.h"
#include "message_json.h"
#include "object_kinds.h"

namespace Capimg
{

using Which = Metadata::Object::Which;
using What = Diff_change::What;

char const *Diff_change::word() const
{
	static constexpr std::array WORDS { "gone", "came", "changed" };
	return WORDS[std::size_t(what)];
}

Diff::Diff(Image const &a, Image const &b, Options const &options)
	: _a(a), _b(b), _page(diff_page_size(a, b))
{
	bool const same = same_state(a, b);
	if (same) {
		_basis.kind = Diff_basis::Kind::STATE;
		_basis.match_by = Match_by::IDS;
		_basis.why = "one state";
	} else {
		_basis = find_basis(_a, _b, options.same_boot);
	}
	_match = std::make_unique<Object_match>(_a, _b, _basis.match_by);
	_count_objects();
	if (same || options.only_match) return;

	_compare_authority();
	for_each_change([&](Diff_change const &) { _changes++; });
	_compare_memory();
}

void Diff::_count_objects()
{
	for (std::uint32_t i = 0; i < _a.size(); i++) {
		std::uint32_t const b = _match->in_b(i);
		if (b == NONE) {
			_gone++;
			continue;
		}
		_new_badges += _a.object(i).badge() != _b.object(b).badge();
		_unsure += !_match->reason(i).sure;
	}
	_came = _b.size() - _match->pairs();
}

void Diff::_compare_authority()
{
	for (std::uint32_t i = 0; i < _a.size(); i++) {
		Diff_side::Place const &place = _a.place(i);
		std::uint32_t const b = _match->in_b(i);
		if (!place.held()) continue;
		if (b == NONE || !_b.place(b).held()) {
			_lost.push_back(i);
			continue;
		}
		Diff_side::Place const &other = _b.place(b);
		std::uint32_t const index = _b.entry(other).index();
		if (place.space != other.space || _a.entry(place).index() != index)
			_moved.push_back({ other.space, index, i, b });
	}
	for (std::uint32_t i = 0; i < _b.size(); i++) {
		std::uint32_t const a = _match->in_a(i);
		if (_b.place(i).held() && (a == NONE || !_a.place(a).held())) _gained.push_back(i);
	}

	/* as far as both have such a space; entries ascend by index */
	auto const spaces_a = _a.manifest().capability_spaces();
	auto const spaces_b = _b.manifest().capability_spaces();
	for (std::uint32_t s = 0; s < std::min(spaces_a.size(), spaces_b.size()); s++) {
		auto const x = spaces_a[s].entries(), y = spaces_b[s].entries();
		for (std::uint32_t i = 0, k = 0; i < x.size() && k < y.size();) {
			std::uint32_t const index_a = x[i].index(), index_b = y[k].index();
			if (index_a == index_b && x[i].state() == Metadata::Entry_state::LIVE &&
				y[k].state() == Metadata::Entry_state::LIVE &&
				!_match->same(x[i].object(), y[k].object()))
				_reused.push_back(
					{ s, index_a, _a.position(x[i].object()), _b.position(y[k].object()) });
			i += index_a <= index_b;
			k += index_b <= index_a;
		}
	}
}

void Diff::_compare_memory()
{
	for (std::uint32_t i = 0; i < _a.size(); i++) {
		std::uint32_t const b = _match->in_b(i);
		if (b == NONE || _a.object(i).which() != Which::DATASPACE ||
			_b.object(b).which() != Which::DATASPACE)
			continue;
		Page_map pages =
			diff_pages(_a.image(), _a.object(i).id(), _b.image(), _b.object(b).id(), _page);
		if (pages.differing()) _memory.push_back({ i, b, std::move(pages) });
	}
}

bool Diff::equal() const
{
	return _lost.empty() && _gained.empty() && _reused.empty() && _moved.empty() && !_changes &&
		   !_new_badges && _memory.empty();
}

std::uint64_t Diff::differing_pages() const
{
	std::uint64_t sum = 0;
	for (Dataspace const &dataspace : _memory) sum += dataspace.pages.differing();
	return sum;
}

std::uint64_t Diff::common_size(Dataspace const &dataspace) const
{
	return std::min(_a.object(dataspace.a).dataspace().size(),
					_b.object(dataspace.b).dataspace().size());
}

Shown_at::Range Diff::shown(Dataspace const &dataspace, std::uint64_t offset,
							std::uint64_t size) const
{
	if (!_shown_b) _shown_b = std::make_unique<Shown_at>(_b.memory());
	auto const here = _shown_b->range(_b.object(dataspace.b).id(), offset, size);
	if (here.address) return here;

	if (!_shown_a) _shown_a = std::make_unique<Shown_at>(_a.memory());
	return _shown_a->range(_a.object(dataspace.a).id(), offset, here.size);
}

void Diff::for_each_range(Dataspace const &dataspace, Range_visitor const &visit) const
{
	std::uint64_t const end = common_size(dataspace);
	for (auto run = dataspace.pages.next(0); run;
		 run = dataspace.pages.next(run->first + run->count)) {
		std::uint64_t offset = run->first * _page;
		std::uint64_t const stop = std::min(offset + run->count * _page, end);
		while (offset < stop) {
			auto const [size, address] = shown(dataspace, offset, stop - offset);
			std::uint64_t const pages = (offset + size + _page - 1) / _page - offset / _page;
			visit({ offset, size, pages, run->state, address });
			offset += size;
		}
	}
}

/* ---- fields ---- */

void Diff::_fields(Diff_change const &subject, Wire::Struct_shape const &shape,
				   Wire::Struct_reader const &a, Wire::Struct_reader const &b,
				   Change_visitor const &visit) const
{
	Diff_change change = subject;
	Field_diff::Report const report = [&](Field_change const &field) {
		change.field = field;
		visit(change);
	};
	Field_diff(*_match, _names_a, _names_b, report).compare(shape, a, b);
}

void Diff::for_each_field(std::uint32_t position, Change_visitor const &visit) const
{
	std::uint32_t const b = _match->in_b(position);
	Diff_change subject;
	subject.kind = object_kind(_b.object(b).which()).name();
	subject.a = position;
	subject.b = b;
	_fields(subject, Metadata::Object::shape, _a.object(position).wire(), _b.object(b).wire(),
			visit);
}

/* entries of one index; one of them may be missing */
struct Diff::Entries
{
	std::uint32_t space;
	std::optional<Diff_side::Entry> a, b;
};

static bool live(std::optional<Diff_side::Entry> const &entry)
{
	return entry && entry->state() == Metadata::Entry_state::LIVE;
}

static Json state_json(Diff_side::Entry const &entry)
{
	Wire::Struct_shape const &shape = Metadata::Capability_entry::shape;
	for (unsigned i = 0; i < shape.field_count; i++)
		if (std::string_view(shape.fields[i].name()) == "state")
			return scalar_json(shape.fields[i], shape.fields[i].type, std::uint64_t(entry.state()));
	return nullptr;
}

/* what lists of capabilities lost, gained, moved and of slots reused do not say */
void Diff::_entry(Entries const &entries, Change_visitor const &visit) const
{
	auto const &[space, a, b] = entries;
	Diff_change change;
	change.kind = "capabilityEntry";
	if (a) change.a = _a.position(a->object());
	if (b) change.b = _b.position(b->object());

	auto const kcap = a ? _a.kcap(space, *a) : _b.kcap(space, *b);
	change.place =
		kcap ? "kcap " + hex_text(*kcap) : "index " + std::to_string(a ? a->index() : b->index());

	if (a && b) {
		if (live(a) && live(b) && !_match->same(a->object(), b->object())) return;
		if (live(a) != live(b)) {
			/* of another kind altogether: all other fields follow from that */
			change.field = { "state", state_json(*a), state_json(*b) };
			return visit(change);
		}
		return _fields(change, Metadata::Capability_entry::shape, a->wire(), b->wire(), visit);
	}

	/* one that has more slots than one has lost or gained one of these only */
	change.what = a ? What::GONE : What::CAME;
	std::uint32_t const at = a ? change.a : change.b;
	if ((a ? live(a) : live(b)) && at != NONE) {
		Diff_side const &side = a ? _a : _b;
		Diff_side::Place const &place = side.place(at);
		bool const first = place.held() && place.space == space &&
						   side.entry(place).index() == (a ? a->index() : b->index());
		std::uint32_t const other = a ? _match->in_b(at) : _match->in_a(at);
		if (first || other == NONE || !(a ? _b : _a).place(other).held()) return;
	}
	visit(change);
}

void Diff::_entries(std::uint32_t space, Change_visitor const &visit) const
{
	auto const spaces_a = _a.manifest().capability_spaces();
	auto const spaces_b = _b.manifest().capability_spaces();
	bool const has_a = space < spaces_a.size(), has_b = space < spaces_b.size();

	Diff_change subject;
	subject.kind = "capabilitySpace";
	subject.place = "capability space " + std::to_string(space);
	if (has_a && has_b) {
		_fields(subject, Metadata::Capability_space::shape, spaces_a[space].wire(),
				spaces_b[space].wire(), visit);
	} else {
		subject.what = has_a ? What::GONE : What::CAME;
		visit(subject);
	}

	auto const x = spaces_a[space].entries(), y = spaces_b[space].entries();
	for (std::uint32_t i = 0, k = 0; i < x.size() || k < y.size();) {
		bool const take_a = i < x.size() && (k >= y.size() || x[i].index() <= y[k].index());
		bool const take_b = k < y.size() && (i >= x.size() || y[k].index() <= x[i].index());
		_entry({ space, take_a ? std::optional(x[i]) : std::nullopt,
				 take_b ? std::optional(y[k]) : std::nullopt },
			   visit);
		i += take_a;
		k += take_b;
	}
}

static Json node_json(std::uint64_t root, std::uint64_t address)
{
	return { { "pool", hex_text(root) }, { "node", hex_text(address) } };
}

/* an object that both have is in a pool of one of them only, or at another node */
void Diff::_member(bool second, Metadata::Badge_node::Reader const &node, std::uint64_t root,
				   Change_visitor const &visit) const
{
	Diff_side const &side = second ? _b : _a, &other_side = second ? _a : _b;
	std::uint32_t const at = side.position(node.object());
	std::uint32_t const other = at == NONE ? NONE : (second ? _match->in_a(at) : _match->in_b(at));

	/* with an object its node goes and comes; a node of nothing is a change of the pool */
	if (at != NONE && other == NONE) return;

	Diff_change change;
	change.kind = at == NONE ? "badgeTree" : object_kind(side.object(at).which()).name();
	change.a = second ? other : at;
	change.b = second ? at : other;
	change.place = at == NONE ? "Object_pool " + hex_text(root) : "";
	change.field = { "node", second ? Json() : node_json(root, node.address()),
					 second ? node_json(root, node.address()) : Json() };

	/* from one node of the pool to another one: told once, where it was */
	auto const first_here = [&](Diff_side const &s, std::uint32_t position) {
		return position != NONE && s.place(position).pooled() &&
			   s.pool_root(s.place(position)) == root;
	};
	if (first_here(side, at) && first_here(other_side, other) &&
		side.place(at).node == node.address()) {
		if (second) return;
		change.field.new_value = node_json(root, other_side.place(other).node);
	}
	visit(change);
}

void Diff::_pool_nodes(std::uint32_t tree_a, std::uint32_t tree_b,
					   Change_visitor const &visit) const
{
	auto const a = _a.manifest().badge_trees()[tree_a], b = _b.manifest().badge_trees()[tree_b];
	auto const x = a.nodes(), y = b.nodes();

	/* nodes ascend by address in a sound image; in any other one, more of them differ */
	for (std::uint32_t i = 0, k = 0; i < x.size() || k < y.size();) {
		bool const take_a = i < x.size() && (k >= y.size() || x[i].address() <= y[k].address());
		bool const take_b = k < y.size() && (i >= x.size() || y[k].address() <= x[i].address());
		bool const same = take_a && take_b && _match->same(x[i].object(), y[k].object());
		if (take_a && !same) _member(false, x[i], a.root(), visit);
		if (take_b && !same) _member(true, y[k], b.root(), visit);
		if (same) {
			Diff_change subject;
			subject.kind = "badgeTree";
			subject.place = "Object_pool " + hex_text(a.root());
			/* references are the same; fields of a newer version may not be */
			_fields(subject, Metadata::Badge_node::shape, x[i].wire(), y[k].wire(), visit);
		}
		i += take_a;
		k += take_b;
	}
}

void Diff::_pools(Change_visitor const &visit) const
{
	Wire::Struct_reader const a = _a.manifest().wire(), b = _b.manifest().wire();
	auto const trees_a = _a.manifest().badge_trees(), trees_b = _b.manifest().badge_trees();
	auto const list = [](Wire::Struct_reader const &from) {
		for (unsigned i = 0; i < Metadata::Manifest::shape.field_count; i++) {
			Wire::Field const &field = Metadata::Manifest::shape.fields[i];
			if (field.shape == &Metadata::Badge_tree::shape)
				return from.list(std::uint16_t(field.offset), Wire::Element::STRUCT);
		}
		return Wire::List_place();
	};

	for (List_pair const &pair :
		 list_pairs(Metadata::Badge_tree::shape, a.segment(), list(a), b.segment(), list(b), {}))
	{
		bool const has_a = pair.a != List_pair::NONE, has_b = pair.b != List_pair::NONE;
		Diff_change subject;
		subject.kind = "badgeTree";
		subject.place =
			"Object_pool " + hex_text(has_a ? trees_a[pair.a].root() : trees_b[pair.b].root());
		if (has_a && has_b) {
			_fields(subject, Metadata::Badge_tree::shape, trees_a[pair.a].wire(),
					trees_b[pair.b].wire(), visit);
			_pool_nodes(pair.a, pair.b, visit);
			continue;
		}
		subject.what = has_a ? What::GONE : What::CAME;
		visit(subject);
	}
}

void Diff::_machine(Change_visitor const &visit) const
{
	Machine const &a = _a.image().head().machine, &b = _b.image().head().machine;
	Diff_change change;
	change.kind = change.place = "machine";
	auto const differ = [&](char const *field, Json old_value, Json new_value) {
		if (old_value == new_value) return;
		change.field = { field, std::move(old_value), std::move(new_value) };
		visit(change);
	};
	differ("architecture", architecture_name(a.architecture), architecture_name(b.architecture));
	differ("wordBits", a.word_bits, b.word_bits);
	differ("pageSize", a.page_size, b.page_size);
}

/* sections that this tool does not know: what they hold may be anything */
void Diff::_sections(Change_visitor const &visit) const
{
	auto const unknown = [](Image const &image) {
		std::vector<Section> sections;
		for (Section const &section : image.sections())
			if (section.kind > Section_kind::PROVENANCE) sections.push_back(section);
		std::ranges::stable_sort(sections, {}, &Section::kind);
		return sections;
	};
	auto const a = unknown(_a.image()), b = unknown(_b.image());

	Diff_change change;
	change.kind = "section";
	for (std::size_t i = 0, k = 0; i < a.size() || k < b.size();) {
		bool const take_a = i < a.size() && (k >= b.size() || a[i].kind <= b[k].kind);
		bool const take_b = k < b.size() && (i >= a.size() || b[k].kind <= a[i].kind);
		change.place = "section " + hex_text(std::uint64_t(take_a ? a[i].kind : b[k].kind));
		change.what = take_a && take_b ? What::CHANGED : take_a ? What::GONE : What::CAME;
		bool const same = take_a && take_b && a[i].digest == b[k].digest && a[i].size == b[k].size;
		if (take_a && take_b)
			change.field = { "digest", hex_text(a[i].digest), hex_text(b[k].digest) };
		if (!same) visit(change);
		i += take_a;
		k += take_b;
	}
}

void Diff::for_each_change(Change_visitor const &visit) const
{
	Diff_change change;
	change.what = What::GONE;
	for (std::uint32_t i = 0; i < _a.size(); i++) {
		if (_match->in_b(i) != NONE) continue;
		change.kind = object_kind(_a.object(i).which()).name();
		change.a = i;
		visit(change);
	}
	change.what = What::CAME;
	change.a = NONE;
	for (std::uint32_t i = 0; i < _b.size(); i++) {
		if (_match->in_a(i) != NONE) continue;
		change.kind = object_kind(_b.object(i).which()).name();
		change.b = i;
		visit(change);
	}

	for (std::uint32_t i = 0; i < _a.size(); i++)
		if (_match->in_b(i) != NONE) for_each_field(i, visit);

	std::uint32_t const spaces = std::max(_a.manifest().capability_spaces().size(),
										  _b.manifest().capability_spaces().size());
	for (std::uint32_t s = 0; s < spaces; s++) _entries(s, visit);
	_pools(visit);

	change = {};
	change.kind = change.place = "manifest";
	_fields(change, Metadata::Manifest::shape, _a.manifest().wire(), _b.manifest().wire(), visit);
	_machine(visit);
	_sections(visit);
}

}
