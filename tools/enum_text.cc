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
	if (char const *const title = entry_kind_title(Metadata::Entry_kind(entry.kind))) return title;

	auto const object = image.object(entry.object);
	return object ? object_kind(Metadata::Object::Which(object->which())).title : "";
}

}
