/*
 * How 'Object_match' (object_match.h) is made: one object of this is one run
 */

#ifndef CAPIMG__OBJECT_MATCHER_H
#define CAPIMG__OBJECT_MATCHER_H

#include <optional>
#include <utility>
#include <vector>

#include "object_match.h"
#include "object_role.h"

namespace Capimg
{

/* fills an Object_match */
class Matcher
{
  public:
	/* why two objects were paired; numbers of roles follow */
	enum Reason : std::uint8_t {
		ID,
		BADGE,
		BADGE_AND_SLOT,
		BADGE_AND_VARIABLE,
		OWNER,
		FIXED_SLOT,
		SLOT_AND_NODE,
		SLOT_AND_VARIABLES,
		NODE_AND_VARIABLES,
		SLOT_AND_WORD,
		NODE,
		SLOT_AND_POOL,
		SLOT_AND_A_VARIABLE,
		SLOT,
		VARIABLES,
		REFERENCE,
		ORDER,
		ONLY,
		REASONS
	};

  private:
	using Positions = std::vector<std::uint32_t>;
	static constexpr std::uint32_t NONE = Diff_side::NONE;

	Object_match &_match;
	Diff_side const &_a, &_b;
	Match_by const _by;
	std::vector<std::pair<std::uint32_t, std::uint32_t>> _new {}; /* not yet looked behind */

	Diff_side const &_side(bool second) const { return second ? _b : _a; }

	bool _free(bool second, std::uint32_t at) const
	{
		return (second ? _match._in_a : _match._in_b)[at] == NONE;
	}

	/* within one boot badges alone decide, where both have one */
	bool _role_allowed(Metadata::Object::Reader const &a, Metadata::Object::Reader const &b) const
	{
		return kind_class(a.which()) == kind_class(b.which()) &&
			   (_by != Match_by::BADGES || !a.badge() || !b.badge());
	}

	void _pair(std::uint32_t a, std::uint32_t b, std::uint8_t reason)
	{
		_match._in_b[a] = b;
		_match._in_a[b] = a;
		_match._reason[a] = reason;
		_match._pairs++;
		_new.emplace_back(a, b);
	}

	/* pair two objects if nothing speaks against it */
	void _candidate(std::uint32_t a, std::uint32_t b, std::uint8_t reason)
	{
		if (a == NONE || b == NONE || !_free(false, a) || !_free(true, b)) return;
		if (_role_allowed(_a.object(a), _b.object(b))) _pair(a, b, reason);
	}

	Positions _free_ones(bool second, std::optional<Metadata::Object::Which> which = {}) const;

	template <typename KEY, typename FN>
	void _unique(Positions const &a, Positions const &b, KEY const &key, FN const &fn) const;

	void _ids();
	void _badges();
	void _badge_pair(std::uint32_t a, std::uint32_t b);
	void _own_names(bool sure);
	void _slots(bool sure);
	void _nodes(bool sure);
	void _variables();
	void _orders();

	void _behind(Wire::Struct_shape const &, Wire::Struct_reader const &,
				 Wire::Struct_reader const &, std::uint8_t reason, bool owning);
	void _behind_list(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &,
					  std::uint8_t reason, bool owning);
	void _behind_all(bool owning);

  public:
	Matcher(Object_match &match, Match_by by) : _match(match), _a(match._a), _b(match._b), _by(by)
	{}

	void run();
};

}

#endif /* CAPIMG__OBJECT_MATCHER_H */
