#include <capimg/sha256.h>
#include <capimg_host/snapshot.h>

namespace Capimg::Host
{

Snapshot::~Snapshot()
{
	while (Copy *const copy = _copies.first()) _free(*copy);
}

void Snapshot::_free(Copy &copy)
{
	_copies.remove(&copy);
	destroy(_alloc, &copy);
}

Snapshot::Copy *Snapshot::_find(uint32_t id) const
{
	for (Copy *node = _copies.first(); node;) {
		if (node->id == id) return node;
		node = node->child(id > node->id);
	}
	return nullptr;
}

Snapshot::Copy &Snapshot::_copy_for(uint32_t id, uint64_t size)
{
	Copy *copy = _find(id);
	if (!copy) {
		copy = new (_alloc) Copy(id, size);
		_copies.insert(copy);
	}
	if (!copy->bytes.constructed()) copy->bytes.construct(_ram, _rm, Genode::size_t(size));
	return *copy;
}

Status Snapshot::prepare(Hosted_objects const &objects)
{
	Mutex::Guard guard(objects.mutex);
	objects.for_each([&](Hosted_object &object) {
		if (uint64_t const size = object.stored_size()) (void)_copy_for(object.id(), size);
	});
	return ok;
}

Status Snapshot::capture(Hosted_objects const &objects, Hosted_region_map const &address_space)
{
	Mutex::Guard guard(objects.mutex);
	Status status = ok;

	_copies.for_each([&](Copy const &copy) { const_cast<Copy &>(copy).seen = false; });
	objects.for_each([&](Hosted_object &object) {
		uint64_t const size = object.stored_size();
		if (!size || status) return;
		uint8_t const *const live = static_cast<Hosted_dataspace &>(object).local();
		if (!live) {
			status = { Code::NO_QUOTA, 0, "dataspace", object.id() };
			return;
		}
		Copy &copy = _copy_for(object.id(), size);
		copy_memory(copy.bytes->local_addr<void>(), live, Capimg::size_t(size));
		copy.seen = true;
	});
	if (status) return status;
	_captured = true;
	_memory.take(address_space, objects, *this);
	return ok;
}

void Snapshot::done(bool keep)
{
	if (!_captured) return;
	_captured = false;
	_memory.clear();

	for (;;) {
		Copy *gone = nullptr;
		_copies.for_each([&](Copy const &c) {
			if (!c.seen && !gone) gone = const_cast<Copy *>(&c);
		});
		if (!gone) break;
		_free(*gone);
	}
	_copies.for_each([&](Copy const &c) {
		Copy &copy = const_cast<Copy &>(c);
		if (keep && keep_digests) {
			if (!copy.kept.constructed())
				copy.kept.construct(_ram, _rm, Genode::size_t(copy.pages() * sizeof(Digest)));
			Digest *const digests = copy.kept->local_addr<Digest>();
			for (uint64_t i = 0; i < copy.pages(); i++) digests[i] = _digest(copy, i);
		}
		copy.bytes.destruct();
	});
}

Const_bytes Snapshot::_page(Copy const &copy, uint64_t page) const
{
	uint64_t const offset = page * PAGE;
	return { const_cast<Attached_ram_dataspace &>(*copy.bytes).local_addr<uint8_t>() + offset,
			 Capimg::size_t(min<uint64_t>(PAGE, copy.size - offset)) };
}

Snapshot::Digest Snapshot::_digest(Copy const &copy, uint64_t page) const
{
	Digest result {};
	Engine::Plain_sha256 hash {};
	hash.update(_page(copy, page));
	hash.finish(result.bytes);
	return result;
}

Result<Engine::Captured_run> Snapshot::run(uint32_t id, uint64_t offset)
{
	Copy const *const copy = _find(id);
	if (!copy || !copy->bytes.constructed() || offset >= copy->size)
		return Capimg::Error { Code::VANISHED, offset, "captured", id };
	uint8_t const *const bytes =
		const_cast<Attached_ram_dataspace &>(*copy->bytes).local_addr<uint8_t>();
	uint64_t const size = copy->size - offset;
	return Engine::Captured_run { Engine::Captured_run::BYTES, size,
								  Const_bytes(bytes + offset, Capimg::size_t(size)) };
}

Result<Extent> Snapshot::changed(uint32_t id, uint64_t offset)
{
	Copy const *const copy = _find(id);
	if (!copy || !copy->bytes.constructed() || offset >= copy->size)
		return Capimg::Error { Code::NOT_FOUND, offset, "changed", id };
	if (!copy->kept.constructed()) return Extent { offset, copy->size - offset };

	Digest const *const kept =
		const_cast<Attached_ram_dataspace &>(*copy->kept).local_addr<Digest>();
	auto const differs = [&](uint64_t page) { return !(_digest(*copy, page) == kept[page]); };

	for (uint64_t page = offset / PAGE; page < copy->pages(); page++) {
		if (!differs(page)) continue;
		uint64_t const from = max<uint64_t>(offset, page * PAGE);
		uint64_t const to = min<uint64_t>(copy->size, (page + 1) * PAGE);
		return Extent { from, to - from };
	}
	return Capimg::Error { Code::NOT_FOUND, offset, "changed", id };
}

uint64_t Snapshot::used() const
{
	uint64_t sum = 0;
	_copies.for_each([&](Copy const &copy) {
		if (copy.bytes.constructed()) sum += copy.size;
		if (copy.kept.constructed()) sum += copy.pages() * sizeof(Digest);
	});
	return sum;
}

uint8_t const *Snapshot::bytes(Hosted_dataspace &ds) const
{
	if (!ds.ram()) return nullptr;
	Copy const *const copy = _find(ds.id());
	return copy && copy->bytes.constructed()
			   ? const_cast<Attached_ram_dataspace &>(*copy->bytes).local_addr<uint8_t>()
			   : nullptr;
}

}
