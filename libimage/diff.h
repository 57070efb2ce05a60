/*
 * What differs between two images, by what they mean
 *
 * Not how they are stored (codec, deduplication, block size, a parent), and not who wrote them or
 * from what. Objects are told apart as 'Diff_basis' and 'Object_match' say.
 *
 * What can be many and long (fields, badges) is told when it is asked for and held nowhere; the
 * rest is plain data. Time grows with n log n of the manifests and with the directories, and with
 * what differs in memory. The images must outlive the object. Throws 'Image_error'. Not
 * thread-safe.
 */

#ifndef CAPIMG__DIFF_H
#define CAPIMG__DIFF_H

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "diff_basis.h"
#include "diff_fields.h"
#include "diff_memory.h"
#include "object_names.h"
#include "shown_at.h"

namespace Capimg
{

/* one difference of the metadata */
struct Diff_change
{
	enum class What { GONE, CAME, CHANGED };

	What what = What::CHANGED;
	std::string kind {}; /* of an object as in JSON, or "capabilityEntry", "manifest", … */
	std::uint32_t a = Diff_side::NONE, b = Diff_side::NONE; /* positions, of an object's */
	std::string place {};                                   /* what it is if it is no object */
	Field_change field {};                                  /* of CHANGED */

	char const *word() const; /* "gone", "came", "changed" */
};

class Diff
{
  public:
	static constexpr std::uint32_t NONE = Diff_side::NONE;

	struct Options
	{
		std::optional<bool> same_boot {};
		bool only_match = false; /* match objects, compare nothing: for who compares on his own */
	};

	/* a slot that is live in both images, for different objects: positions */
	struct Slot
	{
		std::uint32_t space, index;
		std::uint32_t a, b;
	};

	/* a dataspace that both have and whose bytes differ: positions */
	struct Dataspace
	{
		std::uint32_t a, b;
		Page_map pages;
	};

	/* pages alike, in one piece of the address space of the second image, else of the first */
	struct Range
	{
		std::uint64_t offset, size, pages;
		Page_state state;
		std::optional<std::uint64_t> address; /* none: no region shows it */
	};

	using Range_visitor = std::function<void(Range const &)>;
	using Change_visitor = std::function<void(Diff_change const &)>;

  private:
	Diff_side const _a, _b;
	Diff_basis _basis;
	std::unique_ptr<Object_match> _match;
	Object_names const _names_a { _a }, _names_b { _b };
	std::uint64_t const _page;

	std::vector<std::uint32_t> _lost {}, _gained {};
	std::vector<Slot> _reused {}, _moved {};
	std::vector<Dataspace> _memory {};
	std::unique_ptr<Shown_at> mutable _shown_a {}, _shown_b {};
	std::uint64_t _changes = 0, _new_badges = 0, _unsure = 0;
	std::uint32_t _gone = 0, _came = 0;
	bool _same_metadata = false; /* the same bytes, and each object is itself */

	void _count_objects();
	void _compare_authority();
	void _compare_memory();

	struct Entries;
	void _entry(Entries const &, Change_visitor const &) const;
	void _entries(std::uint32_t space, Change_visitor const &) const;
	void _pools(Change_visitor const &) const;
	void _pool_nodes(std::uint32_t tree_a, std::uint32_t tree_b, Change_visitor const &) const;
	void _member(bool second, Metadata::Badge_node::Reader const &, std::uint64_t root,
				 Change_visitor const &) const;
	void _metadata(Change_visitor const &) const;
	void _machine(Change_visitor const &) const;
	void _sections(Change_visitor const &) const;
	void _fields(Diff_change const &, Wire::Struct_shape const &, Wire::Struct_reader const &,
				 Wire::Struct_reader const &, Change_visitor const &) const;

  public:
	Diff(Image const &a, Image const &b, Options const &);
	Diff(Image const &a, Image const &b) : Diff(a, b, Options()) {}

	bool equal() const;

	Diff_basis const &basis() const { return _basis; }
	Diff_side const &a() const { return _a; }
	Diff_side const &b() const { return _b; }
	Object_match const &match() const { return *_match; }
	Object_names const &names_a() const { return _names_a; }
	Object_names const &names_b() const { return _names_b; }

	/* ---- authority ---- */

	/* objects that were held and are no more, that were not held and are now: positions */
	std::vector<std::uint32_t> const &lost() const { return _lost; }     /* of the first image */
	std::vector<std::uint32_t> const &gained() const { return _gained; } /* of the second */

	std::vector<Slot> const &reused_slots() const { return _reused; }

	/* objects held in both at different slots; 'space' and 'index' are the second image's */
	std::vector<Slot> const &moved() const { return _moved; }

	/* ---- objects and fields ---- */

	std::uint32_t gone() const { return _gone; }
	std::uint32_t came() const { return _came; }
	std::uint64_t changes() const { return _changes; } /* gone and came included */
	std::uint64_t new_badges() const { return _new_badges; }
	std::uint64_t unsure() const { return _unsure; } /* pairs of objects */

	/* nothing gone or came, and badges differ */
	bool same_objects_new_badges() const { return !_gone && !_came && _new_badges; }

	/* gone, came, then fields of objects, then all else; always the same order */
	void for_each_change(Change_visitor const &) const;

	/* fields of one object that both have: position in the first image */
	void for_each_field(std::uint32_t position, Change_visitor const &) const;

	/* ---- memory ---- */

	std::uint64_t page_size() const { return _page; }
	std::vector<Dataspace> const &memory() const { return _memory; }
	std::uint64_t differing_pages() const;

	/* bytes that are compared: what both images have of the dataspace */
	std::uint64_t common_size(Dataspace const &) const;

	/* where the component sees a part of it */
	Shown_at::Range shown(Dataspace const &, std::uint64_t offset, std::uint64_t size) const;

	/* ascending offsets */
	void for_each_range(Dataspace const &, Range_visitor const &) const;
};

}

#endif /* CAPIMG__DIFF_H */
