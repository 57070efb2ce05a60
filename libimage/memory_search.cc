#include "memory_search.h"

#include <algorithm>

#include "byte_span.h"
#include "scan_memory.h"

namespace Capimg
{

namespace
{

/*
 * Known bytes as they come, one piece behind the other
 *
 * The last bytes of what came before are kept, so that hits which span pieces are found: those
 * begin in the kept bytes, all others lie in one piece.
 */
class Stream
{
	Search_pattern const &_pattern;
	Search_visit const &_visit;
	Search_totals &_totals;

	std::vector<std::byte> _kept {};
	std::uint64_t _next = 0; /* position behind the kept bytes */

	std::size_t _overlap() const { return _pattern.size() - 1; }

	/* report hits that begin below 'end'; false if the search is to end */
	bool _look(std::span<std::byte const> bytes, std::uint64_t position, std::size_t end)
	{
		for (std::size_t at = 0; at < end; at++) {
			at = _pattern.find(bytes, position, at);
			if (at == Search_pattern::NONE || at >= end) return true;
			_totals.hits++;
			if (_visit(position + at)) continue;
			_totals.stopped = true;
			return false;
		}
		return true;
	}

	void _keep(std::span<std::byte const> bytes)
	{
		if (bytes.size() >= _overlap()) {
			auto const tail = bytes.last(_overlap());
			_kept.assign(tail.begin(), tail.end());
			return;
		}
		std::size_t const old = std::min(_kept.size(), _overlap() - bytes.size());
		_kept.erase(_kept.begin(), _kept.end() - std::ptrdiff_t(old));
		_kept.insert(_kept.end(), bytes.begin(), bytes.end());
	}

  public:
	Stream(Search_pattern const &pattern, Search_visit const &visit, Search_totals &totals)
		: _pattern(pattern), _visit(visit), _totals(totals)
	{}

	bool bytes(std::uint64_t position, std::span<std::byte const> bytes)
	{
		if (position != _next) _kept.clear();
		_totals.searched += bytes.size();

		if (!_kept.empty()) {
			std::vector<std::byte> joined = _kept;
			auto const head = bytes.first(std::min(bytes.size(), _overlap()));
			joined.insert(joined.end(), head.begin(), head.end());
			if (!_look(joined, position - _kept.size(), _kept.size())) return false;
		}
		if (!_look(bytes, position, bytes.size())) return false;

		_keep(bytes);
		_next = position + bytes.size();
		return true;
	}

	/* zeros that have no hits but at their ends, without looking at each of them */
	bool zeros(std::uint64_t position, std::uint64_t size)
	{
		std::vector<std::byte> const zeros(std::min<std::uint64_t>(size, _overlap()));
		_totals.searched += size - zeros.size();
		if (!bytes(position, zeros)) return false;
		_next = position + size;
		return true;
	}
};

std::span<std::byte const> bytes_at(Address_space const &space, std::uint64_t at,
									std::uint64_t size)
{
	Const_bytes const bytes = space.peek(at, size);
	return as_span(bytes);
}

std::span<std::byte const> bytes_at(Dataspace_reader const &reader, std::uint64_t at,
									std::uint64_t size)
{
	auto const bytes = reader.peek(at);
	return bytes.first(std::min<std::uint64_t>(bytes.size(), size));
}

/* 'size' bytes that exist, but may be absent; false if the search is to end */
template <typename SOURCE>
bool search_range(SOURCE const &source, std::uint64_t at, std::uint64_t size, bool skip_zeros,
				  Stream &stream, Search_totals &totals)
{
	std::uint64_t zeros = 0; /* looked at one by one, as there are hits in them */
	while (size) {
		Dataspace_reader::Run const run = source.run(at);
		std::uint64_t part = std::min(run.size, size);

		if (!run.known()) {
			totals.absent += part;
		} else if (run.zero && skip_zeros) {
			if (!stream.zeros(at, part)) return false;
		} else {
			auto const bytes = bytes_at(source, at, part);
			part = bytes.size();
			if (run.zero) check_shown_size(source.image(), zeros += part, "zeros");
			if (!stream.bytes(at, bytes)) return false;
		}
		at += part;
		size -= part;
	}
	return true;
}

}

Search_totals search_memory(Image const &image, Address_space const &space,
							Search_pattern const &pattern, std::uint64_t first, std::uint64_t last,
							Search_visit const &visit)
{
	check_shown_memory(image, space);

	Search_totals totals {};
	Stream stream(pattern, visit, totals);
	for (Address_space::Piece const &piece : space.pieces()) {
		if (piece.last() < first || piece.address > last) continue;
		std::uint64_t const start = std::max(piece.address, first);
		std::uint64_t const end = std::min(piece.last(), last);
		if (!search_range(space, start, end - start + 1, !pattern.matches_zeros(), stream, totals))
			break;
	}
	return totals;
}

Search_totals search_memory(Dataspace_reader const &reader, Search_pattern const &pattern,
							std::uint64_t offset, std::uint64_t size, Search_visit const &visit)
{
	Search_totals totals {};
	Stream stream(pattern, visit, totals);
	search_range(reader, offset, size, !pattern.matches_zeros(), stream, totals);
	return totals;
}

}
