/*
 * Images in files, through VFS
 */

#ifndef CAPIMG__HOST__IMAGE_FILE_H
#define CAPIMG__HOST__IMAGE_FILE_H

#include <os/vfs.h>

#include <capimg/io.h>
#include <capimg_host/types.h>

namespace Capimg::Host
{

using Genode::Directory;
using Image_path = Genode::Directory::Path;

/* gathers small pieces, as each write is a round trip to the file system */
class File_sink final : public Engine::Sink
{
	static constexpr Capimg::size_t BUFFER = 32 * 1024;

	New_file _file;
	uint8_t _buffer[BUFFER];
	Capimg::size_t _used = 0;
	uint64_t _done = 0;

	Status _write(Const_bytes bytes)
	{
		char const *const src = reinterpret_cast<char const *>(bytes.base());
		if (_file.append(src, bytes.size()) != New_file::Append_result::OK)
			return { Code::NO_SPACE, _done, "file" };
		_done += bytes.size();
		return ok;
	}

  public:
	/* throws New_file::Create_failed */
	File_sink(Genode::Directory &dir, Image_path const &path) : _file(dir, path) {}

	Status append(Const_bytes bytes) override
	{
		if (bytes.size() > BUFFER - _used)
			if (Status const status = flush()) return status;
		if (bytes.size() > BUFFER) return _write(bytes);
		copy_memory(_buffer + _used, bytes.base(), bytes.size());
		_used += bytes.size();
		return ok;
	}

	/* what is still here; to be called at the end */
	Status flush()
	{
		Const_bytes const rest(_buffer, _used);
		_used = 0;
		return rest.empty() ? Status(ok) : _write(rest);
	}
};

class File_source : public Engine::Source
{
	Readonly_file _file;
	uint64_t const _size;

  public:
	/* throws File::Open_failed */
	File_source(Genode::Directory const &dir, Image_path const &path)
		: _file(dir, path), _size(dir.file_size(path))
	{}
	virtual ~File_source() = default;

	uint64_t size() const override { return _size; }

	Status read(uint64_t offset, Bytes dst) override
	{
		if (!within(offset, dst.size(), _size))
			return { Code::TRUNCATED, offset, "file", dst.size(), _size };
		Byte_range_ptr const range(reinterpret_cast<char *>(dst.base()), dst.size());
		if (_file.read(Readonly_file::At { offset }, range) != dst.size())
			return { Code::IO, offset, "file", dst.size() };
		return ok;
	}
};

}

#endif /* CAPIMG__HOST__IMAGE_FILE_H */
