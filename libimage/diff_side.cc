#include "diff_side.h"

#include <algorithm>

#include "core/cap_descriptor.h"
#include "core/memory_view.h"
#include "image_error.h"

namespace Capimg
{

Diff_side::Diff_side(Image const &image)
	: _image(image), _manifest(image.core_manifest()), _objects(_manifest.objects())
{
	_ids.reserve(_objects.size());
	for (std::uint32_t i = 0; i < _objects.size(); i++) _ids.push_back(_objects[i].id());

	auto const spaces = _manifest.capability_spaces();
	for (std::uint32_t i = 0; i < spaces.size(); i++) {
		auto const layout = spaces[i].layout();
		bool const has =
			spaces[i].has_layout() && layout.structure() != Metadata::Map_structure::NONE;
		Cap_map const map = has ? cap_map_of(layout, _manifest.kernel()) : Cap_map {};
		/* a map whose numbers make no sense is one that nobody can read */
		_maps.push_back(has && !check_cap_map(map) ? map : Cap_map {});
	}
	_read_places();
}

void Diff_side::_read_places()
{
	_places.resize(size());

	auto const spaces = _manifest.capability_spaces();
	for (std::uint32_t s = 0; s < spaces.size(); s++) {
		auto const entries = spaces[s].entries();
		for (std::uint32_t e = 0; e < entries.size(); e++) {
			if (entries[e].state() != Metadata::Entry_state::LIVE) continue;
			std::uint32_t const at = position(entries[e].object());
			if (at == NONE || _places[at].held()) continue;
			_places[at].space = s;
			_places[at].entry = e;
		}
	}

	auto const trees = _manifest.badge_trees();
	for (std::uint32_t t = 0; t < trees.size(); t++) {
		auto const nodes = trees[t].nodes();
		for (std::uint32_t n = 0; n < nodes.size(); n++) {
			std::uint32_t const at = position(nodes[n].object());
			if (at == NONE || _places[at].pooled()) continue;
			_places[at].pool = t;
			_places[at].node = nodes[n].address();
		}
	}
}

std::uint32_t Diff_side::position(std::uint32_t id) const
{
	/* most writers number objects from 1 on */
	if (std::uint32_t const guess = id - 1; guess < _ids.size() && _ids[guess] == id) return guess;

	auto const found = std::lower_bound(_ids.begin(), _ids.end(), id);
	return found == _ids.end() || *found != id ? NONE : std::uint32_t(found - _ids.begin());
}

Diff_side::Entry Diff_side::entry(Place const &place) const
{
	return _manifest.capability_spaces()[place.space].entries()[place.entry];
}

std::uint64_t Diff_side::pool_root(Place const &place) const
{
	return _manifest.badge_trees()[place.pool].root();
}

std::uint64_t Diff_side::pool_word(Place const &place) const
{
	return place.node + _manifest.badge_trees()[place.pool].capability_offset();
}

std::optional<std::uint64_t> Diff_side::slot(std::uint32_t space, std::uint32_t index) const
{
	if (space >= _maps.size() || !_maps[space].count) return {};
	return _maps[space].slot(index);
}

std::optional<std::uint64_t> Diff_side::kcap(std::uint32_t space, Entry const &entry) const
{
	auto const s = _manifest.capability_spaces()[space];
	if (s.has_layout() && !s.layout().has_selectors()) return {};
	return entry.kcap();
}

Address_space const &Diff_side::memory() const
{
	if (!_memory) {
		auto const spaces = _manifest.capability_spaces();
		_memory = std::make_unique<Address_space>(_image, spaces.size() ? spaces[0].pd() : 0);
	}
	return *_memory;
}

/* what the manifests say can be compared without it */
template <typename FN>
void Diff_side::_look(FN const &fn) const
{
	if (!_blind.empty()) return;
	try {
		fn();
	} catch (Image_error const &error) {
		bool const known = error.info().code == Code::NO_PARENT || error.info().code == Code::LIMIT;
		if (!known) throw;
		_blind = error.what();
	}
}

std::optional<bool> Diff_side::holds(std::uint64_t address, Place const &place) const
{
	if (!place.held() || place.space) return {};
	auto const slot = this->slot(place.space, entry(place).index());
	if (!slot) return {};

	std::optional<bool> result;
	_look([&] {
		Memory_view view(memory());
		Capimg::uint64_t value = 0;
		if (view.value(address, _maps[0].word_bytes, value)) result = value == *slot;
	});
	return result;
}

std::span<Capability_refs::Ref const> Diff_side::variables(Place const &place) const
{
	if (!place.held() || place.space || !has_variables()) return {};
	if (!_refs) _look([&] { _refs.emplace(_image, memory(), _maps[0]); });
	if (!_refs) return {};
	return _refs->of(entry(place).index());
}

}
