/*
 * Journals beside an image: those that somebody made up, and what is in their way
 */

#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/support/changed_image.h"
#include "tests/support/failing_files.h"

using namespace Capimg;
using namespace Capimg::Test;

static void open_it(std::string const &path) { (void)Image(path); }

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
	EXPECT_EQ(attempt([](Edit &e) { e.size_after = 1ull << 62; }), Code::INCONSISTENT);
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
