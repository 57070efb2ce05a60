#include "image_mutation.h"

#include <algorithm>

#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/wire_check.h"
#include "libimage/image_error.h"
#include "libimage/manifest.h"
#include "random_message.h"
#include "reseal.h"

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

/* words of messages: pointers that lie */
void Image_mutation::_words(Image_parts &parts)
{
	Bytes_vector *const section =
		parts.section(_chance(80) ? Section_kind::MANIFEST : Section_kind::PROVENANCE);
	if (!section || section->size() < 16) return;
	for (std::uint64_t n = 1 + _below(3); n; n--) {
		std::size_t const at = _below(section->size() / 8) * 8;
		std::uint64_t const word = get(*section, at, 8);
		switch (_below(4)) {
		case 0: put(*section, at, 4, std::uint32_t(word) + (_chance(50) ? 4 : -4)); break;
		case 1: put(*section, at + 4, 4, (word >> 32) + (_chance(50) ? 1 : -1)); break;
		case 2: put(*section, at, 8, get(*section, _below(section->size() / 8) * 8, 8)); break;
		default: put(*section, at, 8, _number(word)); break;
		}
	}
	if (_chance(20)) put(*section, 4, 4, section->size() / 8 - 1);
}

void Image_mutation::_head(Image_parts &parts)
{
	Bytes_vector &head = parts.front;
	switch (_below(8)) {
	case 0: return put(head, 16, 8, _below(8));
	case 1: return put(head, 33, 1, _chance(80) ? 32 << _below(2) : _random());
	case 2: {
		static constexpr unsigned MACHINES[] { 0, 3, 40, 62, 183, 243, 7 };
		return put(head, 34, 2, MACHINES[_below(std::size(MACHINES))]);
	}
	case 3: return put(head, 36, 4, 1ull << _below(32));
	case 4: return put(head, 40, 4, 4096ull << _below(9));
	case 5: return put(head, 48, 1, _below(4));
	case 6: return put(head, 50, 1, _below(26));
	default: return put(head, 8 + _below(240), 1, _random());
	}
}

void Image_mutation::_entry(Image_parts &parts)
{
	auto const entries = parts.entries();
	if (entries.empty()) return;
	std::size_t const at = entries[_below(entries.size())];
	std::uint64_t const other = entries[_below(entries.size())];

	switch (_below(7)) {
	case 0:
		put(parts.front, at, 1, _below(9));
		return put(parts.front, at + 1, 1, _chance(50) ? 0 : _below(5));
	case 1: return put(parts.front, at + 4, 4, _number(get(parts.front, at + 4, 4)));
	case 2: return put(parts.front, at + 8, 8, _number(get(parts.front, at + 8, 8)));
	case 3: return put(parts.front, at + 16 + 8 * _below(2), 8, _random());
	case 4: /* the same as another one */
		put(parts.front, at, 4, std::uint64_t(Block_kind::SAME_AS));
		put(parts.front, at + 4, 4, 0);
		put(parts.front, at + 8, 8, _below(parts.blocks));
		return put(parts.front, at + 16, 8, 0);
	case 5: /* inherited, zero or absent */
		put(parts.front, at, 4, _chance(50) ? 6 : _chance(50) ? 1 : 0x107);
		put(parts.front, at + 4, 4, 0);
		put(parts.front, at + 8, 8, _chance(70) ? _below(parts.blocks) : 0);
		put(parts.front, at + 16, 8, 0);
		return;
	default: /* a copy of another one: the same bytes twice */
		for (std::size_t i = 0; i < 32; i += 8)
			put(parts.front, at + i, 8, get(parts.front, other + i, 8));
	}
}

void Image_mutation::_directory(Image_parts &parts)
{
	Bytes_vector *const directory = parts.section(Section_kind::DIRECTORY);
	if (!directory || directory->size() < 32) return;
	std::size_t const at = _below(directory->size() / 32) * 32;
	switch (_below(4)) {
	case 0: /* uniform */
		put(*directory, at, 2, _chance(50) ? 1 : _chance(50) ? 6 : 0x107);
		put(*directory, at + 8, 8, _chance(50) ? 0 : _below(parts.blocks));
		return put(*directory, at + 16, 8, 0);
	case 1: return put(*directory, at, 1, _below(9));
	case 2: return put(*directory, at + 8, 8, _number(get(*directory, at + 8, 8)));
	default: return put(*directory, at + 24, 8, _random());
	}
}

