/*
 * A signed image, of which no byte is handed out that was not signed
 *
 * Stands between a file and a loader that was given a key. 'open' checks the signature; each
 * 'read' checks the pieces that it touches, again when it reads them a second time, in the
 * memory that the caller gave. The file may change at any time: what changed is TAMPERED. There is
 * no 'view' of it for the same reason. Not to be shared between threads.
 */

#ifndef CAPIMG__CORE__SIGNED_SOURCE_H
#define CAPIMG__CORE__SIGNED_SOURCE_H

#include "signature.h"
#include "signature_tree.h"
#include "source.h"
#include "state.h"

namespace Capimg
{

class Signed_source final : public Source
{
  public:
	/* one block of digests for each level of the tree, and one piece */
	static constexpr size_t TREE_SIZE = Signature_tree::MAX_LEVELS * Signature_tree::BLOCK_SIZE;
	static constexpr size_t work_size(uint8_t piece_log2)
	{
		return TREE_SIZE + (size_t(1) << piece_log2);
	}

	/* for pieces of the size that capimg writes */
	static constexpr size_t WORK_SIZE = TREE_SIZE + (size_t(1) << Signature::PIECE_LOG2);

  private:
	static constexpr uint64_t NONE = ~uint64_t(0);

	Source &_file;
	Sha256 &_hash;
	Bytes const _work;

	Signature _signature {};
	Signature_tree _tree {};
	bool _opened = false;
	uint64_t _block[Signature_tree::MAX_LEVELS] {}; /* held of each level, or NONE */
	uint64_t _piece = NONE;                         /* held */

	Bytes _block_bytes(unsigned level, size_t size) const;
	Bytes _piece_bytes(size_t size) const;
	void _forget();
	bool _digest_is(Const_bytes, uint8_t const *expected);
	Status _load_block(unsigned level, uint64_t n);
	Status _check_piece(uint64_t n, Const_bytes);

  public:
	/* 'hash' is fresh; 'work' holds 'work_size' bytes for what 'open' finds; all outlive this */
	Signed_source(Source &file, Sha256 &hash, Bytes work) : _file(file), _hash(hash), _work(work) {}

	/* check the signature; errors as 'Signature::authenticate', those of the file, NO_SPACE */
	Status open(Trusted_key const &, Trust_policy const &);

	/* 'open' succeeded */
	bool opened() const { return _opened; }
	Signature const &signature() const { return _signature; }
	uint64_t file_size() const { return _file.size(); }

	/* of the image alone; 0 unless opened */
	uint64_t size() const override { return _opened ? _signature.image_size : 0; }

	/* TAMPERED with the offset of the piece, or of the block of digests; BAD_STATE unless opened
	 */
	Status read(uint64_t offset, Bytes dst) override;
};

/*
 * The image of a file, signed or not, for who has no key
 *
 * Nothing is checked: the signature is left out.
 */
class Bare_source final : public Source
{
	Source &_file;
	uint64_t _size = 0;

  public:
	explicit Bare_source(Source &file) : _file(file) {}

	/* errors of the file, and of 'Signature::decode' but NOT_SIGNED */
	Status open();

	uint64_t size() const override { return _size; }
	Status read(uint64_t offset, Bytes dst) override;

	Const_bytes view(uint64_t offset, size_t size) override
	{
		return within(offset, size, _size) ? _file.view(offset, size) : Const_bytes();
	}
};

}

#endif /* CAPIMG__CORE__SIGNED_SOURCE_H */
