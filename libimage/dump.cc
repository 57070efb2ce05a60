#include "dump.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "build.h"
#include "core/checksum.h"
#include "dump_document.h"
#include "image_error.h"
#include "output_directory.h"

namespace Capimg
{

namespace fs = std::filesystem;
using namespace Dump_format;

namespace
{

/* bytes that lie side by side in the file and in memory go out in one call */
class Gathered_writes
{
	Directory_file &_file;
	std::uint64_t _offset = 0;
	std::span<std::byte const> _bytes {};

  public:
	explicit Gathered_writes(Directory_file &file) : _file(file) {}

	/* 'bytes' must stay until 'flush' */
	void add(std::uint64_t offset, std::span<std::byte const> bytes)
	{
		bool const follows =
			offset == _offset + _bytes.size() && bytes.data() == _bytes.data() + _bytes.size();
		if (follows) {
			_bytes = { _bytes.data(), _bytes.size() + bytes.size() };
			return;
		}
		flush();
		_offset = offset;
		_bytes = bytes;
	}

	void flush()
	{
		_file.write_at(_offset, _bytes);
		_bytes = {};
	}
};

class Dumper
{
	static constexpr std::size_t BUFFER = 1024 * 1024;

	Image const &_image;
	Output_directory &_output;
	Progress_sink *const _progress;
	std::vector<std::byte> _buffer;
	std::vector<std::vector<Hole>> _holes {}; /* for each range of the image */
	std::uint64_t _done = 0;

	std::uint64_t _digest(std::uint64_t n, Block const &);
	void _add_hole(std::vector<Hole> &, std::uint64_t offset, std::uint64_t n, Block const &);

  public:
	Dumper(Image const &image, Output_directory &output, Progress_sink *progress)
		: _image(image),
		  _output(output),
		  _progress(progress),
		  _buffer(std::max<std::size_t>(BUFFER, image.block_size()))
	{}

	void dataspace(Storage_range const &);
	void sections();

	void document()
	{
		Directory_file file = _output.create(DOCUMENT);
		write_dump_document(file, _image, _holes);
		file.close();
	}
};

/* of an inherited block; one of a chunk that is not stored is known to the parent only */
std::uint64_t Dumper::_digest(std::uint64_t n, Block const &block)
{
	if (_image.directory().chunk(n / Limit::CHUNK_BLOCKS).stored()) return block.digest;

	std::vector<std::byte> buffer(_image.block_size());
	std::span<std::byte const> const bytes = _image.read_block(n, buffer);
	return checksum({ bytes.data(), bytes.size() });
}

void Dumper::_add_hole(std::vector<Hole> &holes, std::uint64_t offset, std::uint64_t n,
					   Block const &block)
{
	std::uint32_t const size = _image.size_of_block(n);
	bool const inherited = block.kind == Block_kind::INHERITED;
	Absent_reason const reason = Absent_reason(block.absence);

	Hole *const last = holes.empty() ? nullptr : &holes.back();
	bool const continues = last && last->offset + last->size == offset && last->reason == reason &&
						   (!inherited || last->parent_block + last->digests.size() == block.where);
	if (!continues) holes.push_back({ offset, 0, reason, inherited ? block.where : 0, {} });

	holes.back().size += size;
	if (inherited) holes.back().digests.push_back(_digest(n, block));
}

void Dumper::dataspace(Storage_range const &range)
{
	Directory_file file = _output.create(dataspace_file(range.object));
	file.resize(range.size);

	std::vector<Hole> holes;
	Gathered_writes writes(file);
	std::size_t used = 0;
	std::uint64_t offset = 0;

	for (std::uint64_t n = range.first_block; offset < range.size; n++) {
		Block const block = _image.block(n);
		std::uint32_t const size = _image.size_of_block(n);

		if (block.kind == Block_kind::ABSENT || block.kind == Block_kind::INHERITED) {
			_add_hole(holes, offset, n, block);
		} else if (block.kind != Block_kind::ZERO) {
			if (_buffer.size() - used < size) {
				writes.flush();
				used = 0;
			}
			std::span<std::byte> const buffer = std::span(_buffer).subspan(used);
			std::span<std::byte const> const bytes = _image.read_block(n, buffer);
			if (bytes.data() == buffer.data()) used += size;
			writes.add(offset, bytes);
		}
		offset += size;
		_done += size;
		if (_progress && n % Limit::CHUNK_BLOCKS == 0) _progress->done(_done);
	}
	writes.flush();
	file.close();
	_holes.push_back(std::move(holes));
	if (_progress) _progress->done(_done);
}

void Dumper::sections()
{
	std::size_t number = 0;
	for (std::size_t i = 0; i < _image.sections().size(); i++) {
		Section const &section = _image.sections()[i];
		if (made_by_writer(section)) continue;
		std::size_t const n = number++;
		if (section.known()) continue;

		Directory_file file = _output.create(section_file(n, section.kind));
		file.write_at(0, _image.section_bytes(i));
		file.close();
	}
}

/* compares what is appended with a file */
class Comparing_sink final : public Sink
{
	Image const &_image;
	std::uint64_t _at = 0;

