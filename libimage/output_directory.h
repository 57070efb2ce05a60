/*
 * An output directory that appears whole or not at all
 *
 * Files go to a hidden directory beside the target. 'commit' gives it the name; without
 * 'commit' nothing is left behind. What the target may replace is the caller's decision: an empty
 * directory always is. Where the file system cannot exchange two names, there is a moment in which
 * the old directory has another name ('.NAME.XXXXXX.old'), and none has the target's. Not
 * thread-safe. Errors are 'Image_error'.
 */

#ifndef CAPIMG__OUTPUT_DIRECTORY_H
#define CAPIMG__OUTPUT_DIRECTORY_H

#include <memory>
#include <string>

#include "core/types.h"
#include "sink.h"
#include "temporary_names.h"

namespace Capimg
{

/* a file of an output directory */
class Directory_file final : public Sink, Noncopyable
{
	std::string _name; /* for errors */
	int _fd;
	bool _durable;

  public:
	Directory_file(std::string const &path, std::string name, bool durable);
	~Directory_file() override;

	void append(std::span<std::span<std::byte const> const>) override;
	void read_at(std::uint64_t, std::span<std::byte>) override;

	/* bytes at an offset; what is never written reads as zero, and takes no space */
	void write_at(std::uint64_t offset, std::span<std::byte const>);
	void resize(std::uint64_t size);

	/* to be called last; with 'durable', the bytes are then on the medium */
	void close();
};

class Output_directory : Noncopyable
{
	std::string _path;   /* as the user gave it */
	std::string _target; /* behind symbolic links */
	std::string _temporary {};
	std::unique_ptr<Temporary_name> _listed {};
	bool _durable;
	bool _replace;

	void _discard() noexcept;

  public:
	/*
	 * replace  the target is a directory that is not empty, and 'commit' shall replace it
	 * durable  'commit' waits until all is on the medium
	 */
	Output_directory(std::string const &path, bool replace, bool durable);
	~Output_directory() { _discard(); }

	/* where the files are until 'commit' */
	std::string const &temporary() const { return _temporary; }

	/* 'name' is relative, its directory was made before */
	Directory_file create(std::string const &name);
	void make_directory(std::string const &name);

	void commit();
};

}

#endif /* CAPIMG__OUTPUT_DIRECTORY_H */
