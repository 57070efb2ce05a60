/*
 * No byte of a signed file is handed out that was not signed
 */

#include <gtest/gtest.h>

#include <random>

#include "libimage/core/signed_source.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/rounds.h"
#include "tests/support/signed_file.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

File_bytes random_bytes(std::size_t size)
{
	std::mt19937 random(unsigned(size) + 1);
	File_bytes bytes(size);
	for (std::byte &byte : bytes) byte = std::byte(random());
	return bytes;
}

Signature terms(std::uint8_t piece_log2)
{
	Signature result;
	result.piece_log2 = piece_log2;
	result.counter = 5;
	EXPECT_FALSE(result.set_label({ "nic_drv", 7 }));
	return result;
}

/* a signed source over bytes that the test may change at any time, in memory of exactly its size */
struct Opened
{
	File_bytes file;
	Memory_source source { file };
	Sodium_sha256 hash {};
	Exact_bytes work;
	Signed_source checked { source, hash, work.bytes() };

	explicit Opened(File_bytes bytes, std::uint8_t piece_log2 = Signature::PIECE_LOG2)
		: file(std::move(bytes)), work(Signed_source::work_size(piece_log2))
	{}

	Code open(Trust_policy const &policy = {}, Test_key const &key = Test_key())
	{
		return checked.open(key, policy).code;
	}
};

/* sizes at the edges of pieces, blocks of digests and levels */
constexpr std::size_t PIECE = 4096, BLOCK = 128 * PIECE;
constexpr std::size_t SIZES[] { 384,         PIECE - 1,      PIECE,         PIECE + 1,
								BLOCK,       BLOCK + 1,      2 * BLOCK - 1, 5 * BLOCK + 777,
								128 * BLOCK, 128 * BLOCK + 1 };

}

TEST(Signed_source, gives_what_was_signed_whatever_is_read)
{
	for (std::size_t const size : SIZES) {
		File_bytes const image = random_bytes(size);
		Opened opened(signed_file(image, terms(12), Test_key()), 12);
		ASSERT_EQ(opened.open(), Code::OK) << size;
		ASSERT_EQ(opened.checked.size(), size);
		EXPECT_EQ(opened.checked.signature().counter, 5u);

		std::mt19937_64 random(size);
		for (unsigned i = 0; i < 60; i++) {
			std::size_t const at = random() % (size + 1);
			std::size_t const wanted = random() % (std::min(size - at, 3 * PIECE) + 1);
			Exact_bytes const out(wanted);
			ASSERT_FALSE(opened.checked.read(at, out.bytes()));
			ASSERT_TRUE(equal_memory(out.bytes().base(), image.data() + at, wanted));
		}
		Exact_bytes const beyond(2);
		EXPECT_EQ(opened.checked.read(size - 1, beyond.bytes()).code, Code::TRUNCATED);
	}
}

TEST(Signed_source, each_byte_of_the_file_counts)
{
	std::size_t const size = 2 * BLOCK + 5000;
	File_bytes const image = random_bytes(size), file = signed_file(image, terms(12), Test_key());

	std::vector<std::size_t> places;
	for (std::size_t at = 0; at < size; at += 50021) places.push_back(at);
	for (std::size_t at = size; at < file.size(); at += sparse(1)) places.push_back(at);

	for (std::size_t const at : places) {
		Opened opened(file, 12);
		opened.file[at] ^= std::byte(1);

		/* the block is signed, and the signature's own bits leave no choice either */
		if (at >= file.size() - Signature::SIZE) {
			EXPECT_NE(opened.open(), Code::OK) << at;
			continue;
		}
		ASSERT_EQ(opened.open(), Code::OK);

		bool noticed = false;
		Exact_bytes const out(PIECE);
		for (std::size_t from = 0; from < size; from += PIECE) {
			Bytes const piece(out.bytes().base(), std::min(PIECE, size - from));
			Status const status = opened.checked.read(from, piece);
			noticed |= status.code == Code::TAMPERED;
			if (status)
				ASSERT_EQ(status.code, Code::TAMPERED);
			else
				ASSERT_TRUE(equal_memory(piece.base(), image.data() + from, piece.size()));
		}
		EXPECT_TRUE(noticed) << at;
	}
}

TEST(Signed_source, a_file_that_changes_later_is_noticed_at_the_next_read)
{
	File_bytes const image = random_bytes(3 * PIECE);
	Opened opened(signed_file(image, terms(12), Test_key()), 12);
	ASSERT_EQ(opened.open(), Code::OK);

	Exact_bytes const out(PIECE);
	ASSERT_FALSE(opened.checked.read(0, out.bytes()));
	opened.file[10] ^= std::byte(4);
	EXPECT_EQ(opened.checked.read(0, out.bytes()).code, Code::TAMPERED);

	/* and what was refused is not handed out from memory afterwards */
	Exact_bytes const part(16);
	EXPECT_EQ(opened.checked.read(4, part.bytes()).code, Code::TAMPERED);
	EXPECT_EQ(opened.checked.read(4, part.bytes()).code, Code::TAMPERED);
	EXPECT_FALSE(opened.checked.read(PIECE, out.bytes()));
}

TEST(Signed_source, every_cut_is_noticed_when_it_is_opened)
{
	File_bytes const file = signed_file(random_bytes(PIECE), terms(12), Test_key());
	for (std::size_t size = 0; size < file.size(); size++)
		EXPECT_NE(Opened(File_bytes(file.begin(), file.begin() + std::ptrdiff_t(size)), 12).open(),
				  Code::OK)
			<< size;
}

