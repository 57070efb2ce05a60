#include "wire_check.h"

#include "utf8.h"

namespace Capimg::Wire
{

namespace
{

constexpr char const *UNKNOWN = "unknown";

/* what the schema says about a pointer; without 'type' anything goes */
struct Expected
{
	char const *path = UNKNOWN;
	bool known = false;
	Type type = Type::VOID;    /* TEXT, DATA, STRUCT or LIST; VOID: the pointer must be null */
	Type element = Type::VOID; /* of a LIST */
	Struct_shape const *shape = nullptr;
};

/* structs that lie side by side: a list, or a single one; or a list of pointers */
struct Frame
{
	Struct_shape const *shape = nullptr; /* null: not known */
	Expected element {};                 /* of each pointer of a list of pointers */
	bool pointer_list = false;
	uint32_t at = 0;   /* word of the current element */
	uint32_t left = 0; /* elements, the current one included */
	uint16_t data_words = 0;
	uint16_t pointers = 0;
	uint16_t next = 0; /* slot of the current element */
};

class Checker : Noncopyable
{
	Segment const _segment;
	Limits const _limits;
	Visitor *const _visitor;

	uint32_t _cursor = 1;
	unsigned _depth = 0;
	Frame _frames[MAX_DEPTH] {};

	static uint64_t _offset(uint32_t at) { return FRAMING + uint64_t(at) * WORD; }

	Struct_reader _reader(Frame const &f) const
	{
		return Struct_reader(_segment, { f.at, 1, f.data_words, f.pointers }, 0);
	}

	static Expected _field(Field const &);
	Expected _expected(Frame const &) const;

	Status _visit(Frame const &) const;
	Status _push(Frame const &, Expected const &);
	Status _take(uint32_t at, uint64_t words, Expected const &);
	Status _kind(uint32_t at, Pointer, Expected const &) const;
	Status _padding(uint32_t first, Element, uint32_t count, Expected const &) const;
	Status _text(uint32_t first, uint32_t count, Expected const &) const;
	Status _structure(uint32_t at, Pointer, Expected const &);
	Status _value_list(uint32_t at, Pointer, Expected const &);
	Status _struct_list(uint32_t at, Pointer, Expected const &);
	Status _follow(uint32_t at, Pointer, Expected const &);

  public:
	Checker(Segment const &segment, Limits const &limits, Visitor *visitor)
		: _segment(segment), _limits(limits), _visitor(visitor)
	{}

