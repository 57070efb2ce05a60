/*
 * What two images changed since a third, and where both did
 *
 * Both are compared with the base, and with each other only where both changed the same thing: a
 * field of an object, the occupant of a slot, a page. What one side removed and the other changed
 * is a conflict, too. The images must outlive the object. Throws 'Image_error', LIMIT above
 * 'MAX_CHANGES'. Not thread-safe.
 */

#ifndef CAPIMG__DIFF_THREE_WAY_H
#define CAPIMG__DIFF_THREE_WAY_H

#include <map>
#include <set>

#include "diff.h"

namespace Capimg
{

class Diff_three_way
{
  public:
	/* a side's changes are held in memory: about 256 bytes for each of them */
	static constexpr std::size_t MAX_CHANGES = 1024 * 1024;

	enum class By { A, B, BOTH };

	/* one difference of the metadata */
	struct Change
	{
		By by = By::A;
		bool conflict = false; /* both, and not in the same way */
		std::string kind {};   /* as of Diff_change */
		std::string change {}; /* "gone", "came", "changed" */
		std::string name {};   /* of the object, or what it is if it is none */
		std::uint32_t id = 0;  /* of the object, in the first image that has it; 0: it is none */
		std::string field {};
		Json base {}, a {}, b {};
	};

	/* pages alike, of a dataspace */
	struct Range
	{
		std::uint64_t offset, size, pages;
		By by;
		bool conflict;
		std::optional<std::uint64_t> address;
	};

	struct Dataspace
	{
		std::uint32_t base;                         /* position in the base */
		std::uint64_t size;                         /* what all that have it have in common */
		std::vector<Diff::Dataspace const *> diffs; /* with A, with B, or null */
		std::optional<Page_map> between {};         /* of A and B, where both changed pages */
	};

	using Range_visitor = std::function<void(Range const &)>;

  private:
	/* sorts slots before objects before the rest; then which one, then the field */
	using Key = std::tuple<int, std::uint64_t, std::string>;

	Diff const _oa, _ob;
	Diff const _ab; /* matched only */
	std::map<Key, Change> _changes {};
	std::vector<Dataspace> _memory {};
	std::uint64_t _conflicts = 0;

	Diff const &_diff(bool second) const { return second ? _ob : _oa; }
	bool _same(Json const &a, Json const &b) const;
	void _add(bool second, Key const &, Change);
	std::uint64_t _new_object(bool second, std::uint32_t position) const;
	void _collect_slots(bool second);
	void _collect_changes(bool second);
	void _collect_badges(bool second);
	void _collect_memory();
	void _find_conflicts();

  public:
	Diff_three_way(Image const &base, Image const &a, Image const &b, Diff::Options const &);

	/* neither changed anything */
	bool equal() const { return _oa.equal() && _ob.equal(); }

	/* differences, and dataspaces, in which both sides wrote different things */
	std::uint64_t conflicts() const { return _conflicts; }

	Diff const &base_to_a() const { return _oa; }
	Diff const &base_to_b() const { return _ob; }

	std::map<Key, Change> const &changes() const { return _changes; }
	std::vector<Dataspace> const &memory() const { return _memory; }

	void for_each_range(Dataspace const &, Range_visitor const &) const;
};

}

#endif /* CAPIMG__DIFF_THREE_WAY_H */
