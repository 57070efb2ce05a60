#include "image_content.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

using Kind = Content::Extent::Kind;

Image_content::Image_content(Image const &image, std::uint32_t dataspace_id, Profile const &output,
							 Options options)
	: _image(image),
	  _output(output),
	  _options(options),
	  _zero_digest(image.block_size()),
	  _block_size(image.block_size())
{
	auto const object = image.object(dataspace_id);
	if (!object || !object->isDataspace() || !object->getDataspace().getStored())
		throw Image_error({ image.path(),
							Code::DANGLING,
							{},
							"dataspace " + std::to_string(dataspace_id),
							"there is no stored dataspace of this id",
							{} });

	auto const dataspace = object->getDataspace();
	_first = dataspace.getFirstBlock();
	_size = dataspace.getSize();
	if (_same_blocks()) return;

	for (auto const range : dataspace.getAbsent()) {
		if (range.getReason() > Schema::AbsentReason::REDACTED)
			throw Image_error({ image.path(),
								Code::UNSUPPORTED,
								{},
								"AbsentRange.reason",
								"a newer version's reason of absence has no place in the index",
								"keep the block size" });
		_absent.push_back(range);
	}
}

std::uint32_t Image_content::_size_of(std::uint64_t n) const
{
	std::uint64_t const offset = (n - _first) * _block_size;
	return std::uint32_t(std::min<std::uint64_t>(_block_size, _size - offset));
}

/* the output would store a block of this kind with the same bytes */
bool Image_content::_same_form(Image const &image, Block_kind kind) const
{
	Profile const &theirs = image.head().profile;
	if (theirs.block_size != _output.block_size || theirs.codec != _output.codec) return false;
	if (_output.codec == Codec_id::RAW) return kind == Block_kind::RAW;

	return theirs.level == _output.level && theirs.codec_version == _output.codec_version &&
		   (kind == Block_kind::RAW || kind == block_kind(_output.codec));
}

static Image_error wrong_parent(Image const &parent, std::uint64_t block, char const *message)
{
	return Image_error({ parent.path(),
						 Code::WRONG_PARENT,
						 {},
						 "block " + std::to_string(block),
						 message,
						 "the image is not made for this parent, or one of them is damaged" });
}

/* from an inherited block to the one of an ancestor that has its bytes */
void Image_content::_follow_parents(Source &source, std::uint32_t size) const
{
	std::uint64_t expected = source.block.digest; /* 0: not known */

	while (source.block.kind == Block_kind::INHERITED) {
		Image const *const parent = source.image->parent();
		std::uint64_t const n = source.block.where;

		if (!parent)
			throw Image_error({ source.image->path(),
								Code::NO_PARENT,
								{},
								"block " + std::to_string(source.number),
								error_text(Code::NO_PARENT),
								{} });
		if (n >= parent->blocks() || parent->size_of_block(n) != size)
			throw wrong_parent(*parent, n, "there is no inherited block of this size");

		source = { parent->block(n), parent, n };
		Block &block = source.block;

		if (block.kind == Block_kind::ABSENT)
			throw wrong_parent(*parent, n, "the inherited block is absent");
		if (block.kind == Block_kind::ZERO) block.digest = _zero_digest.of(size);
		if (expected && block.digest && block.digest != expected)
			throw wrong_parent(*parent, n, "the inherited block has another digest");
		if (block.digest) expected = block.digest;
	}
}

/* from a repeated block to the one that has its bytes */
void Image_content::_follow_same(Source &source, std::uint32_t size) const
{
	Image const &image = *source.image;
	std::uint64_t const n = source.block.where;
	Block const original = image.block(n);

	bool const fits = Capimg::stored(original.kind) && image.size_of_block(n) == size &&
					  original.digest == source.block.digest;
	if (!fits)
		throw Image_error({ image.path(),
							Code::INVALID,
							{},
							"block.sameAs",
							"block " + std::to_string(source.number) + " names block " +
								std::to_string(n) + ", which is not stored or not the same",
							{} });
	source.block = original;
	source.number = n;
}

