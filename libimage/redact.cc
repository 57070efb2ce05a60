#include "redact.h"

#include <algorithm>
#include <capnp/message.h>
#include <map>

#include "address_space.h"
#include "image_content.h"
#include "image_copy.h"
#include "image_error.h"
#include "manifest.h"
#include "memory_search.h"
#include "provenance.h"

namespace Capimg
{

/* ---- what is left of a dataspace ---- */

/*
 * Blocks of which a part is absent are given in parts, what was absent before included, so that
 * the writer lists all of them; other blocks are handed on
 */
class Redaction::Without final : public Content
{
	/* an absent part of the dataspace, ascending, disjoint */
	struct Gap
	{
		std::uint64_t first, end;
		Absent_reason reason;
	};

	Image_content _rest;
	std::uint64_t const _block_size, _size;
	std::vector<Gap> _gaps {};

	/* the first gap that ends behind the offset */
	Gap const *_gap(std::uint64_t offset) const
	{
		auto const at = std::ranges::upper_bound(_gaps, offset, {}, &Gap::end);
		return at == _gaps.end() ? nullptr : &*at;
	}

  public:
	Without(Image const &, Storage_range const &, Ranges const &redacted);

	Extent extent(std::uint64_t) override;

	void read(std::uint64_t offset, std::span<std::byte> out) override { _rest.read(offset, out); }
	Inherited inherited(std::uint64_t offset) override { return _rest.inherited(offset); }
	Stored_block stored(std::uint64_t offset) override { return _rest.stored(offset); }
};

Redaction::Without::Without(Image const &image, Storage_range const &range, Ranges const &redacted)
	: _rest(image, range.object, image.head().profile, {}),
	  _block_size(image.block_size()),
	  _size(range.size)
{
	std::vector<Gap> gone, before;
	for (Range const &part : redacted)
		gone.push_back({ part.first, part.end, Absent_reason::REDACTED });
	for (auto const part : image.object(range.object)->getDataspace().getAbsent())
		before.push_back({ part.getOffset(), part.getOffset() + part.getSize(),
						   Absent_reason(part.getReason()) });

	/* what was absent for another reason stays so where nothing is redacted */
	for (Gap gap : before) {
		for (Gap const &part : gone) {
			if (part.end <= gap.first || part.first >= gap.end) continue;
			if (part.first > gap.first) _gaps.push_back({ gap.first, part.first, gap.reason });
			gap.first = std::min(part.end, gap.end);
		}
		if (gap.first < gap.end) _gaps.push_back(gap);
	}
	_gaps.insert(_gaps.end(), gone.begin(), gone.end());
	std::ranges::sort(_gaps, {}, &Gap::first);
}

Content::Extent Redaction::Without::extent(std::uint64_t offset)
{
	Gap const *const gap = _gap(offset);
	if (gap && gap->first <= offset)
		return { Extent::Kind::ABSENT, gap->end - offset, gap->reason };

	Extent result = _rest.extent(offset);
	result.size = std::min(result.size, (gap ? gap->first : _size) - offset);

	bool const needs_whole =
		result.kind == Extent::Kind::STORED || result.kind == Extent::Kind::INHERITED;
	if (!needs_whole) return result;

	/* whole blocks as they are; those that a gap reaches into are read */
	bool const to_end = offset + result.size == _size;
	std::uint64_t const whole = offset % _block_size ? 0
								: to_end             ? result.size
													 : result.size / _block_size * _block_size;
	if (whole) {
		result.size = whole;
		return result;
	}
	std::uint64_t const block_end = (offset / _block_size + 1) * _block_size;
	return { Extent::Kind::BYTES, std::min(result.size, block_end - offset) };
}

/* ---- what is to go ---- */

[[noreturn]] static void nothing(Image const &image, std::string field, std::string message)
{
	throw Image_error({ image.path(),
						Code::NOT_FOUND,
						{},
						std::move(field),
						std::move(message),
						"'capimg inspect " + image.path() + " dataspaces regions' lists memory" });
}

void Redaction::_add(std::uint32_t dataspace, std::uint64_t offset, std::uint64_t size)
{
	_ranges[dataspace].push_back({ offset, offset + size });
}

void Redaction::_add_shown(Address_space const &space, std::uint64_t first, std::uint64_t last)
{
	bool any = false;
	for (Address_space::Piece const &piece : space.pieces()) {
		if (piece.last() < first || piece.address > last) continue;
		std::uint64_t const from = std::max(first, piece.address);
		std::uint64_t const to = std::min(last, piece.last());
		auto const object = _image.object(piece.dataspace);
		if (!object || !object->getDataspace().getStored()) continue;

		/* regions are of whole pages, and may reach beyond the dataspace */
		std::uint64_t const offset = piece.offset + (from - piece.address);
		std::uint64_t const size = object->getDataspace().getSize();
		if (offset >= size) continue;
		_add(piece.dataspace, offset, std::min(to - from + 1, size - offset));
		any = true;
	}
	if (!any) nothing(_image, "addresses", "no memory of the image is there");
}

/* in every dataspace, and where one ends in an address space and the next begins */
void Redaction::_add_hits(Search_pattern const &pattern)
{
	std::uint64_t hits = 0;
	for (Storage_range const &range : _image.ranges()) {
		Dataspace_reader const reader(_image, range.object);
		hits += search_memory(reader, pattern, 0, range.size, [&](std::uint64_t at) {
					_add(range.object, at, pattern.size());
					return true;
				}).hits;
	}
	for (auto const object : _image.manifest().getObjects()) {
		if (!object.isPdSession()) continue;
		Address_space const space(_image, object.getId());
		(void)search_memory(_image, space, pattern, 0, ~std::uint64_t(0), [&](std::uint64_t at) {
			/* most were found in their dataspace */
			auto const piece = space.piece(at);
			if (piece && piece->last() - at >= pattern.size() - 1) return true;
			_add_shown(space, at, at + pattern.size() - 1);
			hits++;
			return true;
		});
	}
	if (!hits) nothing(_image, "pattern", "it is nowhere in the image's memory");
	_report.hits += hits;
}

void Redaction::_merge()
{
	for (auto &[dataspace, ranges] : _ranges) {
		std::ranges::sort(ranges, {}, &Range::first);
		Ranges merged;
		for (Range const &range : ranges) {
			if (range.first == range.end) continue;
			if (!merged.empty() && range.first <= merged.back().end)
				merged.back().end = std::max(merged.back().end, range.end);
			else
				merged.push_back(range);
		}
		ranges = std::move(merged);
	}
}

/* other blocks with the digest of one that loses bytes */
void Redaction::_look_for_same()
{
	struct Lost
	{
		std::uint64_t block;
		std::uint32_t size;
		Ranges ranges; /* within the block */
	};
	std::multimap<std::uint64_t, Lost> lost; /* by digest */
	std::uint64_t const block_size = _image.block_size();

	for (Storage_range const &range : _image.ranges()) {
		auto const ranges = _ranges.find(range.object);
		if (ranges == _ranges.end()) continue;
		for (Range const &part : ranges->second) {
			for (std::uint64_t at = part.first; at < part.end;) {
				std::uint64_t const n = at / block_size, begin = n * block_size;
				std::uint64_t const end = std::min(part.end, begin + block_size);
				Block const block = _image.block(range.first_block + n);
				bool const has_bytes = block.digest && block.kind != Block_kind::ZERO;
				if (has_bytes) {
					std::uint64_t const number = range.first_block + n;
					lost.insert({ block.digest,
								  { number,
									_image.size_of_block(number),
									{ { at - begin, end - begin } } } });
				}
				at = end;
			}
		}
	}
	if (lost.empty()) return;

	Ranges none;
	std::vector<Redact_request::Part> more;
	for (Storage_range const &range : _image.ranges()) {
		auto const own = _ranges.find(range.object);
		Ranges const &gone = own == _ranges.end() ? none : own->second;
		std::uint64_t const count = (range.size + block_size - 1) / block_size;
		for (std::uint64_t i = 0; i < count; i++) {
			std::uint64_t const number = range.first_block + i;
			Block const block = _image.block(number);
			auto const [first, last] = lost.equal_range(block.digest);
			for (auto at = first; at != last; ++at) {
				if (at->second.block == number || at->second.size != _image.size_of_block(number))
					continue;
				for (Range const &part : at->second.ranges) {
					Range const here { i * block_size + part.first, i * block_size + part.end };
					bool const covered = std::ranges::any_of(gone, [&](Range const &g) {
						return g.first <= here.first && here.end <= g.end;
					});
					if (!covered)
						more.push_back({ range.object, here.first, here.end - here.first });
				}
			}
		}
	}
	if (_request.same)
		for (auto const &part : more) _add(part.dataspace, part.offset, part.size);
	else
		_report.same = std::move(more);
}

void Redaction::_count()
{
	for (auto const &[id, ranges] : _ranges) {
		Dataspace_reader const reader(_image, id);
		std::uint64_t const first_block = _image.object(id)->getDataspace().getFirstBlock();
		for (Range const &range : ranges) {
			_report.parts++;
			for (std::uint64_t at = range.first; at < range.end;) {
				auto const run = reader.run(at);
				std::uint64_t const size = std::min(run.size, range.end - at);
				if (run.known()) _report.bytes += size;
				for (std::uint64_t n = at / _image.block_size();
					 n <= (at + size - 1) / _image.block_size() && !_report.in_parents; n++)
					_report.in_parents =
						_image.block(first_block + n).kind == Block_kind::INHERITED;
				at += size;
			}
		}
	}
	for (Section const &section : _image.sections()) _report.sections += !section.known();
	if (!_request.registers) return;
	for (auto const object : _image.manifest().getObjects()) _report.threads += object.isThread();
}

Redaction::Redaction(Image const &image, Redact_request const &request)
	: _image(image), _request(request)
{
	for (auto const &part : request.parts) {
		Dataspace_reader const reader(image, part.dataspace);
		bool const stored = image.object(part.dataspace)->getDataspace().getStored();
		if (!stored || part.offset >= reader.size() || part.size > reader.size() - part.offset)
			nothing(image, "dataspace " + std::to_string(part.dataspace),
					stored ? "the dataspace is smaller" : "its bytes are not in the image");
		_add(part.dataspace, part.offset, part.size);
	}
	if (!request.addresses.empty()) {
		Address_space const space(image);
		for (auto const &range : request.addresses) _add_shown(space, range.first, range.last);
	}
	for (Search_pattern const &pattern : request.patterns) _add_hits(pattern);

	_merge();
	_look_for_same();
	_merge();
	_count();
}

/* ---- writing ---- */

static void clear_thread(Schema::Thread::Builder thread)
{
	/* all members have one slot, and 'none' alone would leave what is in it */
	auto registers = thread.getRegisters();
	(void)registers.initOther(0);
	(void)registers.disownOther();
	registers.setNone();
	if (thread.hasFpu()) thread.disownFpu();
	if (thread.hasUtcb()) thread.disownUtcb();
	if (thread.hasNotes()) thread.disownNotes();
}

/* raw badges in memory alone: registers and message words are gone */
static void clear_raw_badges(Schema::Manifest::Builder manifest)
{
	auto const old = manifest.disownRawBadges();
	std::vector<Schema::RawBadge::Reader> kept;
	for (auto const raw : old.getReader())
		if (raw.getPlace() != Schema::RawBadgePlace::UTCB &&
			raw.getPlace() != Schema::RawBadgePlace::REGISTER)
			kept.push_back(raw);
	auto list = manifest.initRawBadges(unsigned(kept.size()));
	for (unsigned i = 0; i < kept.size(); i++) list.setWithCaveats(i, kept[i]);
}

static void set_absent(Schema::Dataspace::Builder dataspace,
					   std::vector<Writer::Absent_part> const &parts)
{
	if (dataspace.hasAbsent()) dataspace.disownAbsent();
	if (parts.empty()) return;
	auto absent = dataspace.initAbsent(unsigned(parts.size()));
	for (unsigned i = 0; i < parts.size(); i++) {
		absent[i].setOffset(parts[i].offset);
		absent[i].setSize(parts[i].size);
		absent[i].setReason(Schema::AbsentReason(parts[i].reason));
	}
}

std::vector<std::byte> Redaction::_manifest(std::vector<Writer::Stored> const &stored) const
{
	capnp::MallocMessageBuilder message;
	message.setRoot(_image.manifest());
	auto manifest = message.getRoot<Schema::Manifest>();

	std::size_t i = 0;
	for (auto object : manifest.getObjects()) {
		if (object.isThread() && _request.registers) clear_thread(object.getThread());
		if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
		auto dataspace = object.getDataspace();
		set_absent(dataspace, stored[i++].absent);
		if (_ranges.contains(object.getId()) && dataspace.hasDigest()) dataspace.disownDigest();
	}
	if (_request.registers) {
		clear_raw_badges(manifest);
		if (manifest.hasNotes()) manifest.disownNotes();
	}
	return encode_manifest(manifest.asReader());
}

std::vector<Writer::Extra_section> Redaction::_sections() const
{
	return { { Section_kind::PROVENANCE, 0, redacted_provenance(_image) } };
}

Writer::Summary Redaction::write(Sink &sink, Writer::Options const &options) const
{
	Image_copy const like { _image };
	Head head = like.head();
	head.profile = _image.head().profile;

	Writer writer(sink, head, options);
	std::vector<Writer::Stored> stored;
	static Ranges const none;
	for (Storage_range const &range : _image.ranges()) {
		auto const gone = _ranges.find(range.object);
		Without content(_image, range, gone == _ranges.end() ? none : gone->second);
		stored.push_back(writer.add_dataspace(range.object, range.size, content));
	}

	std::vector<std::byte> const manifest = _manifest(stored);
	for (Search_pattern const &pattern : _request.patterns) {
		std::size_t const at = pattern.find(manifest, 0, 0);
		if (at != Search_pattern::NONE)
			throw Image_error({ _image.path(),
								Code::INVALID,
								{},
								"manifest",
								"the pattern is in the manifest as well, at byte " +
									std::to_string(at) + " of it",
								"--registers takes registers and notes out; names can be changed "
								"with 'capimg dump' and 'capimg build'" });
	}
	return writer.finish(manifest, _sections());
}

}
