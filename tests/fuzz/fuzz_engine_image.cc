/*
 * Two images from any bytes, opened, read and looked at by address: the engine against libimage
 *
 * What one of the two accepts the other must accept, with the same bytes; what one refuses
 * the other must refuse for the same reason. Input as fuzz_chain.cc: a byte of flags, the size of
 * the first image in 4 bytes, and both images.
 *
 *   1  checksums are made to match
 *   2  the first image names the second one as its parent, if it names one at all
 *   4  state digests are made to match
 */

#include <cstdint>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "capimg/chain_contents.h"
#include "capimg/space_memory.h"
#include "input_shape.h"
#include "libimage/address_space.h"
#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/image_chain.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/engine_verdict.h"

using namespace Capimg;
using namespace Capimg::Test;

Test::Input_shape const Capimg::Test::input_shape { 1, 4, false };

namespace
{

using Image_bytes = std::vector<std::byte>;

void require(bool condition)
{
	if (!condition) __builtin_trap();
}

std::shared_ptr<Image> open_host(std::span<std::byte const> bytes)
{
	struct File
	{
		int const fd = ::memfd_create("image", 0);
		~File() { ::close(fd); }
	} const file;
	require(file.fd >= 0 && ::write(file.fd, bytes.data(), bytes.size()) == ssize_t(bytes.size()));
	return std::make_shared<Image>("/proc/self/fd/" + std::to_string(file.fd));
}

void put_bytes(Image_bytes &image, std::size_t at, Const_bytes bytes)
{
	for (std::size_t i = 0; i < bytes.size(); i++) put(image, at + i, 1, bytes.u8(i));
}

/* flags 2 and 4; images that cannot be opened stay as they are */
void prepare(Image_bytes &child, Image_bytes &parent, unsigned flags)
{
	Sodium_sha256 hash;
	auto const state = [&](Image const &image) {
		auto const manifest = image.manifest_bytes();
		return compute_state(image.head(), { manifest.data(), manifest.size() }, image.directory(),
							 hash);
	};
	auto const fix_state = [&](Image_bytes &bytes) {
		State_digest const digest = state(*open_host(bytes));
		put_bytes(bytes, bytes.size() - Trailer::SIZE + 56, { digest.bytes, digest.SIZE });
		reseal(bytes);
	};
	(void)verdict_of([&] {
		if (flags & 4) fix_state(parent);
		auto const image = open_host(child);
		auto const named = image->manifest().getParent().getStateDigest();
		if ((flags & 2) && named.size() == State_digest::SIZE) {
			State_digest const digest = open_host(parent)->trailer().state;
			auto const *const base = image->file().core_bytes().base();
			put_bytes(child, std::size_t(named.begin() - base), { digest.bytes, digest.SIZE });
			reseal(child);
		}
		if (flags & 4) fix_state(child);
	});
}

/* opened by both, or refused by both for the same reason */
bool opened(std::span<std::byte const> bytes)
{
	Verdict const host = verdict_of([&] { (void)open_host(bytes); });
	Memory_source source(bytes);
	Sodium_sha256 hash;
	Source_image const engine(source, hash);
	require(verdicts_agree(bytes, host, verdict_of(engine.status)));
	return host.code == Code::OK && !engine.status;
}

/* blocks: the same bytes or the same error. True if all that should be there are */
bool same_blocks(Image const &host, Engine::Chain &chain)
{
	std::vector<std::byte> buffer(host.block_size());
	Content_record record;
	bool sound = true;

	for (std::uint64_t n = 0; n < host.blocks(); n++) {
		if (n % Limit::CHUNK_BLOCKS == 0) record.reset();
		Exact_bytes const out(host.size_of_block(n));
		bool zero = false;
		Status const status = chain.read(n, out.bytes(), zero);
		std::span<std::byte const> expected;
		Verdict const verdict = verdict_of([&] { expected = host.read_block(n, buffer); });
		require(verdict_of(status) == verdict);

		Block block;
		if (!status) {
			if (zero) out.bytes().zero();
			require(Const_bytes(out.bytes()) == Const_bytes(expected.data(), expected.size()));
			block.digest = checksum(out.bytes());
		} else {
			sound =
				sound && status.code == Code::ABSENT && host.block(n).kind == Block_kind::ABSENT;
			if (sound) block.absence = host.block(n).absence;
		}
		record.add(block);
		std::uint64_t const i = n / Limit::CHUNK_BLOCKS;
		if (n + 1 == host.blocks() || (n + 1) % Limit::CHUNK_BLOCKS == 0)
			sound = sound && record.digest() == host.directory().chunk(i).content_digest;
	}
	return sound;
}

void same_memory(Image const &host, Engine::Chain &chain)
{
	std::unique_ptr<Address_space> space;
	Verdict const verdict = verdict_of([&] { space = std::make_unique<Address_space>(host); });

	std::uint32_t pd = 0;
	for (auto const object : host.manifest().getObjects())
		if (object.isPdSession() && !pd) pd = object.getId();
	Engine::Chain_contents contents(chain);
	Engine::Space_memory const memory(chain.newest().manifest(), pd, contents);
	require(verdict.code == memory.status().code);
	if (!space) return;

	unsigned pieces = 0;
	for (Address_space::Piece const &piece : space->pieces()) {
		auto const dataspace = host.object(piece.dataspace)->getDataspace();
		if (dataspace.getStored()) {
			auto const found = memory.piece_from(piece.address);
			require(!found.failed() && found->address == piece.address &&
					found->size == piece.size && found->dataspace == piece.dataspace &&
					found->offset == piece.offset);
		}
		Exact_bytes const expected(std::min<std::uint64_t>(piece.size, 5000));
		Exact_bytes const out(expected.bytes().size());
		Status host_status {};
		Verdict const thrown =
			verdict_of([&] { host_status = space->read(piece.address, expected.bytes()); });
		Status const status = memory.read(piece.address, out.bytes());
		/* inheriting what is absent in the parent is an error of the block, or of the address */
		if (thrown.code == Code::ABSENT)
			require(status.code == Code::ABSENT);
		else
			require(verdict_of(status) ==
					(thrown.code == Code::OK ? verdict_of(host_status) : thrown));
		require(status || Const_bytes(out.bytes()) == Const_bytes(expected.bytes()));
		if (++pieces == 64) return;
	}
}

void compare(std::vector<Image_bytes> const &images)
{
	Images parents;
	std::deque<Memory_source> sources;
	std::vector<Engine::Source *> pointers;
	for (Image_bytes const &image : images) {
		parents.push_back(open_host(image));
		pointers.push_back(&sources.emplace_back(image));
	}
	std::shared_ptr<Image> const host = parents.front();
	parents.erase(parents.begin());
	if (host->blocks() > 1 << 14 || host->block_size() > Engine::Chain::MAX_BLOCK_SIZE) return;

	Host_codec codec;
	Sodium_sha256 hash;
	Opened_chain engine(pointers, &codec, hash);
	Verdict const connected = verdict_of([&] { connect_parents(*host, parents, Ancestors::ALL); });
	require((connected.code == Code::OK) == !engine.status);
	if (engine.status) return;

	bool const sound = same_blocks(*host, engine.chain());
	require(sound == !engine.chain().verify());
	same_memory(*host, engine.chain());
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (size < 5 || size > 1 << 18) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::size_t const split = Const_bytes(data + 1, 4).u32(0) % (size - 4);
	Image_bytes child(base + 5, base + 5 + split), parent(base + 5 + split, base + size);
	unsigned const flags = data[0];

	if (flags & 1) {
		reseal(child);
		reseal(parent);
	}
	prepare(child, parent, flags);

	bool const first = opened(child), second = opened(parent);
	if (first) compare({ child });
	if (first && second) compare({ child, parent });
	return 0;
}
