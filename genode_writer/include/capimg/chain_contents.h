/*
 * Contents of the dataspaces of an image, read through its chain
 *
 * What the loader looks at before anything is created. The block that was read last is kept by
 * the chain, so small reads of neighbouring bytes are cheap. Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__CHAIN_CONTENTS_H
#define CAPIMG__ENGINE__CHAIN_CONTENTS_H

#include "capimg/chain.h"
#include "capimg/contents.h"

namespace Capimg::Engine
{

class Chain_contents final : public Contents
{
	Chain &_chain;

	/* dataspace that was looked at last */
	uint32_t _id = 0;
	Block_range _range {};
	Wire::Struct_list_reader<Metadata::Absent_range::Reader> _absent {};

	struct Run
	{
		uint64_t size = 0;
		bool known = false;
	};

	Status _open(uint32_t dataspace);
	uint64_t _number(uint64_t offset) const;
	Result<Run> _run(uint64_t offset);

  public:
	/* 'chain' is connected and outlives this */
	explicit Chain_contents(Chain &chain) : _chain(chain) {}

	/*
	 * NOT_FOUND for a dataspace that is not stored, TRUNCATED beyond its end, else as
	 * 'Chain::read'. ABSENT is said of parts of blocks, too.
	 */
	Status read(uint32_t dataspace, uint64_t offset, Bytes dst) override;

	/* DENIED */
	Status write(uint32_t dataspace, uint64_t offset, Const_bytes src) override;

	/* at most 1024 blocks at once */
	Result<Extent> known(uint32_t dataspace, uint64_t offset, uint64_t end) override;
};

}

#endif /* CAPIMG__ENGINE__CHAIN_CONTENTS_H */
