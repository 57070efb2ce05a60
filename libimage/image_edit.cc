#include "image_edit.h"

#include <array>
#include <memory>

#include "byte_span.h"
#include "core/checksum.h"
#include "core/chunk_writer.h"
#include "edit_layout.h"
#include "image_error.h"
#include "image_tail.h"

namespace Capimg
{

/* the chunk with new digests of its patched blocks; its entry goes to 'directory' */
static void change_chunk(Image_copy const &copy, std::uint64_t number, Changed_pages &pages,
						 std::span<std::byte> directory)
{
	Image const &image = copy.image;
	Chunk const old = image.directory().chunk(number);
	std::uint64_t const first = number * Limit::CHUNK_BLOCKS;
	std::uint32_t const count = blocks_in_chunk(number, image.blocks());

	auto const writer = std::make_unique<Chunk_writer>();
	for (std::uint64_t n = first; n < first + count; n++) {
		Block block = image.block(n);
		if (auto const bytes = copy.patched->find(n); !bytes.empty())
			block.digest = block.stored_digest = checksum({ bytes.data(), bytes.size() });
		throw_if(writer->add(block), image.path());
	}
	Chunk_writer::Closed closed = writer->close();
	closed.chunk.offset = old.offset;

	pages.set(old.offset, as_span(closed.bytes));
	closed.chunk.encode({ directory.data(), directory.size() }, number * Chunk::ENTRY_SIZE);
}

static std::span<std::byte const> section(Image const &image, Section_kind kind)
{
	std::size_t i = 0;
	while (image.sections()[i].kind != kind) i++;
	return image.section_bytes(i);
}

Image_edit Image_edit::of(Image_copy const &copy, Edit_signer const *signer)
{
	check_layout_stays(copy);

	Image const &image = copy.image;
	Mapped_file const whole(image.path(), image.file().fd()); /* with the signature */
	Changed_pages pages(whole.bytes());
	auto const old_directory = section(image, Section_kind::DIRECTORY);
	std::vector<std::byte> directory(old_directory.begin(), old_directory.end());

	std::uint64_t done = ~std::uint64_t(0); /* the last chunk that was changed */
	for (auto const &[n, bytes] : *copy.patched) {
		pages.set(image.block(n).where, bytes);
		std::uint64_t const chunk = n / Limit::CHUNK_BLOCKS;
		if (chunk != done) change_chunk(copy, chunk, pages, directory);
		done = chunk;
	}

	/* no block changes its kind, so the totals stay */
	Memory_sink sink;
	Gathered_output output(sink, image.trailer().data_end);
	Image_tail const tail { image.head(),
							image.trailer().head_digest,
							image.blocks(),
							directory,
							copy.message.empty() ? image.manifest_bytes() : copy.message,
							section(image, Section_kind::STORAGE) };
	Trailer const trailer = tail.write(output, [&](State_digest const &state) {
		return copy.sections ? copy.sections(state, copy.further_sections())
							 : copy.further_sections();
	});
	pages.set(image.trailer().data_end, sink.bytes());

	std::uint64_t size = trailer.file_size;
	if (signer) {
		auto const signature = signer->sign(image, whole, pages, trailer.state, size);
		pages.set(size, signature);
		size += signature.size();
	}
	return { pages.changes(Head::SIZE, size), whole.size(), size, trailer.file_size,
			 image.trailer().state,           trailer.state };
}

}
