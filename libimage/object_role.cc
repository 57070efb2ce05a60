#include "object_role.h"

#include <array>
#include <vector>

#include "core/checksum.h"
#include "core/wire_shape.h"
#include "message_json.h"

namespace Capimg
{

using Object = Metadata::Object;
using Which = Metadata::Object::Which;

std::uint64_t Role_key::digest() const
{
	return checksum(Const_bytes(_bytes.data(), _bytes.size()));
}

static constexpr Role ROLES[] {
	{ Which::PD_SESSION, "!label session.clientId", "same label", true },
	{ Which::PD_SESSION, "!session.clientId", "same client id", true },
	{ Which::PD_SESSION, "", "the only PD", true },

	{ Which::CPU_SESSION, "!session.clientId", "same client id", true },
	{ Which::RM_SESSION, "!session.clientId", "same client id", true },
	{ Which::ROM_SESSION, "!session.clientId module", "same client id and module", true },
	{ Which::LOG_SESSION, "!session.clientId", "same client id", true },
	{ Which::TIMER_SESSION, "!session.clientId", "same client id", true },
	{ Which::SESSION, "!session.clientId session.service", "same service and client id", true },

	{ Which::CPU_SESSION, "label session.arguments", "same label and arguments", true },
	{ Which::RM_SESSION, "label session.arguments", "same label and arguments", true },
	{ Which::ROM_SESSION, "!module label", "same module and label", true },
	{ Which::LOG_SESSION, "label session.arguments", "same label and arguments", true },
	{ Which::TIMER_SESSION, "label session.arguments", "same label and arguments", true },
	{ Which::SESSION, "!session.service label session.arguments",
	  "same service, label and arguments", true },

	{ Which::CPU_SESSION, "label", "same label", true },
	{ Which::RM_SESSION, "label", "same label", true },
	{ Which::ROM_SESSION, "!module", "same module", true },
	{ Which::LOG_SESSION, "label", "same label", true },
	{ Which::TIMER_SESSION, "label", "same label", true },
	{ Which::SESSION, "!session.service label", "same service and label", true },

	{ Which::SERVICE, "!name", "same name", true },
	{ Which::THREAD, "!name !utcbAddress", "same name and UTCB", true },
	{ Which::THREAD, "!utcbAddress", "same UTCB", true },
	{ Which::THREAD, "!nativeId", "same number in the kernel", true },
	{ Which::THREAD, "!name", "same name", true },
	{ Which::THREAD, "", "the only thread", true },

	{ Which::DATASPACE, "!module !label", "same ROM module", true },
	{ Which::DATASPACE, "!module", "same ROM module", true },
	{ Which::DATASPACE, "!physicalAddress", "same physical address", true },
	{ Which::DATASPACE, "!label", "same label", true },
	{ Which::REGION_MAP, "!label", "same label", true },

	{ Which::SIGNAL_SOURCE, "!handler", "same handler", true },
	{ Which::SIGNAL_SOURCE, "", "the only signal source", true },
	{ Which::SIGNAL_CONTEXT, "!imprint source", "same imprint", true },
	{ Which::SIGNAL_CONTEXT, "!imprint", "same imprint", true },
	{ Which::SIGNAL_CONTEXT, "!role !holder", "same role", true },

	{ Which::EXTERNAL, "!owner !label", "same owner and label", true },
	{ Which::NATIVE_CAPABILITY, "!label", "same label", true },
	{ Which::CAPABILITY, "!label", "same label", true },
	{ Which::PARENT_CAPABILITY, "", "the way to the parent", true },

	/* the n-th of its kind made: true of what starts up alike, not of what comes and goes */
	{ Which::NATIVE_CAPABILITY, "!entrypoint !allocationOrder", "made in the same order", false },
	{ Which::DATASPACE, "!allocationOrder owner size", "made in the same order", false },
};

/* nothing: not known */
static constexpr std::array CONSTANT_FIELDS {
	std::string_view("Dataspace.kind"),
	std::string_view("Dataspace.size"),
	std::string_view("Dataspace.allocationOrder"),
	std::string_view("Dataspace.physicalAddress"),
	std::string_view("Dataspace.module"),
	std::string_view("External.owner"),
	std::string_view("NativeCapability.allocationOrder"),
	std::string_view("RegionMap.size"),
	std::string_view("RomSession.module"),
	std::string_view("Service.name"),
	std::string_view("SignalContext.imprint"),
	std::string_view("Thread.name"),
	std::string_view("Thread.utcbAddress"),
};

std::span<Role const> roles() { return ROLES; }

Which kind_class(Which which)
{
	return which == Which::NATIVE_CAPABILITY ? Which::CAPABILITY : which;
}

namespace
{

/* a struct and a field of it */
struct Located
{
	Wire::Struct_reader reader {};
	Wire::Field const *field = nullptr;
};

Wire::Field const *find_field(Wire::Struct_shape const &shape, std::string_view name)
{
	for (unsigned i = 0; i < shape.field_count; i++)
		if (shape.fields[i].name() == name) return &shape.fields[i];
	return nullptr;
}

/* the field of the union that is there, null for a kind of a newer version */
Wire::Field const *kind_field(Object::Reader const &object)
{
	for (unsigned i = 0; i < Object::shape.field_count; i++)
		if (Object::shape.fields[i].discriminant == std::uint16_t(object.which()))
			return &Object::shape.fields[i];
	return nullptr;
}

Located locate(Object::Reader const &object, std::string_view path)
{
	Wire::Field const *const own = find_field(Object::shape, path);
	if (own && own->discriminant == Wire::NO_UNION) return { object.wire(), own };

	Wire::Field const *const kind = kind_field(object);
	if (!kind || kind->type != Wire::Type::STRUCT) return {};

	Wire::Struct_shape const *shape = kind->shape;
	Wire::Struct_reader reader = object.wire().structure(std::uint16_t(kind->offset));
	for (;;) {
		std::size_t const dot = path.find('.');
		Wire::Field const *const field = find_field(*shape, path.substr(0, dot));
		if (!field || dot == std::string_view::npos) return { reader, field };
		reader = reader.structure(std::uint16_t(field->offset));
		shape = field->shape;
		path.remove_prefix(dot + 1);
	}
}

/* text of a Text, bytes of Data */
Const_bytes blob(Wire::Field const &field, Wire::Struct_reader const &reader)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	return field.type == Wire::Type::TEXT ? reader.text(slot).bytes() : reader.data(slot);
}

bool is_blob(Wire::Field const &field)
{
	return field.type == Wire::Type::TEXT || field.type == Wire::Type::DATA;
}

/* false if a field that must say something does not, or refers to an object nobody knows */
bool add_field(Role_key &key, Located const &at, bool required, Resolve_ref const &resolve)
{
	if (!at.field) return false;

	if (is_blob(*at.field)) {
		Const_bytes const bytes = blob(*at.field, at.reader);
		key.text({ reinterpret_cast<char const *>(bytes.base()), bytes.size() });
		return !required || !bytes.empty();
	}

	std::uint64_t value = scalar_value(*at.field, at.reader);
	if (!value) {
		key.number(0);
		return !required;
	}
	if (at.field->ref && !resolve(std::uint32_t(value), value)) return false;
	key.number(value + (at.field->ref ? 1 : 0));
	return true;
}

}