Image_content::Source Image_content::_source(std::uint64_t n, Block const &block) const
{
	Source source { block, &_image, n };
	std::uint32_t const size = _size_of(n);

	if (block.kind == Block_kind::INHERITED && _options.whole) _follow_parents(source, size);
	if (source.block.kind == Block_kind::SAME_AS) _follow_same(source, size);

	switch (source.block.kind) {
	case Block_kind::ZERO: source.kind = Kind::ZERO; break;
	case Block_kind::ABSENT: source.kind = Kind::ABSENT; break;
	case Block_kind::INHERITED: source.kind = Kind::INHERITED; break;
	default:
		/* a block of zeros that another writer stored is looked at, and then is one of zeros */
		source.kind = _same_form(*source.image, source.block.kind) &&
							  source.block.digest != _zero_digest.of(size)
						  ? Kind::STORED
						  : Kind::BYTES;
	}
	return source;
}

Image_content::Source const &Image_content::_at(std::uint64_t n)
{
	if (n - _loaded < _sources.size()) return _sources[n - _loaded];

	std::uint64_t const chunk = n / Limit::CHUNK_BLOCKS * Limit::CHUNK_BLOCKS;
	std::uint64_t const end = std::min(chunk + Limit::CHUNK_BLOCKS, _first + _blocks());
	_sources.clear();
	_loaded = std::max(chunk, _first);
	_entries.resize(end - _loaded);
	_image.blocks(_loaded, _entries);

	Patched_blocks const *const patched = _options.patched;
	std::uint64_t next = patched ? patched->next(_loaded) : Patched_blocks::NONE;

	_sources.reserve(_entries.size());
	for (std::uint64_t i = _loaded; i < end; i++) {
		if (i == next) {
			_sources.push_back({ {}, nullptr, i, Kind::BYTES });
			next = patched->next(i + 1);
		} else {
			_sources.push_back(_source(i, _entries[i - _loaded]));
		}
	}
	return _sources[n - _loaded];
}

/* chunks that are not stored, as far as they are alike */
std::optional<Content::Extent> Image_content::_uniform_run(std::uint64_t n) const
{
	Directory const &directory = _image.directory();
	std::uint64_t chunk = n / Limit::CHUNK_BLOCKS;
	Chunk const first = directory.chunk(chunk);
	bool const resolved = first.uniform == Block_kind::INHERITED && _options.whole;
	if (first.stored() || resolved) return {};

	std::uint64_t const patched =
		_options.patched ? _options.patched->next(n) : Patched_blocks::NONE;
	std::uint64_t const limit = std::min(_first + _blocks(), patched);
	if (limit == n) return {};

	std::uint64_t end = n;
	for (; end < limit; end = chunk * Limit::CHUNK_BLOCKS) {
		Chunk const next = directory.chunk(chunk);
		if (next.uniform != first.uniform || next.absence != first.absence) break;
		chunk++;
	}
	std::uint64_t const size = (std::min(end, limit) - n) * _block_size;

	switch (first.uniform) {
	case Block_kind::ZERO: return Extent { Kind::ZERO, size };
	case Block_kind::ABSENT: return Extent { Kind::ABSENT, size, Absent_reason(first.absence) };
	default: return Extent { Kind::INHERITED, size };
	}
}

/* loaded blocks that are alike */
Content::Extent Image_content::_run(std::uint64_t n)
{
	Source const &first = _at(n);
	std::size_t const start = n - _loaded;
	std::size_t end = start + 1;
	while (end < _sources.size() && _sources[end].kind == first.kind &&
		   _sources[end].block.absence == first.block.absence)
		end++;

	return { first.kind, (end - start) * _block_size, Absent_reason(first.block.absence) };
}

/* where the manifest says that a part of a block is absent, it is */
Content::Extent Image_content::_without_absent_parts(std::uint64_t offset, Extent extent) const
{
	auto const part = std::ranges::upper_bound(
		_absent, offset, {}, [](auto const &range) { return range.getOffset() + range.getSize(); });
	if (part == _absent.end()) return extent;
	if (part->getOffset() > offset) {
		extent.size = std::min(extent.size, part->getOffset() - offset);
		return extent;
	}
	return { Kind::ABSENT, part->getOffset() + part->getSize() - offset,
			 Absent_reason(part->getReason()) };
}

