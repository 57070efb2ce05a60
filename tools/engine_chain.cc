#include "engine_chain.h"

#include <algorithm>

#include "libimage/image_chain.h"
#include "libimage/image_error.h"
#include "libimage/sha256.h"

namespace Capimg
{

namespace
{

class File_source final : public Engine::Source
{
	Const_bytes const _bytes;

  public:
	explicit File_source(Mapped_file const &file) : _bytes(file.core_bytes()) {}

	Capimg::uint64_t size() const override { return _bytes.size(); }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		if (!within(offset, dst.size(), _bytes.size()))
			return { Code::TRUNCATED, offset, "source", dst.size(), _bytes.size() };
		copy_memory(dst.base(), _bytes.base() + offset, dst.size());
		return ok;
	}

	Const_bytes view(Capimg::uint64_t offset, Capimg::size_t size) override
	{
		return within(offset, size, _bytes.size()) ? Const_bytes(_bytes.base() + offset, size)
												   : Const_bytes();
	}
};

Bytes bytes_of(std::vector<std::byte> &bytes) { return { bytes.data(), bytes.size() }; }

}

struct Engine_chain::Opened
{
	std::string const path;
	Mapped_file const file; /* with its signature */
	File_source source { file };
	Sodium_sha256 hash {};
	std::vector<std::byte> work;
	Signed_source checked { source, hash, bytes_of(work) };
	Bare_source bare { source };
	Engine::Image image;
	std::vector<std::byte> directory {}, manifest {};

	Opened(Image const &of, bool is_checked)
		: path(of.path()),
		  file(of.path(), of.file().fd()),
		  work(Signed_source::work_size(Signature::MAX_PIECE_LOG2)),
		  image(is_checked ? Engine::Image(checked) : Engine::Image(bare))
	{}
};

void Engine_chain::_open(Image const &file, Public_key const *key, Trust_policy const &policy)
{
	Opened &opened = *_images.emplace_back(std::make_unique<Opened>(file, key != nullptr));
	throw_if(key ? opened.checked.open(*key, policy) : opened.bare.open(), opened.path);
	_pointers.push_back(&opened.image);

	std::vector<std::byte> work(Engine::Image::LOOK_WORK);
	auto const sizes = value_or_throw(opened.image.look(bytes_of(work)), opened.path);
	opened.directory.resize(sizes.directory);
	opened.manifest.resize(sizes.manifest);
	Sodium_sha256 hash;
	throw_if(opened.image.open(bytes_of(opened.directory), bytes_of(opened.manifest), hash),
			 opened.path);
}

Engine_chain::Engine_chain(Image const &image, Public_key const *key, Trust_policy const &policy)
	: _work(Engine::Chain::WORK_SIZE)
{
	_open(image, key, policy);
	for (Image const *parent : ancestors(image)) _open(*parent, key, { policy.label });

	_chain = std::make_unique<Engine::Chain>(_pointers.data(), unsigned(_pointers.size()), &_codec,
											 bytes_of(_work));
	if (Status const status = _chain->connect())
		throw Image_error::from(status, path(status.value));
}

Engine_chain::~Engine_chain() = default;

std::string const &Engine_chain::path(std::uint64_t number) const
{
	return _images[std::min<std::size_t>(number, _images.size() - 1)]->path;
}

}
