/*
 * Two images from any bytes, the first one on top of the second: squashed, converted, verified
 *
 * Input: a byte of flags, the size of the first image in 4 bytes, and both images.
 *
 *   1  checksums are made to match
 *   2  the second image claims to be the parent that the first one names
 *   4  converted with other blocks
 *   8  converted with another codec
 */

#include <cstdint>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "input_shape.h"
#include "libimage/compression.h"
#include "libimage/convert.h"
#include "libimage/image_chain.h"
#include "libimage/image_error.h"
#include "libimage/squash.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 1, 4, false };

namespace
{

using Bytes_vector = std::vector<std::byte>;

/* a file in memory */
class File
{
	int const _fd = ::memfd_create("image", 0);

  public:
	explicit File(std::span<std::byte const> bytes)
	{
		if (_fd < 0 || ::write(_fd, bytes.data(), bytes.size()) != ssize_t(bytes.size()))
			__builtin_trap();
	}
	~File() { ::close(_fd); }

	std::string path() const { return "/proc/self/fd/" + std::to_string(_fd); }
};

/* a few bytes can describe much memory, as with any archive: enough is enough */
class Small_sink final : public Sink
{
	static constexpr std::size_t LIMIT = 4 << 20;
	Memory_sink _sink {};

  public:
	void append(std::span<std::span<std::byte const> const> pieces) override
	{
		_sink.append(pieces);
		if (_sink.bytes().size() > LIMIT) throw_if({ Code::LIMIT, 0, "output" });
	}
	void read_at(std::uint64_t offset, std::span<std::byte> out) override
	{
		_sink.read_at(offset, out);
	}
	std::span<std::byte const> bytes() const { return _sink.bytes(); }
};

/* what was written is an image, whatever it was made from */
void open_again(Small_sink const &sink)
{
	File const file(sink.bytes());
	(void)Image(file.path());
}

Profile other_profile(Profile profile, unsigned flags)
{
	if (flags & 4) profile.block_size = profile.block_size == 4096 ? 16384 : 4096;
	if (flags & 8) {
		profile.codec = profile.codec == Codec_id::LZ4 ? Codec_id::RAW : Codec_id::LZ4;
		profile.level = 0;
		profile.codec_version = codec_version(profile.codec);
	}
	profile.dedup_log2 = std::min<std::uint8_t>(profile.dedup_log2, 12);
	return profile;
}

void use(std::string const &child, std::string const &parent, unsigned flags)
{
	Image image(child);
	if (image.blocks() > 1 << 16) return;
	if (!image.manifest().hasParent() || (flags & 12)) {
		Small_sink sink;
		(void)convert(image, sink,
					  { other_profile(image.head().profile, flags), {}, { 1, nullptr } });
		open_again(sink);
	}
	connect_parents(image, open_images({ parent }), Ancestors::ALL);
	Small_sink sink;
	if (image.head().profile.dedup_log2 <= 12) (void)squash(image, sink, { 1, nullptr });
	open_again(sink);
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (size < 5 || size > 1 << 18) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::size_t const split = Const_bytes(data + 1, 4).u32(0) % (size - 4);
	Bytes_vector child(base + 5, base + 5 + split), parent(base + 5 + split, base + size);
	unsigned const flags = data[0];

	if (flags & 1) {
		Test::reseal(child);
		Test::reseal(parent);
	}
	File const first(child);
	if ((flags & 2) && parent.size() >= Trailer::SIZE) try
		{
			Image const image(first.path());
			auto const wanted = image.manifest().getParent().getStateDigest();
			for (std::size_t i = 0; i < wanted.size() && i < State_digest::SIZE; i++)
				parent[parent.size() - Trailer::SIZE + 56 + i] = std::byte(wanted[i]);
			Test::reseal(parent);
		} catch (Image_error const &) {
		}
	File const second(parent);

	for (unsigned const step : { 0u, 12u }) try
		{
			use(first.path(), second.path(), flags & ~(step ? 0u : 12u));
		} catch (Image_error const &) {
		}
	try {
		Verify_options options;
		options.threads = 1;
		options.parents = open_images({ second.path() });
		(void)verify(first.path(), options);
	} catch (Image_error const &) {
	}
	return 0;
}