Content::Extent Image_content::extent(std::uint64_t offset)
{
	std::uint64_t const n = _number(offset);
	std::optional<Extent> const uniform = _uniform_run(n);
	Extent extent = uniform ? *uniform : _run(n);
	extent.size = std::min(extent.size - offset % _block_size, _size - offset);
	if (_same_blocks()) return extent;

	if (extent.kind == Kind::INHERITED)
		throw Image_error({ _image.path(),
							Code::UNSUPPORTED,
							{},
							"block size",
							"inherited blocks cannot change their size",
							"make the image whole first: 'capimg squash'" });
	return _without_absent_parts(offset, extent);
}

/* decoded bytes of a block, in 'buffer' or where they are already */
std::span<std::byte const> Image_content::_read(std::uint64_t n, std::span<std::byte> buffer)
{
	Source const &source = _at(n);
	if (source.image) return source.image->read_block(source.number, buffer);

	std::span<std::byte const> const bytes = _options.patched->find(n);
	if (bytes.size() != _size_of(n))
		throw Image_error({ _image.path(),
							Code::BAD_ARGUMENT,
							{},
							"block " + std::to_string(n),
							"the new bytes have another size than the block",
							{} });
	return bytes;
}

void Image_content::read(std::uint64_t offset, std::span<std::byte> out)
{
	while (!out.empty()) {
		std::uint64_t const n = _number(offset);
		std::uint32_t const in_block = std::uint32_t(offset % _block_size);
		std::uint32_t const block = _size_of(n);
		std::size_t const size = std::min<std::size_t>(block - in_block, out.size());

		if (size == block) {
			std::span<std::byte> const to = out.first(size);
			std::span<std::byte const> const bytes = _read(n, to);
			if (bytes.data() != to.data()) std::ranges::copy(bytes, to.begin());
		} else {
			if (_decoded_number != n) {
				_decoded_number = ~std::uint64_t(0);
				_buffer.resize(_block_size);
				_decoded = _read(n, _buffer);
				_decoded_number = n;
			}
			std::ranges::copy(_decoded.subspan(in_block, size), out.begin());
		}
		out = out.subspan(size);
		offset += size;
	}
}

/* nothing if the parents at hand do not know it */
std::optional<std::uint64_t> Image_content::_digest_in_parents(std::uint64_t where,
															   std::uint32_t size) const
{
	for (Image const *parent = _image.parent(); parent; parent = parent->parent()) {
		if (where >= parent->blocks() || parent->size_of_block(where) != size)
			throw wrong_parent(*parent, where, "there is no inherited block of this size");

		Block const block = parent->block(where);
		if (block.kind == Block_kind::ZERO) return _zero_digest.of(size);
		if (block.kind == Block_kind::ABSENT)
			throw wrong_parent(*parent, where, "the inherited block is absent");
		bool const known = block.kind != Block_kind::INHERITED ||
						   parent->directory().chunk(where / Limit::CHUNK_BLOCKS).stored();
		if (known) return block.digest;
		where = block.where;
	}
	return {};
}

Content::Inherited Image_content::inherited(std::uint64_t offset)
{
	std::uint64_t const n = _number(offset);
	std::uint64_t const number = n / Limit::CHUNK_BLOCKS;
	Chunk const chunk = _image.directory().chunk(number);

	if (chunk.stored()) {
		Block const &block = _at(n).block;
		return { block.where, block.digest, {} };
	}
	std::uint64_t const where =
		Directory::uniform_block(chunk, std::uint32_t(n % Limit::CHUNK_BLOCKS)).where;
	if (auto const digest = _digest_in_parents(where, _size_of(n))) return { where, *digest, {} };

	return { where, 0,
			 Inherited::Chunk { n, blocks_in_chunk(number, _image.blocks()),
								chunk.content_digest } };
}

Content::Stored_block Image_content::stored(std::uint64_t offset)
{
	Source const &source = _at(_number(offset));
	return { source.block, &source.image->file() };
}

}
