/*
 * A component's memory, through its region maps
 *
 * Managed dataspaces nest. A store marks its page as written; 'load' and 'store' beyond all regions
 * throw 'Page_fault'.
 */

#ifndef CAPIMG__TESTS__SIM__ADDRESS_SPACE_H
#define CAPIMG__TESTS__SIM__ADDRESS_SPACE_H

#include "ecu.h"
#include "libimage/core/memory.h"

namespace Capimg::Sim
{

struct Page_fault
{
	uint64_t addr;
};

class Address_space final : public Memory
{
  public:
	struct Piece
	{
		uint64_t size;
		Dataspace *dataspace;
		uint64_t offset;
	};

  private:
	Ecu &_ecu;
	Pd &_pd;

	mutable std::map<uint64_t, Piece> _pieces {};
	mutable uint64_t _version = ~uint64_t(0);

	void _collect(Region_map const &, uint64_t base, uint64_t from, uint64_t size,
				  unsigned level) const;
	std::map<uint64_t, Piece> const &_current() const;
	uint8_t *_at(uint64_t addr, uint64_t &left, bool write) const;

  public:
	Address_space(Ecu &ecu, Pd &pd) : _ecu(ecu), _pd(pd) {}

	/* by address, as it is now */
	std::map<uint64_t, Piece> const &pieces() const { return _current(); }

	uint64_t load(uint64_t addr, unsigned width) const;
	void store(uint64_t addr, uint64_t value, unsigned width);

	Status read(uint64_t addr, Bytes dst) const override;
	Result<Extent> extent_from(uint64_t addr) const override;
	Const_bytes peek(uint64_t addr, size_t size) const override;
};

}

#endif /* CAPIMG__TESTS__SIM__ADDRESS_SPACE_H */
