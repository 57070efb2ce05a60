#include "image_parts.h"

#include <algorithm>

#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/state.h"
#include "libimage/core/storage.h"
#include "libimage/core/trailer.h"
#include "libimage/core/wire_check.h"
#include "libimage/manifest.h"
#include "libimage/sha256.h"
#include "reseal.h"

#include <capnp/message.h>

namespace Capimg::Test
{

/* offsets as docs/FORMAT.md gives them */
static constexpr std::size_t BLOCK_SIZE_AT = 40, TABLE_AT = 16, BLOCKS_AT = 40, DATA_END_AT = 48,
							 STATE_AT = 56;
static constexpr std::size_t KIND_AT = 0, STORED_SIZE_AT = 4, WHERE_AT = 8, STORED_DIGEST_AT = 16,
							 DIGEST_AT = 24;
static constexpr std::size_t OFFSET_AT = 8, CONTENT_AT = 24;

static Const_bytes core_bytes(std::span<std::byte const> bytes)
{
	return { bytes.data(), bytes.size() };
}

static void pad(std::vector<std::byte> &bytes, std::size_t alignment)
{
	bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

std::optional<Image_parts> Image_parts::open(std::span<std::byte const> image)
{
	if (image.size() < Head::SIZE + Trailer::SIZE) return {};

	std::size_t const trailer = image.size() - Trailer::SIZE;
	std::uint64_t const table = get(image, trailer + TABLE_AT, 8);
	std::uint64_t const data_end = get(image, trailer + DATA_END_AT, 8);
	if (table > trailer || data_end < Head::SIZE || data_end > trailer) return {};

	Image_parts parts;
	parts.front.assign(image.begin(), image.begin() + std::ptrdiff_t(data_end));
	parts.blocks = get(image, trailer + BLOCKS_AT, 8);
	parts.state.assign(image.begin() + std::ptrdiff_t(trailer + STATE_AT),
					   image.begin() + std::ptrdiff_t(trailer + STATE_AT + State_digest::SIZE));

	for (std::uint64_t at = table; at + Section::ENTRY_SIZE <= trailer; at += Section::ENTRY_SIZE) {
		std::uint64_t const offset = get(image, at + 8, 8), size = get(image, at + 16, 8);
		if (!within(offset, size, image.size())) return {};
		auto const bytes = image.subspan(offset, size);
		parts.sections.push_back({ std::uint32_t(get(image, at, 4)),
								   std::uint32_t(get(image, at + 4, 4)),
								   { bytes.begin(), bytes.end() } });
	}
	return parts;
}

Image_parts::Bytes_vector Image_parts::write() const
{
	Bytes_vector image = front;
	Bytes_vector table(sections.size() * Section::ENTRY_SIZE);

	for (std::size_t i = 0; i < sections.size(); i++) {
		pad(image, Section::ALIGN);
		std::size_t const at = i * Section::ENTRY_SIZE;
		put(table, at, 4, sections[i].kind);
		put(table, at + 4, 4, sections[i].flags);
		put(table, at + 8, 8, image.size());
		put(table, at + 16, 8, sections[i].bytes.size());
		image.insert(image.end(), sections[i].bytes.begin(), sections[i].bytes.end());
	}
	pad(image, Section::ALIGN);
	std::size_t const table_at = image.size();
	image.insert(image.end(), table.begin(), table.end());

	std::size_t const trailer = image.size();
	image.resize(trailer + Trailer::SIZE);
	static constexpr char MAGIC[] = "CAPIEND\n";
	for (std::size_t i = 0; i < 8; i++) put(image, trailer + i, 1, std::uint8_t(MAGIC[i]));
	put(image, trailer + 8, 8, image.size());
	put(image, trailer + TABLE_AT, 8, table_at);
	put(image, trailer + BLOCKS_AT, 8, blocks);
	put(image, trailer + DATA_END_AT, 8, front.size());
	std::copy(state.begin(), state.end(), image.begin() + std::ptrdiff_t(trailer + STATE_AT));
	reseal(image);
	return image;
}

Image_parts::Bytes_vector *Image_parts::section(Section_kind kind)
{
	for (Part &part : sections)
		if (part.kind == std::uint32_t(kind)) return &part.bytes;
	return nullptr;
}

std::vector<std::size_t> Image_parts::entries()
{
	std::vector<std::size_t> result;
	Bytes_vector const *const directory = section(Section_kind::DIRECTORY);
	if (!directory) return result;

	for (std::size_t i = 0; i < directory->size() / 32 && i < chunk_count(blocks); i++) {
		std::uint64_t const offset = get(*directory, i * 32 + OFFSET_AT, 8);
		std::uint64_t const size = std::uint64_t(blocks_in_chunk(i, blocks)) * 32;
		if (get(*directory, i * 32, 1) || !within(offset, size, front.size())) continue;
		for (std::uint64_t at = 0; at < size; at += 32) result.push_back(offset + at);
	}
	return result;
}

std::span<std::byte> Image_parts::stored(std::size_t entry)
{
	std::uint64_t const where = get(front, entry + WHERE_AT, 8);
	std::uint64_t const size = get(front, entry + STORED_SIZE_AT, 4);
	if (!Capimg::stored(Block_kind(get(front, entry + KIND_AT, 1)))) return {};
	if (where < Head::SIZE || !within(where, size, front.size())) return {};
	return std::span(front).subspan(where, size);
}

/* of the stored dataspaces, in the order of the manifest */
template <typename FN>
static void for_each_stored(std::span<std::byte const> message, FN const &fn)
{
	auto const root = Wire::open<Metadata::Manifest>(core_bytes(message), {});
	if (root.failed()) return;
	auto const objects = root->objects();
	for (std::uint32_t i = 0; i < objects.size(); i++) {
		auto const object = objects[i];
		if (object.which() == Metadata::Object::Which::DATASPACE && object.dataspace().stored())
			fn(object.id(), object.dataspace());
	}
}

static std::uint64_t blocks_of(std::uint64_t size, std::uint32_t block_size)
{
	return size / block_size + (size % block_size != 0);
}

std::vector<std::uint32_t> Image_parts::_sizes()
{
	std::vector<std::uint32_t> sizes;
	std::uint32_t const block = std::uint32_t(get(front, BLOCK_SIZE_AT, 4));
	if (Bytes_vector const *const manifest = section(Section_kind::MANIFEST); manifest && block)
		for_each_stored(*manifest, [&](std::uint32_t, auto const &dataspace) {
			std::uint64_t const size = dataspace.size(), count = blocks_of(size, block);
			for (std::uint64_t i = 0; i < count && sizes.size() < MOST_BLOCKS; i++)
				sizes.push_back(std::uint32_t(std::min<std::uint64_t>(block, size - i * block)));
		});
	return sizes;
}

void Image_parts::repair_blocks()
{
	Bytes_vector *const manifest = section(Section_kind::MANIFEST);
	Bytes_vector *const directory = section(Section_kind::DIRECTORY);
	Bytes_vector *const storage = section(Section_kind::STORAGE);
	std::uint32_t const block = std::uint32_t(get(front, BLOCK_SIZE_AT, 4));
	if (!manifest || !directory || !storage || !block) return;
	if (Wire::open<Metadata::Manifest>(core_bytes(*manifest), {}).failed()) return;

	/* first blocks, and no more blocks than a test can stand */
	capnp::MallocMessageBuilder message;
	message.setRoot(Message<Schema::Manifest>(*manifest).root());
	std::uint64_t next = 0;
	storage->clear();
	for (auto object : message.getRoot<Schema::Manifest>().getObjects()) {
		if (!object.isDataspace()) continue;
		auto dataspace = object.getDataspace();
		std::uint64_t const count = blocks_of(dataspace.getSize(), block);
		if (dataspace.getStored() && next + count > MOST_BLOCKS) dataspace.setStored(false);
		dataspace.setFirstBlock(dataspace.getStored() ? next : 0);
		if (!dataspace.getStored()) continue;
		next += count;
		storage->resize(storage->size() + Storage::ENTRY_SIZE);
		put(*storage, storage->size() - Storage::ENTRY_SIZE, 4, object.getId());
	}
	*manifest = encode_manifest(message.getRoot<Schema::Manifest>().asReader());

	/* the entries that there are, then zeros, in chunks behind everything else */
	if (next != blocks) {
		std::vector<std::size_t> const old = entries();
		Bytes_vector entry(32), fresh;
		put(entry, KIND_AT, 1, std::uint64_t(Block_kind::ZERO));
		directory->clear();
		pad(front, 8);
		for (std::uint64_t n = 0; n < next; n++) {
			if (n % Limit::CHUNK_BLOCKS == 0) {
				directory->resize(directory->size() + 32);
				put(*directory, directory->size() - 32 + OFFSET_AT, 8, front.size());
			}
			fresh = entry;
			if (n < old.size())
				std::copy_n(front.begin() + std::ptrdiff_t(old[n]), 32, fresh.begin());
			front.insert(front.end(), fresh.begin(), fresh.end());
		}
		blocks = next;
	}

	std::vector<std::size_t> const all = entries();
	std::size_t row = 0;
	for_each_stored(*manifest, [&](std::uint32_t id, auto const &dataspace) {
		Storage sum;
		sum.object = id;
		std::uint64_t const first = dataspace.first_block();
		for (std::uint64_t n = first; n < first + blocks_of(dataspace.size(), block); n++) {
			if (n >= all.size()) break;
			Block b;
			b.kind = Block_kind(get(front, all[n], 1));
			b.stored_size = std::uint32_t(get(front, all[n] + STORED_SIZE_AT, 4));
			sum.count(b);
		}
		sum.encode({ storage->data(), storage->size() }, row++ * Storage::ENTRY_SIZE);
	});
}

void Image_parts::_repair_entry(std::size_t at, std::uint32_t size)
{
	Block_kind const kind = Block_kind(get(front, at, 1));
	std::span<std::byte> const bytes = stored(at);

	if (!bytes.empty()) {
		std::uint64_t const digest = checksum(core_bytes(bytes));
		put(front, at + STORED_DIGEST_AT, 8, digest);
		if (kind == Block_kind::RAW) put(front, at + DIGEST_AT, 8, digest);
	}
	if (kind == Block_kind::ZSTD || kind == Block_kind::LZ4) {
		Host_codec codec;
		Bytes_vector out(size);
		if (!codec.decode(kind, core_bytes(bytes), { out.data(), out.size() }))
			put(front, at + DIGEST_AT, 8, checksum(core_bytes(out)));
	}
	if (kind == Block_kind::ZERO) {
		Bytes_vector const zeros(size);
		put(front, at + DIGEST_AT, 8, checksum(core_bytes(zeros)));
	}
}

void Image_parts::repair_digests()
{
	Bytes_vector *const directory = section(Section_kind::DIRECTORY);
	std::vector<std::uint32_t> const sizes = _sizes();
	if (!directory || blocks > MOST_BLOCKS || directory->size() < chunk_count(blocks) * 32) return;

	/* in order of numbers, as 'same as' names an earlier block */
	std::vector<std::uint64_t> digests(blocks);
	for (std::uint64_t i = 0; i < chunk_count(blocks); i++) {
		std::uint64_t const offset = get(*directory, i * 32 + OFFSET_AT, 8);
		std::uint64_t const uniform = get(*directory, i * 32, 1);
		std::uint64_t const in_chunk = blocks_in_chunk(i, blocks);
		if (!uniform && !within(offset, in_chunk * 32, front.size())) continue;

		Content_record record;
		for (std::uint64_t k = 0; k < in_chunk; k++) {
			std::uint64_t const n = i * Limit::CHUNK_BLOCKS + k;
			std::uint32_t const size = n < sizes.size() ? sizes[n] : 0;
			Block block;
			block.kind = Block_kind(uniform);
			if (!uniform) {
				std::size_t const at = offset + k * 32;
				_repair_entry(at, size);
				block.kind = Block_kind(get(front, at, 1));
				if (block.kind == Block_kind::SAME_AS)
					if (std::uint64_t const other = get(front, at + WHERE_AT, 8); other < n)
						put(front, at + DIGEST_AT, 8, digests[other]);
				block.absence = Block_absence(get(front, at + 1, 1));
				block.digest = get(front, at + DIGEST_AT, 8);
			} else {
				block.absence = Block_absence(get(*directory, i * 32 + 1, 1));
				Bytes_vector const zeros(size);
				if (block.kind == Block_kind::ZERO) block.digest = checksum(core_bytes(zeros));
			}
			digests[n] = block.digest;
			record.add(block);
		}
		if (uniform != std::uint64_t(Block_kind::INHERITED))
			put(*directory, i * 32 + CONTENT_AT, 8, record.digest());
	}
}

void Image_parts::repair_state()
{
	Bytes_vector const image = write();
	Bytes_vector const *const directory = section(Section_kind::DIRECTORY);
	Bytes_vector const *const manifest = section(Section_kind::MANIFEST);
	auto const head = Head::decode(core_bytes(image));
	if (!directory || !manifest || head.failed()) return;

	auto const opened = Directory::open(core_bytes(*directory), 0, blocks, front.size());
	if (opened.failed()) return;
	Sodium_sha256 hash;
	State_digest const digest = compute_state(*head, core_bytes(*manifest), *opened, hash);
	for (std::size_t i = 0; i < State_digest::SIZE; i++) state[i] = std::byte(digest.bytes[i]);
}

}
