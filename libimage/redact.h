/*
 * An image without some of its memory
 *
 * What is redacted is absent in the result, for that reason: blocks as a whole, or parts of them.
 * The result is written anew, and nothing in it was made from the bytes that are gone: no digest,
 * no stored block, and no name of the state that had them, by which a guess could be confirmed.
 * What provenance says of earlier states goes for the same reason, and so do sections that this
 * program does not know.
 *
 * Of a delta, blocks that were inherited stay in the parents, and so do the bytes that are
 * redacted here.
 */

#ifndef CAPIMG__REDACT_H
#define CAPIMG__REDACT_H

#include <map>

#include "image.h"
#include "search_pattern.h"
#include "writer.h"

namespace Capimg
{

class Address_space;

struct Redact_request
{
	/* of a dataspace that is stored; of others there is nothing to redact */
	struct Part
	{
		std::uint32_t dataspace = 0;
		std::uint64_t offset = 0, size = 0;
	};
	std::vector<Part> parts {};

	/* what the address space of the component shows, both ends included */
	struct Addresses
	{
		std::uint64_t first = 0, last = 0;
	};
	std::vector<Addresses> addresses {};

	/* all places where they are, of all memory */
	std::vector<Search_pattern> patterns {};

	bool registers = false; /* registers, FPU, message words and notes of all threads as well */
	bool same = false;      /* other blocks with the same bytes as one that is redacted as well */
};

class Redaction
{
  public:
	struct Report
	{
		std::uint64_t bytes = 0, parts = 0; /* that are redacted, and were not absent before */
		std::uint64_t hits = 0;             /* of patterns */
		std::vector<Redact_request::Part> same {}; /* blocks with the same bytes as redacted ones,
													  that stay as they are */
		std::uint64_t sections = 0; /* that are left out, as nobody knows what is in them */
		std::uint64_t threads = 0;  /* without registers */
		bool in_parents = false;    /* some of it was inherited: the parents have it */
	};

	/*
	 * Nothing is written; the image, with its parents, must outlive this object
	 *
	 * Image_error: DANGLING if there is no such dataspace, NOT_FOUND if a part or address range
	 * has no memory, or a pattern has no hit.
	 */
	Redaction(Image const &, Redact_request const &);

	Report const &report() const { return _report; }

	/*
	 * The image without the memory
	 *
	 * INVALID if a pattern is also in the manifest, where names and arguments are.
	 */
	Writer::Summary write(Sink &, Writer::Options const &) const;

  private:
	/* of a dataspace: ascending, disjoint, not touching */
	struct Range
	{
		std::uint64_t first = 0, end = 0;
	};
	using Ranges = std::vector<Range>;
	class Without;

	Image const &_image;
	Redact_request const _request;
	std::map<std::uint32_t, Ranges> _ranges {}; /* by dataspace */
	Report _report {};

	void _add(std::uint32_t dataspace, std::uint64_t offset, std::uint64_t size);
	void _add_shown(Address_space const &, std::uint64_t first, std::uint64_t last);
	void _add_hits(Search_pattern const &);
	void _merge();
	void _look_for_same();
	void _count();
	std::vector<std::byte> _manifest(std::vector<Writer::Stored> const &) const;
	std::vector<Writer::Extra_section> _sections() const;
};

}

#endif /* CAPIMG__REDACT_H */
