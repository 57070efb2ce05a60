/* What the image's memory says against a restore, wrong calls, and too little memory */

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libimage/manifest.h"
#include "opened_loader.h"
#include "tests/support/component_image.h"
#include "tests/support/edited_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;
using namespace Capimg::Test::Whole;

/* the small image: its PD is the component's, its dataspace RAM */
static std::vector<std::byte> small(Pieces const &content)
{
	Small_image image;
	image.head.machine = whole_machine();
	image.dataspaces = { content };
	Image const written = open_image(image.write());
	Image_edit edit;
	edit.manifest = [](Schema::Manifest::Builder manifest) {
		manifest.setKernel(Schema::Kernel::FOC);
		manifest.setGenodeVersion("26.02");
		whole_object(manifest, 1).getPdSession().initSession();
	};
	return edited(written, edit);
}

TEST(Loader_verify, AbsentAndRedactedBlocks)
{
	Pieces content;
	content.random(4096, 1).absent(8192).random(4096, 2);
	content.absent(4096, Absent_reason::REDACTED).random(100, 3);

	Opened_loader l({ small(content) });
	EXPECT_EQ(l.verify().code, Code::REFUSED);
	EXPECT_EQ(l.refusals.reasons, (Reasons { "absent-memory 3", "redacted 3" }));
	EXPECT_EQ(l.loader->restore(l.steps).code, Code::BAD_STATE);
	EXPECT_TRUE(l.target.log.empty());
}

TEST(Loader_verify, AbsentPartsOfBlocks)
{
	Pieces content;
	content.random(1000, 1).absent(1000).random(4096, 2);
	Opened_loader l({ small(content) });
	EXPECT_EQ(l.verify().code, Code::REFUSED);
	EXPECT_EQ(l.refusals.reasons, (Reasons { "absent-memory 3" }));
}

TEST(Loader_verify, RedactedMemoryIsZeroIfAllowed)
{
	Pieces content;
	content.random(4096, 1).absent(4096, Absent_reason::REDACTED).random(100, 3);
	Opened_loader l({ small(content) });
	EXPECT_EQ(l.verify().code, Code::REFUSED);

	l.policy.allow_redacted = true;
	ASSERT_EQ(l.restore().code, Code::OK);
	auto const &bytes = l.target.contents.at(3);
	EXPECT_THAT(std::vector(bytes.begin() + 4096, bytes.begin() + 8192), testing::Each(0));
	EXPECT_NE(bytes[8192 + 50] | bytes[8192 + 51] | bytes[8192 + 52], 0);
}

static std::vector<std::byte> contradicting()
{
	Component const component({ .count = 1024 });
	Component_image image;
	image.edit = [](Schema::Manifest::Builder manifest) {
		for (auto object : manifest.getObjects())
			if (object.isPdSession()) object.getPdSession().initSession();
		auto entries = manifest.getCapabilitySpaces()[0].getEntries();
		entries[entries.size() / 2].setRefCount(77);
	};
	return image.write(component);
}

TEST(Loader_verify, ContradictionOfMemoryAndManifest)
{
	Opened_loader l({ contradicting() });
	EXPECT_EQ(l.verify().code, Code::REFUSED);
	EXPECT_THAT(l.refusals.reasons, testing::Contains("memory 1"));
}

/* all reasons come at once, those of the manifest and those of memory */
TEST(Loader_verify, AllReasonsAtOnce)
{
	Opened_loader l({ contradicting() });
	l.target.kernel_here = Metadata::Kernel::NOVA;
	l.target.ram_here = 0;
	EXPECT_EQ(l.verify().code, Code::REFUSED);
	EXPECT_THAT(l.refusals.reasons,
				testing::IsSupersetOf({ "kernel 0", "ram-quota 0", "memory 1" }));
}

TEST(Loader_verify, DamageOfAnyBlockIsFoundBeforeAnythingIsMade)
{
	std::vector<std::byte> const good = whole_component();
	std::size_t damaged = 0;
	for (std::size_t at = 4096; at < 7 * 4096; at += 997) {
		auto bytes = good;
		bytes[at] ^= std::byte(4);
		Opened_loader l({ bytes });
		Status const status = l.verify();
		damaged += status.code == Code::DAMAGED;
		if (status) {
			EXPECT_EQ(l.loader->restore(l.steps).code, Code::BAD_STATE);
		}
		EXPECT_TRUE(l.target.log.empty());
	}
	EXPECT_GT(damaged, 20u);
}

