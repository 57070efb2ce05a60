#include "wire_read.h"

namespace Capimg::Wire
{

static int64_t target(uint32_t at, Pointer pointer) { return int64_t(at) + 1 + pointer.offset(); }

List_place Segment::structure(uint32_t at) const
{
	Pointer const p { word(at) };
	uint64_t const words = uint64_t(p.data_words()) + p.pointers();
	if (p.null() || p.kind() != Pointer::STRUCT || words == 0 || !holds(target(at, p), words))
		return {};
	return { uint32_t(target(at, p)), 1, p.data_words(), p.pointers() };
}

List_place Segment::list(uint32_t at, Element element) const
{
	Pointer const p { word(at) };
	int64_t const first = target(at, p);
	if (p.kind() != Pointer::LIST || p.element() != element) return {};

	if (element != Element::STRUCT) {
		if (element_bits(element) == 0 || !holds(first, list_words(element, p.count()))) return {};
		return { uint32_t(first), p.count(), 0, 0 };
	}

	if (!holds(first, uint64_t(p.count()) + 1)) return {};
	Pointer const tag { word(uint32_t(first)) };
	uint64_t const stride = uint64_t(tag.data_words()) + tag.pointers();
	if (tag.kind() != Pointer::STRUCT || stride == 0 || stride * tag.tag_count() > p.count())
		return {};
	return { uint32_t(first) + 1, tag.tag_count(), tag.data_words(), tag.pointers() };
}

Const_bytes Segment::data(uint32_t at) const
{
	List_place const place = list(at, Element::BYTE);
	return Const_bytes(_bytes.base() + size_t(place.at) * WORD, place.count);
}

Text Segment::text(uint32_t at) const
{
	Const_bytes const bytes = data(at);
	if (bytes.empty() || bytes.u8(bytes.size() - 1) != 0) return {};
	return Text(reinterpret_cast<char const *>(bytes.base()), bytes.size() - 1);
}

Result<Segment> open_segment(Const_bytes message, uint32_t max_words)
{
	static constexpr size_t SEGMENTS = 0, SIZE = 4;

	if (message.size() < FRAMING)
		return Error { Code::TRUNCATED, 0, "segments", message.size(), FRAMING };
	if (message.u32(SEGMENTS) != 0)
		return Error { Code::UNSUPPORTED, SEGMENTS, "segments", message.u32(SEGMENTS), 0 };

	uint32_t const words = message.u32(SIZE);
	if (words == 0) return Error { Code::INVALID, SIZE, "words", words, 1 };
	if (words > min(max_words, MAX_WORDS))
		return Error { Code::LIMIT, SIZE, "words", words, min(max_words, MAX_WORDS) };

	uint64_t const size = uint64_t(words) * WORD, present = message.size() - FRAMING;
	if (present < size) return Error { Code::TRUNCATED, SIZE, "words", size, present };
	if (present > size) return Error { Code::INVALID, FRAMING + size, "words", present, size };

	return Segment(Const_bytes(message.base() + FRAMING, size_t(size)));
}

}
