/*
 * Any bytes as an image, and any as the journal found beside it
 *
 * Opening the image leaves the file as it was, or makes of one that was not sound the sound one
 * that the journal names, and then the journal is gone. The first byte: 1, the image's checksums
 * are made to match, 2, the journal's. The image's size follows in four bytes, then image and
 * journal.
 */

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <vector>

#include "libimage/core/checksum.h"
#include "libimage/edit_journal.h"
#include "libimage/image.h"
#include "libimage/image_error.h"
#include "libimage/locked_image.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"
#include "tests/support/scratch_directory.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;

Scratch_directory const scratch(Scratch_directory::in_memory());

void require(bool condition)
{
	if (!condition) __builtin_trap();
}

Bytes_vector content(std::string const &path)
{
	std::ifstream file(path, std::ios::binary);
	std::vector<char> const bytes((std::istreambuf_iterator<char>(file)), {});
	auto const *const base = reinterpret_cast<std::byte const *>(bytes.data());
	return { base, base + bytes.size() };
}

bool sound(std::string const &path)
try {
	Verify_options options;
	options.threads = 1;
	return verify(path, options).sound();
} catch (Image_error const &) {
	return false;
}

/* fn(entry, change) for each change of the table that lies in the journal */
template <typename FN>
void for_each_change(Bytes_vector const &journal, FN const &fn)
{
	std::uint64_t const count = get(journal, 24, 8);
	if (count > journal.size() / Edit_journal::ENTRY_SIZE) return;
	std::uint64_t at = Edit_journal::HEADER_SIZE + count * Edit_journal::ENTRY_SIZE;
	for (std::uint64_t i = 0; i < count; i++) {
		std::size_t const entry = Edit_journal::HEADER_SIZE + i * Edit_journal::ENTRY_SIZE;
		std::uint64_t const size = get(journal, entry + 8, 8);
		if (at > journal.size() || size > journal.size() - at) return;
		fn(entry, std::span(journal).subspan(at, size));
		at += size;
	}
}

void fix_digests(Bytes_vector &journal)
{
	if (journal.size() < Edit_journal::HEADER_SIZE) return;

	auto const digest = [](std::span<std::byte const> bytes) {
		return checksum({ bytes.data(), bytes.size() });
	};
	std::vector<std::pair<std::size_t, std::uint64_t>> digests;
	for_each_change(journal, [&](std::size_t entry, std::span<std::byte const> change) {
		digests.emplace_back(entry + 16, digest(change));
	});
	for (auto const &[at, value] : digests) put(journal, at, 8, value);

	std::size_t const table =
		std::min<std::uint64_t>(get(journal, 24, 8), journal.size() / Edit_journal::ENTRY_SIZE) *
		Edit_journal::ENTRY_SIZE;
	if (table <= journal.size() - Edit_journal::HEADER_SIZE)
		put(journal, 112, 8, digest(std::span(journal).subspan(Edit_journal::HEADER_SIZE, table)));
	put(journal, 120, 8, digest(std::span(journal).first(120)));
}

Bytes_vector applied(Bytes_vector image, Bytes_vector const &journal)
{
	image.resize(get(journal, 40, 8));
	for_each_change(journal, [&](std::size_t entry, std::span<std::byte const> change) {
		std::ranges::copy(change, image.begin() + std::ptrdiff_t(get(journal, entry, 8)));
	});
	return image;
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (size < 5 || size > 1 << 18) return 0;

	auto const *const base = reinterpret_cast<std::byte const *>(data);
	std::size_t const image_size = get({ base, size }, 1, 4) % (size - 4);
	Bytes_vector image(base + 5, base + 5 + image_size),
		journal(base + 5 + image_size, base + size);
	if (data[0] & 1) reseal(image);
	if (data[0] & 2) fix_digests(journal);

	std::string const path = scratch.path("image"), journal_path = Edit_journal::path_of(path);
	std::filesystem::remove(journal_path);
	Scratch_directory::write(path, image);
	bool const was_sound = sound(path);
	Scratch_directory::write(journal_path, journal);

	try {
		Mapped_file const file = open_image_file(path);
		require(!std::filesystem::exists(journal_path));
		Bytes_vector const result = content(path);
		require(std::ranges::equal(file.bytes(), result));
		if (result == image) return 0;

		require(!was_sound);
		require(result == applied(image, journal));
		State_digest const state = Image(path).trailer().state;
		require(equal_memory(state.bytes, journal.data() + 80, State_digest::SIZE));
	} catch (Image_error const &) {
		require(content(path) == image);
	}
	return 0;
}