	[[noreturn]] void _fail(std::uint64_t offset) const
	{
		throw Image_error({ _image.path(),
							Code::INCONSISTENT,
							offset,
							{},
							"an image built of the dump would differ here",
							"the image is not what its profile says, or its codec has another "
							"version here; dump it without the check" });
	}

  public:
	explicit Comparing_sink(Image const &image) : _image(image) {}

	void append(std::span<std::span<std::byte const> const> pieces) override
	{
		std::span<std::byte const> const file = _image.file().bytes();
		for (auto const &piece : pieces) {
			std::size_t const size = std::min<std::size_t>(
				piece.size(), file.size() - std::min<std::size_t>(_at, file.size()));
			auto const expected = file.subspan(std::min<std::size_t>(_at, file.size()), size);
			auto const at = std::mismatch(expected.begin(), expected.end(), piece.begin()).first;
			if (at != expected.end() || size != piece.size())
				_fail(_at + std::uint64_t(at - expected.begin()));
			_at += size;
		}
	}

	void read_at(std::uint64_t offset, std::span<std::byte> out) override
	{
		std::ranges::copy(_image.file().bytes().subspan(offset, out.size()), out.begin());
	}

	void finish() const
	{
		if (_at != _image.file().size()) _fail(_at);
	}
};

/* the directory holds nothing but what 'dump' makes */
bool holds_a_dump(fs::path const &directory)
{
	if (!fs::is_regular_file(fs::symlink_status(directory / DOCUMENT))) return false;

	std::string begin(64, 0);
	std::ifstream(directory / DOCUMENT).read(begin.data(), std::streamsize(begin.size()));
	if (begin.find(std::string("\"schema\": \"") + SCHEMA + "\"") == std::string::npos)
		return false;

	for (auto const &entry : fs::directory_iterator(directory)) {
		std::string const name = entry.path().filename().string();
		bool const files = name == DATASPACES || name == SECTIONS;
		if (name != DOCUMENT && !files) return false;
		if (!files) continue;
		if (!fs::is_directory(entry.symlink_status())) return false;
		for (auto const &file : fs::directory_iterator(entry))
			if (!fs::is_regular_file(file.symlink_status()) || file.path().extension() != ".bin")
				return false;
	}
	return true;
}

/* there is something at 'path' that is to be replaced */
bool to_be_replaced(std::string const &path, bool force)
{
	if (path == "-")
		throw Image_error({ path,
							Code::BAD_ARGUMENT,
							{},
							{},
							"a dump is a directory and cannot go to standard output",
							{} });

	fs::file_status const status = fs::status(path);
	if (status.type() == fs::file_type::not_found) return false;

	if (!fs::is_directory(status))
		throw Image_error({ path,
							Code::BAD_ARGUMENT,
							{},
							{},
							"there is a file of this name",
							"give another path" });
	if (fs::is_empty(path)) return false;

	if (!holds_a_dump(path))
		throw Image_error({ path,
							Code::BAD_ARGUMENT,
							{},
							{},
							"the directory holds other files than those of a dump",
							"give another path" });
	if (!force)
		throw Image_error({ path,
							Code::BAD_ARGUMENT,
							{},
							{},
							"the directory holds a dump already",
							"replace it with --force" });
	return true;
}

}

void dump(Image const &image, std::string const &directory, Dump_options const &options)
try {
	Output_directory output(directory, to_be_replaced(directory, options.force), options.durable);
	output.make_directory(DATASPACES);

	auto const other = [](Section const &section) { return !section.known(); };
	if (std::ranges::any_of(image.sections(), other)) output.make_directory(SECTIONS);

	Dumper dumper(image, output, options.progress);
	for (Storage_range const &range : image.ranges()) dumper.dataspace(range);
	dumper.sections();
	dumper.document();

	if (options.check) {
		Comparing_sink sink(image);
		(void)build(output.temporary(), sink, { options.threads, nullptr });
		sink.finish();
	}
	output.commit();
} catch (fs::filesystem_error const &e) {
	throw Image_error::from_errno(e.code().value(), directory, "reading the directory");
}

}
