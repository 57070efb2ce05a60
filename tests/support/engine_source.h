/*
 * Images in memory as the engine's sources, and what reading one takes
 */

#ifndef CAPIMG__TESTS__SUPPORT__ENGINE_SOURCE_H
#define CAPIMG__TESTS__SUPPORT__ENGINE_SOURCE_H

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "capimg/image.h"

namespace Capimg::Test
{

/* an image in memory; counts what is read */
class Memory_source : public Engine::Source
{
	std::span<std::byte const> _bytes;

  public:
	std::uint64_t reads = 0, bytes_read = 0;

	explicit Memory_source(std::span<std::byte const> bytes) : _bytes(bytes) {}
	virtual ~Memory_source() = default;

	Capimg::uint64_t size() const override { return _bytes.size(); }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		reads++;
		bytes_read += dst.size();
		if (!within(offset, dst.size(), _bytes.size()))
			return { Code::TRUNCATED, offset, "source", dst.size(), _bytes.size() };
		copy_memory(dst.base(), _bytes.data() + offset, dst.size());
		return ok;
	}
};

/* bytes of exactly the size that is asked for, so that a sanitizer sees each one beyond */
class Exact_bytes
{
	std::unique_ptr<std::byte[]> _bytes;
	std::size_t _size;

  public:
	explicit Exact_bytes(std::size_t size) : _bytes(new std::byte[size]), _size(size) {}

	Bytes bytes() const { return { _bytes.get(), _size }; }
};

/* an image with the memory that it takes */
struct Opened_image
{
	Engine::Image image;
	Exact_bytes directory { 0 }, manifest { 0 };
	Status status {}; /* of 'look' and 'open' */

	Opened_image(Engine::Source &source, Sha256 &hash) : image(source)
	{
		Exact_bytes const work(Engine::Image::LOOK_WORK);
		auto const sizes = image.look(work.bytes());
		status = sizes.error();
		if (status) return;
		directory = Exact_bytes(sizes->directory);
		manifest = Exact_bytes(sizes->manifest);
		status = image.open(directory.bytes(), manifest.bytes(), hash);
	}
};

}

#endif /* CAPIMG__TESTS__SUPPORT__ENGINE_SOURCE_H */
