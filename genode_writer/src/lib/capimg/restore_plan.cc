#include "capimg/restore_plan.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;
using Objects = Wire::Struct_list_reader<Object::Reader>;

/* phases of the scope OBJECT that an object of this description is in, a bit for each */
static uint32_t phases_by_kind(Objects const &objects, Object::Reader const &object)
{
	static_assert(PHASE_COUNT <= 32);

	uint32_t phases = 0;
	for (unsigned i = 0; i < PHASE_COUNT; i++) {
		Phase_row const &row = phase_row(Phase(i));
		if (row.scope == Phase_scope::OBJECT && row.has(objects, object)) phases |= 1u << i;
	}
	return phases;
}

/* the compiler's own function for this is one of a library */
static unsigned bits(uint32_t word)
{
	unsigned count = 0;
	for (; word; word &= word - 1) count++;
	return count;
}

/* steps at most: each thread is server of one call in service */
static size_t most_steps(Manifest::Reader const &manifest)
{
	auto const objects = manifest.objects();
	size_t steps = 2 + manifest.capability_spaces().size();
	for (uint32_t i = 0; i < objects.size(); i++)
		steps +=
			1 + bits(phases_by_kind(objects, objects[i])) + (objects[i].which() == Which::THREAD);
	return steps;
}

size_t Restore_plan::work_size(Manifest::Reader const &manifest)
{
	return Restore_roles::work_size(manifest) + Restore_calls::work_size(manifest) +
		   Code_spans::work_size(manifest) +
		   2 * Arena::size_of<uint32_t>(manifest.objects().size()) +
		   Arena::size_of<uint32_t>(most_steps(manifest));
}

uint32_t Restore_plan::_phases_of(uint32_t i) const
{
	Objects const objects = _manifest.objects();
	uint32_t phases = phases_by_kind(objects, objects[i]);
	if (_calls.involved(i)) phases &= ~(1u << unsigned(Phase::RELEASE));
	return phases | 1u << unsigned(_roles[i].phase);
}

/* fill '_begin' */
void Restore_plan::_count(uint32_t const *order, uint32_t made)
{
	uint32_t counts[PHASE_COUNT] {};
	for (uint32_t k = 0; k < made; k++) {
		uint32_t const phases = _phases_of(order[k]);
		for (unsigned p = 0; p < PHASE_COUNT; p++) counts[p] += phases >> p & 1;
	}
	for (unsigned p = 0; p < PHASE_COUNT; p++) {
		Phase_scope const scope = phase_row(Phase(p)).scope;
		if (scope == Phase_scope::ONCE) counts[p] = 1;
		if (scope == Phase_scope::SPACE) counts[p] = _manifest.capability_spaces().size();
		if (scope == Phase_scope::CALLS) counts[p] = _calls.count();
		_begin[p + 1] = _begin[p] + counts[p];
	}
}

void Restore_plan::_place(uint32_t const *order, uint32_t made)
{
	uint32_t end[PHASE_COUNT];
	for (unsigned p = 0; p < PHASE_COUNT; p++) end[p] = _begin[p];

	for (uint32_t k = 0; k < made; k++) {
		uint32_t const phases = _phases_of(order[k]);
		for (unsigned p = 0; p < PHASE_COUNT; p++)
			if (phases >> p & 1) _steps[end[p]++] = order[k];
	}
	for (unsigned p = 0; p < PHASE_COUNT; p++) {
		bool const calls = phase_row(Phase(p)).scope == Phase_scope::CALLS;
		for (uint32_t k = 0; end[p] < _begin[p + 1]; k++)
			_steps[end[p]++] = calls ? _calls.server(k) : k;
	}
}

Status Restore_plan::open()
{
	if (Status const s = _roles.open(_arena)) return s;
	if (Status const s = _unsafe_code.open(_manifest, _arena)) return s;

	uint32_t const count = _roles.count();
	uint32_t *const owners = _arena.take<uint32_t>(count);
	uint32_t *const order = _arena.take<uint32_t>(count);
	if (!owners || !order) return _arena.no_space();

	uint32_t const owner_count = _roles.order(owners, order);

	/* threads stand together, as they are made in one phase */
	uint32_t first = 0, threads = 0;
	for (uint32_t k = 0; k < owner_count; k++) {
		if (_manifest.objects()[owners[k]].which() != Which::THREAD) continue;
		if (!threads++) first = k;
	}
	if (Status const s = _calls.open(_arena, owners + first, threads)) return s;

	/* companions come behind the object that they come with, and so do those of companions */
	uint32_t made = 0;
	for (uint32_t k = 0; k < owner_count; k++) {
		order[made++] = owners[k];
		for (uint32_t i = _roles.first_companion(owners[k]); i != Restore_role::NONE;
			 i = _roles.next_companion(i))
		{
			order[made++] = i;
			for (uint32_t j = _roles.first_companion(i); j != Restore_role::NONE;
				 j = _roles.next_companion(j))
				order[made++] = j;
		}
	}

	_begin[0] = 0;
	_count(order, made);
	_steps = _arena.take<uint32_t>(_begin[PHASE_COUNT]);
	if (!_steps) return _arena.no_space();
	_place(order, made);
	return ok;
}

Step Restore_plan::step(uint32_t n) const
{
	unsigned p = 0;
	while (p + 1 < PHASE_COUNT && n >= _begin[p + 1]) p++;
	return { Phase(p), n < steps() ? _steps[n] : 0 };
}

}
