/*
 * Test of the image engines on Genode: an image is written to RAM, read back, and damaged
 *
 * What depends on the system (compiler flags of Genode, word size, the cxx library) shows here;
 * what the engines do in detail is tested on the host (tests/engine, tests/sim).
 */

#include <base/attached_ram_dataspace.h>
#include <base/component.h>
#include <base/log.h>

#include <capimg/chain.h>
#include <capimg/sha256.h>
#include <capimg/writer.h>

namespace Test
{
using namespace Capimg;
struct Main;
struct Ram_image;
}

/* image in a dataspace: sink, and source afterwards */
struct Test::Ram_image final : Engine::Sink, Engine::Source
{
	Bytes const _bytes;
	size_t _used = 0;

	explicit Ram_image(Bytes bytes) : _bytes(bytes) {}

	Status append(Const_bytes bytes) override
	{
		if (!within(_used, bytes.size(), _bytes.size()))
			return { Code::NO_SPACE, _used, "sink", bytes.size(), _bytes.size() };
		if (bytes.base() != _bytes.base() + _used) _bytes.copy_from(_used, bytes);
		_used += bytes.size();
		return ok;
	}

	Bytes space(size_t size) override
	{
		return within(_used, size, _bytes.size()) ? Bytes(_bytes.base() + _used, size) : Bytes();
	}

	Capimg::uint64_t size() const override { return _used; }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		if (!within(offset, dst.size(), _used))
			return { Code::TRUNCATED, offset, "source", dst.size(), _used };
		copy_memory(dst.base(), _bytes.base() + offset, dst.size());
		return ok;
	}

	Const_bytes view(Capimg::uint64_t offset, size_t size) override
	{
		return within(offset, size, _used) ? Const_bytes(_bytes.base() + offset, size)
										   : Const_bytes();
	}

	void damage(size_t at) { _bytes.base()[at] ^= 1; }
};

struct Test::Main
{
	static constexpr uint32_t BLOCK = 4096, BLOCKS = 100;
	static constexpr size_t SIZE = BLOCK * BLOCKS;

	Genode::Env &_env;

	Genode::Attached_ram_dataspace _memory { _env.ram(), _env.rm(), SIZE };
	Genode::Attached_ram_dataspace _image_ds { _env.ram(), _env.rm(), 2 * SIZE };
	Genode::Attached_ram_dataspace _work_ds { _env.ram(), _env.rm(), 512 * 1024 };

	Ram_image _image { { _image_ds.local_addr<void>(), _image_ds.size() } };
	Engine::Plain_sha256 _hash {};

	/* pieces of the working memory */
	Bytes const _work { _work_ds.local_addr<void>(), 256 * 1024 };
	Bytes const _manifest { _work_ds.local_addr<char>() + 256 * 1024, 64 * 1024 };
	Bytes const _directory { _work_ds.local_addr<char>() + 320 * 1024, 64 * 1024 };

	/* every third block is zero */
	void _fill()
	{
		Capimg::uint8_t *const base = _memory.local_addr<Capimg::uint8_t>();
		for (size_t i = 0; i < SIZE; i++)
			base[i] = (i / BLOCK) % 3 == 2 ? 0 : Capimg::uint8_t((i * 2654435761u) >> 13 | 1);
	}

	Const_bytes _block(uint32_t i) { return { _memory.local_addr<char>() + i * BLOCK, BLOCK }; }

	Status _write()
	{
		Head head {};
		head.machine.word_bits = 8 * sizeof(long);
		head.set_writer("test-capimg_engine");

		Engine::Writer writer(head, { _manifest, _directory, _work }, _image, _hash);
		Result<Wire::Builder *> const builder = writer.manifest();
		if (builder.failed()) return builder.error();

		auto const manifest = (*builder)->init_root<Metadata::Manifest>();
		manifest.label("test");
		auto const objects = manifest.init_objects(1);
		objects[0].id(1);
		auto const dataspace = objects[0].init_dataspace();
		dataspace.kind(Metadata::Dataspace_kind::RAM);
		dataspace.size(SIZE);
		dataspace.stored(true);

		if (Status const s = writer.begin_blocks({})) return s;
		for (uint32_t i = 0; i < BLOCKS; i++)
			if (Status const s = writer.block(_block(i))) return s;
		return writer.seal();
	}

	Status _read()
	{
		Engine::Image image(_image);
		if (auto const sizes = image.look(_work); sizes.failed()) return sizes.error();
		if (Status const s = image.open(_directory, _manifest, _hash)) return s;

		Engine::Image *const images[] { &image };
		Engine::Chain chain(images, 1, nullptr, _work);
		if (Status const s = chain.connect()) return s;

		for (uint32_t i = 0; i < BLOCKS; i++) {
			static Capimg::uint8_t bytes[BLOCK];
			bool zero = false;
			if (Status const s = chain.read(i, { bytes, BLOCK }, zero)) return s;
			if (zero ? !_block(i).all_zero() : !(_block(i) == Const_bytes(bytes, BLOCK)))
				return { Code::DAMAGED, i, "content" };
		}
		return ok;
	}

	void _must(char const *what, Status const &s, Code expected)
	{
		if (s.code == expected) return;
		Genode::error(what, ": ", error_text(s.code), ", field '", s.field, "', offset ", s.offset);
		_env.parent().exit(1);
		Genode::sleep_forever();
	}

	explicit Main(Genode::Env &env) : _env(env)
	{
		_fill();
		_must("write", _write(), Code::OK);
		_must("read", _read(), Code::OK);
		Genode::log("image of ", _image._used, " bytes for ", size_t(SIZE), " bytes of memory");

		/* somewhere in the first block, which begins at 4096 */
		_image.damage(5000);
		_must("read damaged", _read(), Code::DAMAGED);
		Genode::log("damage was noticed");
		_env.parent().exit(0);
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
