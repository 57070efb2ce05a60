/*
 * What an open image consists of; for the sources of 'Image' alone
 */

#ifndef CAPIMG__IMAGE_STATE_H
#define CAPIMG__IMAGE_STATE_H

#include <atomic>
#include <optional>

#include "byte_span.h"
#include "core/checksum.h"
#include "image.h"
#include "image_error.h"
#include "manifest.h"

namespace Capimg
{

inline constexpr char const *DAMAGED_HINT = "see 'capimg verify' for what else is damaged";

/* what was checked of one chunk: the chunk itself, and each of its blocks */
struct Chunk_state
{
	std::atomic<bool> checked { false };
	std::atomic<std::atomic<std::uint64_t> *> blocks { nullptr };

	~Chunk_state() { delete[] blocks.load(); }

	/* one bit for each block, made when the first one is checked */
	std::atomic<std::uint64_t> &word(std::uint32_t block)
	{
		std::atomic<std::uint64_t> *words = blocks.load(std::memory_order_acquire);
		if (!words) {
			auto fresh = std::make_unique<std::atomic<std::uint64_t>[]>(Limit::CHUNK_BLOCKS / 64);
			if (blocks.compare_exchange_strong(words, fresh.get(), std::memory_order_acq_rel))
				words = fresh.release();
		}
		return words[block / 64];
	}
};

struct Image::State
{
	Mapped_file file;
	Reading_limits limits;
	std::optional<Signature> signature {};
	Head head {};
	Trailer trailer {};
	Section_table table {};
	std::vector<Section> sections {};
	std::unique_ptr<std::atomic<bool>[]> section_checked {};
	Directory directory {};
	std::vector<Storage> storage {};
	std::optional<Message<Schema::Manifest>> manifest {};
	std::optional<Message<Schema::Provenance>> provenance {};
	std::unique_ptr<Chunk_state[]> chunks {};
	std::vector<Storage_range> ranges {};
	std::shared_ptr<Image const> parent {};

	State(Mapped_file f, Reading_limits const &l) : file(std::move(f)), limits(l) { _open(); }

	[[noreturn]] void fail(Error const &error, std::uint64_t base = 0, std::string hint = {}) const
	{
		throw Image_error::from(error, file.path(), base, std::move(hint));
	}

	template <typename T>
	T value(Result<T> result, std::string const &hint = {}) const
	{
		if (result.failed()) fail(result.error(), 0, hint);
		return result.value();
	}

	/* bytes of the file in core's terms; the range was checked before */
	Const_bytes at(std::uint64_t offset, std::uint64_t size, char const *field) const
	{
		return value(file.core_bytes().slice(offset, size, field));
	}

	void check_section(std::size_t i) const
	{
		if (section_checked[i].load(std::memory_order_acquire)) return;

		Section const &s = sections[i];
		if (checksum(at(s.offset, s.size, "section")) != s.digest)
			fail({ Code::DAMAGED, s.offset, "section.digest", std::uint64_t(s.kind) }, 0,
				 DAMAGED_HINT);
		section_checked[i].store(true, std::memory_order_release);
	}

	Const_bytes section(Section_kind kind, bool &found) const
	{
		for (std::size_t i = 0; i < sections.size(); i++) {
			if (sections[i].kind != kind) continue;
			check_section(i);
			found = true;
			return at(sections[i].offset, sections[i].size, "section");
		}
		found = false;
		return {};
	}

	Const_bytes section(Section_kind kind) const
	{
		bool found = false;
		return section(kind, found);
	}

	Section const &entry(Section_kind kind) const
	{
		for (Section const &s : sections)
			if (s.kind == kind) return s;
		fail({ Code::NOT_FOUND, trailer.table_offset, "section", std::uint64_t(kind) });
	}

	/* what the user puts up with; 'field' as in the file, 'option' as on the command line */
	void limit(std::uint64_t value, std::uint64_t most, std::uint64_t offset, char const *field,
			   char const *option) const
	{
		if (value > most)
			fail({ Code::LIMIT, offset, field, value, most }, 0,
				 std::string("the limit can be changed with ") + option);
	}

	void _open();
	void _open_ends();
	void _open_storage();

	Storage_range const &range_of(std::uint64_t block) const;
};

}

#endif /* CAPIMG__IMAGE_STATE_H */
