#include "object_evidence.h"

#include <algorithm>
#include <array>

namespace Capimg
{

bool Evidence::same_slot() const
{
	return both_held() && _a.space == _b.space &&
		   _side_a.entry(_a).index() == _side_b.entry(_b).index();
}

bool Evidence::same_pool() const
{
	return both_pooled() && _side_a.pool_root(_a) == _side_b.pool_root(_b);
}

bool Evidence::fixed_selector() const
{
	using Kind = Metadata::Entry_kind;
	static constexpr std::array FIXED { Kind::THREAD_GATE, Kind::PARENT, Kind::THREAD, Kind::TASK,
										Kind::IRQ };
	if (!same_slot()) return false;
	Kind const kind = _side_a.entry(_a).kind();
	return kind == _side_b.entry(_b).kind() && std::ranges::find(FIXED, kind) != FIXED.end();
}

std::optional<bool> Evidence::word() const
{
	if (_a.pooled() == _b.pooled()) return {};
	return _a.pooled() ? _side_b.holds(_side_a.pool_word(_a), _b)
					   : _side_a.holds(_side_b.pool_word(_b), _a);
}

/*
 * Number of addresses that are variables of both
 *
 * The word next to a node is no variable: of two objects at one node it says nothing more.
 */
std::size_t Evidence::_common(std::size_t &larger) const
{
	auto const a = _side_a.variables(_a), b = _side_b.variables(_b);
	bool const leave_out = same_node();
	std::uint64_t const word = leave_out ? _side_a.pool_word(_a) : 0;
	auto const count = [&](auto const &all) {
		return all.size() -
			   (leave_out &&
				std::ranges::find(all, word, &Capability_refs::Ref::address) != all.end());
	};
	larger = std::max(count(a), count(b));

	std::size_t common = 0;
	for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
		std::uint64_t const x = a[i].address, y = b[k].address;
		common += x == y && !(leave_out && x == word);
		i += x <= y;
		k += y <= x;
	}
	return common;
}

bool Evidence::common_variables() const
{
	std::size_t larger = 0;
	return _common(larger) > 0;
}

bool Evidence::same_variables() const
{
	std::size_t larger = 0;
	std::size_t const common = _common(larger);
	return common && 2 * common >= larger;
}

bool Evidence::contradicts() const
{
	if (both_pooled()) return !same_pool();
	return pooled() && word() == std::optional(false);
}

bool Evidence::contradicts_in_one_boot() const
{
	if (both_held() && pooled() && !same_slot()) return true;
	return both_pooled() ? !same_node() : contradicts();
}

}
