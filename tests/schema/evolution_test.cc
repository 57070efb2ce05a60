/*
 * Messages of older and newer minor versions of the schema
 */

#include <gtest/gtest.h>

#include "image.capnp.h"
#include "libimage/core/generated/image_copy.h"
#include "libimage/core/wire_check.h"
#include "tests/support/manifest_compare.h"
#include "tests/support/random_message.h"
#include "tests/support/schema_text.h"

namespace Capimg::Test
{

namespace
{

using Metadata::Manifest;

std::string const &current_text()
{
	static std::string const text = file_text(CAPIMG_SOURCE_DIR "/schema/image.capnp");
	return text;
}

std::vector<uint8_t> random_manifest(Parsed_schema const &schema, uint64_t seed)
{
	capnp::MallocMessageBuilder message;
	auto const root = message.initRoot<capnp::DynamicStruct>(schema.structure("Manifest"));
	Random_filler(seed).fill(root);
	return normalized(root.asReader());
}

capnp::StructSchema compiled() { return capnp::Schema::from<Schema::Manifest>(); }

/* core reads the message of another version as the library does with today's schema */
void read_alike(std::vector<uint8_t> const &bytes)
{
	Const_bytes const message(bytes.data(), bytes.size());
	Result<Manifest::Reader> const core = Wire::open<Manifest>(message, {});
	ASSERT_TRUE(core) << error_text(core.error().code) << " at " << core.error().offset << ", "
					  << core.error().field;
	Official_message official(message);
	EXPECT_EQ(difference(*core, official.root(compiled())), "");
}

}

/* the versions made here do what the tests below rely on: structs shrink and grow */
TEST(Evolution, versions_differ)
{
	Parsed_schema const newer(newer_schema(current_text())), today(current_text()),
		older(older_schema(current_text()));
	auto const words = [](Parsed_schema const &schema, char const *name) {
		auto const proto = schema.structure(name).getProto().getStruct();
		return proto.getDataWordCount() + proto.getPointerCount();
	};
	for (char const *name : { "Manifest", "Object", "Thread", "Dataspace", "Region", "PdSession" })
		EXPECT_GT(words(newer, name), words(today, name)) << name;
	for (char const *name : { "Manifest", "Thread", "Dataspace", "SignalContext" })
		EXPECT_LT(words(older, name), words(today, name)) << name;
}

TEST(Evolution, newer_message)
{
	Parsed_schema const newer(newer_schema(current_text()));
	bool larger = false;
	for (uint64_t seed = 0; seed < 150; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		std::vector<uint8_t> const bytes = random_manifest(newer, seed);
		read_alike(bytes);
		if (HasFatalFailure()) return;

		/* what today's schema does not know survives the library's copy */
		Official_message official(Const_bytes(bytes.data(), bytes.size()));
		EXPECT_EQ(normalized(official.root(compiled())), bytes);
		larger |= official.root(newer.structure("Manifest")).totalSize().wordCount > 100;
	}
	EXPECT_TRUE(larger);
}

TEST(Evolution, older_message)
{
	Parsed_schema const older(older_schema(current_text()));
	for (uint64_t seed = 0; seed < 150; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		read_alike(random_manifest(older, seed));
		if (HasFatalFailure()) return;
	}
}

/* core's copy of a newer message: sound, and equal in all that core knows */
TEST(Evolution, copy_of_a_newer_message)
{
	Parsed_schema const newer(newer_schema(current_text()));
	for (uint64_t seed = 0; seed < 80; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		std::vector<uint8_t> const bytes = random_manifest(newer, seed);
		Result<Manifest::Reader> const from =
			Wire::open<Manifest>(Const_bytes(bytes.data(), bytes.size()), {});
		ASSERT_TRUE(from);

		std::vector<uint8_t> buffer(bytes.size());
		Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
		copy(*from, builder.init_root<Manifest>());
		Result<Const_bytes> const copied = builder.finish();
		ASSERT_TRUE(copied);
		EXPECT_LE(copied->size(), bytes.size());

		Result<Manifest::Reader> const to = Wire::open<Manifest>(*copied, {});
		ASSERT_TRUE(to);
		Official_message official(Const_bytes(bytes.data(), bytes.size()));
		EXPECT_EQ(difference(*to, official.root(compiled())), "");

		/* a reader of the newer schema finds the same in the copy */
		Official_message again(*copied);
		EXPECT_EQ(difference(*to, again.root(newer.structure("Manifest"))), "");
	}
}

}
