/*
 * Written, read as a chain and by address, with the engines alone: also as a 32-bit program
 */

#include <deque>
#include <gtest/gtest.h>
#include <random>

#include "capimg/chain_contents.h"
#include "capimg/sha256.h"
#include "capimg/space_memory.h"
#include "capimg/writer.h"
#include "tests/support/engine_chain.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

constexpr std::uint32_t BLOCK = 4096;
constexpr std::uint64_t LARGE = (6ull << 30) + 100; /* more than 32 bits have */
constexpr std::uint64_t ADDRESS = 0x1'0000'0000, HOLE = 0x4000'0000;

class Plain_sink final : public Engine::Sink
{
  public:
	std::vector<std::byte> bytes {};

	Status append(Const_bytes more) override
	{
		auto const *const base = reinterpret_cast<std::byte const *>(more.base());
		bytes.insert(bytes.end(), base, base + more.size());
		return ok;
	}
};

/*
 * PD session 1, address space 2, a dataspace of some MiB (3), a large one of zeros but for its end
 * (4), of which a managed one (5, map 6) shows the end
 */
void describe(Wire::Builder &builder, std::uint64_t small, State_digest const *parent)
{
	auto const manifest = builder.init_root<Metadata::Manifest>();
	if (parent) manifest.init_parent().state_digest({ parent->bytes, State_digest::SIZE });
	auto const objects = manifest.init_objects(6);
	for (unsigned i = 0; i < 6; i++) objects[i].id(i + 1);

	objects[0].init_pd_session().address_space(2);

	auto const regions = objects[1].init_region_map().init_regions(2);
	regions[0].address(0x1000);
	regions[0].size(small);
	regions[0].dataspace(3);
	regions[1].address(ADDRESS);
	regions[1].size(LARGE);
	regions[1].dataspace(5);

	auto const stored = objects[2].init_dataspace();
	stored.size(small);
	stored.stored(true);
	auto const large = objects[3].init_dataspace();
	large.size(LARGE);
	large.stored(true);
	large.first_block((small + BLOCK - 1) / BLOCK);
	auto const managed = objects[4].init_dataspace();
	managed.size(LARGE);
	managed.region_map(6);

	/* the large one, cut in two with a hole between */
	auto const inner = objects[5].init_region_map().init_regions(2);
	inner[0].size(HOLE);
	inner[0].dataspace(4);
	inner[1].address(2 * HOLE);
	inner[1].size(LARGE - 2 * HOLE);
	inner[1].offset(2 * HOLE);
	inner[1].dataspace(4);
}

/* generations of memory: what the blocks of dataspace 3 hold, 0 for zeros; and the last block */
struct Model
{
	static constexpr std::uint64_t BLOCKS = 2500, SMALL = BLOCKS * BLOCK - 1000;

	std::vector<unsigned> seeds = std::vector<unsigned>(BLOCKS);
	unsigned end_seed = 1;
	std::deque<std::vector<std::byte>> images {}; /* newest first */

	static std::vector<std::byte> content(unsigned seed, std::size_t size)
	{
		std::vector<std::byte> bytes(size);
		for (std::size_t i = 0; seed && i < size; i++)
			bytes[i] = std::byte((seed * 2654435761u + i * 40503u) >> 11 | 1);
		return bytes;
	}

	static std::size_t size_of(std::uint64_t n)
	{
		return std::size_t(std::min<std::uint64_t>(BLOCK, SMALL - n * BLOCK));
	}

	/* 'rare': one of so many blocks changes; the others are inherited */
	void next(std::mt19937 &random, unsigned rare)
	{
		Engine::Plain_sha256 hash;
		std::deque<Memory_source> sources;
		std::deque<Source_image> parents;
		std::vector<Engine::Image const *> pointers;
		for (auto const &image : images) {
			parents.emplace_back(sources.emplace_back(image), hash);
			ASSERT_FALSE(parents.back().status);
			pointers.push_back(&parents.back().image);
		}
		bool const delta = !images.empty();
		Engine::Parents const given =
			delta ? Engine::Parents(pointers[0], pointers.data() + 1, unsigned(images.size() - 1))
				  : Engine::Parents();

		std::uint64_t const large_blocks = (LARGE + BLOCK - 1) / BLOCK;
		Exact_bytes const manifest(8192), work(Engine::Writer::WORK_SIZE);
		Exact_bytes const directory(Engine::Writer::directory_size(BLOCKS + large_blocks, 2));
		Plain_sink sink;
		Head head;
		Engine::Writer writer(head, { manifest.bytes(), directory.bytes(), work.bytes() }, sink,
							  hash);
		describe(**writer.manifest(), SMALL, delta ? &pointers[0]->trailer().state : nullptr);
		ASSERT_FALSE(writer.begin_blocks(given));

		for (std::uint64_t n = 0; n < BLOCKS; n++) {
			if (delta && random() % rare) {
				ASSERT_FALSE(writer.inherit(n, 1));
				continue;
			}
			seeds[n] = unsigned(random() % 5);
			auto const bytes = content(seeds[n], size_of(n));
			ASSERT_FALSE(writer.block({ bytes.data(), bytes.size() }));
		}
		ASSERT_FALSE(writer.zero(large_blocks - 1));
		end_seed = unsigned(random());
		auto const end = content(end_seed, LARGE % BLOCK);
		ASSERT_FALSE(writer.block({ end.data(), end.size() }));
		ASSERT_FALSE(writer.seal());
		images.push_front(sink.bytes);
	}
};

