/*
 * Signatures made anew where an image is changed in place
 */

#include <gtest/gtest.h>

#include "tests/support/changed_image.h"

using namespace Capimg;
using namespace Capimg::Test;

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
