/* Phases in which memory is filled and patched */

#include "capimg/loader.h"
#include "capimg/memory_check.h"
#include "capimg/space_memory.h"
#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

using namespace Metadata;

/* 'size' bytes of the target, all of one block */
static Result<Bytes> block_of(Result<Bytes> const &window, size_t size)
{
	if (window.failed()) return window;
	if (window->size() < size) return Error { Code::IO, 0, "window", window->size(), size };
	return Bytes(window->base(), size);
}

Status Loader::_fill(uint32_t i)
{
	Object::Reader const object = _object(i);
	Result<Block_range> const range = _chain.newest().range_of(object.id());
	if (range.failed()) return range.error();

	/* what fits into caches will be looked at there */
	static constexpr uint64_t STREAMED_FROM = 4 * 1024 * 1024;
	Copy const copy = range->size < STREAMED_FROM ? Copy::CACHED : Copy::STREAMED;

	Status const status = _fill(object.id(), *range, copy);
	finish_streamed();
	return status;
}

Status Loader::_fill(uint32_t id, Block_range const &range, Copy copy)
{
	uint64_t offset = 0;
	for (uint64_t n = range.first; offset < range.size; n++) {
		Result<Block_place> const place = _chain.find(n);
		if (place.failed()) return place.error();

		/* a new dataspace is all zero; so is what was redacted, if that is allowed */
		Block const &block = place->block;
		bool const blank = block.kind == Block_kind::ABSENT &&
						   block.absence == Block_absence::REDACTED && _policy.allow_redacted;
		if (block.kind != Block_kind::ZERO && !blank) {
			Result<Bytes> const to = block_of(_target.window(id, offset, place->size), place->size);
			if (to.failed()) return to.error();
			if (Status const s = _chain.read(n, *place, *to, copy)) return s;
		}
		offset += place->size;
	}
	return ok;
}

namespace
{

/* a region may reach up to the end of a dataspace's last page, where the image has nothing */
class Target_contents final : public Contents
{
	Target &_target;
	Wire::Struct_list_reader<Object::Reader> const _objects;

	/* the target's last window, which is valid as nothing else is called meanwhile */
	static constexpr uint64_t WINDOW = 64 * 1024;
	uint32_t _id = 0;
	uint64_t _total = 0, _at = 0;
	Bytes _window {};

	/* bytes at 'offset', at most up to the end of its window; none at the dataspace's end */
	Result<Bytes> _bytes(uint32_t id, uint64_t offset, size_t size)
	{
		if (id != _id) {
			_window = {};
			_id = id;
			_total = _objects[find_object(_objects, id)].dataspace().size();
		}
		if (offset >= _total) return Bytes();
		if (offset - _at >= _window.size()) {
			_at = offset & ~(WINDOW - 1);
			size_t const wanted = size_t(min(WINDOW, _total - _at));
			_window = {};
			Result<Bytes> const window = _target.window(id, _at, wanted);
			if (window.failed()) return window;
			if (window->size() < wanted)
				return Error { Code::IO, _at, "window", window->size(), wanted };
			_window = Bytes(window->base(), wanted);
		}
		size_t const before = size_t(offset - _at);
		return Bytes(_window.base() + before, min(size, _window.size() - before));
	}

	/* call 'fn(window, done)' for windows that make up the range; the rest is left out */
	template <typename FN>
	Status _for_each(uint32_t id, uint64_t offset, size_t size, FN const &fn)
	{
		for (size_t done = 0; done < size;) {
			Result<Bytes> const window = _bytes(id, offset + done, size - done);
			if (window.failed()) return window.error();
			if (!window->size()) break;
			fn(*window, done);
			done += window->size();
		}
		return ok;
	}

  public:
	Target_contents(Target &target, Manifest::Reader const &manifest)
		: _target(target), _objects(manifest.objects())
	{}

	Status read(uint32_t dataspace, uint64_t offset, Bytes dst) override
	{
		dst.zero();
		return _for_each(dataspace, offset, dst.size(), [&](Bytes window, size_t done) {
			copy_memory(dst.base() + done, window.base(), window.size());
		});
	}

	Const_bytes peek(uint32_t dataspace, uint64_t offset, size_t size) override
	{
		/* errors are told by 'read' */
		if (dataspace != _id || offset - _at >= _window.size()) return {};
		size_t const before = size_t(offset - _at);
		return Const_bytes(_window.base() + before, min(size, _window.size() - before));
	}

	Status write(uint32_t dataspace, uint64_t offset, Const_bytes src) override
	{
		size_t written = 0;
		Status const s = _for_each(dataspace, offset, src.size(), [&](Bytes window, size_t done) {
			copy_memory(window.base(), src.base() + done, window.size());
			written = done + window.size();
		});
		if (s) return s;
		return written == src.size() ? ok : Status { Code::ABSENT, offset + written, "memory" };
	}
};

}

static Error inconsistent(First_difference const &difference)
{
	return { Code::INCONSISTENT, difference.first.address, "memory", difference.first.memory,
			 difference.first.manifest };
}

/* memory of the one capability space that there is, if any */
Status Loader::_patch_space(Badge_rewrite &rewrite)
{
	if (!_manifest.capability_spaces().size()) return ok;

	Target_contents contents(_target, _manifest);
	Space_memory memory(_manifest, _id(_plan.roles().pd()), contents);
	First_difference difference;
	struct Silent final : Reseat_sink
	{
	} silent;

	Status const status = rewrite.memory(0, memory, difference, silent);
	if (Status const s = memory.failure()) return s;
	return difference.any ? inconsistent(difference) : status;
}

/* what was just written is looked up as the component will: a wrong badge is the worst outcome */
Status Loader::_prove()
{
	if (!_manifest.capability_spaces().size()) return ok;

	Target_contents contents(_target, _manifest);
	Space_memory const memory(_manifest, _id(_plan.roles().pd()), contents);
	First_difference difference;
	Badge_comparison comparison(_manifest, 0, memory, _rewrite_work, difference, true);
	Status const status = comparison.run();
	if (Status const s = memory.failure()) return s;
	return difference.any ? inconsistent(difference) : status;
}

Status Loader::_patch(uint32_t)
{
	Badge_rewrite rewrite(_manifest, *_badges, _rewrite_work);
	if (Status const s = _patch_space(rewrite)) return s;

	_patched = true;
	Status status = rewrite.message(_chain.newest().message());
	if (!status) status = _prove();
	if (status) _unpatch(0);
	return status;
}

/* the message becomes what it was; the target's memory goes with its dataspaces */
void Loader::_unpatch(uint32_t)
{
	if (!_patched) return;
	_patched = false;

	/* 'restore' has no more use for its assignment */
	Badge_assignment badges(_manifest, _assignment_work);
	if (badges.open()) return;
	for (uint32_t i = 0; i < badges.count(); i++) badges.set(i, _old[i]);
	(void)Badge_rewrite(_manifest, badges, _rewrite_work).message(_chain.newest().message());
}

}
