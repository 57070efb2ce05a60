#include "badge_map.h"

#include "manifest_check.h"
#include "sort.h"

namespace Capimg
{

using enum Badge_refusal_code;

size_t Badge_assignment::work_size(Metadata::Manifest::Reader const &manifest)
{
	size_t const count = manifest.objects().size();
	return Arena::size_of<uint64_t>(count) + Arena::size_of<uint32_t>(3 * count) + 2 * count;
}

Status Badge_assignment::open()
{
	_badges = _arena.take<uint64_t>(count());
	_by_old = _arena.take<uint32_t>(count());
	_by_new = _arena.take<uint32_t>(count());
	_scratch = _arena.take<uint32_t>(count());
	_foreign = _arena.take<uint8_t>(count());
	_mapped = _arena.take<uint8_t>(count());
	if (!_badges || !_by_old || !_by_new || !_scratch || !_foreign || !_mapped)
		return _arena.no_space();

	_mark_foreign();
	_reset();
	for (uint32_t i = 0; i < count(); i++) _by_old[i] = i;
	sort_by(_by_old, _scratch, count(), [&](uint32_t i) { return old_badge(i); });
	return ok;
}

void Badge_assignment::_mark_foreign()
{
	fill_memory(_foreign, 0, count());
	if (!_rules.local_only) return;

	auto const spaces = _manifest.capability_spaces();
	for (uint32_t s = 0; s < spaces.size(); s++) {
		auto const entries = spaces[s].entries();
		for (uint32_t i = 0; i < entries.size(); i++) {
			if (!entries[i].foreign()) continue;
			uint32_t const object = find_object(_objects, entries[i].object());
			if (object < count()) _foreign[object] = 1;
		}
	}
}

void Badge_assignment::_reset()
{
	for (uint32_t i = 0; i < count(); i++) _badges[i] = old_badge(i);
	fill_memory(_mapped, 0, count());
	_missing = 0;
}

/* the one object that has the old badge of the pair; number 'count()' and no error: none has */
Badge_refusal Badge_assignment::_find(Badge_pair const &pair, uint32_t &object) const
{
	uint32_t low = 0, high = count();
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (old_badge(_by_old[middle]) < pair.old_badge)
			low = middle + 1;
		else
			high = middle;
	}

	object = count();
	bool foreign = false;
	for (; low < count() && old_badge(_by_old[low]) == pair.old_badge; low++) {
		uint32_t const candidate = _by_old[low];
		if (_foreign[candidate]) {
			foreign = true;
			continue;
		}
		if (object < count())
			return { AMBIGUOUS, pair.old_badge, pair.new_badge, false, _objects[object].id() };
		object = candidate;
	}
	if (object == count() && foreign) return { FOREIGN, pair.old_badge, pair.new_badge };
	return {};
}

Badge_refusal Badge_assignment::_map(Badge_pair const &pair, bool ignore_missing)
{
	if (Badge_refusal const r = _rules.check(pair.old_badge, pair.new_badge)) return r;

	uint32_t object = 0;
	if (Badge_refusal const r = _find(pair, object)) return r;
	if (object == count()) {
		_missing++;
		return ignore_missing ? Badge_refusal {}
							  : Badge_refusal { MISSING, pair.old_badge, pair.new_badge };
	}
	if (_mapped[object])
		return { OLD_TWICE, pair.old_badge, pair.new_badge, false, _badges[object] };

	_badges[object] = pair.new_badge;
	_mapped[object] = 1;
	return {};
}

/* no two objects of one name space get one badge; those that share one already may go on */
Badge_refusal Badge_assignment::_check_unique()
{
	uint32_t n = 0;
	for (uint32_t k = 0; k < count(); k++)
		if (uint32_t const i = _by_old[k]; !_foreign[i] && _badges[i]) _by_new[n++] = i;

	sort_by(_by_new, _scratch, n, [&](uint32_t i) { return _badges[i]; });

	for (uint32_t k = 1; k < n; k++) {
		uint32_t const a = _by_new[k - 1], b = _by_new[k];
		if (_badges[a] != _badges[b] || (!_mapped[a] && !_mapped[b])) continue;

		if (_mapped[a] && _mapped[b])
			return { NEW_TWICE, old_badge(b), _badges[b], true, old_badge(a) };
		uint32_t const mapped = _mapped[a] ? a : b;
		return { TAKEN, old_badge(mapped), _badges[mapped], true,
				 _objects[_mapped[a] ? b : a].id() };
	}
	return {};
}

Badge_refusal Badge_assignment::_map_all(Badge_pair const *pairs, uint32_t n, bool ignore_missing)
{
	for (uint32_t i = 0; i < n; i++)
		if (Badge_refusal const r = _map(pairs[i], ignore_missing)) return r;
	return _check_unique();
}

Badge_refusal Badge_assignment::apply(Badge_pair const *pairs, uint32_t n, bool ignore_missing)
{
	_reset();
	Badge_refusal const refusal = _map_all(pairs, n, ignore_missing);
	if (refusal) _reset();
	return refusal;
}

Badge_refusal Badge_assignment::assign_fresh(uint64_t first)
{
	_reset();
	uint64_t next = first;
	Badge_refusal refusal {};

	for (uint32_t k = 0; k < count() && !refusal; k++) {
		uint32_t const i = _by_old[k];
		if (!rewritable(i)) continue;

		/* finds out as well whether another object has the same old badge */
		refusal = _map({ old_badge(i), next }, false);
		if (!add(next, _rules.step, next)) next = ~uint64_t(0);
	}
	if (!refusal) refusal = _check_unique();
	if (refusal) _reset();
	return refusal;
}

void Badge_assignment::set(uint32_t i, uint64_t badge)
{
	_badges[i] = badge;
	_mapped[i] = 1;
}

void Badge_assignment::drop(uint32_t i)
{
	_badges[i] = 0;
	_mapped[i] = 0;
}

Badge_refusal Badge_assignment::check()
{
	for (uint32_t i = 0; i < count(); i++) {
		if (!_mapped[i] || _badges[i] == old_badge(i)) continue;
		if (Badge_refusal_code const code = _rules.check(_badges[i]); code != NONE)
			return { code, old_badge(i), _badges[i], true };
	}
	return _check_unique();
}

uint32_t Badge_assignment::changed() const
{
	uint32_t changed = 0;
	for (uint32_t i = 0; i < count(); i++) changed += _badges[i] != old_badge(i);
	return changed;
}

bool Badge_assignment::order_kept() const
{
	uint64_t last_old = 0, last_new = 0;
	for (uint32_t k = 0; k < count(); k++) {
		uint32_t const i = _by_old[k];
		if (_foreign[i] || !old_badge(i) || !_badges[i]) continue;

		bool const ascends =
			old_badge(i) == last_old ? _badges[i] == last_new : _badges[i] > last_new;
		if (!ascends) return false;
		last_old = old_badge(i);
		last_new = _badges[i];
	}
	return true;
}

}