TEST(Signed_source, the_key_label_and_counter_decide)
{
	File_bytes const file = signed_file(random_bytes(PIECE), terms(12), Test_key());
	EXPECT_EQ(Opened(file, 12).open({}, Test_key(2)), Code::WRONG_SIGNATURE);
	EXPECT_EQ(Opened(file, 12).open({ { "nic_drv", 7 }, 5 }), Code::OK);
	EXPECT_EQ(Opened(file, 12).open({ { "nic_drv", 7 }, 6 }), Code::ROLLED_BACK);
	EXPECT_EQ(Opened(file, 12).open({ { "nic_dr", 6 }, 0 }), Code::WRONG_LABEL);
	EXPECT_EQ(Opened(random_bytes(PIECE), 12).open(), Code::NOT_SIGNED);

	/* the key that the block names is nobody's word: the one who signed is another */
	File_bytes forged = signed_file(random_bytes(PIECE), terms(12), Test_key(2));
	std::memcpy(&forged[forged.size() - Signature::SIZE + 104], Test_key().value, 32);
	EXPECT_EQ(Opened(forged, 12).open(), Code::WRONG_SIGNATURE);
}

TEST(Signed_source, needs_its_memory_and_an_open)
{
	File_bytes const file = signed_file(random_bytes(PIECE), terms(16), Test_key());
	EXPECT_EQ(Opened(file, 15).open(), Code::NO_SPACE);

	Opened opened(file, 16);
	Exact_bytes const out(16);
	EXPECT_EQ(opened.checked.size(), 0u);
	EXPECT_EQ(opened.checked.read(0, out.bytes()).code, Code::BAD_STATE);
	EXPECT_EQ(opened.open(), Code::OK);
	EXPECT_EQ(opened.open({}, Test_key(2)), Code::WRONG_SIGNATURE);
	EXPECT_EQ(opened.checked.read(0, out.bytes()).code, Code::BAD_STATE);
}

/* ---- signed images in a chain ---- */

namespace
{

File_bytes whole_image(unsigned seed)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(3 * 4096, seed));
	return small.write();
}

File_bytes delta_image(File_bytes const &parent)
{
	Image const image = open_image(parent);
	auto const *const state = reinterpret_cast<std::byte const *>(image.trailer().state.bytes);
	Small_image small;
	small.head.required_features = Feature::INHERITED;
	small.parent_digest = { state, state + State_digest::SIZE };
	small.dataspaces.push_back(
		Pieces().inherited(0, { image.block(0).digest }).random(2 * 4096, 9));
	return small.write();
}

Code connect(std::vector<File_bytes> const &files, std::vector<bool> const &is_signed)
{
	std::deque<Opened> opened;
	std::deque<Bare_source> bare;
	std::deque<Engine::Image> images;
	std::deque<Exact_bytes> memory;
	std::vector<Engine::Image *> pointers;
	Sodium_sha256 hash;

	for (std::size_t i = 0; i < files.size(); i++) {
		Opened &file = opened.emplace_back(files[i]);
		if (is_signed[i]) {
			if (Code const code = file.open(); code != Code::OK) return code;
			images.emplace_back(file.checked);
		} else {
			if (Status const status = bare.emplace_back(file.source).open()) return status.code;
			images.emplace_back(bare.back());
		}
		Exact_bytes const work(Engine::Image::LOOK_WORK);
		auto const sizes = images.back().look(work.bytes());
		if (sizes.failed()) return sizes.error().code;
		Bytes const directory = memory.emplace_back(sizes->directory).bytes();
		Bytes const manifest = memory.emplace_back(sizes->manifest).bytes();
		if (Status const status = images.back().open(directory, manifest, hash)) return status.code;
		pointers.push_back(&images.back());
	}
	Exact_bytes const work(Engine::Chain::WORK_SIZE);
	Engine::Chain chain(pointers.data(), unsigned(pointers.size()), nullptr, work.bytes());
	if (Status const status = chain.connect()) return status.code;
	return chain.verify().code;
}

}

TEST(Signed_chain, all_links_are_signed_for_one_label)
{
	File_bytes const parent = whole_image(1), child = delta_image(parent);
	auto const sign = [](File_bytes const &image, std::string const &label = {}) {
		Signature terms = terms_of(open_image(image), 1);
		if (!label.empty()) {
			EXPECT_FALSE(terms.set_label({ label.data(), label.size() }));
		}
		return signed_file(image, terms, Test_key());
	};

	EXPECT_EQ(connect({ child, parent }, { false, false }), Code::OK);
	EXPECT_EQ(connect({ sign(child), sign(parent) }, { true, true }), Code::OK);
	EXPECT_EQ(connect({ sign(child), sign(parent) }, { false, false }), Code::OK);
	EXPECT_EQ(connect({ sign(child), parent }, { true, false }), Code::NOT_SIGNED);
	EXPECT_EQ(connect({ child, sign(parent) }, { false, true }), Code::NOT_SIGNED);

	/* what the block says of the image is so */
	EXPECT_EQ(connect({ sign(child, "other"), sign(parent) }, { true, true }), Code::INVALID);
	Signature terms = terms_of(open_image(parent), 1);
	terms.sequence++;
	EXPECT_EQ(connect({ signed_file(parent, terms, Test_key()) }, { true }), Code::INVALID);
	terms = terms_of(open_image(parent), 1);
	terms.state.bytes[0] ^= 1;
	EXPECT_EQ(connect({ signed_file(parent, terms, Test_key()) }, { true }), Code::INVALID);
}
