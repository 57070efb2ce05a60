#include "object_match.h"

#include <algorithm>
#include <array>
#include <utility>

#include "object_evidence.h"
#include "object_matcher.h"

namespace Capimg
{

using Object = Metadata::Object::Reader;
using Which = Metadata::Object::Which;

namespace
{

/* in the order of 'Matcher::Reason'; those of roles follow */
constexpr std::array<Match_reason, Matcher::REASONS> REASON_TEXT { {
	{ "same id", true },
	{ "same badge", true },
	{ "same badge and slot", true },
	{ "same badge, and a variable that holds it", false },
	{ "belongs to the same object in the same way", true },
	{ "same fixed selector", true },
	{ "same slot and place in a pool", true },
	{ "same slot, held by the same variables", true },
	{ "same place in a pool, held by the same variables", true },
	{ "same slot, still held where the pool's object was", false },
	{ "same place in a pool, another slot", false },
	{ "same slot and pool, another place in it", false },
	{ "same slot, held by a common variable", false },
	{ "same slot", false },
	{ "held by the same variables, another slot", false },
	{ "referred to by the same object in the same way", false },
	{ "in the same order", false },
	{ "the only one left of its kind", false },
} };

}

Matcher::Positions Matcher::_free_ones(bool second, std::optional<Which> which) const
{
	Positions result;
	for (std::uint32_t i = 0; i < _side(second).size(); i++)
		if (_free(second, i) && (!which || _side(second).object(i).which() == *which))
			result.push_back(i);
	return result;
}

/*
 * Call 'fn(a, b)' for objects whose key is unique on both sides
 *
 * Sorted by a digest of the key, which a hostile image may make collide: it then spoils its own
 * matches, for keys are compared as well, and no more.
 */
template <typename KEY, typename FN>
void Matcher::_unique(Positions const &a, Positions const &b, KEY const &key, FN const &fn) const
{
	using Row = std::pair<std::uint64_t, std::uint32_t>;
	std::array<std::vector<Row>, 2> rows;
	Role_key k, other;

	for (bool const second : { false, true }) {
		for (std::uint32_t const at : second ? b : a) {
			k.clear();
			if (key(second, at, k)) rows[second].emplace_back(k.digest(), at);
		}
		std::ranges::sort(rows[second]);
	}

	auto const same_until = [](std::vector<Row> const &all, std::size_t i) {
		std::size_t end = i + 1;
		while (end < all.size() && all[end].first == all[i].first) end++;
		return end;
	};
	for (std::size_t i = 0, j = 0; i < rows[0].size() && j < rows[1].size();) {
		std::size_t const end_i = same_until(rows[0], i), end_j = same_until(rows[1], j);
		std::uint64_t const x = rows[0][i].first, y = rows[1][j].first;
		if (x == y && end_i == i + 1 && end_j == j + 1) {
			k.clear();
			other.clear();
			key(false, rows[0][i].second, k);
			key(true, rows[1][j].second, other);
			if (k == other) fn(rows[0][i].second, rows[1][j].second);
		}
		if (x <= y) i = end_i;
		if (y <= x) j = end_j;
	}
}

void Matcher::_ids()
{
	for (std::uint32_t i = 0; i < _a.size(); i++) {
		std::uint32_t const b = _b.position(_a.object(i).id());
		if (b != NONE && kind_class(_a.object(i).which()) == kind_class(_b.object(b).which()))
			_pair(i, b, ID);
	}
}

/* ---- badges ---- */

void Matcher::_badge_pair(std::uint32_t a, std::uint32_t b)
{
	/* a slot is an object's for as long as it is held, a pool's node for as long as it lives */
	Object const x = _a.object(a), y = _b.object(b);
	Evidence const evidence(_a, _a.place(a), _b, _b.place(b));

	if (kind_class(x.which()) != kind_class(y.which()) || different_by_nature(x, y) ||
		evidence.contradicts_in_one_boot())
	{
		_match._reused.push_back({ a, b, true });
		return;
	}
	if (evidence.same_slot()) return _pair(a, b, BADGE_AND_SLOT);
	if (!evidence.both_held()) return _pair(a, b, BADGE);
	if (evidence.common_variables()) return _pair(a, b, BADGE_AND_VARIABLE);
	_match._reused.push_back({ a, b, false });
}

void Matcher::_badges()
{
	auto const badge = [&](bool second, std::uint32_t at, Role_key &key) {
		Diff_side const &side = _side(second);
		Object const object = side.object(at);
		Diff_side::Place const &place = side.place(at);
		if (!object.badge()) return false;

		key.number(object.badge());
		/* on linux, a badge names nothing without its destination */
		key.number(place.held() ? std::uint32_t(side.entry(place).socket()) : 0);
		key.number(place.held() && side.entry(place).foreign());
		return true;
	};
	auto const badge_and_slot = [&](bool second, std::uint32_t at, Role_key &key) {
		Diff_side::Place const &place = _side(second).place(at);
		if (!place.held() || !badge(second, at, key)) return false;
		key.number(place.space);
		key.number(_side(second).entry(place).index());
		return true;
	};
	auto const pair = [&](std::uint32_t a, std::uint32_t b) { _badge_pair(a, b); };

	_unique(_free_ones(false), _free_ones(true), badge_and_slot, pair);

	/* what was found to be another object is not asked again */
	std::array<std::vector<bool>, 2> settled { std::vector<bool>(_a.size()),
											   std::vector<bool>(_b.size()) };
	for (Object_match::Reuse const &reuse : _match._reused)
		settled[0][reuse.a] = settled[1][reuse.b] = true;

	auto const rest = [&](bool second, std::uint32_t at, Role_key &key) {
		return !settled[second][at] && badge(second, at, key);
	};
	_unique(_free_ones(false), _free_ones(true), rest, pair);
}

/* ---- roles ---- */

void Matcher::_own_names(bool sure)
{
	/* positions by kind, so that each role looks at its own kind alone */
	std::array<std::vector<std::vector<std::uint32_t>>, 2> by_kind;
	for (bool const second : { false, true }) {
		by_kind[second].resize(Metadata::Object::shape.members);
		for (std::uint32_t const at : _free_ones(second)) {
			std::size_t const kind = std::size_t(_side(second).object(at).which());
			if (kind < by_kind[second].size()) by_kind[second][kind].push_back(at);
		}
	}

	std::span<Role const> const all = roles();
	for (std::size_t i = 0; i < all.size(); i++) {
		if (all[i].sure != sure) continue;

		auto const key = [&](bool second, std::uint32_t at, Role_key &out) {
			auto const resolve = [&](std::uint32_t id, std::uint64_t &number) {
				std::uint32_t const position = _side(second).position(id);
				if (position == NONE || _free(second, position)) return false;
				number = second ? _match._in_a[position] : position;
				return true;
			};
			return _free(second, at) && add_role(out, all[i], _side(second).object(at), resolve);
		};
		std::size_t const kind = std::size_t(all[i].which);
		_unique(by_kind[0][kind], by_kind[1][kind], key, [&](std::uint32_t a, std::uint32_t b) {
			_candidate(a, b, std::uint8_t(REASONS + i));
		});
	}
}

void Matcher::_slots(bool sure)
{
	auto const slot = [&](bool second, std::uint32_t at, Role_key &key) {
		Diff_side::Place const &place = _side(second).place(at);
		if (!place.held()) return false;
		key.number(place.space);
		key.number(_side(second).entry(place).index());
		return true;
	};

	auto const pair = [&](std::uint32_t a, std::uint32_t b) {
		if (!_role_allowed(_a.object(a), _b.object(b))) return;
		Evidence const evidence(_a, _a.place(a), _b, _b.place(b));
		if (evidence.contradicts()) return;

		if (evidence.fixed_selector()) return _pair(a, b, FIXED_SLOT);
		if (evidence.same_node()) return _pair(a, b, SLOT_AND_NODE);
		if (!evidence.pooled() && evidence.same_variables()) return _pair(a, b, SLOT_AND_VARIABLES);
		if (sure) return;
		if (evidence.both_pooled()) return _pair(a, b, SLOT_AND_POOL);
		if (evidence.pooled()) return _pair(a, b, evidence.same_word() ? SLOT_AND_WORD : SLOT);
		_pair(a, b, evidence.common_variables() ? SLOT_AND_A_VARIABLE : SLOT);
	};
	_unique(_free_ones(false), _free_ones(true), slot, pair);
}

void Matcher::_nodes(bool sure)
{
	auto const node = [&](bool second, std::uint32_t at, Role_key &key) {
		Diff_side::Place const &place = _side(second).place(at);
		if (!place.pooled()) return false;
		key.number(_side(second).pool_root(place));
		key.number(place.node);
		return true;
	};
	_unique(_free_ones(false), _free_ones(true), node, [&](std::uint32_t a, std::uint32_t b) {
		if (!_role_allowed(_a.object(a), _b.object(b))) return;
		Evidence const evidence(_a, _a.place(a), _b, _b.place(b));
		bool const variables = evidence.same_variables();
		if (variables || !sure) _pair(a, b, variables ? NODE_AND_VARIABLES : NODE);
	});
}

void Matcher::_variables()
{
	auto const variables = [&](bool second, std::uint32_t at, Role_key &key) {
		Diff_side::Place const &place = _side(second).place(at);
		if (place.pooled()) return false;
		for (Capability_refs::Ref const &ref : _side(second).variables(place))
			key.number(ref.address);
		return !key.empty();
	};
	_unique(_free_ones(false), _free_ones(true), variables,
			[&](std::uint32_t a, std::uint32_t b) { _candidate(a, b, VARIABLES); });
}

/* what neither slot nor badge nor name tells apart: threads of a process, the last one of a kind */
void Matcher::_orders()
{
	for (std::uint16_t kind = 0; kind < Metadata::Object::shape.members; kind++) {
		Which const which = Which(kind);
		if (kind_class(which) == Which::CAPABILITY) continue;
		Positions const a = _free_ones(false, which), b = _free_ones(true, which);
		if (a.empty() || a.size() != b.size()) continue;
		if (a.size() > 1 && which != Which::THREAD) continue;
		for (std::size_t i = 0; i < a.size(); i++)
			_candidate(a[i], b[i], a.size() > 1 ? ORDER : ONLY);
	}
}

void Matcher::run()
{
	if (_by == Match_by::IDS) return _ids();
	if (_by == Match_by::BADGES) _badges();

	/* names that refer to other objects need those first: once more with what was found */
	for (unsigned round = 0; round < 2; round++) {
		_own_names(true);
		_behind_all(true);
	}
	auto const sure = std::exchange(_new, {});

	_slots(true);
	_nodes(true);
	_nodes(false);
	_slots(false);
	if (_by == Match_by::ROLES) _variables();
	_own_names(false);
	_orders();
	_behind_all(true);

	_new.insert(_new.begin(), sure.begin(), sure.end());
	_behind_all(false);
	_behind_all(true);
}

Object_match::Object_match(Diff_side const &a, Diff_side const &b, Match_by by)
	: _a(a), _b(b), _in_b(a.size(), NONE), _in_a(b.size(), NONE), _reason(a.size())
{
	Matcher(*this, by).run();
}

Match_reason const &Object_match::reason(std::uint32_t position_in_a) const
{
	static std::vector<Match_reason> const all = [] {
		std::vector<Match_reason> texts(REASON_TEXT.begin(), REASON_TEXT.end());
		for (Role const &role : roles()) texts.push_back({ role.why, role.sure });
		return texts;
	}();
	return all[_reason[position_in_a]];
}

bool Object_match::identical() const
{
	if (_in_a.size() != _in_b.size()) return false;
	for (std::uint32_t i = 0; i < _in_b.size(); i++)
		if (_in_b[i] != i) return false;
	return true;
}

bool Object_match::same(std::uint32_t id_in_a, std::uint32_t id_in_b) const
{
	if (!id_in_a || !id_in_b) return id_in_a == id_in_b;
	std::uint32_t const a = _a.position(id_in_a), b = _b.position(id_in_b);
	return a != NONE && b != NONE && _in_b[a] == b;
}

std::uint64_t Object_match::canonical(bool second, std::uint32_t id) const
{
	/* 0 none, else above what the other side's objects without a partner get */
	static constexpr std::uint64_t SECOND = std::uint64_t(1) << 32;
	if (!id) return 0;
	std::uint32_t const at = (second ? _b : _a).position(id);
	if (at == NONE) return (second ? 3 : 2) * SECOND + id;
	if (!second) return std::uint64_t(at) + 1;
	return _in_a[at] == NONE ? SECOND + at : std::uint64_t(_in_a[at]) + 1;
}

}
