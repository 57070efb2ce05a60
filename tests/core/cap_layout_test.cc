/*
 * The table of layouts against what compilers make of such classes, and checks of descriptors
 */

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <functional>

#include "libimage/core/cap_find.h"
#include "libimage/core/cap_layout.h"

using namespace Capimg;

namespace
{

/*
 * Classes with the members of Genode's, for one word size. Alignments of 32-bit machines are
 * those of the 64-bit ones as long as words have their own size.
 */
template <typename WORD>
struct Abi
{
	/* until 17.11: members of the class itself, whose tail padding derived classes use */
	class Old_node
	{
	  protected:
		WORD _child[2] {};
		WORD _parent = 0;
		unsigned char _depth = 1;
	};

	/* since 18.02: members of an unnamed struct */
	class New_node
	{
	  protected:
		struct
		{
			WORD _child[2];
			WORD _parent;
			unsigned char _depth;
		};
	};

	class List_element
	{
	  protected:
		WORD _next = 0;
	};

	template <typename NODE, typename ID>
	struct Foc_entry : NODE
	{
		uint8_t ref_cnt = 0;
		ID id = 0;
	};

	struct Data
	{
		uint8_t ref_cnt = 0;
		WORD key = 0;
		Data() {}
	};

	template <typename DST>
	struct Data_with_dst : Data
	{
		DST dst {};
	};

	/* the parts of an entry that is Data first and node second */
	template <typename DATA, typename NODE>
	struct Table_entry : DATA, NODE
	{
		static unsigned node_offset()
		{
			static Table_entry entry;
			return unsigned(reinterpret_cast<char *>(static_cast<NODE *>(&entry)) -
							reinterpret_cast<char *>(&entry));
		}
	};
};

struct Socket
{
	int socket = -1;
	Socket() {}
};

struct Socket_and_foreign
{
	Socket socket {};
	bool foreign = true;
	Socket_and_foreign() {}
};

Cap_layout const &find(Cap_kernel kernel, unsigned word, unsigned release,
					   Cap_structure structure = Cap_structure::TREE)
{
	for (Cap_layout const &l : cap_layouts())
		if (l.kernel == kernel && l.word_bytes == word && l.structure == structure &&
			release >= l.first_release && release <= l.last_release)
			return l;
	throw std::runtime_error("no such layout");
}

template <typename ENTRY>
void expect_foc(Cap_layout const &l)
{
	ENTRY entry;
	auto offset = [&](auto &member) {
		return unsigned(reinterpret_cast<char *>(&member) - reinterpret_cast<char *>(&entry));
	};
	EXPECT_EQ(l.stride, sizeof(ENTRY));
	EXPECT_EQ(l.ref_offset, offset(entry.ref_cnt));
	EXPECT_EQ(l.id_offset, offset(entry.id));
	EXPECT_EQ(l.id_width, sizeof(entry.id));
}

template <typename ENTRY>
void expect_table(Cap_layout const &l)
{
	EXPECT_EQ(l.stride, sizeof(ENTRY));
	EXPECT_EQ(l.node_offset, ENTRY::node_offset());
	EXPECT_EQ(l.depth_offset, ENTRY::node_offset() + 3u * l.word_bytes);
}

template <typename WORD>
void expect_all()
{
	using A = Abi<WORD>;
	using Old = typename A::Old_node;
	using New = typename A::New_node;
	using List = typename A::List_element;
	constexpr unsigned W = sizeof(WORD);

	expect_foc<typename A::template Foc_entry<New, uint32_t>>(find(Cap_kernel::FOC, W, 2602));
	expect_foc<typename A::template Foc_entry<New, uint32_t>>(find(Cap_kernel::FOC, W, 2502));
	expect_foc<typename A::template Foc_entry<New, uint16_t>>(find(Cap_kernel::FOC, W, 2411));
	expect_foc<typename A::template Foc_entry<New, uint16_t>>(find(Cap_kernel::FOC, W, 1802));
	expect_foc<typename A::template Foc_entry<Old, uint16_t>>(find(Cap_kernel::FOC, W, 1711));
	expect_foc<typename A::template Foc_entry<Old, uint16_t>>(find(Cap_kernel::FOC, W, 1608));
	expect_foc<typename A::template Foc_entry<List, uint16_t>>(
		find(Cap_kernel::FOC, W, 1608, Cap_structure::LIST));

	using Foreign = typename A::template Data_with_dst<Socket_and_foreign>;
	using Plain = typename A::template Data_with_dst<Socket>;
	expect_table<typename A::template Table_entry<Foreign, New>>(find(Cap_kernel::LINUX, W, 2602));
	expect_table<typename A::template Table_entry<Plain, New>>(find(Cap_kernel::LINUX, W, 2002));
	expect_table<typename A::template Table_entry<Plain, Old>>(find(Cap_kernel::LINUX, W, 1608));
	expect_table<typename A::template Table_entry<typename A::Data, New>>(
		find(Cap_kernel::SEL4, W, 2602));
	expect_table<typename A::template Table_entry<typename A::Data, Old>>(
		find(Cap_kernel::SEL4, W, 1608));

	/* a thread id of 32 bit, without a constructor of its own */
	struct Thread_id
	{
		uint32_t raw;
	};
	using Thread = typename A::template Data_with_dst<Thread_id>;
	if (W == 4)
		for (Cap_kernel kernel : { Cap_kernel::FIASCO, Cap_kernel::OKL4, Cap_kernel::PISTACHIO }) {
			expect_table<typename A::template Table_entry<Thread, New>>(find(kernel, W, 2602));
			expect_table<typename A::template Table_entry<Thread, Old>>(find(kernel, W, 1608));
		}
}

}

