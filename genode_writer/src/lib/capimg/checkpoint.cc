#include "capimg/checkpoint.h"

#include "capimg/component_manifest.h"

namespace Capimg::Engine
{

Status Checkpoint::_check(Parents const &previous) const
{
	if (_taken) return { Code::BAD_STATE, 0, "Checkpoint" };
	if (_block_size < Limit::MIN_BLOCK_SIZE || _block_size > Limit::MAX_BLOCK_SIZE ||
		(_block_size & (_block_size - 1)))
		return { Code::BAD_ARGUMENT, 0, "blockSize", _block_size, Limit::MAX_BLOCK_SIZE };
	if (size_t const need = work_size(_block_size); _work.size() < need)
		return { Code::NO_SPACE, 0, "work", _work.size(), need };
	if (previous.count() && previous.parent->head().profile.block_size != _block_size)
		return { Code::UNSUPPORTED, 0, "blockSize", previous.parent->head().profile.block_size,
				 _block_size };
	return ok;
}

Result<Checkpoint::Sizes> Checkpoint::measure(Parents const &previous)
{
	if (Status const status = _check(previous)) return status;

	Memory const &memory = _origin.memory();
	if (Status const status = _place.locate(_origin, memory, _work)) return status;

	size_t const used = max<size_t>(_place.found() ? Cap_reader::work_size(_place.map()) : 0,
									Limit::MIN_SCAN_BUFFER);
	Badge_table table(Bytes(_work.base() + used, _work.size() - used));
	Component_manifest manifest(_origin, memory, _place, _pools, Bytes(_work.base(), used));

	Status status = manifest.collect(table);
	if (status.code == Code::NO_SPACE) status = manifest.bound();
	if (status) return status;

	Wire::Builder builder;
	uint64_t held = 0;
	if (Status const s = manifest.state(builder, Bytes(), _block_size, previous)) return s;
	if (Status const s = manifest.rest(held)) return s;
	if (Status const s = builder.status()) return s;

	return Sizes { builder.used() + manifest.table_size(),
				   Writer::directory_size(manifest.blocks(), manifest.dataspaces()) };
}

/* 'again': a pool was being changed, which showed only when the component ran again */
Status Checkpoint::_attempt(Parents const &previous, Bytes memory, bool &captured, bool &again)
{
	Status status = _point.reach(_effort.attempts);
	if (!status) {
		status = _origin.capture(previous.count() != 0);
		captured = !status;
	}
	if (status) {
		_origin.resume();
		return status;
	}

	Badge_table table(memory);
	Component_manifest manifest(_origin, _origin.captured(), _place, _pools, _work);
	status = manifest.collect(table);
	if (!status) manifest.forget_unnamed();

	Bytes const message(memory.base(), memory.size() - table.size());
	Wire::Builder builder(message);
	if (!status) status = manifest.state(builder, message, _block_size, previous);
	_machine = _origin.description().machine;
	_origin.resume();

	if (!status) status = builder.status();
	if (status) return status;

	uint64_t held = 0;
	status = manifest.rest(held);
	again = held != 0;
	if (status) return status;

	Result<Const_bytes> const complete = builder.finish();
	if (complete.failed()) return complete.error();
	_message = *complete;
	return ok;
}

Status Checkpoint::take(Parents const &previous, Bytes manifest)
{
	if (Status const status = _check(previous)) return status;
	if (previous.count() && _has_kept && !(previous.parent->trailer().state == _kept))
		return { Code::WRONG_PARENT, 0, "previous" };

	_effort = {};
	for (;;) {
		bool captured = false, again = false;
		Status const status = _attempt(previous, manifest, captured, again);
		if (!status) {
			_taken = true;
			_parents = previous;
			return ok;
		}
		if (captured) _origin.done(false);
		if (!again || _effort.attempts >= MAX_ATTEMPTS) return status;
	}
}

void Checkpoint::drop()
{
	if (!_taken) return;
	_taken = false;
	_origin.done(false);
}

Status Checkpoint::write(Writer &writer)
{
	if (!_taken) return { Code::BAD_STATE, 0, "Checkpoint" };

	Status const status = _write(writer);
	_effort.blocks = writer.blocks();
	_taken = false;
	_origin.done(!status);
	if (!status) {
		_has_kept = true;
		_kept = writer.digest();
	}
	return status;
}

}
