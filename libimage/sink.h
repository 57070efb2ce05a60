/*
 * Where the writer's bytes go
 */

#ifndef CAPIMG__SINK_H
#define CAPIMG__SINK_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

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
