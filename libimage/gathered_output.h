/*
 * Bytes gathered for one call of a sink, with the file position they will have
 */

#ifndef CAPIMG__GATHERED_OUTPUT_H
#define CAPIMG__GATHERED_OUTPUT_H

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "sink.h"

namespace Capimg
{

class Gathered_output
{
	static constexpr std::array<std::byte, 4096> ZEROS {};

	Sink &_sink;
	std::uint64_t _cursor;  /* end of all bytes, gathered ones included */
	std::uint64_t _written; /* end of those that the sink has */
	std::vector<std::span<std::byte const>> _pieces {};

	/* a range of a file that goes out behind the pieces */
	struct
	{
		Mapped_file const *file = nullptr;
		std::uint64_t offset = 0, size = 0;
	} _range {};

	void _flush_range()
	{
		if (_range.size) _sink.copy(*_range.file, _range.offset, _range.size);
		_range = {};
	}

  public:
	/* 'start' is the file position of the sink's first byte */
	explicit Gathered_output(Sink &sink, std::uint64_t start = 0)
		: _sink(sink), _cursor(start), _written(start)
	{}

	std::uint64_t cursor() const { return _cursor; }

	/* 'bytes' must stay until 'flush' */
	void add(std::span<std::byte const> bytes)
	{
		if (bytes.empty()) return;
		if (_range.size) flush();

		/* blocks that stand side by side in memory go out as one piece */
		if (!_pieces.empty() && _pieces.back().data() + _pieces.back().size() == bytes.data())
			_pieces.back() = { _pieces.back().data(), _pieces.back().size() + bytes.size() };
		else
			_pieces.push_back(bytes);
		_cursor += bytes.size();
	}

	void pad_to(std::uint64_t offset)
	{
		while (_cursor < offset)
			add({ ZEROS.data(), std::min<std::size_t>(ZEROS.size(), offset - _cursor) });
	}

	/* neighbouring ranges become one */
	void copy(Mapped_file const &file, std::uint64_t offset, std::uint64_t size)
	{
		if (_range.file == &file && _range.offset + _range.size == offset) {
			_range.size += size;
		} else {
			if (_range.size) flush();
			_range = { &file, offset, size };
		}
		_cursor += size;
	}

	/* bytes in memory are not needed any more; a range may still grow */
	void flush_pieces()
	{
		if (!_pieces.empty()) _sink.append(_pieces);
		_pieces.clear();
		_written = _cursor - _range.size;
	}

	void flush()
	{
		flush_pieces();
		_flush_range();
		_written = _cursor;
	}

	void read_at(std::uint64_t offset, std::span<std::byte> out)
	{
		if (offset + out.size() > _written) flush();
		_sink.read_at(offset, out);
	}
};

}

#endif /* CAPIMG__GATHERED_OUTPUT_H */
