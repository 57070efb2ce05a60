/*
 * An image that is open, with the memory that it needs
 *
 * With a key, nothing of the file is looked at but what was signed with it. Without one, a
 * signature is passed over.
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
	static constexpr Capimg::size_t CHECK_SIZE =
		Signed_source::work_size(Signature::MAX_PIECE_LOG2);

	Trusted_key const *const _key;
	Trust_policy const _trust;
	Ram_buffer _directory, _manifest, _check;
	Engine::Plain_sha256 _hash {};
	Signed_source _signed;
	Bare_source _bare;

	/* Noncopyable */
	Open_image(Open_image const &);
	Open_image &operator=(Open_image const &);

  public:
	Engine::Image image;

	/* key: may be null; outlives this as the source does */
	Open_image(Env &env, Engine::Source &source, Trusted_key const *key = nullptr,
			   Trust_policy const &trust = {})
		: _key(key),
		  _trust(trust),
		  _directory(env),
		  _manifest(env),
		  _check(env, key ? CHECK_SIZE : 0),
		  _signed(source, _hash, _check.bytes()),
		  _bare(source),
		  image(key ? Engine::Image(_signed) : Engine::Image(_bare))
	{}

	/* work: 'Image::LOOK_WORK' bytes */
	Status open(Bytes work)
	{
		if (Status const status = _key ? _signed.open(*_key, _trust) : _bare.open()) return status;

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