/* the source gives other bytes once it was verified */
TEST(Loader_verify, ChangedSourceIsFoundAgain)
{
	std::vector<std::byte> bytes = whole_component();
	Opened_loader l({ bytes });
	ASSERT_EQ(l.verify().code, Code::OK);
	auto const before = l.message();
	const_cast<std::byte &>(l.images[0][4096 + 10]) ^= std::byte(1);

	EXPECT_EQ(l.loader->restore(l.steps).code, Code::DAMAGED);
	EXPECT_TRUE(l.target.empty());
	EXPECT_EQ(l.message(), before);
}

TEST(Loader_verify, CallsInTheWrongState)
{
	Opened_loader l({ whole_component() });
	Engine::Loader &loader = l.make();
	EXPECT_EQ(loader.restore(l.steps).code, Code::BAD_STATE);
	loader.destroy();
	EXPECT_TRUE(l.target.log.empty());

	ASSERT_EQ(loader.verify(l.refusals).code, Code::OK);
	ASSERT_EQ(loader.verify(l.refusals).code, Code::OK);
	ASSERT_EQ(loader.restore(l.steps).code, Code::OK);
	auto const log = l.target.log;
	EXPECT_EQ(loader.restore(l.steps).code, Code::BAD_STATE);
	EXPECT_EQ(loader.verify(l.refusals).code, Code::BAD_STATE);
	EXPECT_EQ(l.target.log, log);
	loader.destroy();
	EXPECT_TRUE(l.target.empty());
	EXPECT_EQ(loader.verify(l.refusals).code, Code::OK);
}

TEST(Loader_verify, TooLittleMemory)
{
	Opened_loader l({ whole_component() });
	std::size_t const size = Engine::Loader::badges_size(l.manifest());
	for (std::size_t n = 0; n < size; n += 7) {
		l.badges = Exact_bytes(n);
		EXPECT_EQ(l.verify().code, Code::NO_SPACE);
	}
	l.badges = Exact_bytes(size);
	EXPECT_EQ(l.verify().code, Code::OK);
}

/* badges that the target may not give */
TEST(Loader_verify, WrongBadgesOfTheTarget)
{
	auto const code = [](std::function<Capimg::uint64_t(std::uint32_t, Capimg::uint64_t)> badge) {
		Opened_loader l({ whole_component() });
		l.target.badge = std::move(badge);
		auto const before = l.message();
		Status const status = l.restore();
		EXPECT_TRUE(l.target.empty());
		EXPECT_EQ(l.message(), before);
		EXPECT_STREQ(status.field, "Object.badge");
		return status.code;
	};
	EXPECT_EQ(code([](auto id, auto old) { return id == RPC ? 0 : old; }), Code::INVALID);
	EXPECT_EQ(code([](auto id, auto old) { return id == RPC ? old + 1 : old; }), Code::INVALID);
	EXPECT_EQ(code([](auto id, auto old) { return id == RPC ? whole_badge(CPU) : old; }),
			  Code::DUPLICATE);
	EXPECT_EQ(code([](auto id, auto old) { return id == MAIN_GATE ? 0x700 : old; }),
			  Code::UNSUPPORTED);
}

/* the badge of an object that nobody makes is free for others */
TEST(Loader_verify, BadgeOfAnUnusedObject)
{
	Opened_loader l({ whole_component() });
	l.target.badge = [](std::uint32_t id, Capimg::uint64_t old) {
		return id == RPC ? whole_badge(UNUSED) : old;
	};
	EXPECT_EQ(l.restore().code, Code::OK);
}

/* trees that nobody has looked for would lose their order */
TEST(Loader_verify, MemoryThatWasNotSearched)
{
	auto const code = [](bool keep_order) {
		Opened_loader l({ whole_component(
			[](Schema::Manifest::Builder manifest) { manifest.setMemorySearched(false); }) });
		l.target.badge = [=](std::uint32_t, Capimg::uint64_t old) {
			return old == 1 ? 1 : keep_order ? old + 0x400 : 0x2000 - old;
		};
		return l.restore().code;
	};
	EXPECT_EQ(code(true), Code::OK);
	EXPECT_EQ(code(false), Code::UNSUPPORTED);
}
