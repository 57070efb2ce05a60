#include "diff_basis.h"

#include <algorithm>
#include <array>

namespace Capimg
{

char const *Diff_basis::name() const
{
	static constexpr std::array NAMES { "state", "lineage", "epoch", "asked", "assumed" };
	return NAMES[std::size_t(kind)];
}

bool same_state(Image const &a, Image const &b)
{
	if (!(a.trailer().state == b.trailer().state) || a.block_size() != b.block_size() ||
		!(a.head().machine == b.head().machine) || a.blocks() != b.blocks() ||
		!std::ranges::equal(a.manifest_bytes(), b.manifest_bytes()))
		return false;

	for (std::uint64_t i = 0; i < a.directory().chunks(); i++)
		if (a.directory().chunk(i).content_digest != b.directory().chunk(i).content_digest)
			return false;
	return true;
}

namespace
{

using Digest = std::string;

Digest digest_of(Image const &image)
{
	auto const &bytes = image.trailer().state.bytes;
	return { reinterpret_cast<char const *>(bytes), sizeof(bytes) };
}

bool keeps_ids(std::string_view action)
{
	return action == "rewrite" || action == "convert" || action == "squash";
}

/* the state digests that an image was made from with all ids kept, its own first */
std::vector<Digest> lineage(Image const &image)
{
	std::vector<Digest> digests { digest_of(image) };
	auto const records = image.provenance().getRecords();
	for (unsigned i = records.size(); i--;) {
		if (!keeps_ids(std::string_view(records[i].getAction().cStr()))) break;
		auto const source = records[i].getSource();
		digests.emplace_back(reinterpret_cast<char const *>(source.begin()), source.size());
	}
	return digests;
}

bool related(Image const &a, Image const &b)
{
	std::vector<Digest> const of_a = lineage(a);
	std::vector<Digest> of_b = lineage(b);
	std::ranges::sort(of_b);
	return std::ranges::any_of(of_a, [&](Digest const &digest) {
		return digest.size() == State_digest::SIZE && std::ranges::binary_search(of_b, digest);
	});
}

bool rewritten(Image const &image)
{
	for (auto const record : image.provenance().getRecords())
		if (std::string_view(record.getAction().cStr()) == "rewrite") return true;
	return false;
}

/* compare badges slot by slot, as far as slots are live in both */
void count_slots(Diff_side const &a, Diff_side const &b, Diff_basis &basis)
{
	auto const spaces_a = a.manifest().capability_spaces();
	auto const spaces_b = b.manifest().capability_spaces();

	for (std::uint32_t s = 0; s < std::min(spaces_a.size(), spaces_b.size()); s++) {
		auto const x = spaces_a[s].entries(), y = spaces_b[s].entries();
		for (std::uint32_t i = 0, k = 0; i < x.size() && k < y.size();) {
			std::uint32_t const ix = x[i].index(), iy = y[k].index();
			if (ix == iy && x[i].state() == Metadata::Entry_state::LIVE &&
				y[k].state() == Metadata::Entry_state::LIVE)
			{
				std::uint32_t const at_a = a.position(x[i].object());
				std::uint32_t const at_b = b.position(y[k].object());
				if (at_a != Diff_side::NONE && at_b != Diff_side::NONE) {
					basis.slots++;
					basis.equal_badges += a.object(at_a).badge() == b.object(at_b).badge();
				}
			}
			i += ix <= iy;
			k += iy <= ix;
		}
	}
}

}

Diff_basis find_basis(Diff_side const &a, Diff_side const &b, std::optional<bool> same_boot)
{
	Diff_basis basis;
	count_slots(a, b, basis);

	auto const decide = [&](Diff_basis::Kind kind, Match_by by, std::string why) {
		basis.kind = kind;
		basis.match_by = by;
		basis.why = std::move(why);
		return basis;
	};
	using Kind = Diff_basis::Kind;

	if (same_boot)
		return decide(Kind::ASKED, *same_boot ? Match_by::BADGES : Match_by::ROLES,
					  *same_boot ? "taken for one boot, as asked"
								 : "taken for different boots, as asked");
	if (related(a.image(), b.image()))
		return decide(Kind::LINEAGE, Match_by::IDS,
					  "provenance says that one was made from the other, or both from a third");

	Const_bytes const epoch_a = a.manifest().epoch(), epoch_b = b.manifest().epoch();
	if (!epoch_a.empty() && !epoch_b.empty()) {
		if (!(epoch_a == epoch_b))
			return decide(Kind::EPOCH, Match_by::ROLES, "different epochs: different boots");
		if (rewritten(a.image()) || rewritten(b.image()))
			return decide(Kind::EPOCH, Match_by::ROLES,
						  "one epoch, but badges were rewritten since");
		return decide(Kind::EPOCH, Match_by::BADGES, "one epoch: one boot");
	}

	bool const same = basis.equal_badges && 2 * basis.equal_badges >= basis.slots;
	std::string const figures = std::to_string(basis.equal_badges) + " of " +
								std::to_string(basis.slots) +
								" slots live in both hold the same badge";
	return decide(Kind::ASSUMED, same ? Match_by::BADGES : Match_by::ROLES,
				  (same ? "one boot: " : "different boots: ") + figures);
}

}
