#include "diff.h"

#include <algorithm>
#include <array>

#include "core/head.h"
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

	_same_metadata =
		_match->identical() && std::ranges::equal(a.manifest_bytes(), b.manifest_bytes());
	if (!_same_metadata) _compare_authority();
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
	if (!_same_metadata) _metadata(visit);
	_machine(visit);
	_sections(visit);
}

void Diff::_metadata(Change_visitor const &visit) const
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
}

}
