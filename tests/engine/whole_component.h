/*
 * An image of a component that has an object of every kind
 *
 * Without a capability map in memory: what maps need is tested on generated components.
 */

#ifndef CAPIMG__TESTS__ENGINE__WHOLE_COMPONENT_H
#define CAPIMG__TESTS__ENGINE__WHOLE_COMPONENT_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image.capnp.h"
#include "libimage/core/head.h"

namespace Capimg::Test
{

/* ids; old badges are such that the order of badges is not that of ids */
namespace Whole
{
enum : std::uint32_t {
	PD = 1,
	ADDRESS_SPACE,
	STACK_AREA,
	LINKER_AREA,
	NATIVE_PD,
	PARENT,
	CPU,
	NATIVE_CPU,
	ROM,
	ROM_CONTENT,
	RM,
	MAP,
	MAP_CONTENT,
	LOG,
	TIMER,
	REPORT,
	EXTERNAL,
	UNUSED_EXTERNAL,
	RAM,
	LOWER_RAM,
	CLIENT,
	CLIENT_GATE,
	MAIN,
	MAIN_GATE,
	NOT_STARTED,
	SOURCE,
	SEMAPHORE,
	FAULTS,
	EXCEPTIONS,
	ROM_CHANGES,
	TIMEOUTS,
	RESOURCES,
	REPORTS,
	RPC,
	LOWER_RPC,
	DANGLING,
	SERVICE,
	STALE_ONLY,
	UNUSED,
	BUFFER,
	COUNT_AND_ONE
};
static constexpr std::uint32_t COUNT = COUNT_AND_ONE - 1;
}

/* old badge of an object: distinct, multiples of 4, 1 for the main thread's gate */
std::uint64_t whole_badge(std::uint32_t id);

using Edit_manifest = std::function<void(Schema::Manifest::Builder)>;

/* byte 'offset' of the content of RAM and LOWER_RAM; some blocks are zero */
std::byte whole_content(std::uint32_t dataspace, std::uint64_t offset);

std::vector<std::byte> whole_component(
	Edit_manifest const &edit = [](Schema::Manifest::Builder) {}, Profile const & = {});

/* that component's machine */
Machine whole_machine();

/* the object of an id, which is its number, too */
inline Schema::Object::Builder whole_object(Schema::Manifest::Builder manifest, std::uint32_t id)
{
	return manifest.getObjects()[id - 1];
}

}

#endif /* CAPIMG__TESTS__ENGINE__WHOLE_COMPONENT_H */
