#include "capimg/refusal.h"

namespace Capimg::Engine
{

struct Row
{
	char const *name, *text, *hint;
};

static constexpr Row ROWS[] {
	{ "architecture", "the image is of another architecture",
	  "restore it on a machine like the one it comes from" },
	{ "word-size", "the image is of another word size",
	  "restore it on a machine like the one it comes from" },
	{ "page-size", "the image was captured with pages of another size", "" },
	{ "kernel", "the component ran on another kernel", "boot the kernel that the image names" },
	{ "release", "the component was linked against another release of Genode",
	  "run the release that the image names" },
	{ "badge-range", "the component's capability map is too narrow for the badges of this system",
	  "" },
	{ "cpu-feature", "the CPU lacks a feature that the component's one had", "" },
	{ "fpu", "the FPU state of the component's CPU is larger than that of this one", "" },
	{ "no-pd", "the image does not say how its PD session was made: there is nothing to restore",
	  "images that were imported from a core can only be looked at" },
	{ "several-pds", "the component has made protection domains of its own", "" },
	{ "label", "the image is of another component than the one that is allowed", "" },
	{ "device", "the component holds a device, which does not move along",
	  "only components without I/O memory, interrupts and DMA buffers are migratable" },
	{ "absent-memory", "memory of the component was not captured", "" },
	{ "redacted", "memory of the component was blanked out",
	  "allow redacted images to restore it nevertheless" },
	{ "missing-module", "a ROM module is missing",
	  "add the module to the boot image or the ROM service" },
	{ "module-differs",
	  "a ROM module has another content than the one that the component was given",
	  "provide the module of the system that the image comes from" },
	{ "missing-service", "a service is missing", "add a route to a server for it" },
	{ "session-state", "nobody can restore the state of this session",
	  "allow such sessions to be opened anew if the component can stand that" },
	{ "external", "an object of another component is not to be had here", "start its owner first" },
	{ "unknown-object", "of an object only its badge is known", "" },
	{ "unbound", "an object is not bound to what it needs", "" },
	{ "no-registers", "a started thread has no registers of this architecture", "" },
	{ "unsafe-spot", "a thread was captured where badges are out of reach",
	  "take the checkpoint again" },
	{ "call-cycle", "threads serve each other's calls in a circle", "" },
	{ "foreign-call", "a call to another component is open",
	  "take the checkpoint again, or allow such calls to be repeated" },
	{ "memory", "captured memory and manifest contradict each other",
	  "see what 'capimg verify' says" },
	{ "ram-quota", "the RAM quota does not suffice", "assign more RAM to the component" },
	{ "cap-quota", "the capability quota does not suffice",
	  "assign more capabilities to the component" },
};

static_assert(sizeof(ROWS) / sizeof(ROWS[0]) == REFUSAL_COUNT);

static Row row(Refusal_code code)
{
	unsigned const i = unsigned(code);
	return i < REFUSAL_COUNT ? ROWS[i] : Row { "unknown", "unknown reason", "" };
}

char const *refusal_name(Refusal_code code) { return row(code).name; }
char const *refusal_text(Refusal_code code) { return row(code).text; }
char const *refusal_hint(Refusal_code code) { return row(code).hint; }

}
