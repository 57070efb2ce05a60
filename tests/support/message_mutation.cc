#include "image_mutation.h"

#include <algorithm>

#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/wire_check.h"
#include "libimage/image_error.h"
#include "libimage/manifest.h"
#include "random_message.h"

namespace Capimg::Test
{

using capnp::DynamicEnum;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;

static constexpr std::size_t MOST_STRUCTS = 4096, MOST_BYTES = 1 << 18;

/* where sizes, counts and addresses go wrong, numbers of the image, and neighbours of both */
std::uint64_t Image_mutation::_number(std::uint64_t current)
{
	static constexpr std::uint64_t EXTREMES[] { 0,          1,           2,          3,
												0x7f,       0xff,        0xfff,      0x1000,
												0x1001,     0xffff,      0x10000,    0xfffff,
												1u << 20,   0x7fffffff,  1ull << 31, 0xfffff000,
												0xffffffff, 1ull << 32,  1ull << 40, ~0ull >> 12,
												1ull << 63, ~0ull << 12, ~0ull - 1,  ~0ull };
	std::uint64_t value = EXTREMES[_below(std::size(EXTREMES))];
	if (_chance(50)) value = current;
	if (_chance(40) && !_known.empty()) value = _known[_below(_known.size())];

	switch (_below(6)) {
	case 0: return value + 1;
	case 1: return value - 1;
	case 2: return value << _below(34);
	case 3: return value ^ (1ull << _below(64));
	case 4: return value + (_chance(50) ? 0x1000 : -0x1000);
	default: return value;
	}
}

static bool number(capnp::Type type)
{
	return type.isBool() || type.isEnum() ||
		   (type.which() >= capnp::schema::Type::INT8 &&
			type.which() <= capnp::schema::Type::UINT64);
}

static std::uint64_t value_of(DynamicValue::Reader value)
{
	if (value.getType() == DynamicValue::UINT) return value.as<std::uint64_t>();
	if (value.getType() == DynamicValue::INT) return std::uint64_t(value.as<std::int64_t>());
	return 0;
}

/* all structs, those in lists included; numbers on the way */
void Image_mutation::_collect(Struct from, std::vector<Struct> &structs)
{
	if (structs.size() >= MOST_STRUCTS) return;
	structs.push_back(from);

	for (Field const field : from.getSchema().getFields()) {
		if (!from.has(field)) continue;
		auto const type = field.getType();
		if (number(type)) {
			std::uint64_t const value = value_of(from.get(field).asReader());
			if (value && _known.size() < MOST_STRUCTS) _known.push_back(value);
		}
		if (type.isStruct()) _collect(from.get(field).as<DynamicStruct>(), structs);
		if (!type.isList() || !type.asList().getElementType().isStruct()) continue;
		auto list = from.get(field).as<DynamicList>();
		for (unsigned i = 0; i < list.size(); i++) _collect(list[i].as<DynamicStruct>(), structs);
	}
}

void Image_mutation::_set_number(Struct to, Field field, capnp::Type type)
{
	std::uint64_t const current = type.isBool() ? 0 : value_of(to.get(field).asReader());
	std::uint64_t const value = _number(current);

	switch (type.which()) {
	case capnp::schema::Type::BOOL: return to.set(field, bool(value & 1));
	case capnp::schema::Type::ENUM:
		return to.set(field,
					  DynamicEnum(type.asEnum(), std::uint16_t(_chance(80) ? value % 10 : value)));
	case capnp::schema::Type::INT8: return to.set(field, std::int8_t(value));
	case capnp::schema::Type::INT16: return to.set(field, std::int16_t(value));
	case capnp::schema::Type::INT32: return to.set(field, std::int32_t(value));
	case capnp::schema::Type::INT64: return to.set(field, std::int64_t(value));
	case capnp::schema::Type::UINT8: return to.set(field, std::uint8_t(value));
	case capnp::schema::Type::UINT16: return to.set(field, std::uint16_t(value));
	case capnp::schema::Type::UINT32: return to.set(field, std::uint32_t(value));
	default: return to.set(field, value);
	}
}

void Image_mutation::_set_text(Struct to, Field field)
{
	static char const *const TEXTS[] { "",        "a",        "ROM",          "\x1b[31m",
									   "../../x", "a -> b",   "\xe2\x82\xac", "foc 25.02-26.02",
									   "Timer",   "\n\t\"\\", "LOG",          "init -> component" };
	if (_chance(10))
		to.set(field, capnp::Text::Reader(std::string(_below(3000), 'x').c_str()));
	else
		to.set(field, capnp::Text::Reader(TEXTS[_below(std::size(TEXTS))]));
}

void Image_mutation::_set_data(Struct to, Field field)
{
	static constexpr std::size_t SIZES[] { 0, 1, 31, 32, 33, 64, 512, 576, 2700 };
	std::vector<kj::byte> bytes(SIZES[_below(std::size(SIZES))]);
	for (kj::byte &byte : bytes) byte = kj::byte(_random());
	to.set(field, capnp::Data::Reader(bytes.data(), bytes.size()));
}

/* longer with copies of what is there, shorter, in another order */
void Image_mutation::_set_list(Struct to, Field field)
{
	auto const element = field.getType().asList().getElementType();
	capnp::MallocMessageBuilder copy;
	copy.setRoot(to.asReader());
	auto const old =
		copy.getRoot<DynamicStruct>(to.getSchema()).asReader().get(field).as<DynamicList>();

	static constexpr unsigned MOST = 64;
	unsigned size = old.size();
	if (_chance(50)) size += unsigned(_chance(90) ? 1 : _below(MOST));
	if (_chance(15)) size = unsigned(_below(size + 1u));
	if (size > old.size() + MOST) return;

	auto list = to.init(field, size).as<DynamicList>();
	for (unsigned i = 0; i < size; i++) {
		unsigned from = i;
		if (old.size() && (i >= old.size() || _chance(5))) from = unsigned(_below(old.size()));
		if (from < old.size())
			list.set(i, old[from]);
		else if (element.isStruct())
			Random_filler(_random(), 8).fill(list[i].as<DynamicStruct>());
	}
	/* ids, addresses and indices of what was added go on ascending, more often than not */
	if (!element.isStruct() || _chance(30)) return;
	for (unsigned i = old.size(); i && i < size; i++) {
		auto last = list[i - 1].as<DynamicStruct>(), here = list[i].as<DynamicStruct>();
		for (char const *name : { "id", "address", "index", "offset" })
			KJ_IF_MAYBE (key, here.getSchema().findFieldByName(name)) {
				std::uint64_t const step = name[0] == 'i' ? 1 : 0x1000;
				std::uint64_t const value = value_of(last.get(*key).asReader()) + step;
				if (key->getType().which() == capnp::schema::Type::UINT32)
					here.set(*key, std::uint32_t(value));
				else
					here.set(*key, value);
				break;
			}
	}
}

void Image_mutation::_set_field(Struct to, Field field)
{
	auto const type = field.getType();
	bool const group = field.getProto().isGroup();

	if (number(type)) return _set_number(to, field, type);
	if (type.isVoid()) return to.set(field, capnp::VOID);
	if (_chance(10)) return to.clear(field);
	if (type.isText()) return _set_text(to, field);
	if (type.isData()) return _set_data(to, field);
	if (type.isList()) return _set_list(to, field);

	/* a struct or group: another member of its union, or another content */
	auto inner = group || to.has(field) ? to.get(field).as<DynamicStruct>()
										: to.init(field).as<DynamicStruct>();
	if (_chance(50)) Random_filler(_random(), 16).fill(inner);
}

/* the same memory many times: regions behind the last one */
void Image_mutation::_alias_regions(std::vector<Struct> &structs)
{
	for (Struct &s : structs) {
		if (s.getSchema() != capnp::Schema::from<Schema::RegionMap>() || _chance(50)) continue;
		auto map = s.as<Schema::RegionMap>();
		capnp::MallocMessageBuilder copy;
		copy.setRoot(map.asReader());
		auto const old = copy.getRoot<Schema::RegionMap>().asReader().getRegions();
		if (!old.size()) continue;
		unsigned const more = unsigned(_below(16));
		auto regions = map.initRegions(old.size() + more);
		for (unsigned i = 0; i < old.size(); i++) regions.setWithCaveats(i, old[i]);
		for (unsigned i = old.size(); i < regions.size(); i++) {
			auto const last = regions[i - 1].asReader();
			regions.setWithCaveats(i, old[unsigned(_below(old.size()))]);
			std::uint64_t const gap = _chance(80) ? 0 : _number(0x1000);
			regions[i].setAddress(last.getAddress() + last.getSize() + gap);
		}
		return;
	}
}

/* another region map at the end, which shows an old dataspace; an old dataspace shows it */
void Image_mutation::_nest_maps(capnp::MallocMessageBuilder &message)
{
	capnp::MallocMessageBuilder copy;
	copy.setRoot(message.getRoot<Schema::Manifest>().asReader());
	auto const old = copy.getRoot<Schema::Manifest>().asReader().getObjects();
	std::vector<unsigned> dataspaces;
	for (unsigned i = 0; i < old.size(); i++)
		if (old[i].isDataspace()) dataspaces.push_back(i);
	if (dataspaces.empty() || old.size() > 1000) return;

	auto objects = message.getRoot<Schema::Manifest>().initObjects(old.size() + 2);
	for (unsigned i = 0; i < old.size(); i++) objects.setWithCaveats(i, old[i]);
	unsigned const last = old[old.size() - 1].getId();
	unsigned const inner = dataspaces[_below(dataspaces.size())];

	auto map = objects[old.size()], managed = objects[old.size() + 1];
	map.setId(last + 1);
	managed.setId(last + 2);
	auto regions = map.initRegionMap().initRegions(unsigned(1 + _below(4)));
	std::uint64_t const size = old[inner].getDataspace().getSize();
	for (unsigned i = 0; i < regions.size(); i++) {
		regions[i].setAddress(i * ((size + 0xfff) & ~0xfffull));
		regions[i].setSize(size);
		regions[i].setDataspace(old[inner].getId());
		regions[i].setReadable(true);
	}
	managed.initDataspace().setSize(_number(size * 2));
	managed.getDataspace().setKind(Schema::DataspaceKind::MANAGED);
	managed.getDataspace().setRegionMap(last + 1);
	managed.getDataspace().setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);

