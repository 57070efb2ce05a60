/*
 * Deltas of the engine's writer: the bytes of libimage's, and parents that do not fit
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libimage/core/checksum.h"
#include "tests/engine/written_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

/* a chain of images, each with the one before it as its parent, as libimage writes it */
class Chain_of_images
{
	Profile const _profile;
	std::vector<std::shared_ptr<Image const>> _images {};
	std::vector<std::unique_ptr<Opened_image>> _opened {};
	std::vector<Engine::Image const *> _newest_first {};

  public:
	explicit Chain_of_images(Profile const &profile) : _profile(profile) {}

	Image const &newest() const { return *_images.back(); }
	std::vector<std::byte> newest_bytes {};

	/* those that a writer of the newest is given: its parent and what is before */
	Engine::Parents parents()
	{
		_newest_first.clear();
		for (std::size_t i = _opened.size() - 1; i--;) _newest_first.push_back(&_opened[i]->image);
		if (_newest_first.empty()) return {};
		return { _newest_first[0], _newest_first.data() + 1, unsigned(_newest_first.size() - 1) };
	}

	void add(Small_image small)
	{
		small.head.profile = _profile;
		if (!_images.empty()) {
			auto const &state = newest().trailer().state.bytes;
			auto const *const base = reinterpret_cast<std::byte const *>(state);
			small.parent_digest = { base, base + sizeof(state) };
			small.head.required_features = Feature::INHERITED;
		}
		newest_bytes = small.write();
		Image image = open_image(newest_bytes);
		if (!_images.empty()) image.set_parent(_images.back());
		_images.push_back(std::make_shared<Image const>(std::move(image)));
		_opened.push_back(std::make_unique<Opened_image>(newest_bytes));
	}

	/*
	 * A delta in which block 'n' is as the parent has it where 'same(n)', and else new bytes
	 *
	 * The parent's first dataspace becomes the last one, so that numbers of blocks differ.
	 */
	template <typename FN>
	void add_delta(FN const &same)
	{
		Image const &parent = newest();
		std::uint32_t const block_size = parent.block_size();
		std::vector<Storage_range> ranges = parent.ranges();
		std::rotate(ranges.begin(), ranges.begin() + (ranges.size() > 1), ranges.end());

		Small_image small;
		std::vector<std::byte> buffer(block_size);
		for (Storage_range const &range : ranges) {
			Pieces pieces;
			for (std::uint64_t at = 0; at < range.size; at += block_size) {
				std::uint64_t const n = range.first_block + at / block_size;
				std::uint32_t const size = parent.size_of_block(n);
				Block const block = parent.block(n);
				if (!same(n) && n % 2)
					pieces.text(std::string(size, char(n % 100 + _images.size())));
				else if (!same(n))
					pieces.random(size, unsigned(n * 7 + _images.size()));
				else if (block.kind == Block_kind::ZERO)
					pieces.zero(size);
				else if (block.kind == Block_kind::ABSENT)
					pieces.absent(size, Absent_reason(block.absence));
				else
					pieces.inherited(n, { checksum(to_core(parent.read_block(n, buffer))) }, size);
			}
			small.dataspaces.push_back(pieces);
		}
		add(small);
	}
};

Small_image base(std::uint32_t block_size, std::uint64_t blocks)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(3 * block_size + 100, 5));
	small.dataspaces.push_back(Pieces()
								   .random(blocks * block_size, 1)
								   .zero(5 * block_size)
								   .absent(3 * block_size)
								   .random(100, 2));
	return small;
}

Profile raw(std::uint32_t block_size) { return { block_size, Codec_id::RAW, 0, 0, 0 }; }

}

/* chunks that are inherited as a whole, and that later images look through */
TEST(Engine_writer_inherit, whole_chunks)
{
	Chain_of_images chain(raw(4096));
	chain.add(base(4096, 3000));
	chain.add_delta([](auto n) { return n != 2500; });
	chain.add_delta([](auto n) { return n % 1000 != 7; });
	chain.add_delta([](auto) { return true; });
	chain.add_delta([](auto n) { return n != 1; });

	ASSERT_FALSE(chain.newest().directory().chunk(1).stored());
	Written_image written(chain.newest());
	Status const status = written.replay(chain.parents());
	ASSERT_FALSE(status) << error_text(status.code) << " " << status.field;
	EXPECT_TRUE(written.sink.bytes() == chain.newest_bytes);

	/* without those before the parent, whose digests only they have */
	Written_image alone(chain.newest());
	EXPECT_EQ(alone.replay(chain.parents().parent).code, Code::NO_PARENT);
	EXPECT_EQ(alone.writer.state(), Engine::Writer::State::FAILED);
}

