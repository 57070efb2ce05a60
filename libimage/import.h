/*
 * An ELF core becomes an image
 *
 * Two steps. Making an 'Import_plan' reads the core's headers, looks for the capability map
 * and what goes with it, and builds the manifest but for the places of the dataspaces'
 * blocks. 'write' then streams the dataspaces to a writer, fills in their places, and ends
 * the image. The same core and options give the same image.
 *
 * What becomes of the core:
 *
 *   process             one PD session with an address space; its name is the image's label
 *   PT_LOAD             one dataspace of kind 'segment' and the region that it is attached at
 *   … beyond p_filesz   absent (not captured); with 'fill_zero' zero
 *   NT_PRSTATUS         one thread: elf_thread.h
 *   notes               those of the process stay notes
 *   capability map      import_capabilities.h
 *
 * Object ids count from 1: PD session, address space, dataspaces by address, threads in the
 * core's order, then what the capability map names, by badge.
 */

#ifndef CAPIMG__IMPORT_H
#define CAPIMG__IMPORT_H

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <capnp/message.h>

#include "content.h"
#include "elf_core.h"
#include "image.capnp.h"
#include "writer.h"

namespace Capimg
{

struct Import_options
{
	bool search = true;                              /* look for a capability map */
	Schema::Kernel kernel = Schema::Kernel::UNKNOWN; /* only this kernel's layouts, if known */
	std::string genode_version {};                   /* "26.02": only layouts of this release */
	std::optional<std::uint64_t> capability_map {};  /* address of the map's entry 0 */
	bool fill_zero = false;                          /* what was not captured is taken as zero */
};

class Import_plan : Noncopyable
{
  public:
	/* what was found, for people */
	struct Report
	{
		bool searched = false;
		std::string layout {};         /* "foc 25.02-26.02", empty: no map was found */
		std::uint64_t map_address = 0; /* of its entry 0 */
		std::size_t entries = 0, objects = 0, pools = 0;
		std::chrono::nanoseconds search_time {}; /* of the map, pools and raw badges */
	};

	/* a dataspace that has blocks */
	struct Piece
	{
		std::uint32_t id;
		std::uint64_t size;
		std::unique_ptr<Content> content;
		Schema::Dataspace::Builder dataspace; /* 'firstBlock' and 'absent' are still open */
	};

  private:
	capnp::MallocMessageBuilder _message {};
	Schema::Manifest::Builder _manifest;
	std::vector<Piece> _pieces {};
	Machine _machine {};
	Report _report {};

  public:
	/*
	 * The core must outlive this object
	 *
	 * Image_error: a note of the wrong size (elf_thread.h); NOT_FOUND if there is no map where
	 * 'capability_map' says; AMBIGUOUS if several places could be the map; LIMIT if there are
	 * more objects, or more memory with content, than an image of the smallest blocks may have.
	 */
	Import_plan(Elf_core const &, Import_options const &);

	/*
	 * Stream all dataspaces, complete the manifest and end the image
	 *
	 * To be called once, with a fresh writer whose head has 'machine()'. Throws what the
	 * writer throws; the output is then to be abandoned.
	 */
	Writer::Summary write(Writer &);

	Schema::Manifest::Builder manifest() { return _manifest; }
	std::vector<Piece> &pieces() { return _pieces; }
	Machine const &machine() const { return _machine; }
	Report const &report() const { return _report; }
};

}

#endif /* CAPIMG__IMPORT_H */
