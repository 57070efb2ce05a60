#include "capimg/code_spans.h"

#include "libimage/core/sort.h"

namespace Capimg::Engine
{

using namespace Metadata;

size_t Code_spans::work_size(Manifest::Reader const &manifest)
{
	return 2 * Arena::size_of<Span>(manifest.safe_spots().size());
}

Status Code_spans::open(Manifest::Reader const &manifest, Arena &arena)
{
	auto const spots = manifest.safe_spots();
	_spans = arena.take<Span>(spots.size());
	Span *const scratch = arena.take<Span>(spots.size());
	if (!_spans || !scratch) return arena.no_space();

	_count = 0;
	for (uint32_t i = 0; i < spots.size(); i++) {
		uint64_t const start = spots[i].start(), size = spots[i].size();
		if (!size) continue;
		bool const beyond = size - 1 > ~uint64_t(0) - start;
		_spans[_count++] = { start, beyond ? ~uint64_t(0) : start + (size - 1) };
	}
	sort_by(_spans, scratch, _count, [](Span const &span) { return span.start; });
	for (uint32_t i = 1; i < _count; i++) _spans[i].last = max(_spans[i].last, _spans[i - 1].last);
	return ok;
}

bool Code_spans::holds(uint64_t address) const
{
	uint32_t low = 0, high = _count;
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (_spans[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && _spans[low - 1].last >= address;
}

uint64_t instruction_pointer(Thread::Reader const &thread)
{
	using Which = Thread::Registers::Which;

	auto const registers = thread.registers();
	switch (registers.which()) {
	case Which::X86X64: return registers.x86x64().ip();
	case Which::X86X32: return registers.x86x32().ip();
	case Which::ARM_V7: return registers.arm_v7().ip();
	case Which::ARM_V8: return registers.arm_v8().ip();
	case Which::RISCV64: return registers.riscv64().ip();
	case Which::NONE:
	case Which::OTHER: break;
	}
	return 0;
}

}