RC_GTEST_PROP(Engine_writer_inherit, equals_libimage, ())
{
	auto const codec = *rc::gen::element(Codec_id::RAW, Codec_id::LZ4);
	auto const block_size = *rc::gen::element(4096u, 65536u);
	Chain_of_images chain(
		{ block_size, codec, std::int8_t(codec_levels(codec).usual), codec_version(codec), 0 });
	chain.add(base(block_size, *rc::gen::inRange<std::uint64_t>(0, 20)));

	unsigned const length = *rc::gen::inRange(1, 4);
	for (unsigned i = 0; i < length; i++) {
		auto const changed =
			*rc::gen::container<std::set<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 40));
		chain.add_delta([&](auto n) { return !changed.contains(n); });
	}
	/* with less memory the parent's entries and a block share some of it */
	std::size_t const spare = Engine::Writer::WORK_SIZE - Engine::Writer::work_size(block_size);
	Written_image written(chain.newest(), 0, *rc::gen::element<std::size_t>(0, spare));
	RC_ASSERT(!written.replay(chain.parents()));
	RC_ASSERT(written.sink.bytes() == chain.newest_bytes);
}

/* zeros and what is absent are inherited by asking for it, too */
TEST(Engine_writer_inherit, zero_and_absent_stay_that)
{
	Chain_of_images chain(raw(4096));
	chain.add(base(4096, 2));
	chain.add_delta([](auto) { return true; });
	Image const &image = chain.newest();

	Written_image written(image);
	ASSERT_FALSE(written.writer.manifest(to_core(image.manifest_bytes())));
	ASSERT_FALSE(written.writer.begin_blocks(chain.parents()));
	ASSERT_FALSE(written.writer.inherit(4, 11)); /* the second dataspace comes first */
	ASSERT_FALSE(written.writer.inherit(0, 4));
	ASSERT_FALSE(written.writer.seal());
	EXPECT_TRUE(written.sink.bytes() == chain.newest_bytes);
}

TEST(Engine_writer_inherit, refused)
{
	Chain_of_images chain(raw(4096)), other(raw(4096));
	chain.add(base(4096, 2));
	chain.add_delta([](auto) { return true; });
	other.add(base(4096, 3));
	other.add_delta([](auto) { return true; });
	Image const &image = chain.newest();

	auto const begin = [&](Engine::Parents const &parents) {
		Written_image written(image);
		(void)written.writer.manifest(to_core(image.manifest_bytes()));
		return written.writer.begin_blocks(parents).code;
	};
	EXPECT_EQ(begin(chain.parents()), Code::OK);
	EXPECT_EQ(begin({}), Code::NO_PARENT);
	EXPECT_EQ(begin(other.parents()), Code::WRONG_PARENT);

	/* a whole image has no parent */
	Chain_of_images whole(raw(4096));
	whole.add(base(4096, 2));
	Written_image written(whole.newest());
	(void)written.writer.manifest(to_core(whole.newest().manifest_bytes()));
	EXPECT_EQ(written.writer.begin_blocks(other.parents()).code, Code::BAD_ARGUMENT);

	auto const inherit = [&](std::uint64_t first, std::uint64_t count) {
		Written_image w(image);
		(void)w.writer.manifest(to_core(image.manifest_bytes()));
		EXPECT_FALSE(w.writer.begin_blocks(chain.parents()));
		return w.writer.inherit(first, count).code;
	};
	EXPECT_EQ(inherit(4, 11), Code::OK);
	EXPECT_EQ(inherit(3, 1), Code::BAD_ARGUMENT);  /* a short block for a long one */
	EXPECT_EQ(inherit(15, 1), Code::BAD_ARGUMENT); /* the parent has 15 */
	EXPECT_EQ(inherit(~std::uint64_t(0), 2), Code::BAD_ARGUMENT);
	EXPECT_EQ(inherit(4, 100), Code::BAD_ARGUMENT); /* more than the image has */
}
