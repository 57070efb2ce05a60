#include "edit_journal.h"

#include "byte_span.h"
#include "core/checksum.h"
#include "image_error.h"

namespace Capimg
{

static constexpr std::uint8_t MAGIC[8] { 0x89, 'C', 'A', 'P', 'J', 'R', 'N', '\n' };

namespace
{

/* offsets of the header's fields */
enum Field : std::size_t {
	MAGIC_AT = 0,
	MAJOR_AT = 8,
	MINOR_AT = 10,
	HEADER_SIZE_AT = 12,
	JOURNAL_SIZE_AT = 16,
	COUNT_AT = 24,
	SIZE_BEFORE_AT = 32,
	SIZE_AFTER_AT = 40,
	STATE_BEFORE_AT = 48,
	STATE_AFTER_AT = 80,
	TABLE_DIGEST_AT = 112,
	DIGEST_AT = 120,
};

/* an entry of the table */
struct Entry
{
	std::uint64_t offset, size, digest;
};

class Reader
{
	Const_bytes const _bytes;
	std::string const &_path;

	void _check_header() const;
	Mapped_file::Replacement _change(std::size_t entry, std::uint64_t &at) const;

	void _require(bool good, Error const &error) const
	{
		if (!good) throw_if(error, _path);
	}

  public:
	explicit Reader(Mapped_file const &file) : _bytes(file.core_bytes()), _path(file.path()) {}

