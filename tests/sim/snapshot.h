/*
 * What 'Sim_origin::capture' has copied
 */

#ifndef CAPIMG__TESTS__SIM__SNAPSHOT_H
#define CAPIMG__TESTS__SIM__SNAPSHOT_H

#include <algorithm>

#include "origin.h"

namespace Capimg::Sim
{

class Sim_origin::Snapshot final : public Memory
{
  public:
	struct Copy
	{
		uint64_t size = 0;
		std::vector<uint8_t> bytes {};
		std::vector<bool> dirty {};
	};

	struct Piece
	{
		uint64_t size;
		uint32_t dataspace;
		uint64_t offset;
		std::vector<uint8_t> rom; /* what is no RAM */
	};

	std::map<uint32_t, Copy> copies {};
	std::map<uint64_t, Piece> pieces {};

	Const_bytes peek(uint64_t addr, size_t size) const override
	{
		auto it = pieces.upper_bound(addr);
		if (it == pieces.begin()) return {};
		--it;
		uint64_t const offset = addr - it->first;
		if (offset >= it->second.size) return {};
		auto const copy = copies.find(it->second.dataspace);
		uint8_t const *const base = copy == copies.end()
										? it->second.rom.data()
										: copy->second.bytes.data() + it->second.offset;
		return { base + offset, size_t(std::min<uint64_t>(size, it->second.size - offset)) };
	}

	Status read(uint64_t addr, Bytes dst) const override
	{
		for (size_t done = 0; done < dst.size();) {
			Const_bytes const src = peek(addr + done, dst.size() - done);
			if (src.empty()) return { Code::ABSENT, addr + done, "captured" };
			copy_memory(dst.base() + done, src.base(), src.size());
			done += src.size();
		}
		return ok;
	}

	Result<Extent> extent_from(uint64_t addr) const override
	{
		for (auto const &[start, p] : pieces)
			if (start + p.size > addr) {
				uint64_t const from = std::max(start, addr);
				return Extent { from, start + p.size - from };
			}
		return Error { Code::NOT_FOUND, addr, "captured" };
	}
};

}

#endif /* CAPIMG__TESTS__SIM__SNAPSHOT_H */