void Image_mutation::_sections(Image_parts &parts)
{
	auto &sections = parts.sections;
	if (sections.empty()) return;
	std::size_t const i = _below(sections.size());
	switch (_below(6)) {
	case 0: std::swap(sections[i], sections[_below(sections.size())]); return;
	case 1: sections[i].kind = std::uint32_t(_chance(50) ? _below(8) : _number(0x10000)); return;
	case 2: sections[i].flags = std::uint32_t(_chance(80) ? _below(3) : _random()); return;
	case 3: sections.erase(sections.begin() + std::ptrdiff_t(i)); return;
	case 4: {
		Image_parts::Part part = sections[i];
		if (_chance(70))
			part = { std::uint32_t(0x10000 + _below(3)), 0, Bytes_vector(_below(100)) };
		sections.insert(sections.begin() + std::ptrdiff_t(_chance(80) ? sections.size() : i), part);
		return;
	}
	default: sections[i].bytes.resize(sections[i].bytes.size() + _below(64)); return;
	}
}

void Image_mutation::_totals(Image_parts &parts)
{
	Bytes_vector *const storage = parts.section(Section_kind::STORAGE);
	switch (_below(3)) {
	case 0: parts.blocks = _number(parts.blocks); return;
	case 1:
		if (parts.front.size() > Head::SIZE + 64)
			parts.front.resize(parts.front.size() - _below(64) + _below(64));
		return;
	default:
		if (!storage || storage->size() < 8) return;
		std::size_t const at = _below(storage->size() / 8) * 8;
		return put(*storage, at, 8, _number(get(*storage, at, 8)));
	}
}

/* what the component's memory says: links, depths, ids, pointers */
void Image_mutation::_memory(Image_parts &parts)
{
	auto const entries = parts.entries();
	if (entries.empty()) return;
	for (unsigned attempt = 0; attempt < 8; attempt++) {
		std::span<std::byte> const bytes = parts.stored(entries[_below(entries.size())]);
		if (bytes.size() < 64) continue;

		/* words that are not zero are the interesting ones */
		std::vector<std::size_t> words;
		unsigned const width = get(parts.front, 33, 1) == 32 ? 4 : 8;
		for (std::size_t at = 0; at + width <= bytes.size(); at += width)
			if (get(bytes, at, width)) words.push_back(at);
		if (words.empty()) continue;

		for (std::uint64_t n = 1 + _below(4); n; n--) {
			std::size_t const at = words[_below(words.size())];
			std::uint64_t const word = get(bytes, at, width);
			std::uint64_t const other = get(bytes, words[_below(words.size())], width);
			switch (_below(5)) {
			case 0: put(bytes, at, width, other); break;
			case 1: put(bytes, at, width, 0); break;
			case 2:
				put(bytes, at, width, word + (_chance(50) ? 1 : -1) * (8ull << _below(5)));
				break;
			case 3: put(bytes, at, 1 + unsigned(_below(2)), _random()); break;
			default: put(bytes, at, width, _number(word)); break;
			}
		}
		return;
	}
}

void Image_mutation::_repair(Image_parts &parts)
{
	if (_chance(80)) parts.repair_blocks();
	if (_chance(90)) parts.repair_digests();
	if (_chance(90)) parts.repair_state();
}

Image_mutation::Bytes_vector Image_mutation::mutate(std::span<std::byte const> image)
{
	std::optional<Image_parts> parts = Image_parts::open(image);
	if (!parts) return { image.begin(), image.end() };

	struct Edit
	{
		unsigned weight;
		void (Image_mutation::*apply)(Image_parts &);
	};
	static constexpr Edit EDITS[] {
		{ 45, &Image_mutation::_manifest }, { 5, &Image_mutation::_words },
		{ 5, &Image_mutation::_head },      { 10, &Image_mutation::_entry },
		{ 4, &Image_mutation::_directory }, { 3, &Image_mutation::_sections },
		{ 3, &Image_mutation::_totals },    { 25, &Image_mutation::_memory },
	};
	for (std::uint64_t n = 1 + _below(3); n; n--) {
		std::uint64_t at = _below(100);
		for (Edit const &edit : EDITS) {
			if (at < edit.weight) {
				(this->*edit.apply)(*parts);
				break;
			}
			at -= edit.weight;
		}
	}
	_repair(*parts);
	return parts->write();
}

}
