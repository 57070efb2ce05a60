/*
 * Images written with the engine, for comparison with those that libimage writes
 */

#ifndef CAPIMG__TESTS__ENGINE__WRITTEN_IMAGE_H
#define CAPIMG__TESTS__ENGINE__WRITTEN_IMAGE_H

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "capimg/writer.h"
#include "libimage/compression.h"
#include "libimage/image.h"
#include "libimage/sha256.h"

namespace Capimg::Test
{

inline Const_bytes to_core(std::span<std::byte const> bytes)
{
	return { bytes.data(), bytes.size() };
}

/* fails from append number 'fail_at' on */
class Vector_sink final : public Engine::Sink
{
	std::vector<std::byte> _bytes {};
	unsigned _appends = 0;

  public:
	unsigned fail_at = ~0u;

	Status append(Const_bytes bytes) override
	{
		if (_appends++ >= fail_at) return { Code::NO_SPACE, _bytes.size(), "medium" };
		auto const *const base = reinterpret_cast<std::byte const *>(bytes.base());
		_bytes.insert(_bytes.end(), base, base + bytes.size());
		return ok;
	}

	std::vector<std::byte> const &bytes() const { return _bytes; }
	unsigned appends() const { return _appends; }

	void clear()
	{
		_bytes.clear();
		_appends = 0;
	}
};

/* an image in memory */
class Vector_source final : public Engine::Source
{
	std::vector<std::byte> const _bytes;

  public:
	explicit Vector_source(std::vector<std::byte> bytes) : _bytes(std::move(bytes)) {}

	Capimg::uint64_t size() const override { return _bytes.size(); }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		auto const slice = to_core(_bytes).slice(offset, dst.size(), "source");
		if (slice.failed()) return slice.error();
		dst.copy_from(0, *slice);
		return ok;
	}
};

/* memory of exactly so many bytes, at an odd address, between bytes that nobody may touch */
class Guarded_memory
{
	static constexpr std::size_t GUARD = 67;
	std::vector<std::byte> _bytes;
	std::size_t const _size;

  public:
	explicit Guarded_memory(std::size_t size)
		: _bytes(size + 2 * GUARD, std::byte(0xa5)), _size(size)
	{}

	~Guarded_memory() { EXPECT_TRUE(intact()); }

	Bytes bytes() { return { _bytes.data() + GUARD, _size }; }

	bool intact() const
	{
		for (std::size_t i = 0; i < GUARD; i++)
			if (_bytes[i] != std::byte(0xa5) || _bytes[GUARD + _size + i] != std::byte(0xa5))
				return false;
		return true;
	}
};

class Host_encoder final : public Engine::Encoder
{
	Compressor _compressor;
	std::vector<std::byte> _out {};

  public:
	Host_encoder(Codec_id codec, int level) : _compressor(codec, level) {}

	std::size_t encode(Const_bytes in, Bytes out) override
	{
		EXPECT_EQ(out.size() + 1, in.size());
		_out.resize(in.size());
		auto const *const base = reinterpret_cast<std::byte const *>(in.base());
		std::size_t const size = _compressor.compress({ base, in.size() }, _out);
		if (size > out.size()) return 0;
		out.copy_from(0, { _out.data(), size });
		return size;
	}
};

/* an engine's image, opened */
class Opened_image
{
	Vector_source _source;
	std::vector<std::byte> _directory {}, _manifest {};

	static Bytes _bytes(std::vector<std::byte> &v) { return { v.data(), v.size() }; }

  public:
	Engine::Image image { _source };

	explicit Opened_image(std::vector<std::byte> bytes) : _source(std::move(bytes))
	{
		std::vector<std::byte> work(Engine::Image::LOOK_WORK);
		auto const sizes = image.look(_bytes(work));
		EXPECT_FALSE(sizes.failed());
		_directory.resize(sizes->directory);
		_manifest.resize(sizes->manifest);
		Sodium_sha256 hash;
		EXPECT_FALSE(image.open(_bytes(_directory), _bytes(_manifest), hash));
	}
};

/* the head as it is given to a writer: features are the writer's */
inline Head plain_head(Image const &image)
{
	Head head = image.head();
	head.required_features = 0;
	return head;
}

/*
 * An engine's writer that writes the same as an image of libimage's
 *
 * 'replay' gives it the image's blocks, with runs where there are some.
 */
class Written_image
{
	Image const &_image;
	Guarded_memory _directory, _work;
	Host_encoder _encoder;
	Sodium_sha256 _hash {};

  public:
	Vector_sink sink {};
	Engine::Writer writer;

	explicit Written_image(Image const &image, std::size_t missing_directory = 0,
						   std::size_t missing_work = 0)
		: _image(image),
		  _directory(Engine::Writer::directory_size(image.blocks(), image.ranges().size()) -
					 missing_directory),
		  _work(Engine::Writer::WORK_SIZE - missing_work),
		  _encoder(image.head().profile.codec, image.head().profile.level),
		  writer(plain_head(image), { {}, _directory.bytes(), _work.bytes() }, sink, _hash,
				 image.head().profile.codec == Codec_id::RAW ? nullptr : &_encoder)
	{}

	Status block(std::uint64_t n, std::uint64_t &count, bool zeros_as_bytes)
	{
		Block const first = _image.block(n);
		auto const like = [&](std::uint64_t i) {
			Block const block = _image.block(n + i);
			return block.kind == first.kind && block.absence == first.absence &&
				   (block.kind != Block_kind::INHERITED || block.where == first.where + i);
		};
		count = 1;
		if (!stored(first.kind))
			while (n + count < _image.blocks() && like(count)) count++;

		switch (first.kind) {
		case Block_kind::ABSENT: return writer.absent(count, first.absence);
		case Block_kind::INHERITED: return writer.inherit(first.where, count);
		case Block_kind::ZERO:
			if (!zeros_as_bytes) return writer.zero(count);
			count = 1;
			break;
		default: break;
		}
		std::vector<std::byte> buffer(_image.size_of_block(n));
		auto const bytes = _image.read_block(n, buffer);
		return writer.block(to_core(bytes));
	}

	Status replay(Engine::Parents const &parents = {}, bool zeros_as_bytes = false)
	{
		if (Status const s = writer.manifest(to_core(_image.manifest_bytes()))) return s;
		if (Status const s = writer.begin_blocks(parents)) return s;
		for (std::uint64_t n = 0, count = 0; n < _image.blocks(); n += count)
			if (Status const s = block(n, count, zeros_as_bytes)) return s;
		return writer.seal();
	}
};

}

#endif /* CAPIMG__TESTS__ENGINE__WRITTEN_IMAGE_H */
