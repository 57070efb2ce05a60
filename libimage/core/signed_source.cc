#include "signed_source.h"

namespace Capimg
{

/* the last bytes of the file: a signature, if there is one */
static Result<Const_bytes> read_end(Source &file, Bytes buffer)
{
	uint64_t const size = min<uint64_t>(file.size(), buffer.size());
	Bytes const end(buffer.base(), size_t(size));
	if (Status const status = file.read(file.size() - size, end)) return status;
	return Const_bytes(end);
}

Bytes Signed_source::_block_bytes(unsigned level, size_t size) const
{
	return Bytes(_work.base() + level * Signature_tree::BLOCK_SIZE, size);
}

Bytes Signed_source::_piece_bytes(size_t size) const
{
	return Bytes(_work.base() + TREE_SIZE, size);
}

void Signed_source::_forget()
{
	for (uint64_t &block : _block) block = NONE;
	_piece = NONE;
}

Status Signed_source::open(Trusted_key const &check, Trust_policy const &policy)
{
	_opened = false;
	_forget();

	uint8_t bytes[Signature::SIZE];
	uint64_t const file_size = _file.size();
	Result<Const_bytes> const end = read_end(_file, Bytes(bytes, sizeof(bytes)));
	if (end.failed()) return end.error();

	Result<Signature> const signature = Signature::authenticate(*end, file_size, check, policy);
	if (signature.failed()) return signature.error();

	if (_work.size() < work_size(signature->piece_log2))
		return { Code::NO_SPACE, file_size, "work", _work.size(),
				 work_size(signature->piece_log2) };

	_signature = *signature;
	_tree = Signature_tree(_signature.image_size, _signature.piece_log2);
	_opened = true;
	return ok;
}

bool Signed_source::_digest_is(Const_bytes bytes, uint8_t const *expected)
{
	uint8_t digest[Signature::DIGEST_SIZE];
	_hash.update(bytes);
	_hash.finish(digest);
	return equal_memory(digest, expected, sizeof(digest));
}

/*
 * Block 'n' of a level is checked against the level above, which is loaded first, down from the
 * one block that the root covers.
 */
Status Signed_source::_load_block(unsigned level, uint64_t n)
{
	unsigned top = level;
	for (uint64_t at = n; top < _tree.levels() && _block[top] != at; top++)
		at /= Signature_tree::BLOCK_DIGESTS;

	while (top > level) {
		top--;
		uint64_t at = n;
		for (unsigned l = level; l < top; l++) at /= Signature_tree::BLOCK_DIGESTS;

		size_t const size = _tree.block_size(top, at);
		uint64_t const offset = _signature.image_size + _tree.block_offset(top, at);
		Bytes const bytes = _block_bytes(top, size);

		_block[top] = NONE;
		if (Status const status = _file.read(offset, bytes)) return status;

		uint8_t const *const expected =
			top + 1 == _tree.levels()
				? _signature.root
				: _block_bytes(top + 1, 0).base() +
					  (at % Signature_tree::BLOCK_DIGESTS) * Signature_tree::DIGEST_SIZE;
		if (!_digest_is(bytes, expected))
			return { Code::TAMPERED, offset, "signature.tree", top, 0 };
		_block[top] = at;
	}
	return ok;
}

Status Signed_source::_check_piece(uint64_t n, Const_bytes bytes)
{
	uint64_t const block = n / Signature_tree::BLOCK_DIGESTS;
	if (Status const status = _load_block(0, block)) return status;

	uint8_t const *const expected =
		_block_bytes(0, 0).base() +
		(n % Signature_tree::BLOCK_DIGESTS) * Signature_tree::DIGEST_SIZE;
	if (!_digest_is(bytes, expected))
		return { Code::TAMPERED, _tree.piece_offset(n), "signature.piece", n, 0 };
	return ok;
}

Status Signed_source::read(uint64_t offset, Bytes dst)
{
	if (!_opened) return { Code::BAD_STATE, offset, "Signed_source::read", 0, 0 };
	if (!within(offset, dst.size(), _signature.image_size))
		return { Code::TRUNCATED, offset, "source", dst.size(), _signature.image_size };

	for (size_t done = 0; done < dst.size();) {
		uint64_t const at = offset + done, n = _tree.piece_of(at);
		size_t const size = _tree.piece_size(n), skip = size_t(at - _tree.piece_offset(n));
		size_t const part = min(size - skip, dst.size() - done);
		uint8_t *const out = dst.base() + done;

		/* a whole piece is checked where it is wanted */
		bool const whole = part == size;
		if (whole || n != _piece) {
			Bytes const piece = whole ? Bytes(out, size) : _piece_bytes(size);
			if (!whole) _piece = NONE;
			if (Status const status = _file.read(_tree.piece_offset(n), piece)) return status;
			if (Status const status = _check_piece(n, piece)) return status;
			if (!whole) _piece = n;
		}
		if (!whole) copy_memory(out, _piece_bytes(size).base() + skip, part);
		done += part;
	}
	return ok;
}

Status Bare_source::open()
{
	_size = _file.size();

	uint8_t bytes[Signature::SIZE];
	Result<Const_bytes> const end = read_end(_file, Bytes(bytes, sizeof(bytes)));
	if (end.failed()) return end.error();

	Result<Signature> const signature = Signature::decode(*end, _size);
	if (!signature.failed()) _size = signature->image_size;
	if (signature.failed() && signature.error().code != Code::NOT_SIGNED) return signature.error();
	return ok;
}

Status Bare_source::read(uint64_t offset, Bytes dst)
{
	if (!within(offset, dst.size(), _size))
		return { Code::TRUNCATED, offset, "source", dst.size(), _size };
	return _file.read(offset, dst);
}

}
