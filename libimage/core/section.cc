#include "section.h"

#include "limits.h"

namespace Capimg
{

enum Offset : size_t {
	KIND_AT = 0,
	FLAGS_AT = 4,
	OFFSET_AT = 8,
	SIZE_AT = 16,
	DIGEST_AT = 24,
	RESERVED_AT = 32,
};

/* what every image must have, and how large each known section may be */
struct Known
{
	Section_kind kind;
	bool mandatory;
	uint64_t max_size;
	char const *name;
};

static constexpr Known KNOWN[] {
	{ Section_kind::DIRECTORY, true, Limit::MAX_BLOCKS / Limit::CHUNK_BLOCKS * 32,
	  "directory section" },
	{ Section_kind::MANIFEST, true, Limit::MAX_MANIFEST_SIZE, "manifest section" },
	{ Section_kind::STORAGE, true, Limit::MAX_SECTION_SIZE, "storage section" },
	{ Section_kind::PROVENANCE, false, Limit::MAX_SECTION_SIZE, "provenance section" },
};

void Section::encode(Bytes out, size_t at) const
{
	out.u32(at + KIND_AT, uint32_t(kind));
	out.u32(at + FLAGS_AT, flags);
	out.u64(at + OFFSET_AT, offset);
	out.u64(at + SIZE_AT, size);
	out.u64(at + DIGEST_AT, digest);
	out.u64(at + RESERVED_AT, 0);
}

static uint64_t max_size(Section_kind kind)
{
	for (Known const &known : KNOWN)
		if (known.kind == kind) return known.max_size;
	return Limit::MAX_SECTION_SIZE;
}

Section Section_table::section(uint32_t i) const
{
	size_t const at = size_t(i) * Section::ENTRY_SIZE;
	Section s;
	s.kind = Section_kind(_bytes.u32(at + KIND_AT));
	s.flags = _bytes.u32(at + FLAGS_AT);
	s.offset = _bytes.u64(at + OFFSET_AT);
	s.size = _bytes.u64(at + SIZE_AT);
	s.digest = _bytes.u64(at + DIGEST_AT);
	return s;
}

Result<Section> Section_table::find(Section_kind kind) const
{
	for (uint32_t i = 0; i < count(); i++)
		if (section(i).kind == kind) return section(i);
	return Error { Code::NOT_FOUND, 0, "section", uint64_t(kind), 0 };
}

Status Section_table::_check_entry(Section const &s, uint64_t at, uint64_t &floor, uint64_t end)
{
	if (s.flags & ~Section::REQUIRED)
		return { Code::INVALID, at + FLAGS_AT, "section.flags", s.flags, Section::REQUIRED };

	if (s.required() && !s.known())
		return { Code::UNSUPPORTED_FEATURE, at + KIND_AT, "section.kind (required)",
				 uint64_t(s.kind), 0 };

	if (s.offset % Section::ALIGN)
		return { Code::INVALID, at + OFFSET_AT, "section.offset", s.offset, 0 };

	if (s.offset < floor)
		return { Code::OUT_OF_ORDER, at + OFFSET_AT, "section.offset", s.offset, floor };

	if (!within(s.offset, s.size, end))
		return { Code::TRUNCATED, at + SIZE_AT, "section.size", s.size, end };

	if (s.size > max_size(s.kind))
		return { Code::LIMIT, at + SIZE_AT, "section.size", s.size, max_size(s.kind) };

	floor = s.offset + s.size;
	return ok;
}

Result<Section_table> Section_table::open(Const_bytes bytes, uint64_t offset, uint64_t first)
{
	if (bytes.size() % Section::ENTRY_SIZE)
		return Error { Code::INVALID, offset, "section table size", bytes.size(), 0 };

	Section_table table;
	table._bytes = bytes;

	if (table.count() > Limit::MAX_SECTIONS)
		return Error { Code::LIMIT, offset, "section count", table.count(), Limit::MAX_SECTIONS };

	uint64_t floor = first;
	unsigned seen[sizeof(KNOWN) / sizeof(KNOWN[0])] {};

	for (uint32_t i = 0; i < table.count(); i++) {
		size_t const at = size_t(i) * Section::ENTRY_SIZE;

		if (bytes.u64(at + RESERVED_AT))
			return Error { Code::NOT_ZERO, offset + at + RESERVED_AT, "section.reserved",
						   bytes.u64(at + RESERVED_AT), 0 };

		Section const s = table.section(i);
		if (Status const status = _check_entry(s, offset + at, floor, offset)) return status;

		if (s.known() && seen[unsigned(s.kind) - 1]++)
			return Error { Code::DUPLICATE, offset + at + KIND_AT, "section.kind", uint64_t(s.kind),
						   0 };
	}

	for (Known const &known : KNOWN)
		if (known.mandatory && !seen[unsigned(known.kind) - 1])
			return Error { Code::NOT_FOUND, offset, known.name, uint64_t(known.kind), 0 };

	return table;
}

}