	/* a region of the past shows the managed one */
	for (auto object : objects)
		if (object.isRegionMap() && object.getId() <= last && _chance(50))
			for (auto region : object.getRegionMap().getRegions())
				if (_chance(30)) region.setDataspace(last + 2);
}

void Image_mutation::_manifest(Image_parts &parts)
{
	Bytes_vector *const section = parts.section(Section_kind::MANIFEST);
	if (section && section->size() < MOST_BYTES) *section = mutate_message(*section);
}

Image_mutation::Bytes_vector Image_mutation::mutate_message(std::span<std::byte const> bytes)
{
	Bytes_vector const same(bytes.begin(), bytes.end());
	Const_bytes const core(bytes.data(), bytes.size());
	if (Wire::open<Metadata::Manifest>(core, {}).failed()) return same;

	capnp::MallocMessageBuilder message;
	message.setRoot(Message<Schema::Manifest>(same).root());
	Struct const root = message.getRoot<DynamicStruct>(capnp::Schema::from<Schema::Manifest>());

	if (_chance(5)) _nest_maps(message);

	for (std::uint64_t n = 1 + _below(3); n; n--) {
		std::vector<Struct> structs;
		_known.clear();
		_collect(message.getRoot<DynamicStruct>(root.getSchema()), structs);
		if (_chance(5)) {
			_alias_regions(structs);
			continue;
		}
		/* kinds of structs first, so that rare ones get their share */
		std::vector<std::uint64_t> kinds;
		for (Struct const &s : structs) kinds.push_back(s.getSchema().getProto().getId());
		std::vector<std::uint64_t> distinct = kinds;
		std::sort(distinct.begin(), distinct.end());
		distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
		std::uint64_t const kind = distinct[_below(distinct.size())];
		std::vector<std::size_t> candidates;
		for (std::size_t i = 0; i < kinds.size(); i++)
			if (kinds[i] == kind) candidates.push_back(i);

		Struct target = structs[candidates[_below(candidates.size())]];
		auto const fields = target.getSchema().getFields();
		if (fields.size()) _set_field(target, fields[unsigned(_below(fields.size()))]);
	}
	try {
		auto const result = encode_manifest(message.getRoot<Schema::Manifest>().asReader());
		return result.size() < MOST_BYTES ? result : same;
	} catch (Image_error const &) {
		return same;
	}
}

}
