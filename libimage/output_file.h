/*
 * An output file that appears whole or not at all
 *
 * Bytes go to a file without a name in the directory of the target. 'commit' makes them
 * durable and gives them the name, replacing what had it; without 'commit' nothing is left
 * behind. After a power cut there is the old file or the new one, and so there is if several
 * programs write to one name at once. A file that is replaced hands on its mode. "-" is standard
 * output: for it, and for devices and pipes, bytes are spooled, and 'commit' writes them out.
 */

#ifndef CAPIMG__OUTPUT_FILE_H
#define CAPIMG__OUTPUT_FILE_H

#include <memory>
#include <string>
#include <sys/types.h>

#include "sink.h"
#include "temporary_names.h"

namespace Capimg
{

class Output_file : public Sink
{
	std::string _path;         /* as the user gave it */
	std::string _target;       /* behind symbolic links */
	std::string _temporary {}; /* name of the temporary file, if it has one */
	std::unique_ptr<Temporary_name> _listed {};
	int _fd = -1;
	bool _durable;
	bool _spooled = false;
	bool _replaces = false; /* the target existed */

	void _create(mode_t mode);
	void _append(std::span<std::byte const>);
	void _flush();
	void _link();
	void _give_name();
	void _copy_out();
	void _discard();

  public:
	/*
	 * durable  'commit' waits until the bytes are on the medium
	 * mode     of a file that did not exist, less what the umask takes away
	 *
	 * Throws 'Image_error'.
	 */
	explicit Output_file(std::string path, bool durable = true, mode_t mode = 0666);
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
