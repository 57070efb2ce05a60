#include "small_image.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

#include "libimage/manifest.h"

namespace Capimg::Test
{

Pieces &Pieces::bytes(std::vector<std::byte> bytes)
{
	std::uint64_t const size = bytes.size();
	_pieces.push_back({ { Extent::Kind::BYTES, size }, std::move(bytes), 0, {} });
	_size += size;
	return *this;
}

Pieces &Pieces::random(std::uint64_t size, unsigned seed)
{
	std::mt19937 random(seed);
	std::vector<std::byte> content(size);
	for (std::byte &b : content) b = std::byte(random());
	return bytes(std::move(content));
}

Pieces &Pieces::text(std::string const &text)
{
	auto const *const base = reinterpret_cast<std::byte const *>(text.data());
	return bytes({ base, base + text.size() });
}

Pieces &Pieces::zero(std::uint64_t size)
{
	_pieces.push_back({ { Extent::Kind::ZERO, size }, {}, 0, {} });
	_size += size;
	return *this;
}

Pieces &Pieces::absent(std::uint64_t size, Absent_reason reason)
{
	_pieces.push_back({ { Extent::Kind::ABSENT, size, reason }, {}, 0, {} });
	_size += size;
	return *this;
}

Pieces &Pieces::inherited(std::uint64_t parent_block, std::vector<std::uint64_t> digests,
						  std::uint64_t block_size)
{
	std::uint64_t const size = digests.size() * block_size;
	_pieces.push_back({ { Extent::Kind::INHERITED, size }, {}, parent_block, std::move(digests) });
	_size += size;
	return *this;
}

Pieces::Piece const &Pieces::_at(std::uint64_t offset, std::uint64_t &in_piece) const
{
	for (Piece const &piece : _pieces) {
		if (offset < piece.extent.size) {
			in_piece = offset;
			return piece;
		}
		offset -= piece.extent.size;
	}
	throw std::out_of_range("offset");
}

Content::Extent Pieces::extent(std::uint64_t offset)
{
	std::uint64_t in_piece = 0;
	Extent extent = _at(offset, in_piece).extent;
	extent.size -= in_piece;
	return extent;
}

void Pieces::read(std::uint64_t offset, std::span<std::byte> out)
{
	std::uint64_t in_piece = 0;
	Piece const &piece = _at(offset, in_piece);
	std::copy_n(piece.bytes.begin() + std::ptrdiff_t(in_piece), out.size(), out.begin());
}

Content::Inherited Pieces::inherited(std::uint64_t offset)
{
	std::uint64_t in_piece = 0;
	Piece const &piece = _at(offset, in_piece);
	std::uint64_t const n = in_piece / (piece.extent.size / piece.digests.size());
	return { piece.parent_block + n, piece.digests[n] };
}

std::vector<std::byte> Small_image::write() const
{
	Memory_sink sink;
	Writer writer(sink, head, { .threads = threads });

	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	manifest.setLabel("small");
	if (!parent_digest.empty())
		manifest.initParent().setStateDigest(kj::arrayPtr(
			reinterpret_cast<kj::byte const *>(parent_digest.data()), parent_digest.size()));

	unsigned const count = unsigned(dataspaces.size());
	auto objects = manifest.initObjects(2 + count);
	objects[0].setId(1);
	objects[0].initPdSession().setAddressSpace(2);
	objects[1].setId(2);
	auto regions = objects[1].initRegionMap().initRegions(count);

	for (unsigned i = 0; i < count; i++) {
		Pieces content = dataspaces[i];
		auto const stored = writer.add_dataspace(3 + i, content.size(), content);

		objects[2 + i].setId(3 + i);
		auto dataspace = objects[2 + i].initDataspace();
		dataspace.setKind(Schema::DataspaceKind::SEGMENT);
		dataspace.setSize(content.size());
		dataspace.setStored(true);
		dataspace.setFirstBlock(stored.first_block);
		if (!stored.absent.empty()) dataspace.initAbsent(unsigned(stored.absent.size()));
		auto absent = dataspace.getAbsent();
		for (unsigned k = 0; k < absent.size(); k++) {
			absent[k].setOffset(stored.absent[k].offset);
			absent[k].setSize(stored.absent[k].size);
			absent[k].setReason(Schema::AbsentReason(stored.absent[k].reason));
		}

		regions[i].setAddress(address(i));
		regions[i].setSize(content.size());
		regions[i].setDataspace(3 + i);
		regions[i].setReadable(true);
		regions[i].setWriteable(true);
	}

	writer.finish(encode_manifest(manifest.asReader()), sections);
	return sink.bytes();
}

Temporary_file::Temporary_file(std::span<std::byte const> bytes, std::string const &suffix)
{
	char const *const directory = std::getenv("TMPDIR");
	_path = std::string(directory ? directory : "/tmp") + "/capimg-test-XXXXXX" + suffix;
	int const fd = ::mkstemps(_path.data(), int(suffix.size()));
	if (fd < 0) throw std::runtime_error("mkstemps");
	::close(fd);
	std::ofstream(_path, std::ios::binary)
		.write(reinterpret_cast<char const *>(bytes.data()), std::streamsize(bytes.size()));
}

Temporary_file::~Temporary_file() { ::unlink(_path.c_str()); }

Image open_image(std::span<std::byte const> bytes)
{
	/* in memory, as tests open thousands; the file may go once it is mapped */
	int const fd = ::memfd_create("image", 0);
	if (fd < 0) throw std::runtime_error("memfd_create");
	std::string const path = "/proc/self/fd/" + std::to_string(fd);
	std::ofstream(path, std::ios::binary)
		.write(reinterpret_cast<char const *>(bytes.data()), std::streamsize(bytes.size()));
	try {
		Image image(path);
		::close(fd);
		return image;
	} catch (...) {
		::close(fd);
		throw;
	}
}

std::vector<std::byte> read_file(std::string const &path)
{
	std::ifstream file(path, std::ios::binary);
	if (!file) throw std::runtime_error("cannot read " + path);
	std::vector<char> const chars { std::istreambuf_iterator<char>(file), {} };
	auto const *const base = reinterpret_cast<std::byte const *>(chars.data());
	return { base, base + chars.size() };
}

}
