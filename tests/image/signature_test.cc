/*
 * The signature block, its tree, and libimage's signing against code of the test's own
 */

#include <optional>

#include <gtest/gtest.h>

#include "libimage/core/checksum.h"
#include "libimage/core/public_key.h"
#include "libimage/image_error.h"
#include "libimage/image_signature.h"
#include "libimage/piece_digests.h"
#include "tests/support/signed_file.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

/* every field another value */
Signature distinct()
{
	Signature s;
	s.piece_log2 = 13;
	s.image_size = 3 * 8192 + 4;
	s.sequence = 0x1122334455667788;
	s.counter = 0x99aabbccddeeff01;
	for (unsigned i = 0; i < 32; i++) {
		s.root[i] = std::uint8_t(i + 1);
		s.state.bytes[i] = std::uint8_t(i + 40);
		s.key[i] = std::uint8_t(i + 80);
	}
	for (unsigned i = 0; i < 64; i++) s.value[i] = std::uint8_t(i + 120);
	EXPECT_FALSE(s.set_label({ "init -> nic", 11 }));
	return s;
}

constexpr std::uint64_t DISTINCT_FILE = 3 * 8192 + 4 + 4 * 32 + Signature::SIZE;

struct Encoded_block
{
	std::uint8_t bytes[Signature::SIZE];

	explicit Encoded_block(Signature const &s) { EXPECT_FALSE(s.encode(all())); }
	Bytes all() { return { bytes, sizeof(bytes) }; }

	void reseal() { all().u64(440, checksum({ bytes, 440 })); }

	Code decode(std::uint64_t file_size = DISTINCT_FILE)
	{
		return Signature::decode(all(), file_size).error().code;
	}
};

}

TEST(Signature, comes_back_as_it_was)
{
	Signature const s = distinct();
	Encoded_block block(s);
	auto const got = Signature::decode(block.all(), DISTINCT_FILE);
	ASSERT_FALSE(got.failed()) << got.error().field;
	EXPECT_EQ(got->piece_log2, s.piece_log2);
	EXPECT_EQ(got->image_size, s.image_size);
	EXPECT_EQ(got->sequence, s.sequence);
	EXPECT_EQ(got->counter, s.counter);
	EXPECT_TRUE(equal_memory(got->root, s.root, 32));
	EXPECT_EQ(got->state, s.state);
	EXPECT_TRUE(equal_memory(got->key, s.key, 32));
	EXPECT_TRUE(equal_memory(got->value, s.value, 64));
	EXPECT_TRUE(got->label_bytes() == s.label_bytes());
}

TEST(Signature, refuses_what_the_format_forbids)
{
	struct Change
	{
		std::size_t at;
		std::uint8_t value;
		Code code;
	};
	for (Change const &change : { Change { 0, 0x43 ^ 1, Code::NOT_SIGNED },
								  { 8, 2, Code::UNSUPPORTED_VERSION },
								  { 12, 2, Code::UNSUPPORTED },
								  { 13, 11, Code::INVALID },
								  { 13, 17, Code::INVALID },
								  { 14, 12, Code::INVALID }, /* a NUL in the label */
								  { 14, 10, Code::NOT_ZERO },
								  { 15, 2, Code::INVALID },
								  { 16, 0, Code::INVALID }, /* a size with another tree */
								  { 23, 0xff, Code::INVALID },
								  { 136, 0xff, Code::INVALID }, /* no UTF-8 */
								  { 391, 1, Code::NOT_ZERO },
								  { 439, 1, Code::NOT_ZERO } })
	{
		Encoded_block block(distinct());
		if (change.at == 16) block.all().u64(16, 0x5000);
		block.bytes[change.at] = change.value;
		block.reseal();
		EXPECT_EQ(block.decode(), change.code) << change.at << " " << unsigned(change.value);
	}
	Encoded_block damaged(distinct());
	damaged.bytes[20] ^= 1;
	EXPECT_EQ(damaged.decode(), Code::DAMAGED);
	EXPECT_EQ(Encoded_block(distinct()).decode(DISTINCT_FILE + 8), Code::INVALID);
	EXPECT_EQ(Encoded_block(distinct()).decode(100), Code::NOT_SIGNED);

	Signature s;
	std::string const longest(Signature::LABEL_SIZE, 'x');
	EXPECT_FALSE(s.set_label({ longest.data(), longest.size() }));
	EXPECT_EQ(s.set_label({ longest.data(), longest.size() + 1 }).code, Code::LIMIT);
}

