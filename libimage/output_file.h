/*
 * An output file that appears whole or not at all
 *
 * Bytes go to a file without a name in the directory of the target. 'commit' makes them
 * durable and gives them the name, replacing what had it; without 'commit' nothing is left
 * behind. "-" is standard output: for it, and for devices and pipes, bytes are spooled, and
 * 'commit' writes them out.
 */

#ifndef CAPIMG__OUTPUT_FILE_H
#define CAPIMG__OUTPUT_FILE_H

#include <string>

#include "sink.h"

namespace Capimg
{

class Output_file : public Sink
{
	std::string _path;         /* as the user gave it */
	std::string _target;       /* behind symbolic links */
	std::string _temporary {}; /* name of the temporary file, if it has one */
	int _fd = -1;
	bool _durable;
	bool _spooled = false;

	void _give_name();
	void _copy_out();
	void _discard();

  public:
	/*
	 * durable  'commit' waits until the bytes are on the medium
	 *
	 * Throws 'Image_error'.
	 */
	explicit Output_file(std::string path, bool durable = true);
	~Output_file() override { _discard(); }

	Output_file(Output_file const &) = delete;
	Output_file &operator=(Output_file const &) = delete;

	void append(std::span<std::span<std::byte const> const>) override;
	void append(std::span<std::byte const> bytes) { append({ &bytes, 1 }); }

	/* within the kernel, sharing the file system's blocks where it can */
	void copy(Mapped_file const &, std::uint64_t offset, std::uint64_t size) override;

	void read_at(std::uint64_t, std::span<std::byte>) override;

	void commit();

	std::string const &path() const { return _path; }
};

}

#endif /* CAPIMG__OUTPUT_FILE_H */