/* the 32-bit ABI of i386 aligns a member of 64 bit to 4: it cannot stand in for the other one */
#if __SIZEOF_POINTER__ == 8
TEST(Cap_layout, SizesAreThoseOfTheAbi64) { expect_all<uint64_t>(); }
#endif

TEST(Cap_layout, SizesAreThoseOfTheAbi32) { expect_all<uint32_t>(); }

TEST(Cap_layout, EveryRowIsAValidDescriptor)
{
	for (Cap_layout const &l : cap_layouts()) {
		Cap_map map {};
		static_cast<Cap_form &>(map) = l;
		map.array = 0x1000;
		map.count = l.default_count;
		EXPECT_FALSE(check_cap_map(map)) << l.genode << " " << check_cap_map(map).field;
		EXPECT_EQ(cap_index(map, map.slot(7)).value(), 7u);
		EXPECT_TRUE(cap_index(map, map.slot(7) + 4).failed());
		EXPECT_TRUE(cap_index(map, map.array - l.stride).failed());
		EXPECT_TRUE(cap_index(map, map.slot(map.count)).failed());
		EXPECT_LT(l.max_badge, l.invalid_id);
	}
}

TEST(Cap_layout, ImpossibleDescriptorsAreRefusedByField)
{
	Cap_map good {};
	static_cast<Cap_form &>(good) = find(Cap_kernel::LINUX, 8, 2602);
	good.array = 0x1000;
	good.count = 4096;
	ASSERT_FALSE(check_cap_map(good));

	struct Case
	{
		char const *field;
		std::function<void(Cap_map &)> spoil;
	};
	Case const cases[] {
		{ "kernel", [](auto &m) { m.kernel = Cap_kernel::NONE; } },
		{ "kernel", [](auto &m) { m.kernel = Cap_kernel(99); } },
		{ "wordBytes", [](auto &m) { m.word_bytes = 2; } },
		{ "structure", [](auto &m) { m.structure = Cap_structure(2); } },
		{ "stride", [](auto &m) { m.stride = 0; } },
		{ "stride", [](auto &m) { m.stride = Limit::MAX_CAP_STRIDE + 4; } },
		{ "count", [](auto &m) { m.count = 0; } },
		{ "count", [](auto &m) { m.count = Limit::MAX_CAP_ENTRIES + 1ull; } },
		{ "count", [](auto &m) { m.count = ~0ull; } },
		{ "array", [](auto &m) { m.array = ~0ull - 100; } },
		{ "nodeOffset", [](auto &m) { m.node_offset = m.stride - 8; } },
		{ "nodeOffset", [](auto &m) { m.node_offset = ~0u - 8; } },
		{ "depthOffset", [](auto &m) { m.depth_offset++; } },
		{ "idWidth", [](auto &m) { m.id_width = 3; } },
		{ "idOffset", [](auto &m) { m.id_offset = m.stride - 4; } },
		{ "refWidth", [](auto &m) { m.ref_width = 0; } },
		{ "refOffset", [](auto &m) { m.ref_offset = m.stride; } },
		{ "socketOffset", [](auto &m) { m.socket_offset = m.stride - 1; } },
		{ "foreignOffset", [](auto &m) { m.foreign_offset = m.stride; } },
		{ "selectorShift", [](auto &m) { m.selector_shift = 64; } },
		{ "badgeStep", [](auto &m) { m.badge_step = 0; } },
		{ "invalidId",
		  [](auto &m) {
			  m.id_width = 4;
			  m.max_badge = 1;
		  } },
	};
	for (Case const &c : cases) {
		Cap_map map = good;
		c.spoil(map);
		EXPECT_STREQ(check_cap_map(map).field, c.field);
	}
}

TEST(Cap_layout, NamesAndReleases)
{
	for (unsigned i = 1; i < CAP_KERNEL_COUNT; i++) {
		char const *const name = cap_kernel_name(Cap_kernel(i));
		EXPECT_EQ(cap_kernel_by_name(name, std::strlen(name)), Cap_kernel(i));
	}
	EXPECT_EQ(cap_kernel_by_name("fo", 2), Cap_kernel::NONE);
	EXPECT_EQ(cap_kernel_by_name("nova", 4), Cap_kernel::NONE);
	EXPECT_STREQ(cap_kernel_name(Cap_kernel(200)), "none");

	EXPECT_EQ(cap_release("26.02", 5), 2602);
	EXPECT_EQ(cap_release("16.08", 5), 1608);
	for (char const *bad : { "2602", "26.2", "26-02", "a6.02", "26.02a", "" })
		EXPECT_EQ(cap_release(bad, std::strlen(bad)), 0) << bad;
}