bool add_role(Role_key &key, Role const &role, Object::Reader const &object,
			  Resolve_ref const &resolve)
{
	if (object.which() != role.which) return false;

	key.number(std::uint64_t(role.which));
	for (std::string_view rest = role.fields; !rest.empty();) {
		std::size_t const end = std::min(rest.find(' '), rest.size());
		std::string_view name = rest.substr(0, end);
		rest.remove_prefix(std::min(end + 1, rest.size()));

		bool const required = name.front() == '!';
		if (required) name.remove_prefix(1);
		if (!add_field(key, locate(object, name), required, resolve)) return false;
	}
	return true;
}

bool different_by_nature(Object::Reader const &a, Object::Reader const &b)
{
	Wire::Field const *const kind = kind_field(a);
	if (a.which() != b.which() || !kind || kind->type != Wire::Type::STRUCT) return false;

	auto const ra = a.wire().structure(std::uint16_t(kind->offset));
	auto const rb = b.wire().structure(std::uint16_t(kind->offset));

	for (std::string_view const path : CONSTANT_FIELDS) {
		std::size_t const dot = path.find('.');
		if (path.substr(0, dot) != kind->shape->name) continue;
		Wire::Field const *const field = find_field(*kind->shape, path.substr(dot + 1));
		if (!field) continue;

		if (is_blob(*field)) {
			Const_bytes const x = blob(*field, ra), y = blob(*field, rb);
			if (!x.empty() && !y.empty() && !(x == y)) return true;
		} else {
			std::uint64_t const x = scalar_value(*field, ra), y = scalar_value(*field, rb);
			if (x && y && x != y) return true;
		}
	}
	return false;
}

}
