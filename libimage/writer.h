/*
 * Streaming writer of images
 *
 * One pass over the memory, into an append-only sink; what was written is an image from the
 * moment 'finish' returns. Same state and same profile give the same bytes, with any number
 * of threads. Working memory: the deduplication table, the directory (32 bytes for each
 * 1024 blocks), and at most 2 MiB and two blocks for each thread.
 *
 * Call order: 'add_dataspace' any number of times, in the order of the manifest's ids, then
 * 'finish' once; anything else throws 'Image_error' with BAD_STATE. Once a call has thrown,
 * the writer is of no further use. Not thread-safe.
 */

#ifndef CAPIMG__WRITER_H
#define CAPIMG__WRITER_H

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "content.h"
#include "core/head.h"
#include "core/section.h"
#include "core/storage.h"
#include "core/trailer.h"
#include "sink.h"

namespace Capimg
{

/* called now and then with the bytes of memory done */
class Progress_sink
{
  public:
	virtual ~Progress_sink() = default;
	virtual void done(std::uint64_t bytes) = 0;
};

class Writer
{
	struct State;
	std::unique_ptr<State> _state;

  public:
	struct Options
	{
		unsigned threads = 0; /* 0: as many as the machine has */
		Progress_sink *progress = nullptr;
	};

	/*
	 * 'head' says profile and machine; the writer sets the features that follow from the
	 * profile. Set INHERITED if dataspaces have inherited extents.
	 */
	Writer(Sink &, Head const &head, Options);
	~Writer();

	/* the head as it will stand in the file: with the features that follow from its profile */
	static Head completed(Head);

	/* part of a block that was not captured, in a block of which other parts were */
	struct Absent_part
	{
		std::uint64_t offset = 0, size = 0; /* within the dataspace */
		Absent_reason reason = Absent_reason::NONE;
	};

	/* what the manifest has to say of a dataspace's blocks */
	struct Stored
	{
		std::uint64_t first_block = 0;
		std::vector<Absent_part> absent {};
	};

	/* 'object' is the id that the manifest gives the dataspace; 'size' in bytes, not 0 */
	Stored add_dataspace(std::uint32_t object, std::uint64_t size, Content &);

	/* a section besides directory, manifest and storage */
	struct Extra_section
	{
		Section_kind kind {};
		std::uint32_t flags = 0;
		std::vector<std::byte> bytes {};
	};

	struct Summary
	{
		State_digest state {};
		std::uint64_t file_size = 0;
		std::uint64_t blocks = 0;
		Storage total {}; /* over all dataspaces */
	};

	/* 'manifest' is a message as 'encode_manifest' makes it */
	Summary finish(std::span<std::byte const> manifest, std::span<Extra_section const> = {});

	/* the same with sections that depend on the state digest of what was written */
	using Make_sections = std::function<std::vector<Extra_section>(State_digest const &)>;
	Summary finish(std::span<std::byte const> manifest, Make_sections const &);

	/* after 'finish': of what was written; valid as long as the writer */
	Directory directory() const;
};

}

#endif /* CAPIMG__WRITER_H */
