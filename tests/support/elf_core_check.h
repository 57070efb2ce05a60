/*
 * Everything that an accepted ELF core promises, checked; for hostile cores
 */

#ifndef CAPIMG__TESTS__SUPPORT__ELF_CORE_CHECK_H
#define CAPIMG__TESTS__SUPPORT__ELF_CORE_CHECK_H

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libimage/core/manifest_check.h"
#include "libimage/core_memory.h"
#include "libimage/image_error.h"
#include "libimage/import.h"
#include "libimage/manifest.h"
#include "libimage/sink.h"

namespace Capimg::Test
{

/* what became of a core */
struct Core_outcome
{
	bool accepted = false;
	std::string broken {};  /* a promise of libimage that does not hold; must be empty */
	std::string message {}; /* of the error */
};

/* images of so much memory are written and checked: hostile segments can be terabytes */
inline constexpr std::uint64_t MAX_WRITTEN = 1 << 20;

/* touches every byte, so that AddressSanitizer sees those that are not ours */
inline std::uint64_t sum(Const_bytes bytes)
{
	std::uint64_t result = 0;
	for (std::size_t i = 0; i < bytes.size(); i++) result += bytes.u8(i);
	return result;
}

inline std::string check_segments(Elf_core const &core)
{
	std::uint64_t known = 0;
	Elf_core::Segment const *last = nullptr;
	for (Elf_core::Segment const &s : core.segments()) {
		if (!s.size) return "empty segment";
		if (s.file_size > s.size) return "more bytes than memory";
		if (s.address + (s.size - 1) < s.address) return "segment wraps around";
		if (core.word_bytes() == 4 && (s.address + (s.size - 1)) >> 32) return "beyond 32 bit";
		if (last && s.address - last->address < last->size) return "segments overlap";
		if (core.bytes(s).size() != s.file_size) return "bytes of a segment are missing";
		(void)sum(core.bytes(s));
		known += s.file_size;
		last = &s;
	}
	return known > core.file().size() ? "more memory than file" : "";
}

inline std::string check_memory(Elf_core const &core)
{
	Core_memory const memory(core);
	std::uint64_t known = 0;
	for (std::uint64_t at = 0;;) {
		auto const extent = memory.extent_from(at);
		if (extent.failed()) break;
		known += extent->size;

		std::vector<std::uint8_t> out(std::size_t(std::min<std::uint64_t>(extent->size, 64)));
		if (memory.read(extent->addr, Bytes(out.data(), out.size())))
			return "extent cannot be read";
		Const_bytes const peeked = memory.peek(extent->addr, out.size());
		if (!(peeked == Const_bytes(out.data(), peeked.size()))) return "peek differs from read";

		if (extent->last() == ~std::uint64_t(0)) break;
		at = extent->last() + 1;
	}
	std::uint64_t want = 0;
	for (Elf_core::Segment const &s : core.segments()) want += s.file_size;
	return known == want ? "" : "extents are not what the segments have";
}

/* what an import writes, a reader accepts */
inline std::string check_image(Import_plan &plan)
{
	Head head {};
	head.machine = plan.machine();
	Memory_sink sink;
	Writer writer(sink, head, { .threads = 1 });
	Writer::Summary const summary = plan.write(writer);

	std::vector<std::byte> const manifest = encode_manifest(plan.manifest().asReader());
	auto const checked =
		check_manifest(Const_bytes(manifest.data(), manifest.size()),
					   { head.profile.block_size, head.machine.page_size, summary.blocks });
	return checked.failed() ? std::string("manifest is refused: ") + checked.error().field : "";
}

inline std::string check_plan(Elf_core const &core, bool write)
{
	Import_plan plan(core, {});
	auto const objects = plan.manifest().asReader().getObjects();

	std::uint64_t total = 0;
	std::vector<std::byte> buffer(4096);
	for (Import_plan::Piece &piece : plan.pieces()) {
		std::uint64_t bytes = 0, offset = 0;
		while (offset < piece.size) {
			Content::Extent const extent = piece.content->extent(offset);
			if (!extent.size) return "empty extent";
			if (extent.size > piece.size - offset) return "extent beyond the dataspace";
			if (extent.kind == Content::Extent::Kind::BYTES) bytes += extent.size;
			for (std::uint64_t done = 0;
				 extent.kind == Content::Extent::Kind::BYTES && done < extent.size;) {
				std::size_t const n =
					std::size_t(std::min<std::uint64_t>(buffer.size(), extent.size - done));
				piece.content->read(offset + done, { buffer.data(), n });
				done += n;
			}
			offset += extent.size;
		}
		if (objects[piece.id - 1].getDataspace().getSize() != piece.size) return "size differs";
		if (!bytes) return "nothing is stored";
		total += piece.size;
	}
	return write && total < MAX_WRITTEN ? check_image(plan) : "";
}

/*
 * Parse, read all memory, make a plan of the import, and read all contents of it
 *
 * 'Image_error' is what a bad core deserves; it must name field and offset. All other
 * exceptions are let through. 'write': also make an image of it, if that is small.
 */
inline Core_outcome check_elf_core(std::span<std::uint8_t const> file, bool write = true)
{
	Core_outcome outcome;
	try {
		Elf_core const core("hostile.core", Const_bytes(file.data(), file.size()));
		outcome.accepted = true;
		outcome.broken = check_segments(core);
		if (outcome.broken.empty()) outcome.broken = check_memory(core);
		for (auto const &note : core.notes()) (void)sum(note.content);
		(void)core.process_name();
		(void)core.process_arguments();
		if (outcome.broken.empty()) outcome.broken = check_plan(core, write);
	} catch (Image_error const &error) {
		outcome.accepted = false;
		outcome.message = error.what();
		bool const of_memory = error.info().code == Code::AMBIGUOUS;
		if (error.info().field.empty()) outcome.broken = "an error without a field";
		if (!error.info().offset && !of_memory) outcome.broken = "an error without an offset";
	}
	return outcome;
}

}

#endif /* CAPIMG__TESTS__SUPPORT__ELF_CORE_CHECK_H */
