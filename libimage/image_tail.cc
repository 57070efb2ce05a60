#include "image_tail.h"

#include <array>

#include "core/checksum.h"
#include "core/section.h"
#include "core/state.h"
#include "image_error.h"
#include "sha256.h"

namespace Capimg
{

static Const_bytes core(std::span<std::byte const> bytes) { return { bytes.data(), bytes.size() }; }

static Section add_section(Gathered_output &output, Section_kind kind, std::uint32_t flags,
						   std::span<std::byte const> bytes)
{
	output.pad_to(align_up(output.cursor(), Section::ALIGN));
	Section const section { kind, flags, output.cursor(), bytes.size(), checksum(core(bytes)) };
	output.add(bytes);
	output.flush();
	return section;
}

Trailer Image_tail::write(Gathered_output &output, Writer::Make_sections const &make) const
{
	Trailer trailer;
	trailer.head_digest = head_digest;
	trailer.block_count = blocks;
	trailer.data_end = output.cursor();

	Directory const index =
		value_or_throw(Directory::open(core(directory), 0, blocks, trailer.data_end));
	Sodium_sha256 hash;
	trailer.state = compute_state(head, core(manifest), index, hash);

	std::vector<Section> sections;
	auto const add = [&](Section_kind kind, std::uint32_t flags, std::span<std::byte const> bytes) {
		sections.push_back(add_section(output, kind, flags, bytes));
	};
	add(Section_kind::DIRECTORY, Section::REQUIRED, directory);
	add(Section_kind::MANIFEST, Section::REQUIRED, manifest);
	add(Section_kind::STORAGE, Section::REQUIRED, storage);
	for (Writer::Extra_section const &section : make(trailer.state))
		add(section.kind, section.flags, section.bytes);

	std::vector<std::byte> table(sections.size() * Section::ENTRY_SIZE);
	for (std::size_t i = 0; i < sections.size(); i++)
		sections[i].encode({ table.data(), table.size() }, i * Section::ENTRY_SIZE);

	output.pad_to(align_up(output.cursor(), Section::ALIGN));
	trailer.table_offset = output.cursor();
	trailer.table_digest = checksum(core(table));
	trailer.file_size = trailer.table_offset + table.size() + Trailer::SIZE;

	std::array<std::byte, Trailer::SIZE> end;
	throw_if(trailer.encode({ end.data(), end.size() }));
	output.add(table);
	output.add(end);
	output.flush();
	return trailer;
}

}
