#include "capimg/checkpoint.h"

namespace Capimg::Engine
{

Status Checkpoint::_write(Writer &writer)
{
	Head const &head = writer.head();
	if (head.profile.block_size != _block_size)
		return { Code::BAD_ARGUMENT, 0, "blockSize", head.profile.block_size, _block_size };
	if (head.machine != _machine) return { Code::BAD_ARGUMENT, 0, "machine" };

	if (Status const status = writer.manifest(_message)) return status;
	if (Status const status = writer.begin_blocks(_parents)) return status;

	auto const objects = writer.description().objects();
	for (uint32_t i = 0; i < objects.size(); i++) {
		Metadata::Object::Reader const object = objects[i];
		if (object.which() != Metadata::Object::Which::DATASPACE || !object.dataspace().stored())
			continue;
		if (Status const status = _dataspace(writer, object.id(), object.dataspace().size()))
			return status;
	}
	return writer.seal();
}

/* the parent has the same dataspace; 'first' is the number of its first block there */
bool Checkpoint::_inherited(uint32_t id, uint64_t size, uint64_t &first) const
{
	if (!_parents.count()) return false;

	auto const objects = _parents.parent->manifest().objects();
	uint32_t const i = find_object(objects, id);
	if (i == objects.size() || objects[i].which() != Metadata::Object::Which::DATASPACE)
		return false;

	Metadata::Dataspace::Reader const dataspace = objects[i].dataspace();
	first = dataspace.first_block();
	return dataspace.stored() && dataspace.size() == size;
}

/* blocks with what may have changed from 'offset' on, a block's begin; at 'size' if nothing has */
Result<Extent> Checkpoint::_changed(uint32_t id, uint64_t size, uint64_t offset)
{
	Result<Extent> const changed = _origin.changed(id, offset);
	if (changed.failed() && changed.error().code != Code::NOT_FOUND) return changed;
	if (changed.failed() || changed->addr >= size) return Extent { size, 0 };

	uint64_t const mask = _block_size - 1;
	uint64_t const last = min(changed->last(), size - 1);
	if (!changed->size || last < offset)
		return Error { Code::BAD_ARGUMENT, offset, "changed", changed->addr, changed->size };

	uint64_t const from = max(changed->addr, offset) & ~mask;
	return Extent { from, min(last - from + (_block_size - (last & mask)), size - from) };
}

Status Checkpoint::_dataspace(Writer &writer, uint32_t id, uint64_t size)
{
	uint64_t first = 0;
	if (!_inherited(id, size, first)) return _content(writer, id, size, { 0, size });

	unsigned const shift = unsigned(__builtin_ctz(_block_size));
	for (uint64_t offset = 0; offset < size;) {
		Result<Extent> const changed = _changed(id, size, offset);
		if (changed.failed()) return changed.error();

		/* only the last block is short */
		uint64_t const same = changed->addr - offset;
		uint64_t const blocks = (same >> shift) + ((same & (_block_size - 1)) != 0);
		if (Status const status = writer.inherit(first + (offset >> shift), blocks)) return status;
		if (Status const status = _content(writer, id, size, *changed)) return status;
		offset = changed->addr + changed->size;
	}
	return ok;
}

/* what was captured at 'offset', not beyond 'end' */
Result<Captured_run> Checkpoint::_run(uint32_t id, uint64_t offset, uint64_t end)
{
	Result<Captured_run> run = _origin.captured(id, offset);
	if (run.failed()) return run;

	Captured_run &r = run.value();
	if (!r.size || (r.kind == Captured_run::BYTES && r.bytes.size() < r.size))
		return Error { Code::BAD_ARGUMENT, offset, "captured", r.size, r.bytes.size() };
	r.size = min(r.size, end - offset);
	return run;
}

/* blocks of one kind; all but the last are whole ones */
Status Checkpoint::_whole(Writer &writer, Captured_run const &run, uint64_t size)
{
	unsigned const shift = unsigned(__builtin_ctz(_block_size));
	uint64_t const blocks = (size >> shift) + ((size & (_block_size - 1)) != 0);

	if (run.kind == Captured_run::ZERO) return writer.zero(blocks);
	if (run.kind == Captured_run::ABSENT) return writer.absent(blocks, Block_absence(run.reason));

	for (uint64_t at = 0; at < size; at += _block_size) {
		Const_bytes const bytes(run.bytes.base() + at,
								size_t(min<uint64_t>(_block_size, size - at)));
		if (Status const status = writer.block(bytes)) return status;
		_effort.read_blocks++;
	}
	return ok;
}

/* one block of several runs: what is absent of it reads as zero */
Status Checkpoint::_mixed(Writer &writer, uint32_t id, uint64_t from, uint32_t size)
{
	Bytes const block(_work.base(), size);
	uint32_t absent = 0;
	bool one_reason = true;
	Metadata::Absent_reason reason = Metadata::Absent_reason::NONE;

	for (uint32_t at = 0; at < size;) {
		Result<Captured_run> const run = _run(id, from + at, from + size);
		if (run.failed()) return run.error();
		uint32_t const part = uint32_t(run->size);

		if (run->kind == Captured_run::BYTES)
			block.copy_from(at, Const_bytes(run->bytes.base(), part));
		else
			Bytes(block.base() + at, part).zero();

		if (run->kind == Captured_run::ABSENT) {
			one_reason = one_reason && (!absent || reason == run->reason);
			reason = run->reason;
			absent += part;
		}
		at += part;
	}
	_effort.read_blocks++;

	/* absent in several pieces for one reason: the block itself can say that */
	if (absent == size && one_reason) return writer.absent(1, Block_absence(reason));
	return writer.block(block);
}

Status Checkpoint::_content(Writer &writer, uint32_t id, uint64_t size, Extent const &extent)
{
	uint64_t const end = extent.addr + extent.size;
	for (uint64_t offset = extent.addr; offset < end;) {
		Result<Captured_run> const run = _run(id, offset, end);
		if (run.failed()) return run.error();

		/* a short block only as the last one */
		bool const to_end = offset + run->size == size;
		uint64_t const whole = to_end ? run->size : run->size & ~uint64_t(_block_size - 1);
		if (whole) {
			if (Status const status = _whole(writer, *run, whole)) return status;
			offset += whole;
			continue;
		}
		uint32_t const block = uint32_t(min<uint64_t>(_block_size, size - offset));
		if (Status const status = _mixed(writer, id, offset, block)) return status;
		offset += block;
	}
	return ok;
}

}
