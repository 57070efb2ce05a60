/*
 * Which object of one image is which object of the other
 *
 * Ids are local to an image, badges to a boot of a system, so that what is the same depends on what
 * the two images have in common ('Match_by'):
 *
 *   IDS      one was made from the other by rewriting badges: ids stay
 *   BADGES   one boot: same badge, same object, unless kind or place show that the badge was
 *            used again; objects without a badge go by role
 *   ROLES    anything else: what names an object within its component (object_role.h), what it
 *            belongs to, where it is attached, and which slot, pool and variables hold it
 *
 * Roles are tried from strong to weak, each one only where it is unique on both sides. Weak ones
 * are marked as not sure. Time grows with n log n of the objects; memory contents are read only
 * where manifests leave a question open, and at most once.
 */

#ifndef CAPIMG__OBJECT_MATCH_H
#define CAPIMG__OBJECT_MATCH_H

#include <cstdint>
#include <vector>

#include "diff_side.h"

namespace Capimg
{

enum class Match_by { IDS, BADGES, ROLES };

/* why two objects are taken for the same */
struct Match_reason
{
	char const *why;
	bool sure;
};

class Object_match
{
  public:
	static constexpr std::uint32_t NONE = Diff_side::NONE;

	/* two objects of one badge that are not the same one */
	struct Reuse
	{
		std::uint32_t a, b;
		bool sure;
	};

	Object_match(Diff_side const &a, Diff_side const &b, Match_by);

	Diff_side const &a() const { return _a; }
	Diff_side const &b() const { return _b; }

	/* position in the other image, or NONE */
	std::uint32_t in_b(std::uint32_t position_in_a) const { return _in_b[position_in_a]; }
	std::uint32_t in_a(std::uint32_t position_in_b) const { return _in_a[position_in_b]; }

	/* of an object of the first image that is in the second one */
	Match_reason const &reason(std::uint32_t position_in_a) const;

	/* ids of the two images name the same object, or both none */
	bool same(std::uint32_t id_in_a, std::uint32_t id_in_b) const;

	/* a number that ids of both images have in common if they name the same object */
	std::uint64_t canonical(bool second, std::uint32_t id) const;

	std::vector<Reuse> const &reused_badges() const { return _reused; }

	std::uint32_t pairs() const { return _pairs; }

	/* each object of one image is the one at the same position in the other */
	bool identical() const;

  private:
	friend class Matcher;

	Diff_side const &_a, &_b;
	std::vector<std::uint32_t> _in_b, _in_a;
	std::vector<std::uint8_t> _reason; /* by position in the first image */
	std::vector<Reuse> _reused {};
	std::uint32_t _pairs = 0;
};

}

#endif /* CAPIMG__OBJECT_MATCH_H */
