/*
 * An image in a ROM module
 */

#ifndef CAPIMG__HOST__IMAGE_ROM_H
#define CAPIMG__HOST__IMAGE_ROM_H

#include <base/attached_rom_dataspace.h>

#include <capimg/io.h>
#include <capimg_host/types.h>

namespace Capimg::Host
{

/* of the dataspace only the image is shown: a trailer is looked for at the end */
class Rom_source : public Engine::Source
{
	Attached_rom_dataspace _rom;
	uint64_t const _size;

  public:
	/* size: of the image, as a module's dataspace has whole pages; 0: the module's */
	Rom_source(Env &env, char const *name, uint64_t size)
		: _rom(env, name), _size(size && size <= _rom.size() ? size : _rom.size())
	{}
	virtual ~Rom_source() = default;

	uint64_t size() const override { return _size; }

	Status read(uint64_t offset, Bytes dst) override
	{
		if (!within(offset, dst.size(), _size))
			return { Code::TRUNCATED, offset, "ROM", dst.size(), _size };
		copy_memory(dst.base(), _rom.local_addr<uint8_t>() + offset, dst.size());
		return ok;
	}
};

}

#endif /* CAPIMG__HOST__IMAGE_ROM_H */
