/* What a restore asks of the target, in which order, and how all of it is taken back */

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opened_loader.h"

using namespace Capimg;
using namespace Capimg::Test;
using namespace Capimg::Test::Whole;

using Lines = std::vector<std::string>;

/* names for ids, so that the log below can be read */
static Lines const EXPECTED {
	"pd 1",
	"companion address-space 2 of 1",
	"companion stack-area 3 of 1",
	"companion linker-area 4 of 1",
	"companion native-pd 5 of 1",
	"companion parent 6 of 0",
	"session 7", /* CPU */
	"companion native-cpu 8 of 7",
	"companion buffer 40 of 7",
	"session 9", /* ROM */
	"companion rom-content 10 of 9",
	"session 11", /* RM */
	"session 14", /* LOG */
	"session 16", /* Report */
	"external 17",
	"ram 20",
	"ram 19",
	"thread 23 slot 0",
	"companion thread-gate 24 of 23",
	"thread 21 slot 1",
	"companion thread-gate 22 of 21",
	"thread 25 slot 5",
	"native 35",
	"native 34",
	"dangling 36",
	"dangling 38",
	"source 26",
	"companion semaphore 27 of 26",
	"context 28",
	"context 29",
	"context 30",
	"context 31",
	"context 32",
	"context 33",
	"region_map 12 of 11",
	"companion managed 13 of 12",
	"session 15", /* Timer */
	"connect 7",
	"connect 9",
	"connect 32", /* the parent has it */
	"connect 33", /* Report has it */
	"connect 12",
	"connect 15",
	"attach 20 to 2 at 0x10000",
	"attach 19 to 2 at 0x20000",
	"attach 10 to 2 at 0x40000",
	"attach 13 to 2 at 0x80000",
	"attach 40 to 4 at 0x3000",
	"attach 19 to 12 at 0x1000",
	"install 6 at 0xb000 of 1",
	"install 24 at 0xc000 of 1",
	"install 17 at 0x301000 of 1",
	"install 34 at 0x302000 of 1",
	"install 35 at 0x306000 of 1",
	"state 23",
	"state 21 0x9034", /* word 0: the new badge of object 34 */
	"wakeups 21 3",
	"start 23 receive_first",
	"start 21",
	"service 37",
	"release 23",
	"release 21",
	"await_call 23",
	"submit 31 2",
	"arm 15",
};

/* a new badge says which object it is of */
static Capimg::uint64_t new_badge(std::uint32_t id, Capimg::uint64_t old)
{
	return old == 1 ? 1 : 0x9000 + (id == RPC ? 0x34 : 4 * (id + 100));
}

TEST(Loader_order, EverythingInItsPlace)
{
	Opened_loader l({ whole_component() });
	l.target.badge = new_badge;
	ASSERT_EQ(l.restore().code, Code::OK);
	EXPECT_EQ(l.refusals.reasons, Reasons {});
	EXPECT_EQ(l.target.log, EXPECTED);
	EXPECT_EQ(l.steps.done.size(), l.loader->plan().steps());
	EXPECT_EQ(l.steps.undone, Lines {});
}

TEST(Loader_order, ContentIsTheImages)
{
	for (std::uint32_t block_size : { 4096u, 65536u })
		for (Codec_id codec : { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 }) {
			Profile profile;
			profile.block_size = block_size;
			profile.codec = codec;
			profile.level = std::int8_t(codec_levels(codec).usual);
			profile.codec_version = codec_version(codec);
			Opened_loader l({ whole_component([](Schema::Manifest::Builder) {}, profile) });
			ASSERT_EQ(l.restore().code, Code::OK);
			for (std::uint32_t id : { RAM, LOWER_RAM }) {
				auto const &bytes = l.target.contents.at(id);
				for (std::size_t i = 0; i < bytes.size(); i++)
					ASSERT_EQ(bytes[i], std::uint8_t(whole_content(id, i))) << id << " " << i;
			}
		}
}

TEST(Loader_order, MessageHasTheNewBadges)
{
	Opened_loader l({ whole_component() });
	l.target.badge = new_badge;
	ASSERT_EQ(l.restore().code, Code::OK);

	auto const objects = l.manifest().objects();
	for (std::uint32_t id = 1; id <= COUNT; id++) {
		bool const made = id != UNUSED && id != UNUSED_EXTERNAL && id != SERVICE;
		EXPECT_EQ(objects[id - 1].badge(), made ? new_badge(id, whole_badge(id)) : 0) << id;
	}
	EXPECT_EQ(objects[CLIENT - 1].thread().utcb().words()[1], new_badge(EXTERNAL, 0));
}

