#include "writer.h"

#include <algorithm>
#include <array>

#include "block_pipeline.h"
#include "core/checksum.h"
#include "image_error.h"
#include "image_tail.h"

namespace Capimg
{

Head Writer::completed(Head head)
{
	if (head.profile.codec == Codec_id::ZSTD) head.required_features |= Feature::ZSTD;
	if (head.profile.codec == Codec_id::LZ4) head.required_features |= Feature::LZ4;
	return head;
}

struct Writer::State
{
	Head const head;
	Progress_sink *const progress;
	Gathered_output output;
	Block_pipeline pipeline;
	Zero_digest const zero_digest { head.profile.block_size };
	std::vector<Storage> storage {};
	std::uint64_t blocks = 0;      /* numbers given to blocks */
	std::uint64_t first_block = 0; /* of the dataspace that is being added */
	std::uint64_t head_digest = 0;
	std::uint64_t data_end = 0; /* known to 'finish' */
	bool finished = false;

	State(Sink &sink, Head const &h, Options const &options)
		: head(completed(h)),
		  progress(options.progress),
		  output(sink),
		  pipeline(output, head.profile, Thread_pool::choose(options.threads))
	{
		std::array<std::byte, Head::SIZE> bytes;
		throw_if(head.encode({ bytes.data(), bytes.size() }));
		head_digest = checksum({ bytes.data(), bytes.size() });
		output.add(bytes);
		output.flush();
	}

	std::uint32_t block_size() const { return head.profile.block_size; }

	Block_batch &batch() { return pipeline.batch(); }

	void submit()
	{
		pipeline.submit(storage.back());
		if (progress) progress->done(pipeline.bytes_done());
	}

	/* size of the block at 'offset' of a dataspace or run that ends at 'end' */
	std::uint32_t block_at(std::uint64_t offset, std::uint64_t end) const
	{
		return std::uint32_t(std::min<std::uint64_t>(block_size(), end - offset));
	}

