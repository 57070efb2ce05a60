#include "inspect.h"

#include <algorithm>
#include <array>
#include <map>

#include "address_space.h"
#include "capability_layout.h"
#include "enum_names.h"
#include "message_json.h"
#include "object_kinds.h"

namespace Capimg
{

using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;

static std::string text(Wire::Text const &text) { return { text.string(), text.size() }; }

template <typename FN>
static void for_each_object(Image const &image, FN const &fn)
{
	Objects const objects = image.core_manifest().objects();
	for (unsigned i = 0; i < objects.size(); i++) fn(objects[i]);
}

std::string digest_text(State_digest const &digest)
{
	return bytes_text(std::as_bytes(std::span(digest.bytes)));
}

Selectors::Selectors(Image const &image)
{
	for (auto const space : image.manifest().getCapabilitySpaces()) {
		bool const has = !space.hasLayout() || space.getLayout().getHasSelectors();
		for (auto const entry : space.getEntries())
			if (has && entry.getObject() && entry.getState() == Schema::EntryState::LIVE)
				_by_object.emplace_back(entry.getObject(), entry.getKcap());
	}
	std::ranges::stable_sort(_by_object, {}, [](auto const &pair) { return pair.first; });
}

Json Selectors::kcap(std::uint32_t object) const
{
	auto const found = std::ranges::lower_bound(_by_object, object, {},
												[](auto const &pair) { return pair.first; });
	if (found == _by_object.end() || found->first != object) return nullptr;
	return hex_text(found->second);
}

/* what all rows of objects begin with */
static Json object_row(Metadata::Object::Reader const &object)
{
	return { { "id", object.id() },
			 { "kind", object_kind(object.which()).name() },
			 { "badge", hex_text(object.badge()) } };
}

static Json objects(Image const &image)
{
	Selectors const selectors(image);
	Json rows = Json::array();
	for_each_object(image, [&](Metadata::Object::Reader const &object) {
		Json row = object_row(object);
		row["kcap"] = selectors.kcap(object.id());
		row["label"] = text(object.label());
		row["bootstrapped"] = object.bootstrapped();
		row["summary"] = object_summary(object);
		rows.push_back(std::move(row));
	});
	return rows;
}

static Json dataspaces(Image const &image)
{
	std::map<std::uint32_t, Storage> storage;
	for (Storage const &row : image.storage()) storage.emplace(row.object, row);

	Json rows = Json::array();
	for_each_object(image, [&](Metadata::Object::Reader const &object) {
		if (object.which() != Metadata::Object::Which::DATASPACE) return;

		Json const body = object_body(object);
		Storage const &stored = storage[object.id()];
		Json row { { "id", object.id() },
				   { "kind", body["kind"] },
				   { "size", body["size"] },
				   { "badge", hex_text(object.badge()) },
				   { "label", text(object.label()) },
				   { "bytesStored", hex_text(stored.stored_bytes) },
				   { "blocks", stored.blocks() },
				   { "blocksStored", stored.stored },
				   { "blocksZero", stored.zero },
				   { "blocksSame", stored.same },
				   { "blocksInherited", stored.inherited },
				   { "blocksAbsent", stored.absent },
				   { "absent",
					 object.dataspace().stored() ? Json(nullptr) : Json(body["absentReason"]) } };
		rows.push_back(std::move(row));
	});
	return rows;
}

static Json regions(Image const &image)
{
	Json rows = Json::array();
	for_each_object(image, [&](Metadata::Object::Reader const &object) {
		if (object.which() != Metadata::Object::Which::REGION_MAP) return;

		auto const list = object.region_map().regions();
		for (unsigned i = 0; i < list.size(); i++) {
			auto const region = list[i];
			std::string const rights { region.readable() ? 'r' : '-',
									   region.writeable() ? 'w' : '-',
									   region.executable() ? 'x' : '-' };
			rows.push_back({ { "map", object.id() },
							 { "address", hex_text(region.address()) },
							 { "size", hex_text(region.size()) },
							 { "dataspace", region.dataspace() },
							 { "offset", hex_text(region.offset()) },
							 { "rights", rights } });
		}
	});
	return rows;
}

/* objects of one group, with all fields of their struct */
static Json of_group(Image const &image, Object_group group)
{
	Selectors const selectors(image);
	Json rows = Json::array();
	for_each_object(image, [&](Metadata::Object::Reader const &object) {
		if (object_kind(object.which()).group != group) return;

		Json row = object_row(object);
		row["kcap"] = selectors.kcap(object.id());
		row["label"] = text(object.label());
		row["summary"] = object_summary(object);
		if (Json body = object_body(object); body.is_object())
			for (auto &[key, value] : body.items())
				if (!row.contains(key)) row[key] = std::move(value);
		rows.push_back(std::move(row));
	});
	return rows;
}

static Json sessions(Image const &image) { return of_group(image, Object_group::SESSION); }
static Json services(Image const &image) { return of_group(image, Object_group::SERVICE); }
static Json signals(Image const &image) { return of_group(image, Object_group::SIGNAL); }

/* registers without the name of the architecture, which the head says */
static Json threads(Image const &image)
{
	Json rows = of_group(image, Object_group::THREAD);
	for (Json &row : rows) {
		Json registers = Json::object();
		if (row.contains("registers") && row["registers"].is_object())
			for (auto &[name, values] : row["registers"].items())
				if (values.is_object()) registers = std::move(values);
		row["ip"] = registers.value("ip", Json(nullptr));
		row["sp"] = registers.value("sp", Json(nullptr));
		row["registers"] = std::move(registers);
	}
	return rows;
}

static Json capabilities(Image const &image)
{
	Json rows = Json::array();
	auto const spaces = image.core_manifest().capability_spaces();

	for (unsigned s = 0; s < spaces.size(); s++) {
		bool const has_layout = spaces[s].has_layout();
		auto const layout = spaces[s].layout();
		auto const entries = spaces[s].entries();

		for (unsigned i = 0; i < entries.size(); i++) {
			auto const entry = entries[i];
			auto const object = entry.object() ? image.object(entry.object()) : std::nullopt;
			Json fields = message_value(Metadata::Capability_entry::shape, entry.wire());
			bool const has_kcap = !has_layout || layout.has_selectors();
			rows.push_back({ { "kcap", has_kcap ? Json(hex_text(entry.kcap())) : Json(nullptr) },
							 { "badge", hex_text(object ? object->getBadge() : entry.raw_id()) },
							 { "object", entry.object() ? Json(entry.object()) : Json(nullptr) },
							 { "state", fields["state"] },
							 { "refCount", entry.ref_count() },
							 { "kind", fields["kind"] },
							 { "origin", fields["origin"] } });
		}
	}
	return rows;
}

static Json sections(Image const &image)
{
	static constexpr std::array NAMES { "directory", "manifest", "storage", "provenance" };

	Json rows = Json::array();
	for (Section const &section : image.sections()) {
		std::size_t const kind = std::size_t(section.kind) - 1;
		rows.push_back({ { "kind", hex_text(std::uint64_t(section.kind)) },
						 { "name", kind < NAMES.size() ? NAMES[kind] : "unknown" },
						 { "required", section.required() },
						 { "offset", hex_text(section.offset) },
						 { "size", hex_text(section.size) } });
	}
	return rows;
}

static Json provenance(Image const &image)
{
	Json rows = Json::array();
	for (auto const record : image.provenance().getRecords()) {
		auto const source = record.getSource();
		rows.push_back(
			{ { "action", record.getAction().cStr() },
			  { "tool", record.getTool().cStr() },
			  { "source", bytes_text(std::as_bytes(std::span(source.begin(), source.size()))) },
			  { "detail", record.getDetail().cStr() },
			  { "signer", record.hasSigner() && record.getSigner().size()
							  ? Json(bytes_text(std::as_bytes(std::span(
									record.getSigner().begin(), record.getSigner().size()))))
							  : Json(nullptr) },
			  { "counter", std::to_string(record.getCounter()) } });
	}
	return rows;
}

using Column = Inspect_part::Column;
using Form = Inspect_part::Form;

static constexpr Column OBJECT_COLUMNS[] {
	{ "id", "ID", Form::NUMBER },           { "kind", "KIND" },
	{ "badge", "BADGE", Form::NUMBER },     { "kcap", "KCAP", Form::NUMBER },
	{ "label", "LABEL", Form::TEXT, true }, { "summary", "SUMMARY", Form::TEXT, true },
};

static constexpr Column CAPABILITY_COLUMNS[] {
	{ "kcap", "KCAP", Form::NUMBER },
	{ "badge", "BADGE", Form::NUMBER },
	{ "object", "OBJECT", Form::NUMBER },
	{ "state", "STATE" },
	{ "refCount", "REFS", Form::NUMBER },
	{ "kind", "KIND" },
	{ "origin", "ORIGIN" },
};

static constexpr Column DATASPACE_COLUMNS[] {
	{ "id", "ID", Form::NUMBER },
	{ "kind", "KIND" },
	{ "size", "SIZE", Form::SIZE },
	{ "bytesStored", "STORED", Form::SIZE },
	{ "blocks", "BLOCKS", Form::NUMBER },
	{ "blocksZero", "ZERO", Form::NUMBER },
	{ "blocksSame", "SAME", Form::NUMBER },
	{ "blocksInherited", "INHERITED", Form::NUMBER },
	{ "blocksAbsent", "ABSENT", Form::NUMBER },
	{ "absent", "REASON" },
	{ "label", "LABEL", Form::TEXT, true },
};

static constexpr Column REGION_COLUMNS[] {
	{ "map", "MAP", Form::NUMBER },
	{ "address", "ADDRESS", Form::NUMBER },
	{ "size", "SIZE", Form::NUMBER },
	{ "rights", "RIGHTS" },
	{ "dataspace", "DATASPACE", Form::NUMBER },
	{ "offset", "OFFSET", Form::NUMBER },
};

static constexpr Column THREAD_COLUMNS[] {
	{ "id", "ID", Form::NUMBER },           { "name", "NAME", Form::TEXT, true },
	{ "nativeId", "NATIVE", Form::NUMBER }, { "phase", "PHASE" },
	{ "ip", "IP", Form::NUMBER },           { "sp", "SP", Form::NUMBER },
};

static constexpr Column SECTION_COLUMNS[] {
	{ "kind", "KIND", Form::NUMBER }, { "name", "NAME" },
	{ "required", "REQUIRED" },       { "offset", "OFFSET", Form::NUMBER },
	{ "size", "SIZE", Form::SIZE },
};

static constexpr Column PROVENANCE_COLUMNS[] {
	{ "action", "ACTION" },
	{ "tool", "TOOL" },
	{ "source", "SOURCE", Form::TEXT, true },
	{ "signer", "SIGNED BY", Form::TEXT, true },
	{ "detail", "DETAIL", Form::TEXT, true },
};

static constexpr Inspect_part PARTS[] {
	{ "objects", "Objects", OBJECT_COLUMNS, objects },
	{ "capabilities", "Capabilities", CAPABILITY_COLUMNS, capabilities },
	{ "dataspaces", "Dataspaces", DATASPACE_COLUMNS, dataspaces },
	{ "regions", "Regions", REGION_COLUMNS, regions },
	{ "sessions", "Sessions", OBJECT_COLUMNS, sessions },
	{ "services", "Provided services", OBJECT_COLUMNS, services },
	{ "threads", "Threads", THREAD_COLUMNS, threads },
	{ "signals", "Signals", OBJECT_COLUMNS, signals },
	{ "sections", "Sections", SECTION_COLUMNS, sections },
	{ "provenance", "Provenance", PROVENANCE_COLUMNS, provenance },
};

std::span<Inspect_part const> inspect_parts() { return PARTS; }

}
