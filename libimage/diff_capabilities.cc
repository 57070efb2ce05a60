#include "diff.h"
#include "list_pairs.h"
#include "message_json.h"
#include "object_kinds.h"

namespace Capimg
{

using What = Diff_change::What;

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

}