TEST(Signature, the_largest_file_has_a_tree)
{
	for (std::uint8_t log2 = Signature::MIN_PIECE_LOG2; log2 <= Signature::MAX_PIECE_LOG2; log2++)
		for (std::uint64_t const size : { ~std::uint64_t(0), std::uint64_t(1) << 42 }) {
			Signature_tree const tree(size, log2);
			ASSERT_LE(tree.levels(), Signature_tree::MAX_LEVELS);
			EXPECT_EQ(tree.blocks(tree.levels() - 1), 1u);
			std::uint64_t const last = tree.count(0) - 1;
			EXPECT_EQ(tree.piece_offset(last) + tree.piece_size(last), size);
			for (unsigned l = 0; l + 1 < tree.levels(); l++)
				EXPECT_EQ(tree.count(l + 1), tree.blocks(l));
		}
}

/* secret and public key in files, as the program makes them */
struct Keys
{
	Temporary_file const place { {}, "-keys" };
	std::string const name = place.path() + "-pair";
	Public_key::Value const value = make_keys(name);

	~Keys()
	{
		::unlink((name + ".key").c_str());
		::unlink((name + ".pub").c_str());
	}
};

TEST(Signing, any_number_of_threads_gives_what_the_test_computes)
{
	Keys const keys;
	Secret_key const secret(keys.name + ".key");
	Public_key const trusted(keys.name + ".pub");
	EXPECT_EQ(trusted.value(), keys.value);

	for (std::size_t const size : { 384, 16384, 16385, 1 << 20, (1 << 21) + 1, 5000000 }) {
		File_bytes image(size);
		for (std::size_t i = 0; i < size; i++) image[i] = std::byte(i * 31 + (i >> 11));

		for (unsigned const threads : { 1, 2, 7 }) {
			Memory_sink sink;
			std::span<std::byte const> const piece = image;
			sink.append({ &piece, 1 });
			Signature_terms terms { "drv", 3, 4, {} };
			Signature const s = append_signature(sink, size, terms, secret, threads);

			/* the same tree, and a signature that the key accepts */
			Test_key const other;
			Signature expected;
			EXPECT_FALSE(expected.set_label({ "drv", 3 }));
			File_bytes const wanted = signed_file(image, expected, other);
			ASSERT_EQ(sink.bytes().size(), wanted.size());
			std::size_t const block = wanted.size() - Signature::SIZE;
			EXPECT_TRUE(std::equal(wanted.begin(), wanted.begin() + std::ptrdiff_t(block),
								   sink.bytes().begin()))
				<< size;
			EXPECT_TRUE(equal_memory(s.root, &wanted[block + 40], 32)) << size;

			Temporary_file const file(sink.bytes());
			Signature const checked =
				check_signature(Mapped_file(file.path()), &trusted, { { "drv", 3 }, 4 }, threads);
			EXPECT_EQ(checked.counter, 4u);
			EXPECT_EQ(checked.sequence, 3u);
		}
	}
}

TEST(Signing, says_which_piece_was_changed)
{
	Keys const keys;
	Secret_key const secret(keys.name + ".key");
	Public_key const trusted(keys.name + ".pub");
	Memory_sink sink;
	File_bytes const image(100000, std::byte(7));
	std::span<std::byte const> const piece = image;
	sink.append({ &piece, 1 });
	append_signature(sink, image.size(), {}, secret, 2);

	auto const where = [&](std::size_t at) -> std::optional<std::uint64_t> {
		File_bytes bytes = sink.bytes();
		bytes[at] ^= std::byte(1);
		Temporary_file const file(bytes);
		try {
			(void)check_signature(Mapped_file(file.path()), &trusted, {}, 2);
		} catch (Image_error const &error) {
			EXPECT_EQ(error.info().code, Code::TAMPERED);
			return error.info().offset;
		}
		return {};
	};
	EXPECT_EQ(where(0), 0u);
	EXPECT_EQ(where(40000), 32768u);
	EXPECT_EQ(where(99999), 98304u);
	EXPECT_EQ(where(100000), 0u); /* a digest that does not fit its piece */
}

