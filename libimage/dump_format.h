/*
 * A dump: an image as a directory that people can read and change
 *
 *   image.json                 all but the memory, schema docs/schemas/dump.schema.json
 *   dataspaces/<id>.bin        bytes of a stored dataspace
 *   sections/<n>-<kind>.bin    bytes of element n of "sections" that has no form in JSON
 *
 * A file has the size of its dataspace. What is zero, absent or inherited is a hole in it, and
 * reads as zero; image.json says which parts are absent or inherited.
 */

#ifndef CAPIMG__DUMP_FORMAT_H
#define CAPIMG__DUMP_FORMAT_H

#include <cstdint>
#include <string>
#include <vector>

#include "content.h"
#include "core/head.h"
#include "core/section.h"

namespace Capimg::Dump_format
{

inline constexpr char const *SCHEMA = "capimg.dump/1";
inline constexpr char const *DOCUMENT = "image.json";
inline constexpr char const *DATASPACES = "dataspaces";
inline constexpr char const *SECTIONS = "sections";

std::string dataspace_file(std::uint32_t id);
std::string section_file(std::size_t n, Section_kind);

/* the writer makes it of the rest: it is no part of a dump */
inline bool made_by_writer(Section const &section)
{
	return section.kind == Section_kind::DIRECTORY || section.kind == Section_kind::MANIFEST ||
		   section.kind == Section_kind::STORAGE;
}

/* a run of whole blocks that are not in the file; the last one may be short */
struct Hole
{
	std::uint64_t offset = 0, size = 0;         /* within the dataspace, bytes */
	Absent_reason reason = Absent_reason::NONE; /* NONE: inherited */
	std::uint64_t parent_block = 0;             /* that the first one is; the others follow */
	std::vector<std::uint64_t> digests {};      /* of each inherited block, as decoded */

	bool inherited() const { return reason == Absent_reason::NONE; }
};

/* a name, or null and none if there is none */
char const *reason_name(Absent_reason);
bool reason_from(std::string_view name, Absent_reason &);

bool known_architecture(Architecture);
bool architecture_from(std::string_view name, Architecture &);
bool codec_from(std::string_view name, Codec_id &);

}

#endif /* CAPIMG__DUMP_FORMAT_H */
