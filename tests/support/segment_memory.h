/*
 * Captured memory made of segments, for tests
 */

#ifndef CAPIMG__TESTS__SUPPORT__SEGMENT_MEMORY_H
#define CAPIMG__TESTS__SUPPORT__SEGMENT_MEMORY_H

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "libimage/core/memory.h"

namespace Capimg::Test
{

/* segments neither overlap nor wrap; they may touch. For one thread, reading included */
class Segment_memory : public Memory
{
	std::map<uint64_t, std::vector<uint8_t>> _segments {};
	bool _peek = true;

	/* segment of the last access: tests build trees of a million nodes */
	struct Window
	{
		uint64_t addr = 0;
		uint8_t *base = nullptr;
		size_t size = 0;
	};
	mutable Window _last {};

	using Iterator = std::map<uint64_t, std::vector<uint8_t>>::const_iterator;

	/* segment that holds 'addr', or the next one above, or the end */
	Iterator _from(uint64_t addr) const
	{
		auto it = _segments.upper_bound(addr);
		if (it != _segments.begin()) {
			auto before = std::prev(it);
			if (addr - before->first < before->second.size()) return before;
		}
		return it;
	}

  public:
	void add(uint64_t addr, std::vector<uint8_t> bytes)
	{
		_last = {};
		if (!bytes.empty()) _segments[addr] = std::move(bytes);
	}

	/* cut the segment that holds 'addr' into two that touch */
	void split(uint64_t addr)
	{
		auto it = _from(addr);
		if (it == _segments.end() || it->first >= addr) return;
		uint64_t const start = it->first;
		auto const middle = it->second.begin() + std::ptrdiff_t(addr - start);
		std::vector<uint8_t> low(it->second.begin(), middle), high(middle, it->second.end());
		add(start, std::move(low));
		add(addr, std::move(high));
	}

	/* 'false': give no direct access, as an image with compressed blocks does */
	void peek_allowed(bool allowed) { _peek = allowed; }

	std::map<uint64_t, std::vector<uint8_t>> const &segments() const { return _segments; }

	/* bytes at 'addr' up to the end of their segment; nothing if they are not there */
	Bytes at(uint64_t addr) const
	{
		if (addr - _last.addr >= _last.size) {
			auto it = _from(addr);
			if (it == _segments.end() || it->first > addr) return {};
			_last = { it->first, const_cast<uint8_t *>(it->second.data()), it->second.size() };
		}
		size_t const offset = size_t(addr - _last.addr);
		return { _last.base + offset, _last.size - offset };
	}

	/* little-endian as our own machine is, may span segments that touch */
	void store(uint64_t addr, uint64_t value, unsigned width)
	{
		uint8_t bytes[8];
		copy_memory(bytes, &value, 8);
		for (unsigned done = 0; done < width;) {
			Bytes const dst = at(addr + done);
			if (!dst.size()) throw std::out_of_range("store outside of memory");
			unsigned const n = unsigned(std::min<size_t>(dst.size(), width - done));
			copy_memory(dst.base(), bytes + done, n);
			done += n;
		}
	}

	uint64_t load(uint64_t addr, unsigned width) const
	{
		uint8_t bytes[8] {};
		if (addr - _last.addr < _last.size && _last.size - (addr - _last.addr) >= 8)
			copy_memory(bytes, _last.base + (addr - _last.addr), width);
		else if (read(addr, Bytes(bytes, width)))
			throw std::out_of_range("load outside of memory");
		uint64_t value;
		copy_memory(&value, bytes, 8);
		return value;
	}

	uint64_t size() const
	{
		uint64_t sum = 0;
		for (auto const &[addr, bytes] : _segments) sum += bytes.size();
		return sum;
	}

	/************
	 ** Memory **
	 ************/

	Status read(uint64_t addr, Bytes dst) const override
	{
		for (size_t done = 0; done < dst.size();) {
			Bytes const src = at(addr + done);
			if (!src.size()) return { Code::ABSENT, addr + done, "memory" };
			size_t const n = std::min(src.size(), dst.size() - done);
			copy_memory(dst.base() + done, src.base(), n);
			done += n;
		}
		return ok;
	}

	Result<Extent> extent_from(uint64_t addr) const override
	{
		auto it = _from(addr);
		if (it == _segments.end()) return Error { Code::NOT_FOUND, addr, "extent" };
		uint64_t const start = std::max(addr, it->first);
		return Extent { start, it->first + it->second.size() - start };
	}

	Const_bytes peek(uint64_t addr, size_t size) const override
	{
		if (!_peek) return {};
		Bytes const bytes = at(addr);
		return { bytes.base(), std::min(size, bytes.size()) };
	}
};

}

#endif /* CAPIMG__TESTS__SUPPORT__SEGMENT_MEMORY_H */
