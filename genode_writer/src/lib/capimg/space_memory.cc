#include "capimg/space_memory.h"

#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

static uint32_t address_space(Metadata::Manifest::Reader const &manifest, uint32_t pd)
{
	auto const objects = manifest.objects();
	uint32_t const i = find_object(objects, pd);
	bool const found =
		i < objects.size() && objects[i].which() == Metadata::Object::Which::PD_SESSION;
	return found ? objects[i].pd_session().address_space() : 0;
}

static Status check_regions(Metadata::Manifest::Reader const &manifest, uint32_t root)
{
	Region_walk walk(manifest, root, 0, ~uint64_t(0));
	for (;;) {
		Result<Address_piece> const piece = walk.next();
		if (!piece.failed()) continue;
		if (piece.error().code == Code::NOT_FOUND) return ok;
		return piece.error();
	}
}

Space_memory::Space_memory(Metadata::Manifest::Reader const &manifest, uint32_t pd,
						   Contents &contents)
	: _manifest(manifest),
	  _root(address_space(manifest, pd)),
	  _contents(contents),
	  _status(check_regions(manifest, _root))
{}

Result<Address_piece> Space_memory::piece_from(uint64_t address) const
{
	if (_status) return _status;
	return Region_walk(_manifest, _root, address, ~uint64_t(0)).next();
}

/* the piece at 'address', at most 'size' bytes of it */
Result<Address_piece> Space_memory::_at(uint64_t address, uint64_t size) const
{
	Error const absent { Code::ABSENT, address, "memory", 0, 0 };

	Address_piece const *piece = nullptr;
	for (Address_piece const &recent : _recent)
		if (address - recent.address < recent.size) piece = &recent;

	if (!piece) {
		if (_status) return _status;

		Result<Address_piece> const found = Region_walk(_manifest, _root, address, address).next();
		if (found.failed()) return found.error().code == Code::NOT_FOUND ? absent : found.error();
		_recent[_oldest] = *found;
		piece = &_recent[_oldest];
		_oldest = (_oldest + 1) % RECENT;
	}
	uint64_t const before = address - piece->address;
	return Address_piece { address, min(size, piece->size - before), piece->dataspace,
						   piece->offset + before };
}

Status Space_memory::_note(Status const &status) const
{
	if (status && status.code != Code::ABSENT && !_failure) _failure = status;
	return status;
}

/* 'fn' has the piece and the number of bytes before it */
template <typename FN>
Status Space_memory::_for_pieces(uint64_t address, size_t size, FN const &fn) const
{
	/* no byte stands behind the last address */
	if (size && size - 1 > ~address) return { Code::ABSENT, address, "memory", size, 0 };

	for (size_t done = 0; done < size;) {
		Result<Address_piece> const piece = _at(address + done, size - done);
		if (piece.failed()) return piece.error();

		Status const status = fn(*piece, done);
		if (status.code == Code::ABSENT)
			return { Code::ABSENT, piece->address + (status.offset - piece->offset), "memory", 0,
					 0 };
		if (status) return _note(status);
		done += size_t(piece->size);
	}
	return ok;
}

Status Space_memory::read(uint64_t addr, Bytes dst) const
{
	return _for_pieces(addr, dst.size(), [&](Address_piece const &piece, size_t done) {
		Bytes const part(dst.base() + done, size_t(piece.size));
		return _contents.read(piece.dataspace, piece.offset, part);
	});
}

Status Space_memory::write(uint64_t addr, Const_bytes src)
{
	return _for_pieces(addr, src.size(), [&](Address_piece const &piece, size_t done) {
		Const_bytes const part(src.base() + done, size_t(piece.size));
		return _contents.write(piece.dataspace, piece.offset, part);
	});
}

Result<Extent> Space_memory::extent_from(uint64_t addr) const
{
	if (_status) return _status;

	Region_walk walk(_manifest, _root, addr, ~uint64_t(0));
	for (;;) {
		Result<Address_piece> const piece = walk.next();
		if (piece.failed()) return piece.error();

		Result<Extent> const known =
			_contents.known(piece->dataspace, piece->offset, piece->offset + piece->size);
		if (!known.failed())
			return Extent { piece->address + (known->addr - piece->offset), known->size };
		if (known.error().code != Code::NOT_FOUND) return _note(known.error());
	}
}

Const_bytes Space_memory::peek(uint64_t addr, size_t size) const
{
	Result<Address_piece> const piece = _at(addr, size);
	if (piece.failed()) return {};
	return _contents.peek(piece->dataspace, piece->offset, size_t(piece->size));
}

}
