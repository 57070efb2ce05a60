/*
 * The journal of a change in place: power cuts, faults, and journals that somebody made up
 */

#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libimage/edit_journal.h"
#include "libimage/edit_signer.h"
#include "libimage/image_error.h"
#include "libimage/locked_image.h"
#include "tests/support/failing_files.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/simulated_disk.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace fs = std::filesystem;

namespace
{

using Bytes_vector = std::vector<std::byte>;

Bytes_vector content(unsigned seed, std::size_t size = 4096)
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

void append(Sink &sink, std::span<std::byte const> bytes) { sink.append({ &bytes, 1 }); }

/* what was written to a sink, signed or not */
Bytes_vector finished(Memory_sink &sink, Image const &like, Secret_key const *key)
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

Code code_of(std::function<void()> const &action, std::string *said = nullptr)
{
	try {
		action();
	} catch (Image_error const &error) {
		if (said) *said = error.what();
		return error.info().code;
	}
	return Code::OK;
}

void open_it(std::string const &path) { (void)Image(path); }

class Changes : public ::testing::TestWithParam<Kind>
{};

}

TEST_P(Changes, are_made)
{
	Change const change(GetParam());
	ASSERT_NE(change.before, change.after);
	change.make();
	EXPECT_EQ(read_file(change.path), change.after);
	EXPECT_FALSE(fs::exists(change.journal_path));
}

/* whatever of the unsynced reached the disk: old or new, once a command opened the image */
TEST_P(Changes, survive_a_power_cut_at_every_operation)
{
	Change change(GetParam());
	std::set<std::string> seen;
	for (unsigned cut = 0;; cut++) {
		change.reset();
		Simulated_disk disk(change.scratch.path(), cut);
		bool done = false;
		{
			Replaced_file_operations const replaced(disk);
			done = code_of([&] { change.make(); }) == Code::OK;
		}
		for (unsigned n = 0; n < 24; n++) {
			Scratch_directory other;
			std::string const root = other.fresh(), path = root + "/a.img";
			disk.outcome(n, root);
			bool const torn = read_file(path) != change.before && read_file(path) != change.after;
			ASSERT_NO_THROW(open_it(path)) << cut << " " << n;

			Bytes_vector const found = read_file(path);
			ASSERT_TRUE(found == change.before || found == change.after) << cut << " " << n;
			if (!disk.cut()) {
				ASSERT_EQ(found, change.after) << n;
			}
			ASSERT_FALSE(fs::exists(path + std::string(SUFFIX)));
			seen.insert(found == change.before ? (torn ? "torn, old" : "old")
											   : (torn ? "torn, new" : "new"));
		}
		if (!disk.cut()) {
			EXPECT_TRUE(done);
			break;
		}
	}
	/* the model is worth something: it did tear the file, and old images are left alone */
	EXPECT_EQ(seen, (std::set<std::string> { "new", "old", "torn, new" }));
}

/* the same while the next command completes the change */
TEST_P(Changes, survive_a_power_cut_while_they_are_completed)
{
	Change change(GetParam());
	for (unsigned seed = 0; seed < 6; seed++)
		for (unsigned cut = 0;; cut++) {
			change.reset();
			Scratch_directory::write(change.path, change.torn(seed));
			change.put_journal(change.journal());
			Simulated_disk disk(change.scratch.path(), cut);
			{
				Replaced_file_operations const replaced(disk);
				(void)code_of([&] { open_it(change.path); });
			}
			for (unsigned n = 0; n < 6; n++) {
				Scratch_directory other;
				std::string const root = other.fresh(), path = root + "/a.img";
				disk.outcome(n, root);
				ASSERT_NO_THROW(open_it(path)) << cut << " " << n;
				ASSERT_EQ(read_file(path), change.after) << cut << " " << n;
			}
			if (!disk.cut()) break;
		}
}

TEST_P(Changes, survive_a_fault_at_every_operation)
{
	Change change(GetParam());
	for (int const error : { ENOSPC, EIO })
		for (bool const for_good : { false, true })
			for (unsigned n = 1;; n++) {
				change.reset();
				Failing_files files(n, error, for_good);
				std::string said;
				Code code;
				{
					Replaced_file_operations const replaced(files);
					code = code_of([&] { change.make(); }, &said);
				}
				bool const journal = fs::exists(change.journal_path);
				Bytes_vector const found = read_file(change.path);
				if (code != Code::OK && journal && found != change.before) {
					ASSERT_NE(said.find("journal"), std::string::npos) << said;
				}
				if (!journal) {
					ASSERT_TRUE(found == change.before || found == change.after) << n << said;
				}
				ASSERT_NO_THROW(open_it(change.path)) << n;
				Bytes_vector const then = read_file(change.path);
				ASSERT_TRUE(then == change.before || then == change.after) << n;
				if (code == Code::OK) {
					ASSERT_EQ(then, change.after) << n;
				}
				if (!for_good) {
					ASSERT_EQ(std::distance(fs::directory_iterator(change.scratch.path()), {}), 1);
				}
				if (files.count() < n) break;
			}
}

