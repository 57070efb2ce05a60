#include "object_kinds.h"

#include <iterator>

#include "core/manifest_check.h"
#include "message_json.h"

namespace Capimg
{

using Which = Metadata::Object::Which;

static constexpr Object_kind KINDS[] {
	{ Which::CAPABILITY, Object_group::CAPABILITY, "capability", "" },
	{ Which::EXTERNAL, Object_group::CAPABILITY, "object of another component", "owner" },
	{ Which::PD_SESSION, Object_group::SESSION, "PD session",
	  "addressSpace stackArea linkerArea ramQuota ramUsed capQuota capUsed" },
	{ Which::CPU_SESSION, Object_group::SESSION, "CPU session", "priority quota exceptionHandler" },
	{ Which::RM_SESSION, Object_group::SESSION, "RM session", "regionMaps" },
	{ Which::ROM_SESSION, Object_group::SESSION, "ROM session", "module dataspace handler" },
	{ Which::LOG_SESSION, Object_group::SESSION, "LOG session", "" },
	{ Which::TIMER_SESSION, Object_group::SESSION, "Timer session",
	  "handler timeout periodic elapsed" },
	{ Which::SESSION, Object_group::SESSION, "session", "" },
	{ Which::SERVICE, Object_group::SERVICE, "provided service", "name root" },
	{ Which::THREAD, Object_group::THREAD, "thread", "name slot phase callTarget servedCaller" },
	{ Which::DATASPACE, Object_group::MEMORY, "dataspace", "kind size module regionMap" },
	{ Which::REGION_MAP, Object_group::MEMORY, "region map", "size dataspace faultHandler" },
	{ Which::SIGNAL_SOURCE, Object_group::SIGNAL, "signal source", "pd handler semaphore" },
	{ Which::SIGNAL_CONTEXT, Object_group::SIGNAL, "signal context",
	  "source imprint pending holder role" },
	{ Which::NATIVE_CAPABILITY, Object_group::CAPABILITY, "RPC object", "entrypoint dangling" },
	{ Which::PARENT_CAPABILITY, Object_group::CAPABILITY, "parent", "" },
};

static constexpr Object_kind UNKNOWN { Which(0xffff), Object_group::UNKNOWN, "unknown", "" };

char const *Object_kind::name() const { return kind_name(which); }

std::span<Object_kind const> object_kinds() { return KINDS; }

Object_kind const &object_kind(Which which)
{
	for (Object_kind const &kind : KINDS)
		if (kind.which == which) return kind;
	return UNKNOWN;
}

char const *entry_kind_title(Metadata::Entry_kind kind)
{
	static constexpr char const *TITLES[] { nullptr, "gate",           "irq",         "thread",
											"task",  "core dataspace", "thread gate", "parent" };
	std::size_t const number = std::size_t(kind);
	return number < std::size(TITLES) ? TITLES[number] : nullptr;
}

Json object_body(Metadata::Object::Reader const &object)
{
	Json all = message_value(Metadata::Object::shape, object.wire());
	auto const body = all.find(object_kind(object.which()).name());
	return body == all.end() ? Json() : std::move(*body);
}

/* nothing to say: not set, or the default */
static bool says_nothing(Json const &value)
{
	if (value.is_string()) {
		std::string const &text = value.get_ref<std::string const &>();
		return text.empty() || text == "0" || text == "0x0" || text == "unknown";
	}
	return value.is_null() || value == 0 || value == false || (value.is_array() && value.empty());
}

std::string object_summary(Metadata::Object::Reader const &object)
{
	Json const body = object_body(object);
	std::string_view fields = object_kind(object.which()).summary;
	std::string text;

	auto const say = [&](std::string_view name, Json const &value) {
		if (says_nothing(value)) return;
		if (!text.empty()) text += " ";
		text +=
			std::string(name) + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
	};

	while (!fields.empty()) {
		std::size_t const end = std::min(fields.find(' '), fields.size());
		std::string const name(fields.substr(0, end));
		if (body.is_object() && body.contains(name)) say(name, body[name]);
		fields.remove_prefix(std::min(end + 1, fields.size()));
	}

	/* what every session has */
	if (body.is_object() && body.contains("session"))
		for (char const *name : { "service", "arguments" })
			if (body["session"].contains(name)) say(name, body["session"][name]);
	return text;
}

}
