#include "enum_text.h"

#include "libimage/object_kinds.h"

namespace Capimg
{

char const *state_text(Schema::EntryState state)
{
	switch (state) {
	case Schema::EntryState::LIVE: return "live";
	case Schema::EntryState::EMPTY: return "empty";
	case Schema::EntryState::STALE: return "stale";
	}
	return "unknown";
}

std::string capability_text(Image const &image, Capability_view::Entry const &entry)
{
	switch (entry.kind) {
	case Schema::EntryKind::THREAD_GATE: return "thread gate";
	case Schema::EntryKind::PARENT: return "parent";
	case Schema::EntryKind::GATE: return "gate";
	case Schema::EntryKind::IRQ: return "irq";
	case Schema::EntryKind::THREAD: return "thread";
	case Schema::EntryKind::TASK: return "task";
	case Schema::EntryKind::CORE_DATASPACE: return "core dataspace";
	case Schema::EntryKind::UNKNOWN: break;
	}
	auto const object = image.object(entry.object);
	return object ? object_kind(Metadata::Object::Which(object->which())).title : "";
}

}