INSTANTIATE_TEST_SUITE_P(Kinds, Changes,
						 ::testing::Values(Kind { true }, Kind { false }, Kind { true, true, true },
										   Kind { false, true, true }, Kind { true, true, false },
										   Kind { false, true, false },
										   Kind { false, false, true }));

TEST(Journal, syncs_file_then_name_then_image)
{
	struct Order final : Guarded_files
	{
		std::string steps {};
		bool _may() override { return true; }
		int sync(int fd) override
		{
			struct stat st
			{};
			::fstat(fd, &st);
			steps += S_ISDIR(st.st_mode) ? "directory " : st.st_nlink ? "named " : "unnamed ";
			return Guarded_files::sync(fd);
		}
		int sync_content(int fd) override
		{
			steps += "image ";
			return Guarded_files::sync_content(fd);
		}
		int link(int fd, std::string const &path) override
		{
			steps += "link ";
			return Guarded_files::link(fd, path);
		}
		int remove(std::string const &path) override
		{
			steps += "remove ";
			return Guarded_files::remove(path);
		}
		ssize_t write_at(int fd, std::uint64_t at, std::span<std::byte const> bytes) override
		{
			if (!steps.ends_with("write ")) steps += "write ";
			return Guarded_files::write_at(fd, at, bytes);
		}
	} order;
	Change const change;
	{
		Replaced_file_operations const replaced(order);
		change.make();
	}
	EXPECT_EQ(order.steps, "write unnamed link directory write image remove ");
}

/* a journal is to be trusted in nothing */
TEST(Journal, does_not_touch_a_sound_image)
{
	Change change;
	Bytes_vector const journal = change.journal();
	for (Bytes_vector const &image : { change.before, change.after }) {
		Scratch_directory::write(change.path, image);
		change.put_journal(journal);
		EXPECT_NO_THROW(open_it(change.path));
		EXPECT_EQ(read_file(change.path), image);
		EXPECT_FALSE(fs::exists(change.journal_path));
	}

	/* nor if it claims that the image was another one, or will be */
	Image_edit edit = change.edit(open_image(change.before));
	for (unsigned what = 0; what < 3; what++) {
		Image_edit other = edit;
		if (what != 1) other.state_before.bytes[0] ^= 1;
		if (what != 0) other.state_after.bytes[0] ^= 1;
		for (File_change &c : other.changes) std::ranges::fill(c.bytes, std::byte(0x41));
		Bytes_vector bytes = Edit_journal::encode(other);
		for (File_change const &c : other.changes)
			bytes.insert(bytes.end(), c.bytes.begin(), c.bytes.end());
		change.reset();
		change.put_journal(bytes);
		(void)code_of([&] { open_it(change.path); });
		EXPECT_EQ(read_file(change.path), change.before);
	}
}

TEST(Journal, of_another_image_is_named)
{
	Change change;
	Small_image small;
	small.dataspaces.push_back(Pieces().random(4096, 77));
	Bytes_vector const other = small.write();
	Scratch_directory::write(change.path, other);
	change.put_journal(change.journal());
	std::string said;
	EXPECT_EQ(code_of([&] { open_it(change.path); }, &said), Code::INCONSISTENT);
	EXPECT_NE(said.find(change.journal_path), std::string::npos) << said;
	EXPECT_EQ(read_file(change.path), other);
	EXPECT_TRUE(fs::exists(change.journal_path));
}

TEST(Journal, flipped_bytes_and_ends_are_noticed)
{
	Change change;
	Bytes_vector const journal = change.journal(), torn = change.torn(3);
	std::size_t const table = Edit_journal::HEADER_SIZE + 8 * Edit_journal::ENTRY_SIZE;
	for (std::size_t at = 0; at < journal.size(); at += at < table ? 1 : 997) {
		for (bool const cut : { false, true }) {
			Bytes_vector bad = journal;
			if (cut)
				bad.resize(at);
			else
				bad[at] ^= std::byte(0x10);
			Scratch_directory::write(change.path, torn);
			change.put_journal(bad);
			std::string said;
			ASSERT_NE(code_of([&] { open_it(change.path); }, &said), Code::OK) << at;
			ASSERT_NE(said.find(change.journal_path), std::string::npos) << said;
			ASSERT_EQ(read_file(change.path), torn);
		}
	}
}

