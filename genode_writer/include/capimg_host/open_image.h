/*
 * An image that is open, with the memory that it needs
 */

#ifndef CAPIMG__HOST__OPEN_IMAGE_H
#define CAPIMG__HOST__OPEN_IMAGE_H

#include <base/attached_ram_dataspace.h>

#include <capimg/image.h>
#include <capimg/sha256.h>
#include <capimg_host/types.h>

namespace Capimg::Host
{

/* RAM that is there as long as this is */
class Ram_buffer : Genode::Noncopyable
{
	Ram_allocator &_ram;
	Env::Local_rm &_rm;
	Constructible<Attached_ram_dataspace> _ds {};
	Capimg::size_t _size = 0;

  public:
	explicit Ram_buffer(Env &env, Capimg::size_t size = 0) : _ram(env.ram()), _rm(env.rm())
	{
		reserve(size);
	}

	/* content is lost if it has to grow */
	void reserve(Capimg::size_t size)
	{
		if (size <= _size) return;
		_ds.construct(_ram, _rm, size);
		_size = size;
	}

	Capimg::size_t size() const { return _size; }
	Bytes bytes() { return _ds.constructed() ? Bytes(_ds->local_addr<void>(), _size) : Bytes(); }
};

class Open_image : Genode::Noncopyable
{
	Ram_buffer _directory, _manifest;

  public:
	Engine::Image image;

	Open_image(Env &env, Engine::Source &source) : _directory(env), _manifest(env), image(source) {}

	/* work: 'Image::LOOK_WORK' bytes */
	Status open(Bytes work)
	{
		Result<Engine::Image::Sizes> const sizes = image.look(work);
		if (sizes.failed()) return sizes.error();
		_directory.reserve(sizes->directory);
		_manifest.reserve(sizes->manifest);
		Engine::Plain_sha256 hash {};
		return image.open(_directory.bytes(), _manifest.bytes(), hash);
	}
};

}

#endif /* CAPIMG__HOST__OPEN_IMAGE_H */
