#include "image.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include "compression.h"
#include "core/checksum.h"
#include "core/manifest_check.h"
#include "image_error.h"
#include "manifest.h"

namespace Capimg
{

static std::span<std::byte const> as_span(Const_bytes bytes)
{
	return { reinterpret_cast<std::byte const *>(bytes.base()), bytes.size() };
}

static constexpr char const *DAMAGED_HINT = "see 'capimg verify' for what else is damaged";

/* what was checked of one chunk: the chunk itself, and each of its blocks */
struct Chunk_state
{
	std::atomic<bool> checked { false };
	std::atomic<std::atomic<std::uint64_t> *> blocks { nullptr };

	~Chunk_state() { delete[] blocks.load(); }

	/* one bit for each block, made when the first one is checked */
	std::atomic<std::uint64_t> &word(std::uint32_t block)
	{
		std::atomic<std::uint64_t> *words = blocks.load(std::memory_order_acquire);
		if (!words) {
			auto fresh = std::make_unique<std::atomic<std::uint64_t>[]>(Limit::CHUNK_BLOCKS / 64);
			if (blocks.compare_exchange_strong(words, fresh.get(), std::memory_order_acq_rel))
				words = fresh.release();
		}
		return words[block / 64];
	}
};

struct Image::State
{
	Mapped_file file;
	Head head {};
	Trailer trailer {};
	Section_table table {};
	std::vector<Section> sections {};
	std::unique_ptr<std::atomic<bool>[]> section_checked {};
	Directory directory {};
	std::vector<Storage> storage {};
	std::optional<Message<Schema::Manifest>> manifest {};
	std::optional<Message<Schema::Provenance>> provenance {};
	std::unique_ptr<Chunk_state[]> chunks {};
	std::vector<Storage_range> ranges {};
	std::shared_ptr<Image const> parent {};

	explicit State(Mapped_file f) : file(std::move(f)) { _open(); }

	[[noreturn]] void fail(Error const &error, std::uint64_t base = 0, std::string hint = {}) const
	{
		throw Image_error::from(error, file.path(), base, std::move(hint));
	}

	template <typename T>
	T value(Result<T> result, std::string const &hint = {}) const
	{
		if (result.failed()) fail(result.error(), 0, hint);
		return result.value();
	}

	/* bytes of the file in core's terms; the range was checked before */
	Const_bytes at(std::uint64_t offset, std::uint64_t size, char const *field) const
	{
		return value(file.core_bytes().slice(offset, size, field));
	}

	void check_section(std::size_t i) const
	{
		if (section_checked[i].load(std::memory_order_acquire)) return;

		Section const &s = sections[i];
		if (checksum(at(s.offset, s.size, "section")) != s.digest)
			fail({ Code::DAMAGED, s.offset, "section.digest", std::uint64_t(s.kind) }, 0,
				 DAMAGED_HINT);
		section_checked[i].store(true, std::memory_order_release);
	}

	Const_bytes section(Section_kind kind, bool &found) const
	{
		for (std::size_t i = 0; i < sections.size(); i++) {
			if (sections[i].kind != kind) continue;
			check_section(i);
			found = true;
			return at(sections[i].offset, sections[i].size, "section");
		}
		found = false;
		return {};
	}

	Const_bytes section(Section_kind kind) const
	{
		bool found = false;
		return section(kind, found);
	}

	Section const &entry(Section_kind kind) const
	{
		for (Section const &s : sections)
			if (s.kind == kind) return s;
		fail({ Code::NOT_FOUND, trailer.table_offset, "section", std::uint64_t(kind) });
	}

	void _open();
	void _open_ends();
	void _open_storage();

