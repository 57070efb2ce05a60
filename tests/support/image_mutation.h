/*
 * Images with hostile content and matching checksums
 *
 * What an attacker does who knows the format: fields of the manifest get values of their kind
 * that do not fit, lists grow and lose order, unions change their member, entries of the index,
 * the directory, the section table, head and captured memory lie, and all digests are made to
 * match. The same seed and image give the same result.
 */

#ifndef CAPIMG__TESTS__SUPPORT__IMAGE_MUTATION_H
#define CAPIMG__TESTS__SUPPORT__IMAGE_MUTATION_H

#include <random>

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include "image_parts.h"

namespace Capimg::Test
{

class Image_mutation
{
	using Struct = capnp::DynamicStruct::Builder;
	using Field = capnp::StructSchema::Field;
	using Bytes_vector = Image_parts::Bytes_vector;

	std::mt19937_64 _random;
	std::vector<std::uint64_t> _known {}; /* numbers of the image: ids, addresses, sizes */

	std::uint64_t _below(std::uint64_t n) { return n ? _random() % n : 0; }
	bool _chance(unsigned percent) { return _below(100) < percent; }
	std::uint64_t _number(std::uint64_t current);

	void _collect(capnp::DynamicStruct::Builder, std::vector<Struct> &);
	void _set_number(Struct, Field, capnp::Type);
	void _set_text(Struct, Field);
	void _set_data(Struct, Field);
	void _set_list(Struct, Field);
	void _set_field(Struct, Field);
	void _alias_regions(std::vector<Struct> &);
	void _nest_maps(capnp::MallocMessageBuilder &);

	void _manifest(Image_parts &);
	void _words(Image_parts &);
	void _head(Image_parts &);
	void _entry(Image_parts &);
	void _directory(Image_parts &);
	void _sections(Image_parts &);
	void _totals(Image_parts &);
	void _memory(Image_parts &);
	void _repair(Image_parts &);

  public:
	explicit Image_mutation(std::uint64_t seed) : _random(seed) {}

	/* one to three edits; an image that cannot be taken apart is returned as it is */
	Bytes_vector mutate(std::span<std::byte const> image);

	/* a message of the manifest alone */
	Bytes_vector mutate_message(std::span<std::byte const> message);
};

}

#endif /* CAPIMG__TESTS__SUPPORT__IMAGE_MUTATION_H */
