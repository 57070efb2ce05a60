/*
 * An image that is changed in place, and what it was before and becomes
 */

#ifndef CAPIMG__TESTS__SUPPORT__CHANGED_IMAGE_H
#define CAPIMG__TESTS__SUPPORT__CHANGED_IMAGE_H

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>

#include <sys/stat.h>

#include "libimage/edit_journal.h"
#include "libimage/edit_signer.h"
#include "libimage/image_error.h"
#include "libimage/locked_image.h"
#include "scratch_directory.h"
#include "small_image.h"

namespace Capimg::Test
{

namespace fs = std::filesystem;
using Bytes_vector = std::vector<std::byte>;

inline Bytes_vector content(unsigned seed, std::size_t size = 4096)
{
	std::mt19937 random(seed);
	Bytes_vector bytes(size);
	for (std::byte &b : bytes) b = std::byte(random());
	return bytes;
}

constexpr std::string_view SUFFIX = ".capimg-journal";

struct Kind
{
	bool larger = true;                /* afterwards */
	bool was = false, becomes = false; /* signed */
};

inline void append(Sink &sink, std::span<std::byte const> bytes) { sink.append({ &bytes, 1 }); }

/* what was written to a sink, signed or not */
inline Bytes_vector finished(Memory_sink &sink, Image const &like, Secret_key const *key)
{
	if (key) {
		Image const image = open_image(sink.bytes());
		(void)append_signature(sink, sink.bytes().size(),
							   Signature_terms::of(like.manifest(), image.trailer().state, 5), *key,
							   1);
	}
	return sink.bytes();
}

/* an image, and one that it is changed to, which is a little larger or smaller */
struct Change
{
	Scratch_directory keys {};
	Scratch_directory scratch {};
	std::string const path = scratch.path("a.img");
	std::string const journal_path = path + std::string(SUFFIX);
	Bytes_vector before, after;

	explicit Change(Kind const &kind = {}) : _kind(kind)
	{
		bool const larger = kind.larger;
		(void)make_keys(keys.path("k"));
		_key = std::make_unique<Secret_key>(keys.path("k.key"));
		_trusted.emplace_back(_key->public_value());
		Small_image small;
		small.dataspaces.push_back(Pieces().random(5 * 4096, 1).zero(8192).random(300, 2));
		small.sections.push_back({ Section_kind(0x10000), 0, content(9, larger ? 10 : 6000) });
		Image const unsigned_image = open_image(small.write());
		Memory_sink first, second;
		append(first, unsigned_image.file().bytes());
		before = finished(first, unsigned_image, kind.was ? &*_key : nullptr);
		reset();
		Image const image = open_image(before);
		(void)_copy(image).write(second);
		after = finished(second, image, kind.becomes ? &*_key : nullptr);
	}

	void reset() const
	{
		for (auto const &entry : fs::directory_iterator(scratch.path())) fs::remove_all(entry);
		Scratch_directory::write(path, before);
	}

	Image_edit edit(Image const &image) const
	{
		Edit_signer const signer(*_key, _trusted, 5, 1);
		return Image_edit::of(_copy(image), _kind.becomes ? &signer : nullptr);
	}

	void make() const
	{
		Locked_image file(path);
		Image const image(file.map());
		file.commit(edit(image));
	}

	/* bytes of the journal */
	Bytes_vector journal() const
	{
		Image_edit const edit = this->edit(open_image(before));
		Bytes_vector bytes = Edit_journal::encode(edit);
		for (File_change const &change : edit.changes)
			bytes.insert(bytes.end(), change.bytes.begin(), change.bytes.end());
		return bytes;
	}

	void put_journal(Bytes_vector const &bytes) const
	{
		Scratch_directory::write(journal_path, bytes);
		::chmod(journal_path.c_str(), 0600);
	}

	/* the image with some of the changes */
	Bytes_vector torn(unsigned seed) const
	{
		std::mt19937 random(seed);
		Bytes_vector bytes = before;
		for (File_change const &change : edit(open_image(before)).changes)
			for (std::size_t at = 0; at < change.bytes.size(); at += 512) {
				if (random() % 2) continue;
				std::size_t const size = std::min<std::size_t>(512, change.bytes.size() - at);
				if (bytes.size() < change.offset + at + size)
					bytes.resize(change.offset + at + size);
				std::copy_n(change.bytes.begin() + std::ptrdiff_t(at), size,
							bytes.begin() + std::ptrdiff_t(change.offset + at));
			}
		return bytes;
	}

  private:
	Kind const _kind;
	std::unique_ptr<Secret_key> _key {};
	std::deque<Public_key> _trusted {};
	Patched_blocks _patched = [] {
		Patched_blocks patched;
		patched.patch(1, content(100));
		patched.patch(4, content(101));
		patched.patch(7, content(102, 300));
		return patched;
	}();

	Image_copy _copy(Image const &image) const
	{
		Image_copy copy { .image = image, .patched = &_patched };
		copy.sections = [this](State_digest const &, Image_copy::Sections sections) {
			sections[0].bytes = content(10, _kind.larger ? 6000 : 10);
			return sections;
		};
		return copy;
	}
};

inline Code code_of(std::function<void()> const &action, std::string *said = nullptr)
{
	try {
		action();
	} catch (Image_error const &error) {
		if (said) *said = error.what();
		return error.info().code;
	}
	return Code::OK;
}

}

#endif /* CAPIMG__TESTS__SUPPORT__CHANGED_IMAGE_H */