	Storage_range const &range_of(std::uint64_t block) const;
};

void Image::State::_open_ends()
{
	Const_bytes const all = file.core_bytes();

	head = value(Head::decode(all), "is this a capimg image, of a version that this tool knows?");

	std::size_t const tail = std::min(all.size(), Trailer::SIZE);
	trailer = value(Trailer::decode(Const_bytes(all.base() + all.size() - tail, tail), all.size()),
					"was the file cut short, or is its writer still at work?");

	if (checksum(Const_bytes(all.base(), Head::SIZE)) != trailer.head_digest)
		fail({ Code::DAMAGED, 0, "trailer.headDigest" }, 0,
			 "head and trailer are not of the same image");

	Const_bytes const bytes = at(trailer.table_offset, trailer.table_size(), "section table");
	if (checksum(bytes) != trailer.table_digest)
		fail({ Code::DAMAGED, trailer.table_offset, "trailer.tableDigest" });

	table = value(Section_table::open(bytes, trailer.table_offset, trailer.data_end));
	for (std::uint32_t i = 0; i < table.count(); i++) sections.push_back(table.section(i));
	section_checked = std::make_unique<std::atomic<bool>[]>(sections.size());
}

void Image::State::_open_storage()
{
	Section const &section_entry = entry(Section_kind::STORAGE);
	Const_bytes const bytes = section(Section_kind::STORAGE);

	if (bytes.size() % Storage::ENTRY_SIZE)
		fail({ Code::INVALID, section_entry.offset, "storage section size", bytes.size() });

	for (std::size_t i = 0; i < bytes.size(); i += Storage::ENTRY_SIZE)
		storage.push_back(Storage::decode(bytes, i));

	/* one row for each stored dataspace, in the order of their blocks */
	std::size_t row = 0;
	for (auto const object : manifest->root().getObjects()) {
		if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
		auto const dataspace = object.getDataspace();

		if (row >= storage.size() || storage[row].object != object.getId())
			fail({ Code::INVALID, section_entry.offset + row * Storage::ENTRY_SIZE,
				   "storage.object", object.getId() });
		ranges.push_back({ object.getId(), dataspace.getFirstBlock(), dataspace.getSize() });
		row++;
	}
	if (row != storage.size())
		fail({ Code::INVALID, section_entry.offset, "storage section size", bytes.size() });
}

void Image::State::_open()
{
	_open_ends();

	Section const &directory_entry = entry(Section_kind::DIRECTORY);
	directory = value(Directory::open(section(Section_kind::DIRECTORY), directory_entry.offset,
									  trailer.block_count, trailer.data_end));
	chunks = std::make_unique<Chunk_state[]>(directory.chunks());

	Section const &manifest_entry = entry(Section_kind::MANIFEST);
	Const_bytes const manifest_bytes = section(Section_kind::MANIFEST);
	Manifest_context const context { head.profile.block_size, head.machine.page_size,
									 trailer.block_count };
	if (Status const status = check_manifest(manifest_bytes, context).error())
		fail(status, manifest_entry.offset);
	manifest.emplace(as_span(manifest_bytes));

	bool has_provenance = false;
	Const_bytes const provenance_bytes = section(Section_kind::PROVENANCE, has_provenance);
	if (has_provenance) {
		auto const root = Wire::open<Metadata::Provenance>(provenance_bytes, MESSAGE_LIMITS);
		if (root.failed()) fail(root.error(), entry(Section_kind::PROVENANCE).offset);
		provenance.emplace(as_span(provenance_bytes));
	}

	_open_storage();
}

Storage_range const &Image::State::range_of(std::uint64_t block) const
{
	/* the last range that starts at or before the block; there is one for every block */
	auto const next = std::upper_bound(
		ranges.begin(), ranges.end(), block,
		[](std::uint64_t b, Storage_range const &range) { return b < range.first_block; });
	if (next == ranges.begin())
		fail({ Code::BAD_ARGUMENT, 0, "block", block, trailer.block_count });
	return *std::prev(next);
}

Image::Image(std::string const &path) : Image(Mapped_file(path)) {}
Image::Image(Mapped_file file) : _state(std::make_unique<State>(std::move(file))) {}
Image::Image(Image &&) noexcept = default;
Image &Image::operator=(Image &&) noexcept = default;
Image::~Image() = default;

std::string const &Image::path() const { return _state->file.path(); }
Mapped_file const &Image::file() const { return _state->file; }
Head const &Image::head() const { return _state->head; }
Trailer const &Image::trailer() const { return _state->trailer; }
std::vector<Section> const &Image::sections() const { return _state->sections; }
std::vector<Storage> const &Image::storage() const { return _state->storage; }
std::vector<Storage_range> const &Image::ranges() const { return _state->ranges; }
Directory const &Image::directory() const { return _state->directory; }

std::span<std::byte const> Image::section_bytes(std::size_t i) const
{
	if (i >= _state->sections.size())
		_state->fail({ Code::BAD_ARGUMENT, 0, "section", i, _state->sections.size() });
	_state->check_section(i);
	Section const &s = _state->sections[i];
	return as_span(_state->at(s.offset, s.size, "section"));
}

std::span<std::byte const> Image::manifest_bytes() const
{
	return as_span(_state->section(Section_kind::MANIFEST));
}

Schema::Manifest::Reader Image::manifest() const { return _state->manifest->root(); }

Metadata::Manifest::Reader Image::core_manifest() const
{
	auto const segment = Wire::open_segment(_state->section(Section_kind::MANIFEST));
	return Metadata::Manifest::Reader(Wire::root(*segment));
}

bool Image::has_provenance() const { return _state->provenance.has_value(); }

Schema::Provenance::Reader Image::provenance() const
{
	return has_provenance() ? _state->provenance->root() : Schema::Provenance::Reader();
}

std::optional<Schema::Object::Reader> Image::object(std::uint32_t id) const
{
	auto const objects = manifest().getObjects();
	unsigned low = 0, high = objects.size();
	while (low < high) {
		unsigned const middle = low + (high - low) / 2;
		if (objects[middle].getId() < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == objects.size() || objects[low].getId() != id) return {};
	return objects[low];
}

std::uint32_t Image::size_of_block(std::uint64_t n) const
{
	Storage_range const &range = _state->range_of(n);
	std::uint64_t const offset = (n - range.first_block) * block_size();
	if (n >= blocks() || offset >= range.size)
		_state->fail({ Code::BAD_ARGUMENT, 0, "block", n, blocks() });
	return std::uint32_t(std::min<std::uint64_t>(block_size(), range.size - offset));
}

std::span<std::byte const> Image::chunk_bytes(std::uint64_t i) const
{
	Chunk const chunk = directory().chunk(i);
	if (!chunk.stored()) return {};

	Const_bytes const bytes = _state->at(
		chunk.offset, std::uint64_t(blocks_in_chunk(i, blocks())) * Block::ENTRY_SIZE, "chunk");

	std::atomic<bool> &checked = _state->chunks[i].checked;
	if (!checked.load(std::memory_order_acquire)) {
		if (checksum(bytes) != chunk.digest)
			_state->fail({ Code::DAMAGED, chunk.offset, "chunk.digest" }, 0, DAMAGED_HINT);
		checked.store(true, std::memory_order_release);
	}
	return as_span(bytes);
}

Block Image::block(std::uint64_t n) const
{
	std::uint32_t const size = size_of_block(n);
	std::uint64_t const i = n / Limit::CHUNK_BLOCKS;
	std::uint32_t const in_chunk = std::uint32_t(n % Limit::CHUNK_BLOCKS);

	Chunk const chunk = directory().chunk(i);
	if (!chunk.stored()) return Directory::uniform_block(chunk, in_chunk);

	std::span<std::byte const> const bytes = chunk_bytes(i);
	Result<Block> const block = Block::decode(
		{ bytes.data(), bytes.size() }, in_chunk * Block::ENTRY_SIZE, n, size, trailer().data_end);
	if (block.failed()) _state->fail(block.error(), chunk.offset);
	return *block;
}

void Image::blocks(std::uint64_t first, std::span<Block> out) const
{
	if (out.empty()) return;

	Storage_range const &range = _state->range_of(first);
	std::uint64_t const i = first / Limit::CHUNK_BLOCKS;
	std::uint32_t const in_chunk = std::uint32_t(first % Limit::CHUNK_BLOCKS);
	std::uint64_t const last = first + out.size() - 1;

	if (last >= blocks() || last / Limit::CHUNK_BLOCKS != i ||
		(last - range.first_block) * block_size() >= range.size)
		_state->fail({ Code::BAD_ARGUMENT, 0, "Image::blocks", last, blocks() });

	Chunk const chunk = directory().chunk(i);
	std::span<std::byte const> const bytes = chunk_bytes(i);

	for (std::uint32_t k = 0; k < out.size(); k++) {
		if (!chunk.stored()) {
			out[k] = Directory::uniform_block(chunk, in_chunk + k);
			continue;
		}
		std::uint64_t const offset = (first + k - range.first_block) * block_size();
		std::uint64_t const size = std::min<std::uint64_t>(block_size(), range.size - offset);
		Result<Block> const block =
			Block::decode({ bytes.data(), bytes.size() }, (in_chunk + k) * Block::ENTRY_SIZE,
						  first + k, std::uint32_t(size), trailer().data_end);
		if (block.failed()) _state->fail(block.error(), chunk.offset);
		out[k] = *block;
	}
}

namespace
{

/* what core asks for while it decodes a block */
class Image_block_source final : public Block_source
{
	Image const &_image;
	Image const *_parent;

  public:
	Image_block_source(Image const &image, Image const *parent) : _image(image), _parent(parent) {}

	Result<Const_bytes> stored_bytes(Block const &block) override
	{
		return _image.file().core_bytes().slice(block.where, block.stored_size, "block.offset");
	}

	Result<Block> block(Capimg::uint64_t number) override { return _image.block(number); }

	Status parent_block(Capimg::uint64_t number, Bytes out) override
	{
		if (!_parent) return { Code::NO_PARENT, 0, "block.parentBlock", number };
		if (number >= _parent->blocks() || _parent->size_of_block(number) != out.size())
			return { Code::WRONG_PARENT, 0, "block.parentBlock", number, _parent->blocks() };

		std::span<std::byte> const buffer(reinterpret_cast<std::byte *>(out.base()), out.size());
		std::span<std::byte const> const bytes = _parent->read_block(number, buffer);
		if (bytes.data() != buffer.data()) out.copy_from(0, { bytes.data(), bytes.size() });
		return ok;
	}
};

}

std::span<std::byte const> Image::read_block(std::uint64_t n, std::span<std::byte> buffer) const
{
	Block const entry = block(n);
	std::uint32_t const size = size_of_block(n);
	if (buffer.size() < size)
		_state->fail({ Code::NO_SPACE, 0, "Image::read_block", buffer.size(), size });

	/* a raw block that was checked once is used where it is mapped */
	std::uint64_t const bit = std::uint64_t(1) << (n % 64);
	bool const raw = entry.kind == Block_kind::RAW;
	if (raw) {
		Const_bytes const bytes = _state->at(entry.where, entry.stored_size, "block.offset");
		auto &word = _state->chunks[n / Limit::CHUNK_BLOCKS].word(n % Limit::CHUNK_BLOCKS);
		if (!(word.load(std::memory_order_acquire) & bit)) {
			if (checksum(bytes) != entry.stored_digest)
				_state->fail({ Code::DAMAGED, entry.where, "block.storedDigest" }, 0, DAMAGED_HINT);
			word.fetch_or(bit, std::memory_order_acq_rel);
		}
		return as_span(bytes);
	}

	/* contexts of decompressors are expensive, and not to be shared by threads */
	thread_local Host_codec codec;
	Image_block_source source(*this, _state->parent.get());
	Status const status = decode_block(entry, source, &codec, Bytes(buffer.data(), size));
	if (status) {
		bool const no_parent = status.code == Code::NO_PARENT;
		bool const damaged = status.code == Code::DAMAGED;
		_state->fail(status, 0,
					 damaged     ? DAMAGED_HINT
					 : no_parent ? "give it with '--parent'"
								 : "");
	}
	return buffer.first(size);
}

void Image::set_parent(std::shared_ptr<Image const> parent)
{
	auto const wanted = manifest().getParent().getStateDigest();
	State_digest const &given = parent->trailer().state;

	if (wanted.size() != State_digest::SIZE ||
		!equal_memory(wanted.begin(), given.bytes, State_digest::SIZE))
		throw Image_error({ parent->path(),
							Code::WRONG_PARENT,
							{},
							"Parent.stateDigest",
							error_text(Code::WRONG_PARENT),
							"the child is " + path() });

	/* state digests are what the files say: two hostile ones may name each other */
	for (Image const *image = parent.get(); image; image = image->parent())
		if (image->_state == _state)
			throw Image_error({ parent->path(),
								Code::CYCLE,
								{},
								"Parent.stateDigest",
								"the image would be an ancestor of itself",
								{} });
	_state->parent = std::move(parent);
}

Image const *Image::parent() const { return _state->parent.get(); }

}
