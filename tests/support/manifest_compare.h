/*
 * Comparison of a message as core reads it with the same message as Cap'n Proto's library does
 *
 * Header only and without GoogleTest, for the fuzz target uses it, too.
 */

#ifndef CAPIMG__TESTS__SUPPORT__MANIFEST_COMPARE_H
#define CAPIMG__TESTS__SUPPORT__MANIFEST_COMPARE_H

#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/serialize.h>

#include "libimage/core/generated/image_visit.h"

namespace Capimg::Test
{

/* a message read by the library, which visits no more words than the limit says */
class Official_message
{
	kj::Array<capnp::word> _words;
	capnp::FlatArrayMessageReader _reader;

	static kj::Array<capnp::word> _aligned(Const_bytes bytes)
	{
		auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word));
		if (words.size())
			std::memcpy(words.begin(), bytes.base(), words.size() * sizeof(capnp::word));
		return words;
	}

	static capnp::ReaderOptions _limited(uint64_t words)
	{
		capnp::ReaderOptions options;
		options.traversalLimitInWords = words;
		return options;
	}

  public:
	explicit Official_message(Const_bytes bytes, uint64_t limit_words = ~uint64_t(0))
		: _words(_aligned(bytes)), _reader(_words, _limited(limit_words))
	{}

	capnp::DynamicStruct::Reader root(capnp::StructSchema schema)
	{
		return _reader.getRoot<capnp::DynamicStruct>(schema);
	}
};

class Comparison
{
	std::string _difference;

	void _differ(std::string const &path, std::string const &what)
	{
		if (_difference.empty()) _difference = path + ": " + what;
	}

	template <typename T>
	void _equal(std::string const &path, T core, T official)
	{
		if (core != official)
			_differ(path, std::to_string(core) + " is " + std::to_string(official));
	}

	void _bytes(std::string const &path, Const_bytes core, capnp::Data::Reader official)
	{
		if (!(core == Const_bytes(official.begin(), official.size())))
			_differ(path, "bytes differ");
	}

	template <typename T>
	void _value(std::string const &path, T const &core, capnp::DynamicValue::Reader official);

	template <typename LIST>
	void _list(std::string const &path, LIST const &core, capnp::DynamicValue::Reader official)
	{
		auto const list = official.as<capnp::DynamicList>();
		_equal<uint64_t>(path + " size", core.size(), list.size());
		for (uint32_t i = 0; i < core.size() && _difference.empty(); i++)
			_value(path + "[" + std::to_string(i) + "]", core[i], list[i]);
	}

  public:
	/* where the two differ, empty if nowhere */
	std::string const &difference() const { return _difference; }

	template <typename READER>
	void run(std::string const &path, READER const &core, capnp::DynamicStruct::Reader official);
};

template <typename T>
void Comparison::_value(std::string const &path, T const &core,
						capnp::DynamicValue::Reader official)
{
	if constexpr (std::is_enum_v<T>)
		_equal<uint16_t>(path, uint16_t(core), official.as<capnp::DynamicEnum>().getRaw());
	else if constexpr (std::is_integral_v<T>)
		_equal<T>(path, core, official.as<T>());
	else if constexpr (std::is_same_v<T, Wire::Text>) {
		auto const text = official.as<capnp::Text>();
		_bytes(path, core.bytes(), text.asBytes());
	} else if constexpr (std::is_same_v<T, Const_bytes>)
		_bytes(path, core, official.as<capnp::Data>());
	else if constexpr (requires { core.wire(); })
		run(path, core, official.as<capnp::DynamicStruct>());
	else if constexpr (requires { core[0]; })
		_list(path, core, official);
	else
		static_assert(std::is_same_v<T, Wire::Void>);
}

template <typename READER>
void Comparison::run(std::string const &path, READER const &core,
					 capnp::DynamicStruct::Reader official)
{
	if (!_difference.empty()) return;

	if constexpr (requires { core.which(); }) {
		KJ_IF_MAYBE (field, official.which())
			_equal<uint16_t>(path + ".which", uint16_t(core.which()),
							 field->getProto().getDiscriminantValue());
		else
			_equal<bool>(path + ".which unknown",
						 unsigned(core.which()) >= official.getSchema().getUnionFields().size(),
						 true);
	}

	visit(core, [&](Wire::Field const &f, bool present, auto const &value) {
		auto const field = official.getSchema().getFieldByName(f.name());
		std::string const name = path + "." + f.name();

		if (f.type >= Wire::Type::TEXT && f.type <= Wire::Type::LIST) {
			_equal<bool>(name + " present", present, official.has(field));
			if (!present) return;
		}
		_value(name, value, official.get(field));
	});
}

/* where core and the library read a message differently, empty if nowhere */
template <typename READER>
std::string difference(READER const &core, capnp::DynamicStruct::Reader official)
{
	Comparison comparison;
	comparison.run(official.getSchema().getShortDisplayName().cStr(), core, official);
	return comparison.difference();
}

/*
 * The message as the library copies it into one segment
 *
 * This is how the host brings what it built into the order that core demands.
 */
inline std::vector<uint8_t> normalized(capnp::DynamicStruct::Reader root)
{
	capnp::MallocMessageBuilder message(unsigned(root.totalSize().wordCount) + 1);
	message.setRoot(root);
	auto const words = capnp::messageToFlatArray(message);
	auto const bytes = words.asBytes();
	return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

}

#endif /* CAPIMG__TESTS__SUPPORT__MANIFEST_COMPARE_H */