	Edit_journal read() const;
};

}

std::vector<std::byte> Edit_journal::encode(Image_edit const &edit)
{
	std::vector<std::byte> result(HEADER_SIZE + edit.changes.size() * ENTRY_SIZE);
	Bytes const out(result.data(), result.size());

	std::uint64_t size = result.size();
	std::size_t at = HEADER_SIZE;
	for (File_change const &change : edit.changes) {
		out.u64(at, change.offset);
		out.u64(at + 8, change.bytes.size());
		out.u64(at + 16, checksum({ change.bytes.data(), change.bytes.size() }));
		at += ENTRY_SIZE;
		size += change.bytes.size();
	}
	out.copy_from(MAGIC_AT, { MAGIC, sizeof(MAGIC) });
	out.u16(MAJOR_AT, MAJOR);
	out.u16(MINOR_AT, MINOR);
	out.u32(HEADER_SIZE_AT, HEADER_SIZE);
	out.u64(JOURNAL_SIZE_AT, size);
	out.u64(COUNT_AT, edit.changes.size());
	out.u64(SIZE_BEFORE_AT, edit.size_before);
	out.u64(SIZE_AFTER_AT, edit.size_after);
	out.copy_from(STATE_BEFORE_AT, { edit.state_before.bytes, State_digest::SIZE });
	out.copy_from(STATE_AFTER_AT, { edit.state_after.bytes, State_digest::SIZE });
	out.u64(TABLE_DIGEST_AT,
			checksum({ result.data() + HEADER_SIZE, result.size() - HEADER_SIZE }));
	out.u64(DIGEST_AT, checksum({ result.data(), DIGEST_AT }));
	return result;
}

void Reader::_check_header() const
{
	std::size_t const size = _bytes.size();
	_require(size >= Edit_journal::HEADER_SIZE,
			 { Code::TRUNCATED, 0, "journal", size, Edit_journal::HEADER_SIZE });
	_require(equal_memory(_bytes.base(), MAGIC, sizeof(MAGIC)),
			 { Code::INVALID, MAGIC_AT, "journal.magic" });
	_require(_bytes.u16(MAJOR_AT) == Edit_journal::MAJOR,
			 { Code::UNSUPPORTED_VERSION, MAJOR_AT, "journal.major", _bytes.u16(MAJOR_AT) });
	_require(checksum({ _bytes.base(), DIGEST_AT }) == _bytes.u64(DIGEST_AT),
			 { Code::DAMAGED, DIGEST_AT, "journal.digest" });
	_require(_bytes.u16(MINOR_AT) == Edit_journal::MINOR,
			 { Code::UNSUPPORTED_VERSION, MINOR_AT, "journal.minor", _bytes.u16(MINOR_AT) });
	_require(_bytes.u32(HEADER_SIZE_AT) == Edit_journal::HEADER_SIZE,
			 { Code::INVALID, HEADER_SIZE_AT, "journal.headerSize", _bytes.u32(HEADER_SIZE_AT) });
	_require(_bytes.u64(JOURNAL_SIZE_AT) == size,
			 { Code::INVALID, JOURNAL_SIZE_AT, "journal.size", _bytes.u64(JOURNAL_SIZE_AT), size });

	std::uint64_t const most = (size - Edit_journal::HEADER_SIZE) / Edit_journal::ENTRY_SIZE;
	_require(_bytes.u64(COUNT_AT) <= most,
			 { Code::INVALID, COUNT_AT, "journal.changes", _bytes.u64(COUNT_AT), most });

	/* no image is smaller, and the file's size is a signed number */
	for (Field const field : { SIZE_BEFORE_AT, SIZE_AFTER_AT })
		_require(_bytes.u64(field) >= Head::SIZE + Trailer::SIZE && !(_bytes.u64(field) >> 63),
				 { Code::INVALID, field, "journal.imageSize", _bytes.u64(field) });

	std::size_t const table = std::size_t(_bytes.u64(COUNT_AT)) * Edit_journal::ENTRY_SIZE;
	_require(checksum({ _bytes.base() + Edit_journal::HEADER_SIZE, table }) ==
				 _bytes.u64(TABLE_DIGEST_AT),
			 { Code::DAMAGED, TABLE_DIGEST_AT, "journal.tableDigest" });
}

Mapped_file::Replacement Reader::_change(std::size_t entry, std::uint64_t &at) const
{
	Entry const e { _bytes.u64(entry), _bytes.u64(entry + 8), _bytes.u64(entry + 16) };

	_require(e.size && e.size <= _bytes.size() - at,
			 { Code::TRUNCATED, entry + 8, "journal.change", e.size, _bytes.size() - at });
	Const_bytes const bytes(_bytes.base() + at, std::size_t(e.size));
	_require(checksum(bytes) == e.digest, { Code::DAMAGED, at, "journal.change" });
	at += e.size;
	return { e.offset, as_span(bytes) };
}

Edit_journal Reader::read() const
{
	_check_header();

	Edit_journal journal;
	journal.size_before = _bytes.u64(SIZE_BEFORE_AT);
	journal.size_after = _bytes.u64(SIZE_AFTER_AT);
	copy_memory(journal.state_before.bytes, _bytes.base() + STATE_BEFORE_AT, State_digest::SIZE);
	copy_memory(journal.state_after.bytes, _bytes.base() + STATE_AFTER_AT, State_digest::SIZE);

	std::size_t const count = std::size_t(_bytes.u64(COUNT_AT));
	std::uint64_t at = Edit_journal::HEADER_SIZE + count * Edit_journal::ENTRY_SIZE;
	std::uint64_t floor = Head::SIZE; /* a head never changes */

	for (std::size_t i = 0; i < count; i++) {
		std::size_t const entry = Edit_journal::HEADER_SIZE + i * Edit_journal::ENTRY_SIZE;
		Mapped_file::Replacement const change = _change(entry, at);
		_require(change.offset >= floor,
				 { Code::OUT_OF_ORDER, entry, "journal.offset", change.offset, floor });
		_require(within(change.offset, change.bytes.size(), journal.size_after),
				 { Code::INVALID, entry, "journal.offset", change.offset, journal.size_after });
		floor = change.offset + change.bytes.size();
		journal.changes.push_back(change);
	}
	_require(at == _bytes.size(), { Code::INVALID, at, "journal.size", at, _bytes.size() });
	return journal;
}

Edit_journal Edit_journal::decode(Mapped_file const &file) { return Reader(file).read(); }

}