TEST(Keys, are_private_and_never_replaced)
{
	Keys const keys;
	EXPECT_FALSE(is_exposed(keys.name + ".key"));
	EXPECT_THROW(make_keys(keys.name), Image_error);
	EXPECT_EQ(Public_key(keys.name + ".pub").value(), keys.value);

	/* nor is half of a pair left */
	Keys const more;
	::unlink((more.name + ".key").c_str());
	EXPECT_THROW(make_keys(more.name), Image_error);
	EXPECT_NE(::access((more.name + ".key").c_str(), F_OK), 0);
}

TEST(Keys, what_is_no_key_is_refused_and_not_quoted)
{
	Keys const keys;
	auto const refused = [](std::string const &text, bool secret) {
		auto const *const base = reinterpret_cast<std::byte const *>(text.data());
		Temporary_file const file({ base, text.size() });
		try {
			if (secret)
				Secret_key const key(file.path());
			else
				Public_key const key(file.path());
		} catch (Image_error const &error) {
			EXPECT_EQ(std::string(error.what()).find("SECRETTEXT"), std::string::npos);
			return true;
		}
		return false;
	};
	File_bytes const bytes = read_file(keys.name + ".key");
	std::string const good(reinterpret_cast<char const *>(bytes.data()), bytes.size());
	EXPECT_FALSE(refused(good, true));
	EXPECT_FALSE(refused("comment before\n" + good, true));
	EXPECT_TRUE(refused(good, false));
	for (std::size_t at = 0; at < good.size(); at += 7) {
		std::string cut = good;
		cut.erase(at, 1);
		if (at < good.size() - 1) {
			EXPECT_TRUE(refused(cut, true)) << at;
		}
	}
	for (char const *text : { "", "SECRETTEXT", "-----BEGIN PRIVATE KEY-----",
							  "-----BEGIN PRIVATE KEY-----\nSECRETTEXT\n-----END PRIVATE KEY-----",
							  "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----" })
		EXPECT_TRUE(refused(text, true)) << text;
	EXPECT_TRUE(refused(good + std::string(5000, ' '), true));
}

/* on the target there is no library that reads them */
TEST(Keys, core_reads_public_keys_as_libimage_does)
{
	Keys const keys;
	File_bytes const bytes = read_file(keys.name + ".pub");
	std::string const good(reinterpret_cast<char const *>(bytes.data()), bytes.size());

	unsigned accepted = 0;
	auto const same = [&](std::string const &text) {
		std::optional<Public_key::Value> expected;
		Temporary_file const file(
			{ reinterpret_cast<std::byte const *>(text.data()), text.size() });
		try {
			expected = Public_key(file.path()).value();
		} catch (Image_error const &) {
		}

		auto const key = read_public_key({ text.data(), text.size() });
		ASSERT_EQ(!key.failed(), expected.has_value()) << text;
		if (!expected) return;
		accepted++;
		EXPECT_TRUE(equal_memory(key->value, expected->data(), expected->size())) << text;
	};
	same(good);
	same("comment before\n" + good + "and behind");
	same(good + good);
	EXPECT_EQ(accepted, 3u);

	File_bytes const secret = read_file(keys.name + ".key");
	same({ reinterpret_cast<char const *>(secret.data()), secret.size() });
	same("");
	same("-----END PUBLIC KEY----------BEGIN PUBLIC KEY-----");
	same(good + std::string(5000, ' '));
	same(good + std::string(4096 - good.size(), ' '));
	for (std::size_t at = 0; at < good.size(); at += 3) {
		same(good.substr(0, at));
		same(good.substr(at));
		for (char const *more : { " ", "\r", "=", "A", "/", "-", "." })
			same(std::string(good).insert(at, more));
		same(std::string(good).erase(at, 1));
		for (int flip : { 1, 4, 32 }) {
			std::string changed = good;
			changed[at] = char(changed[at] ^ flip);
			same(changed);
		}
	}
	EXPECT_GT(accepted, 50u);
}
