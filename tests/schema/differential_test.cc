/*
 * Core and Cap'n Proto's library read and write the same
 */

#include <capnp/schema.h>
#include <gtest/gtest.h>

#include "image.capnp.h"
#include "libimage/core/generated/image_copy.h"
#include "libimage/core/wire_check.h"
#include "tests/support/manifest_compare.h"
#include "tests/support/random_message.h"
#include "tests/support/wire_words.h"

namespace Capimg::Test
{

namespace
{

template <typename OFFICIAL>
std::vector<uint8_t> random_message(uint64_t seed)
{
	capnp::MallocMessageBuilder message;
	auto const root = message.initRoot<capnp::DynamicStruct>(capnp::Schema::from<OFFICIAL>());
	Random_filler(seed).fill(root);
	return normalized(root.asReader());
}

/* as core copies it, field by field */
template <typename CORE>
std::vector<uint8_t> copied(typename CORE::Reader const &from, size_t size)
{
	std::vector<uint8_t> buffer(size, 0xa5);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	copy(from, builder.init_root<CORE>());

	Result<Const_bytes> const message = builder.finish();
	EXPECT_TRUE(message) << error_text(message.error().code) << ", " << message.error().field;
	return std::vector<uint8_t>(message->base(), message->base() + message->size());
}

template <typename CORE, typename OFFICIAL>
void round_trip(uint64_t seed)
{
	SCOPED_TRACE("seed " + std::to_string(seed));
	std::vector<uint8_t> const bytes = random_message<OFFICIAL>(seed);
	Const_bytes const message(bytes.data(), bytes.size());

	Result<typename CORE::Reader> const root = Wire::open<CORE>(message, {});
	ASSERT_TRUE(root) << error_text(root.error().code) << " at " << root.error().offset << ", "
					  << root.error().field;

	Official_message official(message);
	EXPECT_EQ(difference(*root, official.root(capnp::Schema::from<OFFICIAL>())), "");
	EXPECT_EQ(copied<CORE>(*root, bytes.size()), bytes);
}

}

TEST(Differential, random_manifests)
{
	for (uint64_t seed = 0; seed < 400; seed++)
		round_trip<Metadata::Manifest, Schema::Manifest>(seed);
}

TEST(Differential, random_provenance)
{
	for (uint64_t seed = 0; seed < 100; seed++)
		round_trip<Metadata::Provenance, Schema::Provenance>(seed);
}

/* roots of every struct get each field covered whatever the manifest's shape makes likely */
TEST(Differential, each_struct_as_root)
{
	for (uint64_t seed = 0; seed < 60; seed++) {
		round_trip<Metadata::Object, Schema::Object>(seed);
		round_trip<Metadata::Thread, Schema::Thread>(seed);
		round_trip<Metadata::Dataspace, Schema::Dataspace>(seed);
		round_trip<Metadata::Region_map, Schema::RegionMap>(seed);
		round_trip<Metadata::Service, Schema::Service>(seed);
		round_trip<Metadata::Capability_space, Schema::CapabilitySpace>(seed);
		round_trip<Metadata::Badge_tree, Schema::BadgeTree>(seed);
	}
}

TEST(Differential, empty_root)
{
	capnp::MallocMessageBuilder message;
	message.initRoot<Schema::Manifest>();
	std::vector<uint8_t> const bytes = normalized(message.getRoot<Schema::Manifest>().asReader());

	std::vector<uint8_t> buffer(4096, 0xa5);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	(void)builder.init_root<Metadata::Manifest>();
	Result<Const_bytes> const own = builder.finish();
	ASSERT_TRUE(own);
	EXPECT_TRUE(*own == Const_bytes(bytes.data(), bytes.size()));
}

/* the objects that take no space beyond their pointer */
TEST(Differential, empty_text_data_and_lists)
{
	capnp::MallocMessageBuilder message;
	auto root = message.initRoot<Schema::Manifest>();
	root.setLabel("");
	root.setEpoch(capnp::Data::Reader());
	root.initObjects(0);
	root.initCpuFeatures(0);
	root.initCpuFeatures(2).set(1, "");
	std::vector<uint8_t> const bytes = normalized(message.getRoot<Schema::Manifest>().asReader());

	Result<Metadata::Manifest::Reader> const core =
		Wire::open<Metadata::Manifest>(Const_bytes(bytes.data(), bytes.size()), {});
	ASSERT_TRUE(core) << core.error().field;
	EXPECT_TRUE(core->has_label());
	EXPECT_TRUE(core->label().empty());
	EXPECT_TRUE(core->has_epoch());
	EXPECT_FALSE(core->has_group());
	EXPECT_TRUE(core->has_objects());
	EXPECT_FALSE(core->has_notes());
	EXPECT_FALSE(core->cpu_features().has(0));
	EXPECT_TRUE(core->cpu_features().has(1));
	EXPECT_EQ(copied<Metadata::Manifest>(*core, bytes.size()), bytes);
}

/* what core accepts of other versions of a schema is in the library's normal form, too */
TEST(Differential, other_versions_by_hand)
{
	for (Words const &words : other_versions()) {
		std::vector<uint8_t> const bytes = framed(words);
		Const_bytes const message(bytes.data(), bytes.size());
		ASSERT_TRUE(Wire::open<Metadata::Provenance_record>(message, {}));

		Official_message official(message);
		auto const root = official.root(capnp::Schema::from<Schema::ProvenanceRecord>());
		EXPECT_EQ(normalized(root), bytes);
	}
}

}