	void add_bytes(std::uint64_t offset, std::uint64_t size, Content &);
	std::uint64_t chunks_alike(std::uint64_t offset, std::uint64_t end,
							   Content::Extent const &) const;
	void add_other(std::uint64_t offset, std::uint64_t size, Content::Extent const &, Content &);
	void add_stored(std::uint64_t offset, std::uint64_t size, Content &);
	void add_mixed(std::uint64_t offset, std::uint32_t size, Content &, Stored &);
};

/* whole blocks, all of them bytes */
void Writer::State::add_bytes(std::uint64_t offset, std::uint64_t size, Content &content)
{
	for (std::uint64_t const end = offset + size; offset < end;) {
		if (batch().room() < block_size()) submit();

		std::uint64_t const room = batch().room() / block_size() * block_size();
		std::uint64_t const run = std::min(end - offset, room);

		std::size_t at = batch().used();
		content.read(offset, batch().claim(run));

		for (std::uint64_t const run_end = offset + run; offset < run_end;) {
			Block_batch::Item const item { {}, block_at(offset, run_end), at };
			batch().items.push_back(item);
			offset += item.size;
			at += item.size;
		}
	}
}

/* whole chunks from 'offset' on that can be added at once; 0 where it is not worth waiting for */
std::uint64_t Writer::State::chunks_alike(std::uint64_t offset, std::uint64_t end,
										  Content::Extent const &extent) const
{
	static constexpr std::uint64_t LEAST = 16;

	if (extent.kind == Content::Extent::Kind::INHERITED) return 0;
	if ((first_block + offset / block_size()) % Limit::CHUNK_BLOCKS) return 0;
	std::uint64_t const chunks = (end - offset) / block_size() / Limit::CHUNK_BLOCKS;
	return chunks < LEAST ? 0 : chunks;
}

/* whole blocks without bytes */
void Writer::State::add_other(std::uint64_t offset, std::uint64_t size,
							  Content::Extent const &extent, Content &content)
{
	for (std::uint64_t const end = offset + size; offset < end;) {
		if (batch().items.size() >= Limit::CHUNK_BLOCKS) submit();

		Block_batch::Item item { {}, block_at(offset, end) };

		if (extent.kind == Content::Extent::Kind::ZERO) {
			item.block.kind = Block_kind::ZERO;
			item.block.digest = zero_digest.of(item.size);
		} else if (extent.kind == Content::Extent::Kind::ABSENT) {
			item.block.kind = Block_kind::ABSENT;
			item.block.absence = Block_absence(extent.reason);
		} else {
			Content::Inherited const inherited = content.inherited(offset);
			item.block.kind = Block_kind::INHERITED;
			item.block.where = inherited.parent_block;
			item.block.digest = inherited.digest;
			item.of_chunk = inherited.chunk.has_value();
			if (item.of_chunk) item.chunk = *inherited.chunk;
		}
		if (std::uint64_t const chunks = chunks_alike(offset, end, extent)) {
			pipeline.add_alike(item.block, item.size, chunks, storage.back());
			offset += chunks * Limit::CHUNK_BLOCKS * block_size();
			continue;
		}
		batch().items.push_back(item);
		offset += item.size;
	}
}

/* whole blocks that are taken over as they are stored */
void Writer::State::add_stored(std::uint64_t offset, std::uint64_t size, Content &content)
{
	for (std::uint64_t const end = offset + size; offset < end;) {
		if (batch().items.size() >= Limit::CHUNK_BLOCKS) submit();

		Content::Stored_block const source = content.stored(offset);
		Block_batch::Item item { source.block, block_at(offset, end) };
		item.source = source.file;

		bool const raw = item.block.kind == Block_kind::RAW;
		if (!source.file || (!raw && item.block.kind != block_kind(head.profile.codec)) ||
			(raw ? item.block.stored_size != item.size : item.block.stored_size >= item.size))
			throw_if({ Code::BAD_ARGUMENT, offset, "content (stored block)" });

		batch().items.push_back(item);
		offset += item.size;
	}
}

/* one block that is made of several extents: what is absent of it reads as zero */
void Writer::State::add_mixed(std::uint64_t offset, std::uint32_t size, Content &content,
							  Stored &stored)
{
	if (batch().room() < block_size()) submit();

	Block_batch::Item item { {}, size, batch().used() };
	std::span<std::byte> const bytes = batch().claim(size);
	std::vector<Absent_part> absent;
	std::uint64_t absent_bytes = 0;

	for (std::uint32_t at = 0; at < size;) {
		Content::Extent const extent = content.extent(offset + at);
		std::uint32_t const part = std::uint32_t(std::min<std::uint64_t>(extent.size, size - at));

		switch (extent.kind) {
		case Content::Extent::Kind::BYTES:
			content.read(offset + at, bytes.subspan(at, part));
			break;
		case Content::Extent::Kind::INHERITED:
		case Content::Extent::Kind::STORED:
			throw_if({ Code::BAD_ARGUMENT, offset + at, "content (part of a block)" });
			break;
		case Content::Extent::Kind::ABSENT:
			/* one part, in however many extents it comes */
			if (!absent.empty() && absent.back().reason == extent.reason &&
				absent.back().offset + absent.back().size == offset + at)
				absent.back().size += part;
			else
				absent.push_back({ offset + at, part, extent.reason });
			absent_bytes += part;
			[[fallthrough]];
		case Content::Extent::Kind::ZERO:
			std::ranges::fill(bytes.subspan(at, part), std::byte(0));
			break;
		}
		at += part;
	}

	/* absent in several pieces for one reason: the block itself can say that */
	bool const one_reason = std::ranges::all_of(
		absent, [&](Absent_part const &part) { return part.reason == absent.front().reason; });
	if (absent_bytes == size && one_reason) {
		item.block.kind = Block_kind::ABSENT;
		item.block.absence = Block_absence(absent.front().reason);
	} else {
		stored.absent.insert(stored.absent.end(), absent.begin(), absent.end());
	}
	batch().items.push_back(item);
}

Writer::Writer(Sink &sink, Head const &head, Options options)
	: _state(std::make_unique<State>(sink, head, options))
{}

Writer::~Writer() = default;

Writer::Stored Writer::add_dataspace(std::uint32_t object, std::uint64_t size, Content &content)
{
	State &s = *_state;
	if (s.finished || !size) throw_if({ Code::BAD_STATE, 0, "Writer::add_dataspace", size });

	std::uint64_t const count = size / s.block_size() + (size % s.block_size() != 0);
	if (count > Limit::MAX_BLOCKS - s.blocks)
		throw_if({ Code::LIMIT, 0, "block count", s.blocks + count, Limit::MAX_BLOCKS });

	Stored stored;
	stored.first_block = s.blocks;
	s.first_block = s.blocks;
	s.blocks += count;
	s.storage.push_back({ object });

	for (std::uint64_t offset = 0; offset < size;) {
		Content::Extent extent = content.extent(offset);
		if (!extent.size) throw_if({ Code::BAD_ARGUMENT, offset, "content (empty extent)" });
		extent.size = std::min(extent.size, size - offset);

		/* whole blocks of one kind at once; a short one only as the last */
		bool const to_end = offset + extent.size == size;
		std::uint64_t const run =
			to_end ? extent.size : extent.size / s.block_size() * s.block_size();
		if (!run) {
			std::uint32_t const block = s.block_at(offset, size);
			s.add_mixed(offset, block, content, stored);
			offset += block;
			continue;
		}
		if (extent.kind == Content::Extent::Kind::BYTES)
			s.add_bytes(offset, run, content);
		else if (extent.kind == Content::Extent::Kind::STORED)
			s.add_stored(offset, run, content);
		else
			s.add_other(offset, run, extent, content);
		offset += run;
	}

	s.pipeline.drain(s.storage.back());
	if (s.progress) s.progress->done(s.pipeline.bytes_done());
	return stored;
}

static std::vector<std::byte> encode(std::vector<Storage> const &rows, Storage &total)
{
	std::vector<std::byte> bytes(rows.size() * Storage::ENTRY_SIZE);
	for (std::size_t i = 0; i < rows.size(); i++) {
		rows[i].encode({ bytes.data(), bytes.size() }, i * Storage::ENTRY_SIZE);
		total.add(rows[i]);
	}
	return bytes;
}

Writer::Summary Writer::finish(std::span<std::byte const> manifest,
							   std::span<Extra_section const> extra)
{
	return finish(manifest, [extra](State_digest const &) {
		return std::vector<Extra_section>(extra.begin(), extra.end());
	});
}

Directory Writer::directory() const
{
	std::span<std::byte const> const bytes = _state->pipeline.directory();
	return value_or_throw(
		Directory::open({ bytes.data(), bytes.size() }, 0, _state->blocks, _state->data_end));
}

Writer::Summary Writer::finish(std::span<std::byte const> manifest, Make_sections const &make)
{
	State &s = *_state;
	if (s.finished) throw_if({ Code::BAD_STATE, 0, "Writer::finish" });
	s.finished = true;

	if (manifest.size() > Limit::MAX_MANIFEST_SIZE)
		throw_if({ Code::LIMIT, 0, "manifest", manifest.size(), Limit::MAX_MANIFEST_SIZE });

	Summary summary;
	std::vector<std::byte> const storage = encode(s.storage, summary.total);
	std::span<std::byte const> const index = s.pipeline.close_index();

	s.data_end = s.output.cursor();
	Image_tail const tail { s.head, s.head_digest, s.blocks, index, manifest, storage };
	Trailer const trailer = tail.write(s.output, make);

	summary.state = trailer.state;
	summary.file_size = trailer.file_size;
	summary.blocks = s.blocks;
	return summary;
}

}