	Status run(Struct_shape const &root);
};

Expected Checker::_field(Field const &field)
{
	return { field.path, true, field.type, field.element, field.shape };
}

/* of the slot that was just taken from the frame */
Expected Checker::_expected(Frame const &f) const
{
	if (f.pointer_list) return f.element;
	if (!f.shape || f.next > f.shape->pointers) return {};

	Slot const &slot = f.shape->slots[f.next - 1];
	if (slot.members == 0) return slot.candidate_count ? _field(*slot.candidates[0]) : Expected {};

	uint16_t const tag = _reader(f).load<uint16_t>(slot.tag_offset);
	if (tag >= slot.members) return {};
	for (unsigned i = 0; i < slot.candidate_count; i++)
		if (slot.candidates[i]->discriminant == tag) return _field(*slot.candidates[i]);

	return { f.shape->name, true, Type::VOID, Type::VOID, nullptr };
}

Status Checker::_visit(Frame const &f) const
{
	if (!_visitor || !f.shape || !f.shape->has_refs) return ok;
	return _visitor->visit(*f.shape, _reader(f));
}

Status Checker::_push(Frame const &f, Expected const &e)
{
	bool const visited = _visitor && f.shape && f.shape->has_refs;
	if (f.left == 0 || (f.pointers == 0 && !visited)) return ok;
	if (_depth == MAX_DEPTH) return { Code::LIMIT, _offset(f.at), e.path, _depth + 1, MAX_DEPTH };

	_frames[_depth++] = f;
	return _visit(f);
}

/* the object that the pointer at word 'at' refers to must be the next one */
Status Checker::_take(uint32_t at, uint64_t words, Expected const &e)
{
	int64_t const target = int64_t(at) + 1 + Pointer { _segment.word(at) }.offset();

	if (!_segment.holds(target, words))
		return { Code::TRUNCATED, _offset(at), e.path, words, _segment.words() };
	if (target != int64_t(_cursor))
		return { Code::OUT_OF_ORDER, _offset(at), e.path, _offset(uint32_t(target)),
				 _offset(_cursor) };
	_cursor += uint32_t(words);
	return ok;
}

Status Checker::_kind(uint32_t at, Pointer p, Expected const &e) const
{
	if (p.kind() == Pointer::FAR || p.kind() == Pointer::OTHER)
		return { Code::UNSUPPORTED, _offset(at), e.path, p.kind(), 0 };
	if (!e.known) return ok;

	Pointer::Kind const kind = e.type == Type::STRUCT ? Pointer::STRUCT : Pointer::LIST;
	if (e.type == Type::VOID || p.kind() != kind)
		return { Code::INVALID, _offset(at), e.path, p.kind(), kind };
	if (kind == Pointer::STRUCT) return ok;

	Element const element = e.type == Type::LIST ? element_of(e.element) : Element::BYTE;
	if (p.element() != element)
		return { Code::INVALID, _offset(at), e.path, unsigned(p.element()), unsigned(element) };
	return ok;
}

/* bits of the last word behind the last element */
Status Checker::_padding(uint32_t first, Element element, uint32_t count, Expected const &e) const
{
	unsigned const used = unsigned((uint64_t(count) * element_bits(element)) % 64);
	if (used == 0) return ok;

	uint32_t const last = first + uint32_t(list_words(element, count)) - 1;
	uint64_t const padding = _segment.word(last) >> used;
	return padding ? Error { Code::NOT_ZERO, _offset(last), e.path, padding, 0 } : ok;
}

Status Checker::_text(uint32_t first, uint32_t count, Expected const &e) const
{
	Const_bytes const bytes = *_segment.bytes().slice(uint64_t(first) * WORD, count, e.path);
	if (count == 0 || bytes.u8(count - 1) != 0)
		return { Code::INVALID, _offset(first), e.path, count ? bytes.u8(count - 1) : 0u, 0 };

	size_t const valid = first_invalid_utf8(Const_bytes(bytes.base(), count - 1));
	if (valid != count - 1)
		return { Code::INVALID, _offset(first) + valid, e.path, bytes.u8(valid), 0 };
	return ok;
}

Status Checker::_structure(uint32_t at, Pointer p, Expected const &e)
{
	uint32_t const words = uint32_t(p.data_words()) + p.pointers();
	if (words == 0) {
		if (p.bits == EMPTY_STRUCT) return ok;
		return { Code::OUT_OF_ORDER, _offset(at), e.path, p.bits, EMPTY_STRUCT };
	}
	uint32_t const first = _cursor;
	if (Status const s = _take(at, words, e)) return s;

	Frame f {};
	f.shape = e.shape;
	f.at = first;
	f.left = 1;
	f.data_words = p.data_words();
	f.pointers = p.pointers();
	return _push(f, e);
}

Status Checker::_value_list(uint32_t at, Pointer p, Expected const &e)
{
	if (p.element() == Element::VOID && p.count())
		return { Code::INVALID, _offset(at), e.path, p.count(), 0 };
	if (p.element() == Element::POINTER && p.count() > _limits.elements)
		return { Code::LIMIT, _offset(at), e.path, p.count(), _limits.elements };

	uint32_t const first = _cursor;
	if (Status const s = _take(at, list_words(p.element(), p.count()), e)) return s;
	if (Status const s = _padding(first, p.element(), p.count(), e)) return s;

	if (e.known && e.type == Type::TEXT) return _text(first, p.count(), e);
	if (p.element() != Element::POINTER) return ok;

	Frame f {};
	f.pointer_list = true;
	f.element = { e.path, e.known, e.element, Type::VOID, nullptr };
	f.at = first;
	f.left = p.count();
	f.pointers = 1;
	return _push(f, e);
}

Status Checker::_struct_list(uint32_t at, Pointer p, Expected const &e)
{
	uint32_t const first = _cursor;
	if (Status const s = _take(at, uint64_t(p.count()) + 1, e)) return s;

	Pointer const tag { _segment.word(first) };
	uint32_t const stride = uint32_t(tag.data_words()) + tag.pointers();
	uint64_t const words = uint64_t(tag.tag_count()) * stride;

	if (tag.kind() != Pointer::STRUCT)
		return { Code::INVALID, _offset(first), e.path, tag.kind(), Pointer::STRUCT };
	if (stride == 0 && tag.tag_count())
		return { Code::INVALID, _offset(first), e.path, tag.tag_count(), 0 };
	if (words != p.count()) return { Code::INVALID, _offset(first), e.path, words, p.count() };
	if (tag.tag_count() > _limits.elements)
		return { Code::LIMIT, _offset(first), e.path, tag.tag_count(), _limits.elements };

	Frame f {};
	f.shape = e.shape;
	f.at = first + 1;
	f.left = tag.tag_count();
	f.data_words = tag.data_words();
	f.pointers = tag.pointers();
	return _push(f, e);
}

Status Checker::_follow(uint32_t at, Pointer p, Expected const &e)
{
	if (Status const s = _kind(at, p, e)) return s;
	if (p.kind() == Pointer::STRUCT) return _structure(at, p, e);
	return p.element() == Element::STRUCT ? _struct_list(at, p, e) : _value_list(at, p, e);
}

Status Checker::run(Struct_shape const &root)
{
	Pointer const p { _segment.word(0) };
	Expected const e { root.name, true, Type::STRUCT, Type::VOID, &root };
	if (p.null()) return { Code::INVALID, _offset(0), e.path, 0, 0 };
	if (Status const s = _follow(0, p, e)) return s;

	/* each turn takes one slot or one element, each of which has words of its own */
	while (_depth) {
		Frame &f = _frames[_depth - 1];

		if (f.next == f.pointers) {
			if (--f.left == 0) {
				_depth--;
				continue;
			}
			f.at += uint32_t(f.data_words) + f.pointers;
			f.next = 0;
			if (Status const s = _visit(f)) return s;
			continue;
		}
		uint32_t const at = f.at + f.data_words + f.next++;
		Pointer const pointer { _segment.word(at) };
		if (pointer.null()) continue;
		if (Status const s = _follow(at, pointer, _expected(f))) return s;
	}

	if (_cursor != _segment.words())
		return { Code::OUT_OF_ORDER, _offset(_cursor), e.path, _segment.words(), _cursor };
	return ok;
}

Result<Segment> check_or_walk(Const_bytes message, Struct_shape const &shape, Limits const &limits,
							  Visitor *visitor)
{
	Result<Segment> const segment = open_segment(message, limits.words);
	if (segment.failed()) return segment.error();

	Checker checker(*segment, limits, visitor);
	if (Status const s = checker.run(shape)) return s;
	return *segment;
}

}

Result<Struct_reader> check(Const_bytes message, Struct_shape const &shape, Limits const &limits)
{
	Result<Segment> const segment = check_or_walk(message, shape, limits, nullptr);
	if (segment.failed()) return segment.error();
	return root(*segment);
}

Status walk_refs(Const_bytes message, Struct_shape const &shape, Visitor &visitor)
{
	return check_or_walk(message, shape, Limits {}, &visitor).error();
}

}
