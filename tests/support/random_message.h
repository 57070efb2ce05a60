/*
 * Random messages of any schema, built with Cap'n Proto's library
 */

#ifndef CAPIMG__TESTS__SUPPORT__RANDOM_MESSAGE_H
#define CAPIMG__TESTS__SUPPORT__RANDOM_MESSAGE_H

#include <random>
#include <string>
#include <vector>

#include <capnp/dynamic.h>

namespace Capimg::Test
{

/*
 * Fills structs with random values: each field is left out, set to an extreme or to anything;
 * fields are set in random order; enums get values outside of the schema now and then. Texts
 * are UTF-8 with characters of all lengths. The same seed gives the same message.
 */
class Random_filler
{
	std::mt19937_64 _random;
	size_t _budget; /* list elements that may still be made */

	capnp::DynamicValue::Reader _scalar(capnp::Type);
	std::string _text();
	std::vector<uint8_t> _blob();
	void _list(capnp::DynamicList::Builder);
	void _field(capnp::DynamicStruct::Builder, capnp::StructSchema::Field);

  public:
	explicit Random_filler(uint64_t seed, size_t budget = 400) : _random(seed), _budget(budget) {}

	/* 0 to n - 1 */
	uint64_t below(uint64_t n) { return _random() % n; }

	void fill(capnp::DynamicStruct::Builder);
};

}

#endif /* CAPIMG__TESTS__SUPPORT__RANDOM_MESSAGE_H */
