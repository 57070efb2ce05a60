/*
 * Where the writer's bytes go
 */

#ifndef CAPIMG__SINK_H
#define CAPIMG__SINK_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mapped_file.h"

namespace Capimg
{

/*
 * Append-only sink that can be read back
 *
 * Reading back is what deduplication needs: equal digests only nominate a duplicate. Called
 * from one thread. Errors are thrown as 'Image_error'.
 */
class Sink
{
  public:
	virtual ~Sink() = default;

	/* all pieces, one behind the other */
	virtual void append(std::span<std::span<std::byte const> const> pieces) = 0;

	/*
	 * Append a range of a file, which lies within its mapping
	 *
	 * The bytes are read from the file and not from the mapping, so that a file that was
	 * cut short meanwhile is an error: TRUNCATED, naming that file.
	 */
	virtual void copy(Mapped_file const &, std::uint64_t offset, std::uint64_t size);

	/* bytes appended before */
	virtual void read_at(std::uint64_t offset, std::span<std::byte> out) = 0;
};

/* an image in memory, for tests and small images */
class Memory_sink : public Sink
{
	std::vector<std::byte> _bytes {};

  public:
	void append(std::span<std::span<std::byte const> const>) override;
	void read_at(std::uint64_t, std::span<std::byte>) override;

	std::vector<std::byte> const &bytes() const { return _bytes; }
};

}

#endif /* CAPIMG__SINK_H */
