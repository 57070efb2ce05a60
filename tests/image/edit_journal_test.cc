/*
 * Changes in place: power cuts and faults at every moment
 */

#include <gtest/gtest.h>
#include <set>

#include "tests/support/changed_image.h"
#include "tests/support/failing_files.h"
#include "tests/support/simulated_disk.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

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
