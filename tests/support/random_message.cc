#include "tests/support/random_message.h"

#include <algorithm>
#include <string>
#include <vector>

namespace Capimg::Test
{

using capnp::DynamicEnum;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;

std::string Random_filler::_text()
{
	static char const *const PIECES[] {
		"a", "Z", "/", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xa7", "\x7f"
	};
	std::string text;
	for (uint64_t n = below(12); n; n--) text += PIECES[below(std::size(PIECES))];
	return text;
}

std::vector<uint8_t> Random_filler::_blob()
{
	std::vector<uint8_t> bytes(below(20));
	for (uint8_t &byte : bytes) byte = uint8_t(_random());
	return bytes;
}

DynamicValue::Reader Random_filler::_scalar(capnp::Type type)
{
	static constexpr uint64_t EXTREMES[] { 0, 1, ~uint64_t(0), uint64_t(1) << 63,
										   (uint64_t(1) << 63) - 1 };
	uint64_t const any = below(3) ? _random() : EXTREMES[below(std::size(EXTREMES))];

	switch (type.which()) {
	case capnp::schema::Type::BOOL: return DynamicValue::Reader(bool(any & 1));
	case capnp::schema::Type::INT8: return int8_t(any);
	case capnp::schema::Type::INT16: return int16_t(any);
	case capnp::schema::Type::INT32: return int32_t(any);
	case capnp::schema::Type::INT64: return int64_t(any);
	case capnp::schema::Type::UINT8: return uint8_t(any);
	case capnp::schema::Type::UINT16: return uint16_t(any);
	case capnp::schema::Type::UINT32: return uint32_t(any);
	case capnp::schema::Type::UINT64: return uint64_t(any);
	case capnp::schema::Type::ENUM: {
		auto const schema = type.asEnum();
		uint16_t const known = uint16_t(below(schema.getEnumerants().size()));
		return DynamicEnum(schema, below(8) ? known : uint16_t(any));
	}
	default: return capnp::VOID;
	}
}

void Random_filler::_list(DynamicList::Builder list)
{
	auto const type = list.getSchema().getElementType();
	for (unsigned i = 0; i < list.size(); i++) {
		if (type.isStruct())
			fill(list[i].as<DynamicStruct>());
		else if (type.isText()) {
			if (below(4)) list.set(i, capnp::Text::Reader(_text().c_str()));
		} else if (type.isData()) {
			auto const blob = _blob();
			if (below(4)) list.set(i, capnp::Data::Reader(blob.data(), blob.size()));
		} else
			list.set(i, _scalar(type));
	}
}

void Random_filler::_field(DynamicStruct::Builder to, capnp::StructSchema::Field field)
{
	auto const type = field.getType();

	if (field.getProto().isGroup())
		fill(to.get(field).as<DynamicStruct>());
	else if (type.isStruct())
		fill(to.init(field).as<DynamicStruct>());
	else if (type.isText())
		to.set(field, capnp::Text::Reader(_text().c_str()));
	else if (type.isData()) {
		auto const blob = _blob();
		to.set(field, capnp::Data::Reader(blob.data(), blob.size()));
	} else if (type.isList()) {
		/* texts, structs and values alike; few long lists, many short ones */
		size_t const wanted = below(4) ? below(4) : below(40);
		size_t const count = std::min(wanted, _budget);
		_budget -= count;
		_list(to.init(field, unsigned(count)).as<DynamicList>());
	} else
		to.set(field, _scalar(type));
}

void Random_filler::fill(DynamicStruct::Builder to)
{
	std::vector<capnp::StructSchema::Field> fields;
	for (auto const field : to.getSchema().getNonUnionFields())
		if (field.getProto().isGroup() || below(4)) fields.push_back(field);

	auto const members = to.getSchema().getUnionFields();
	if (members.size()) fields.push_back(members[unsigned(below(members.size()))]);
	std::shuffle(fields.begin(), fields.end(), _random);

	for (auto const field : fields) {
		bool const member =
			field.getProto().getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT;
		/* the tag alone, with a null pointer, now and then */
		if (member && !below(8))
			to.clear(field);
		else
			_field(to, field);
	}
}

}
