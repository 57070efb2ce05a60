/*
 * Cap'n Proto messages described word by word
 */

#ifndef CAPIMG__TESTS__SUPPORT__WIRE_WORDS_H
#define CAPIMG__TESTS__SUPPORT__WIRE_WORDS_H

#include <cstring>
#include <vector>

#include "libimage/core/wire.h"

namespace Capimg::Test
{

using Words = std::vector<uint64_t>;

inline uint64_t structure(int32_t offset, uint16_t data_words, uint16_t pointers)
{
	return Wire::Pointer::structure(offset, data_words, pointers).bits;
}

inline uint64_t list(int32_t offset, Wire::Element element, uint32_t count)
{
	return Wire::Pointer::list(offset, element, count).bits;
}

/* up to 8 characters as they stand in a word */
inline uint64_t word(char const *text)
{
	uint64_t value = 0;
	std::memcpy(&value, text, std::strlen(text));
	return value;
}

inline std::vector<uint8_t> framed(Words const &words)
{
	std::vector<uint8_t> bytes(Wire::FRAMING + words.size() * Wire::WORD);
	Bytes const to(bytes.data(), bytes.size());
	to.u32(4, uint32_t(words.size()));
	for (size_t i = 0; i < words.size(); i++) to.u64(Wire::FRAMING + i * Wire::WORD, words[i]);
	return bytes;
}

/* a struct with four pointers; behind them, more structs within each other, 'depth' in all */
inline Words nested(unsigned depth)
{
	Words words { structure(0, 0, 6), 0, 0, 0, 0, 0 };
	for (unsigned i = 1; i < depth; i++) words.push_back(structure(0, 0, 1));
	words.push_back(0);
	return words;
}

/* structs of four pointers, all null, as shorter and longer versions of a schema write them */
inline std::vector<Words> other_versions()
{
	using Wire::Element;
	return {
		{ Wire::EMPTY_STRUCT },
		{ structure(0, 0, 1), 0 },
		{ structure(0, 3, 4), 1, 2, 3, 0, 0, 0, 0 },
		{ structure(0, 0, 6), 0, 0, 0, 0, 0, Wire::EMPTY_STRUCT },
		{ structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, Element::VOID, 0) },
		{ structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, Element::STRUCT, 0), structure(0, 7, 7) },
		{ structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, Element::BYTE, 2), word("\xff\xff") },
		nested(Wire::MAX_DEPTH),
	};
}

}

#endif /* CAPIMG__TESTS__SUPPORT__WIRE_WORDS_H */