/* how each line of the log is taken back; empty: with something else */
static std::string undone(std::string const &line)
{
	auto const word = [&](unsigned n) {
		std::istringstream words(line);
		std::string word;
		for (unsigned i = 0; i <= n; i++) words >> word;
		return word;
	};
	std::string const what = word(0);
	static std::set<std::string> const made { "pd",      "session", "external",  "ram",
											  "thread",  "native",  "dangling",  "source",
											  "context", "service", "region_map" };
	if (made.count(what)) return "destroy " + word(1);
	if (what == "attach") return "detach from " + word(3) + " at " + word(5);
	if (what == "start") return "stop " + word(1);
	return {};
}

static Lines taken_back(Lines const &done)
{
	Lines lines;
	for (auto line = done.rbegin(); line != done.rend(); ++line)
		if (std::string const text = undone(*line); !text.empty()) lines.push_back(text);
	return lines;
}

TEST(Loader_order, DestroyTakesAllBackInReverse)
{
	Opened_loader l({ whole_component() });
	l.target.badge = new_badge;
	auto const before = l.message();
	ASSERT_EQ(l.restore().code, Code::OK);
	EXPECT_NE(l.message(), before);

	l.target.log.clear();
	l.loader->destroy();
	EXPECT_EQ(l.target.log, taken_back(EXPECTED));
	EXPECT_TRUE(l.target.empty());
	EXPECT_EQ(l.message(), before);

	/* and once more */
	l.target.log.clear();
	ASSERT_EQ(l.loader->restore(l.steps).code, Code::OK);
	EXPECT_EQ(l.target.log, EXPECTED);
}

TEST(Loader_order, FailureOfAnyCallIsUndoneInReverse)
{
	std::vector<std::byte> const image = whole_component();
	std::size_t failures = 0;

	for (std::size_t n = 0;; n++) {
		Opened_loader l({ image });
		l.target.badge = new_badge;
		l.target.fail_at = n;
		l.target.quiet_windows = true;
		auto const before = l.message();

		Status const status = l.restore();
		if (!status) break;
		failures++;
		EXPECT_EQ(status.code, Code::DENIED);

		/* the phase of the step that failed */
		std::string const last = l.steps.done.back();
		EXPECT_EQ(status.field, last.substr(0, last.find(' '))) << n;

		auto const failed = std::find_if(l.target.log.begin(), l.target.log.end(),
										 [](auto &line) { return line.starts_with("fail: "); });
		ASSERT_NE(failed, l.target.log.end());
		EXPECT_EQ(Lines(failed + 1, l.target.log.end()),
				  taken_back(Lines(l.target.log.begin(), failed)))
			<< n;
		EXPECT_TRUE(l.target.empty()) << n;
		EXPECT_EQ(l.message(), before) << n;

		/* the call fails once only */
		l.target.log.clear();
		l.target.fail_at = ~std::size_t(0);
		EXPECT_EQ(l.loader->restore(l.steps).code, Code::OK) << n;
		EXPECT_EQ(l.target.log, EXPECTED) << n;
	}
	/* windows besides */
	EXPECT_GE(failures, EXPECTED.size() + 6);
}

/* outermost first: 25 calls 21, which calls 23 */
TEST(Loader_order, ChainsOfCallsAreReleasedOutermostFirst)
{
	Opened_loader l({ whole_component([](Schema::Manifest::Builder manifest) {
		auto outer = whole_object(manifest, NOT_STARTED).getThread();
		outer.setStarted(true);
		outer.setPhase(Schema::IpcPhase::RECEIVING);
		outer.setCallTarget(LOWER_RPC);
		outer.getRegisters().initX86x64();
		whole_object(manifest, CLIENT).getThread().setServedCaller(NOT_STARTED);
	}) });
	ASSERT_EQ(l.restore().code, Code::OK);

	auto const first = std::find(l.target.log.begin(), l.target.log.end(), "release 21");
	EXPECT_EQ(Lines(first, first + 5), (Lines { "release 21", "release 25", "await_call 21",
												"release 23", "await_call 23" }));
	EXPECT_THAT(l.target.log, testing::Contains("start 21 receive_first"));
	EXPECT_THAT(l.target.log, testing::Contains("start 23 receive_first"));
	EXPECT_THAT(l.target.log, testing::Contains("start 25"));
}
