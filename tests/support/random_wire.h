/*
 * Random messages as core accepts them, also such as no writer of today makes
 *
 * Structs and elements are shorter or longer than the schema's, unions have tags that nobody
 * knows, bits and pointers that belong to no field are set, and what unknown pointers refer to is
 * anything that the encoding allows. The same seed gives the same message.
 */

#ifndef CAPIMG__TESTS__SUPPORT__RANDOM_WIRE_H
#define CAPIMG__TESTS__SUPPORT__RANDOM_WIRE_H

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "libimage/core/wire_shape.h"
#include "libimage/core/wire_write.h"

namespace Capimg::Test
{

class Random_wire
{
	std::mt19937_64 _random;
	std::vector<std::byte> _buffer;
	Wire::Builder _builder;
	std::uint32_t _budget; /* objects that may still be made */

	struct Target
	{
		std::uint32_t at;
		std::uint16_t data_words, pointers;
	};

	bool _chance(unsigned percent) { return below(100) < percent; }
	std::uint16_t _section(std::uint16_t usual);
	void _data(Target const &);
	void _tags(Target const &, Wire::Struct_shape const &);
	void _set16(Target const &, std::uint32_t index, std::uint16_t);
	Wire::Struct_reader _reader(Target const &) const;
	Wire::Field const *_expected(Target const &, Wire::Struct_shape const &, std::uint16_t slot,
								 bool &free) const;
	void _fill(Target const &, Wire::Struct_shape const *, unsigned depth);
	void _structure(std::uint32_t slot, Wire::Struct_shape const *, unsigned depth);
	void _structs(std::uint32_t slot, Wire::Struct_shape const *, unsigned depth);
	void _values(std::uint32_t slot, Wire::Element);
	void _field(std::uint32_t slot, Wire::Field const &, unsigned depth);
	void _anything(std::uint32_t slot, unsigned depth);
	void _text(std::uint32_t slot);

  public:
	explicit Random_wire(std::uint64_t seed);

	std::uint64_t below(std::uint64_t n) { return _random() % n; }

	/* once for each object */
	std::vector<std::byte> message(Wire::Struct_shape const &root);
};

}

#endif /* CAPIMG__TESTS__SUPPORT__RANDOM_WIRE_H */