/* checksums are no obstacle to whoever makes a journal up */
TEST(Journal, hostile_ones_are_refused)
{
	Change change;
	Image_edit const good = change.edit(open_image(change.before));
	auto const attempt = [&](std::function<void(Image_edit &)> const &make) {
		Image_edit edit = good;
		make(edit);
		Bytes_vector bytes = Edit_journal::encode(edit);
		for (File_change const &c : edit.changes)
			bytes.insert(bytes.end(), c.bytes.begin(), c.bytes.end());
		Bytes_vector const torn = change.torn(5);
		Scratch_directory::write(change.path, torn);
		change.put_journal(bytes);
		Code const code = code_of([&] { open_it(change.path); });
		EXPECT_EQ(read_file(change.path), torn);
		return code;
	};
	using Edit = Image_edit;
	EXPECT_EQ(attempt([](Edit &e) { e.changes[0].offset = 255; }), Code::OUT_OF_ORDER);
	EXPECT_EQ(attempt([](Edit &e) { e.changes[1].offset = e.changes[0].offset; }),
			  Code::OUT_OF_ORDER);
	EXPECT_EQ(attempt([](Edit &e) { e.changes[0].offset = ~0ull - 10; }), Code::INVALID);
	EXPECT_EQ(attempt([](Edit &e) { e.changes[0].bytes.clear(); }), Code::TRUNCATED);
	EXPECT_EQ(attempt([](Edit &e) { e.size_after = ~0ull; }), Code::INVALID);
	EXPECT_EQ(attempt([](Edit &e) { e.size_after = 1ull << 62; }), Code::IO);
	EXPECT_EQ(attempt([](Edit &e) { e.size_after = 1ull << 40; }), Code::INCONSISTENT);
	EXPECT_EQ(attempt([](Edit &e) { e.size_after--; }), Code::INVALID);
	EXPECT_EQ(attempt([](Edit &e) { e.size_after++; }), Code::INCONSISTENT);
	EXPECT_EQ(attempt([](Edit &e) { e.size_before = 10; }), Code::INVALID);
	EXPECT_EQ(attempt([](Edit &e) { e.state_after.bytes[3] ^= 1; }), Code::INCONSISTENT);
	EXPECT_EQ(attempt([](Edit &e) { e.changes.pop_back(); }), Code::INCONSISTENT);
	EXPECT_EQ(attempt([](Edit &e) { e.changes[0].bytes[7] ^= std::byte(1); }), Code::INCONSISTENT);
}

TEST(Journal, must_be_a_plain_file_of_ones_own)
{
	Change change;
	std::string const elsewhere = change.scratch.path("elsewhere");
	auto const attempt = [&](std::function<void()> const &plant) {
		change.reset();
		Bytes_vector const torn = change.torn(5);
		Scratch_directory::write(change.path, torn);
		Scratch_directory::write(elsewhere, change.journal());
		::chmod(elsewhere.c_str(), 0600);
		plant();
		Code const code = code_of([&] { open_it(change.path); });
		EXPECT_EQ(read_file(change.path), torn);
		return code;
	};
	char const *const name = change.journal_path.c_str();
	EXPECT_EQ(attempt([&] { ASSERT_EQ(::symlink(elsewhere.c_str(), name), 0); }), Code::IO);
	EXPECT_EQ(attempt([&] { ASSERT_EQ(::link(elsewhere.c_str(), name), 0); }), Code::DENIED);
	EXPECT_EQ(attempt([&] { ASSERT_EQ(::mkfifo(name, 0600), 0); }), Code::DENIED);
	EXPECT_EQ(attempt([&] { ASSERT_EQ(::mkdir(name, 0700), 0); }), Code::DENIED);
	EXPECT_EQ(attempt([&] {
				  fs::rename(elsewhere, name);
				  ::chmod(name, 0622);
			  }),
			  Code::DENIED);
	if (::geteuid() == 0) {
		EXPECT_EQ(attempt([&] {
					  fs::rename(elsewhere, name);
					  ASSERT_EQ(::chown(name, 12345, 12345), 0);
				  }),
				  Code::DENIED);
	}
}

/* a name that is in use is not taken, whatever is there */
TEST(Journal, is_never_written_over_something_else)
{
	Change change;
	std::string const victim = change.scratch.path("victim");
	Scratch_directory::write(victim, content(1, 10));

	Locked_image file(change.path);
	Image const image(file.map());
	Image_edit const edit = change.edit(image);
	fs::create_symlink(victim, change.journal_path); /* after the look */
	EXPECT_EQ(code_of([&] { file.commit(edit); }), Code::IO);
	EXPECT_EQ(read_file(victim), content(1, 10));
	EXPECT_EQ(read_file(change.path), change.before);
}

