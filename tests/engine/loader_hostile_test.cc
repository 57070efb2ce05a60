/* Manifests that nobody sane would write: a clear answer, and nothing is left */

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "opened_loader.h"

using namespace Capimg;
using namespace Capimg::Test;

/* references and enums at random, of which 'check_manifest' lets some pass */
static void scramble(Schema::Manifest::Builder manifest, std::mt19937_64 &random)
{
	auto const id = [&] { return std::uint32_t(random() % (Whole::COUNT + 1)); };

	for (unsigned n = unsigned(1 + random() % 4); n; n--) {
		auto object = whole_object(manifest, std::uint32_t(1 + random() % Whole::COUNT));
		switch (object.which()) {
		case Schema::Object::PD_SESSION: object.getPdSession().setNativePd(id()); break;
		case Schema::Object::CPU_SESSION:
			object.getCpuSession().setNativeCpu(id());
			object.getCpuSession().setExceptionHandler(id());
			break;
		case Schema::Object::ROM_SESSION: object.getRomSession().setHandler(id()); break;
		case Schema::Object::TIMER_SESSION: object.getTimerSession().setHandler(id()); break;
		case Schema::Object::SERVICE: object.getService().setRoot(id()); break;
		case Schema::Object::DATASPACE: object.getDataspace().setOwner(id()); break;
		case Schema::Object::REGION_MAP: object.getRegionMap().setFaultHandler(id()); break;
		case Schema::Object::SIGNAL_SOURCE: object.getSignalSource().setSemaphore(id()); break;
		case Schema::Object::SIGNAL_CONTEXT: object.getSignalContext().setHolder(id()); break;
		case Schema::Object::THREAD: {
			auto thread = object.getThread();
			thread.setGate(id());
			thread.setCallTarget(id());
			thread.setServedCaller(id());
			thread.setStarted(random() % 2);
			thread.setPhase(Schema::IpcPhase(random() % 4));
			thread.setSlot(unsigned(random() % 3));
			break;
		}
		case Schema::Object::NATIVE_CAPABILITY:
			object.getNativeCapability().setDangling(random() % 2);
			break;
		case Schema::Object::CAPABILITY:
			if (random() % 2) object.initExternal().setOwner("x");
			break;
		default: object.setBadge(whole_badge(id())); break;
		}
	}
	auto entry = manifest.getCapabilitySpaces()[0].getEntries()[unsigned(random() % 9)];
	entry.setObject(1 + std::uint32_t(random() % Whole::COUNT));
	entry.setState(random() % 2 ? Schema::EntryState::LIVE : Schema::EntryState::STALE);
}

TEST(Loader_hostile, AnyManifestIsRefusedOrRestored)
{
	std::mt19937_64 random(4);
	unsigned refused = 0, restored = 0, undone = 0;

	for (unsigned i = 0; i < 3000; i++) {
		std::unique_ptr<Opened_loader> l;
		try {
			std::vector<std::vector<std::byte>> images;
			images.push_back(whole_component(
				[&](Schema::Manifest::Builder manifest) { scramble(manifest, random); }));
			l = std::make_unique<Opened_loader>(std::move(images));
		} catch (std::exception const &) {
			continue; /* 'check_manifest' refuses it */
		}
		l->policy.repeat_foreign_calls = true;
		l->target.badge = [&](std::uint32_t number, Capimg::uint64_t old) {
			return old == 1 ? 1 : Capimg::uint64_t(0x4000 - 4 * number);
		};
		if (i % 3 == 0) l->target.fail_at = random() % 60;

		auto const before = l->message();
		Status const status = l->restore();
		refused += status.code == Code::REFUSED;
		EXPECT_EQ(status.code == Code::REFUSED, !l->refusals.reasons.empty()) << i;
		if (!status) {
			restored++;
			l->loader->destroy();
		} else if (status.code != Code::REFUSED)
			undone++;
		EXPECT_TRUE(l->target.empty()) << i;
		EXPECT_EQ(l->message(), before) << i;
	}
	EXPECT_GT(refused, 100u);
	EXPECT_GT(restored, 50u);
	EXPECT_GT(undone, 50u);
}
