/*
 * Reading an image
 *
 * Opening checks head, trailer, section table, directory and manifest, and costs nothing
 * that grows with memory contents. Chunks and blocks are checked when they are first used.
 * All functions but the constructor and moves may be called from several threads at once.
 * Everything throws 'Image_error'; spans stay valid as long as the image.
 */

#ifndef CAPIMG__IMAGE_H
#define CAPIMG__IMAGE_H

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/block.h"
#include "core/generated/image.h"
#include "core/head.h"
#include "core/section.h"
#include "core/signature.h"
#include "core/storage.h"
#include "core/trailer.h"
#include "image.capnp.h"
#include "mapped_file.h"
#include "reading_limits.h"

namespace Capimg
{

/* blocks of one stored dataspace */
struct Storage_range
{
	std::uint32_t object = 0; /* id */
	std::uint64_t first_block = 0;
	std::uint64_t size = 0; /* bytes of the dataspace */
};

class Image
{
	struct State;
	std::unique_ptr<State> _state;

  public:
	/* as 'open_image_file' (locked_image.h) does it */
	explicit Image(std::string const &path, Reading_limits const & = {});
	explicit Image(Mapped_file, Reading_limits const & = {});
	Image(Image &&) noexcept;
	Image &operator=(Image &&) noexcept;
	~Image();

	std::string const &path() const;

	/* the file without its signature, if it has one */
	Mapped_file const &file() const;
	Reading_limits const &limits() const;

	/* what the signature behind the image says, unchecked: image_signature.h checks it */
	std::optional<Signature> const &signature() const;

	Head const &head() const;
	Trailer const &trailer() const;
	std::uint32_t block_size() const { return head().profile.block_size; }

	/* all sections, in the order of the file */
	std::vector<Section> const &sections() const;

	/* bytes of section 'i' of 'sections()', checked on first use */
	std::span<std::byte const> section_bytes(std::size_t i) const;

	/* framed message that core's checks have accepted */
	std::span<std::byte const> manifest_bytes() const;
	Schema::Manifest::Reader manifest() const;

	/* the same through core's accessors, whose tables know names, references and formats */
	Metadata::Manifest::Reader core_manifest() const;

	/* false if the image has none */
	bool has_provenance() const;
	Schema::Provenance::Reader provenance() const;

	/* totals of a stored dataspace, in the order of first blocks */
	std::vector<Storage> const &storage() const;

	/* the stored dataspaces, in the same order */
	std::vector<Storage_range> const &ranges() const;

	/* ---- objects ---- */

	/* nothing if there is no object of this id */
	std::optional<Schema::Object::Reader> object(std::uint32_t id) const;

	/* ---- blocks ---- */

	std::uint64_t blocks() const { return trailer().block_count; }

	/* bytes of block 'n' as decoded; short for the last block of a dataspace */
	std::uint32_t size_of_block(std::uint64_t n) const;

	/* entry of block 'n'; loads and checks its chunk on first use */
	Block block(std::uint64_t n) const;

	/*
	 * Entries of consecutive blocks from 'first' on, which are of one chunk and one dataspace
	 *
	 * The same as 'block' for each of them, and several times faster.
	 */
	void blocks(std::uint64_t first, std::span<Block> out) const;

	Directory const &directory() const;

	/* bytes of the chunk, checked on first use; empty for a uniform chunk */
	std::span<std::byte const> chunk_bytes(std::uint64_t chunk) const;

	/*
	 * Decoded bytes of block 'n', checked
	 *
	 * Raw blocks are returned where they are mapped; others are decoded to 'buffer', which
	 * then needs the bytes of the block. An absent block is ABSENT. A parent is needed for
	 * inherited blocks: 'set_parent'.
	 */
	std::span<std::byte const> read_block(std::uint64_t n, std::span<std::byte> buffer) const;

	/* the same for who has the block's entry and size */
	std::span<std::byte const> read_block(std::uint64_t n, Block const &entry, std::uint32_t size,
										  std::span<std::byte> buffer) const;

	/*
	 * Image that inherited blocks come from
	 *
	 * Throws WRONG_PARENT if it is not the one that the manifest names. Not thread-safe.
	 */
	void set_parent(std::shared_ptr<Image const>);

	/* null if there is none */
	Image const *parent() const;
};

}

#endif /* CAPIMG__IMAGE_H */