TEST(Journal, is_private)
{
	struct Mode final : Guarded_files
	{
		mode_t mode = 0777;
		bool _may() override { return true; }
		int link(int fd, std::string const &path) override
		{
			struct stat st
			{};
			::fstat(fd, &st);
			mode = st.st_mode & 0777;
			return Guarded_files::link(fd, path);
		}
	} files;
	Change const change;
	Replaced_file_operations const replaced(files);
	change.make();
	EXPECT_EQ(files.mode, 0600u);
}

TEST(Journal, image_with_two_names_or_behind_a_link)
{
	Change change;
	std::string const link = change.scratch.path("link");
	fs::create_symlink(change.path, link);

	/* behind a symbolic link, the journal is beside the file */
	Scratch_directory::write(change.path, change.torn(1));
	change.put_journal(change.journal());
	EXPECT_NO_THROW(open_it(link));
	EXPECT_EQ(read_file(change.path), change.after);
	EXPECT_TRUE(fs::is_symlink(link));

	fs::create_hard_link(change.path, change.scratch.path("twin"));
	EXPECT_EQ(code_of([&] { change.make(); }), Code::UNSUPPORTED);
	EXPECT_EQ(read_file(change.path), change.after);
}

TEST(Journal, readers_and_changes_exclude_each_other)
{
	Change change;
	int const other = ::open(change.path.c_str(), O_RDONLY);
	ASSERT_EQ(::flock(other, LOCK_SH), 0);
	EXPECT_NO_THROW(open_it(change.path));
	EXPECT_EQ(code_of([&] { change.make(); }), Code::BUSY);
	EXPECT_EQ(read_file(change.path), change.before);

	ASSERT_EQ(::flock(other, LOCK_EX), 0);
	EXPECT_EQ(code_of([&] { open_it(change.path); }), Code::BUSY);
	::close(other);
	{
		Image const reader(change.path);
		EXPECT_EQ(::flock(reader.file().fd(), LOCK_SH | LOCK_NB), 0);
	}
	change.make();
	EXPECT_EQ(read_file(change.path), change.after);
}

/* the signature is made of the former one, and of pieces that were what was signed */
TEST(Edit_signer, does_not_vouch_for_what_was_not_signed)
{
	Change change({ true, true, true });
	Image const image = open_image(change.before);
	std::size_t const block = image.block(1).where; /* is changed */

	Bytes_vector bad = change.before;
	bad[block + 5] ^= std::byte(1);
	Scratch_directory::write(change.path, bad);
	EXPECT_EQ(code_of([&] { change.make(); }), Code::TAMPERED);
	EXPECT_EQ(read_file(change.path), bad);

	/* the tree is checked as a whole */
	bad = change.before;
	bad[image.file().size() + 3] ^= std::byte(1);
	Scratch_directory::write(change.path, bad);
	EXPECT_EQ(code_of([&] { change.make(); }), Code::TAMPERED);

	/* another's signature */
	Change const other({ true, true, true });
	Scratch_directory::write(change.path, other.before);
	EXPECT_EQ(code_of([&] { change.make(); }), Code::WRONG_SIGNATURE);
	EXPECT_EQ(read_file(change.path), other.before);
}

/* what is elsewhere is found by whoever checks the new signature, as it was before */
TEST(Edit_signer, keeps_digests_of_pieces_that_do_not_change)
{
	Scratch_directory scratch;
	(void)make_keys(scratch.path("k"));
	Secret_key const key(scratch.path("k.key"));
	std::deque<Public_key> trusted;
	trusted.emplace_back(key.public_value());

	Small_image small;
	small.dataspaces.push_back(Pieces().random(64 * 4096, 1));
	Memory_sink sink;
	Bytes_vector const plain = small.write();
	append(sink, plain);
	Bytes_vector bytes = finished(sink, open_image(plain), &key);
	std::size_t const elsewhere = open_image(bytes).block(40).where;
	bytes[elsewhere] ^= std::byte(1);
	std::string const path = scratch.path("a.img");
	Scratch_directory::write(path, bytes);

	Patched_blocks patched;
	patched.patch(2, content(100));
	{
		Locked_image file(path);
		Image const image(file.map());
		Edit_signer const signer(key, trusted, 6, 1);
		file.commit(Image_edit::of({ .image = image, .patched = &patched }, &signer));
	}
	std::string said;
	EXPECT_EQ(code_of([&] { (void)check_signature(Mapped_file(path), &trusted[0], {}, 1); }, &said),
			  Code::TAMPERED);
	EXPECT_NE(said.find("signature.piece"), std::string::npos);
	Bytes_vector now = read_file(path);
	now[elsewhere] ^= std::byte(1);
	Scratch_directory::write(path, now);
	EXPECT_NO_THROW((void)check_signature(Mapped_file(path), &trusted[0], {}, 1));
}
