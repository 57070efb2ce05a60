#include "import.h"

#include "core/limits.h"
#include "core/utf8.h"
#include "core_memory.h"
#include "elf_thread.h"
#include "image_error.h"
#include "import_capabilities.h"
#include "manifest.h"

namespace Capimg
{

namespace
{

using Segment = Elf_core::Segment;

/* ids in the order in which objects are made */
constexpr std::uint32_t PD = 1, ADDRESS_SPACE = 2, FIRST_DATASPACE = 3;

/* what the core has of a segment, then what it has not */
class Segment_content final : public Content
{
	Const_bytes const _bytes;
	std::uint64_t const _size;
	Extent::Kind const _rest;

  public:
	Segment_content(Const_bytes bytes, std::uint64_t size, bool fill_zero)
		: _bytes(bytes), _size(size), _rest(fill_zero ? Extent::Kind::ZERO : Extent::Kind::ABSENT)
	{}

	Extent extent(std::uint64_t offset) override
	{
		if (offset < _bytes.size()) return { Extent::Kind::BYTES, _bytes.size() - offset };

		bool const absent = _rest == Extent::Kind::ABSENT;
		return { _rest, _size - offset,
				 absent ? Absent_reason::NOT_CAPTURED : Absent_reason::NONE };
	}

	void read(std::uint64_t offset, std::span<std::byte> out) override
	{
		if (!Capimg::within(offset, out.size(), _bytes.size()))
			throw std::logic_error("content of a segment read beyond its bytes");
		copy_memory(out.data(), _bytes.base() + offset, out.size());
	}
};

/* pr_fname is whatever the process says: what no Text may hold becomes '?' */
std::string as_text(std::string text)
{
	for (;;) {
		std::size_t const bad = first_invalid_utf8(Const_bytes(text.data(), text.size()));
		if (bad == text.size()) return text;
		text[bad] = '?';
	}
}

/* the smallest blocks are the most, so that whatever passes has room in any profile */
void check_size(Elf_core const &core, bool fill_zero)
{
	std::uint64_t blocks = 0;
	for (Segment const &segment : core.segments()) {
		if (!segment.file_size && !fill_zero) continue;
		blocks += segment.size / Limit::MIN_BLOCK_SIZE + 1; /* below 2^53 each */
		if (blocks > Limit::MAX_BLOCKS)
			throw Image_error({ core.name(), Code::LIMIT, segment.header, "p_memsz",
								"the segments that have content are larger than an image may be",
								fill_zero ? "leave out what was not captured" : "" });
	}
}

void build_region(Schema::Region::Builder region, Segment const &segment, std::uint32_t dataspace)
{
	region.setAddress(segment.address);
	region.setSize(segment.size);
	region.setDataspace(dataspace);
	region.setReadable(segment.readable);
	region.setWriteable(segment.writeable);
	region.setExecutable(segment.executable);
}

}

Import_plan::Import_plan(Elf_core const &core, Import_options const &options)
	: _manifest(_message.initRoot<Schema::Manifest>()), _machine(core.machine_of_head())
{
	check_size(core, options.fill_zero);
	Capability_findings const found = find_capabilities(core, Core_memory(core), options, _report);

	std::string const name = as_text(core.process_name());
	auto const segments = core.segments();
	auto const threads = core.threads();

	std::size_t const count = 2 + segments.size() + threads.size() + found.objects.size();
	if (count > Limit::MAX_OBJECTS)
		throw Image_error({ core.name(),
							Code::LIMIT,
							{},
							"objects",
							"the core has more segments, threads and capabilities than an image "
							"may have objects",
							{} });

	_manifest.setLabel(name);
	_manifest.setGenodeVersion(options.genode_version);
	_manifest.setKernel(found.kernel != Schema::Kernel::UNKNOWN ? found.kernel : options.kernel);
	_manifest.setMemorySearched(_report.searched);
	build_notes(core.notes(), _manifest.initNotes(unsigned(core.notes().size())));

	auto objects = _manifest.initObjects(unsigned(count));
	for (unsigned i = 0; i < count; i++) objects[i].setId(i + 1);

	auto pd = objects[PD - 1];
	pd.setLabel(name);
	pd.initPdSession().setAddressSpace(ADDRESS_SPACE);

	auto regions =
		objects[ADDRESS_SPACE - 1].initRegionMap().initRegions(unsigned(segments.size()));

	for (unsigned i = 0; i < segments.size(); i++) {
		Segment const &segment = segments[i];
		std::uint32_t const id = FIRST_DATASPACE + i;
		build_region(regions[i], segment, id);

		auto dataspace = objects[id - 1].initDataspace();
		dataspace.setKind(Schema::DataspaceKind::SEGMENT);
		dataspace.setCache(Schema::CacheAttribute::UNKNOWN);
		dataspace.setSize(segment.size);

		if (!segment.file_size && !options.fill_zero) {
			dataspace.setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);
			continue;
		}
		dataspace.setStored(true);
		_pieces.push_back({ id, segment.size,
							std::make_unique<Segment_content>(core.bytes(segment), segment.size,
															  options.fill_zero),
							dataspace });
	}

	std::uint32_t const first_thread = FIRST_DATASPACE + std::uint32_t(segments.size());
	std::uint32_t fpu_size = 0;

	for (unsigned i = 0; i < threads.size(); i++) {
		auto thread = objects[first_thread + i - 1].initThread();
		thread.setPd(PD);
		thread.setStarted(true);
		build_thread(core, threads[i], thread);
		fpu_size = std::max(fpu_size, std::uint32_t(thread.asReader().getFpu().getState().size()));
	}
	_manifest.setFpuSize(fpu_size);

	build_capabilities(found, PD, first_thread + std::uint32_t(threads.size()), _manifest);
}

Writer::Summary Import_plan::write(Writer &writer)
{
	for (Piece &piece : _pieces) {
		Writer::Stored const stored = writer.add_dataspace(piece.id, piece.size, *piece.content);
		piece.dataspace.setFirstBlock(stored.first_block);
		if (stored.absent.empty()) continue;

		auto absent = piece.dataspace.initAbsent(unsigned(stored.absent.size()));
		for (unsigned i = 0; i < stored.absent.size(); i++) {
			Writer::Absent_part const &part = stored.absent[i];
			absent[i].setOffset(part.offset);
			absent[i].setSize(part.size);
			absent[i].setReason(Schema::AbsentReason(part.reason));
		}
	}
	return writer.finish(encode_manifest(_manifest.asReader()));
}

}
