/*
 * The engine's SHA-256 against libsodium's
 */

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "capimg/sha256.h"
#include "libimage/sha256.h"

using namespace Capimg;

/* every length around the block size, in pieces of every kind, one object for all */
TEST(Plain_sha256, equals_libsodium)
{
	std::mt19937_64 random(1);
	Engine::Plain_sha256 own;
	Sodium_sha256 reference;

	for (size_t length = 0; length < 300; length++) {
		std::vector<unsigned char> bytes(length);
		for (auto &byte : bytes) byte = static_cast<unsigned char>(random());

		for (size_t done = 0; done < length;) {
			size_t const n = std::min<size_t>(length - done, random() % 130);
			own.update({ bytes.data() + done, n });
			done += n;
		}
		reference.update({ bytes.data(), length });

		Capimg::uint8_t a[32], b[32];
		own.finish(a);
		reference.finish(b);
		ASSERT_TRUE(equal_memory(a, b, sizeof(a))) << length;
	}
}