struct Plain_chain : testing::Test
{
	Model model {};
	std::deque<Memory_source> sources {};
	Engine::Plain_sha256 hash {};
	std::unique_ptr<Opened_chain> opened {};

	void make(unsigned deltas)
	{
		std::mt19937 random(1);
		model.next(random, 1);
		for (unsigned i = 0; i < deltas && !HasFatalFailure(); i++) model.next(random, 5 + 100 * i);
		std::vector<Engine::Source *> pointers;
		for (auto const &image : model.images) pointers.push_back(&sources.emplace_back(image));
		opened = std::make_unique<Opened_chain>(pointers, nullptr, hash);
		ASSERT_FALSE(opened->status) << opened->status.field;
	}
};

}

TEST_F(Plain_chain, blocks_are_those_written)
{
	make(3);
	Engine::Chain &chain = opened->chain();
	ASSERT_EQ(chain.newest().blocks(), Model::BLOCKS + LARGE / BLOCK + 1);

	for (std::uint64_t n = 0; n < Model::BLOCKS; n++) {
		Exact_bytes const out(Model::size_of(n));
		bool zero = false;
		ASSERT_FALSE(chain.read(n, out.bytes(), zero));
		ASSERT_EQ(zero, model.seeds[n] == 0);
		auto const expected = Model::content(model.seeds[n], out.bytes().size());
		ASSERT_TRUE(zero ||
					Const_bytes(out.bytes()) == Const_bytes(expected.data(), expected.size()));
	}
	EXPECT_EQ(chain.verify().code, Code::OK);
}

TEST_F(Plain_chain, memory_by_address)
{
	make(2);
	Engine::Chain_contents contents(opened->chain());
	Engine::Space_memory const memory(opened->chain().newest().manifest(), 1, contents);
	ASSERT_FALSE(memory.status());

	/* across blocks of the small dataspace */
	std::mt19937 random(2);
	for (unsigned i = 0; i < 500; i++) {
		std::uint64_t const at = random() % (Model::SMALL - 10000);
		Exact_bytes const out(1 + random() % 10000);
		ASSERT_FALSE(memory.read(0x1000 + at, out.bytes()));
		for (std::size_t k = 0; k < out.bytes().size(); k += 97) {
			std::uint64_t const n = (at + k) / BLOCK;
			auto const expected = Model::content(model.seeds[n], Model::size_of(n));
			ASSERT_EQ(std::byte(out.bytes().base()[k]), expected[(at + k) % BLOCK]);
		}
	}

	/* the end of the large one, and the hole in it */
	Exact_bytes const out(100);
	auto const expected = Model::content(model.end_seed, 100);
	ASSERT_FALSE(memory.read(ADDRESS + LARGE - 100, out.bytes()));
	EXPECT_EQ(Const_bytes(out.bytes()), Const_bytes(expected.data(), 100));
	Error const error = memory.read(ADDRESS + HOLE - 50, out.bytes());
	EXPECT_EQ(error.code, Code::ABSENT);
	EXPECT_EQ(error.offset, ADDRESS + HOLE);
	auto const piece = memory.piece_from(ADDRESS + HOLE);
	ASSERT_FALSE(piece.failed());
	EXPECT_EQ(piece->address, ADDRESS + 2 * HOLE);
	EXPECT_EQ(piece->offset, 2 * HOLE);
	EXPECT_EQ(piece->size, LARGE - 2 * HOLE);
	EXPECT_EQ(piece->dataspace, 4u);
}

TEST_F(Plain_chain, damage_is_noticed)
{
	make(1);
	std::mt19937 random(3);
	for (unsigned i = 0; i < 60; i++) {
		auto &image = model.images[i % 2];
		std::size_t const at = random() % image.size();
		image[at] ^= std::byte(1 << (i % 8));

		std::vector<Engine::Source *> pointers;
		for (Memory_source &source : sources) pointers.push_back(&source);
		Opened_chain chain(pointers, nullptr, hash);
		if (!chain.status) {
			/* what the newest image does not need may be damaged */
			Status const status = chain.chain().verify();
			EXPECT_TRUE(!status || status.code == Code::DAMAGED) << error_text(status.code);
		}
		image[at] ^= std::byte(1 << (i % 8));
	}
}
