/*
 * The capability map as kernel and memory have it
 */

#include <algorithm>
#include <set>
#include <stdexcept>

#include "truth.h"

namespace Capimg::Sim
{

struct Truth::Entry
{
	uint64_t index, kcap, badge, refs;
	bool in_tree;
};

uint32_t Truth::_by_badge(uint64_t badge) const
{
	for (auto const &[id, known] : _hosted.known())
		if (badge && known.badge == badge) return id;
	throw std::runtime_error("truth: nobody has badge " + std::to_string(badge));
}

/* by the kernel; what dangles, by its badge */
uint32_t Truth::_object_of(uint64_t kcap, uint64_t badge) const
{
	auto const it = _pd.caps.find(kcap);
	if (it == _pd.caps.end()) return _by_badge(badge);
	if (it->second->badge != badge) throw std::runtime_error("truth: badge");
	return _id(it->second);
}

std::vector<Truth::Entry> Truth::_entries() const
{
	Binary const &b = _facts.binary;
	Cap_layout const &l = *b.layout;
	bool const tree = l.structure == Cap_structure::TREE;

	/* nodes of the tree, or of the list, by the address of their entry */
	std::set<uint64_t> linked;
	std::vector<uint64_t> to_do { _load(b.map.root) };
	while (!to_do.empty()) {
		uint64_t const node = to_do.back();
		to_do.pop_back();
		if (!node || !linked.insert(tree ? node - l.node_offset : node).second) continue;
		to_do.push_back(_load(node));
		if (tree) to_do.push_back(_load(node, 1));
	}

	std::vector<Entry> result;
	for (uint64_t i = 0; i < b.map.count; i++) {
		uint64_t const slot = b.map.slot(i);
		Entry const e { i, i << l.selector_shift, _memory.load(slot + l.id_offset, l.id_width),
						_memory.load(slot + l.ref_offset, l.ref_width), linked.contains(slot) };
		bool const used =
			l.kernel == Cap_kernel::FOC ? e.badge != 0 : e.refs || e.badge != l.invalid_id;
		if (used) result.push_back(e);
	}
	return result;
}

void Truth::_space(Schema::CapabilitySpace::Builder out) const
{
	Binary const &b = _facts.binary;
	Cap_layout const &l = *b.layout;
	bool const foc = l.kernel == Cap_kernel::FOC;
	auto offset = [](uint32_t o) { return uint16_t(std::min<uint32_t>(o, 0xffff)); };

	out.setPd(_id(&_pd));
	auto layout = out.initLayout();
	layout.setRelease((std::string(foc ? "foc " : "sel4 ") + l.genode).c_str());
	layout.setWordBytes(uint8_t(_word));
	layout.setStructure(l.structure == Cap_structure::TREE ? Schema::MapStructure::TREE
														   : Schema::MapStructure::LIST);
	layout.setArray(b.map.array);
	layout.setCount(uint32_t(b.map.count));
	layout.setStride(l.stride);
	layout.setRoot(b.map.root);
	layout.setNodeOffset(offset(l.node_offset));
	layout.setDepthOffset(offset(l.depth_offset));
	layout.setIdOffset(offset(l.id_offset));
	layout.setIdWidth(l.id_width);
	layout.setRefOffset(offset(l.ref_offset));
	layout.setRefWidth(l.ref_width);
	layout.setSocketOffset(offset(l.socket_offset));
	layout.setForeignOffset(offset(l.foreign_offset));
	layout.setSelectorShift(l.selector_shift);
	layout.setHasSelectors(true);
	layout.setInvalidId(l.invalid_id);
	layout.setMaxBadge(l.max_badge);
	layout.setBadgeStep(uint32_t(l.badge_step));
	layout.setAllocatorLock(foc ? b.map.array - 4 : 0);
	layout.setTreeLock(b.tree_lock);

	auto const entries = _entries();
	auto list = out.initEntries(unsigned(entries.size()));
	for (unsigned i = 0; i < entries.size(); i++) {
		Entry const &e = entries[i];
		auto entry = list[i];
		entry.setKcap(e.kcap);
		entry.setIndex(uint32_t(e.index));
		entry.setRefCount(uint32_t(e.refs));
		entry.setInTree(e.in_tree);

		if (auto const it = _pd.caps.find(e.kcap); it != _pd.caps.end()) {
			Kind const kind = it->second->kind;
			entry.setKind(kind == Kind::PARENT      ? Schema::EntryKind::PARENT
						  : kind == Kind::GATE      ? Schema::EntryKind::THREAD_GATE
						  : kind == Kind::SEMAPHORE ? Schema::EntryKind::IRQ
													: Schema::EntryKind::GATE);
			entry.setOrigin(kind == Kind::PARENT ? Schema::EntryOrigin::PARENT
							: kind == Kind::RPC  ? Schema::EntryOrigin::CHILD_LOCAL
												 : Schema::EntryOrigin::CORE);
		}
		if (e.badge == 0 || e.badge == l.invalid_id) {
			entry.setState(Schema::EntryState::EMPTY);
			entry.setRawId(e.badge);
		} else if (!e.in_tree) {
			entry.setState(Schema::EntryState::STALE);
			entry.setObject(_by_badge(e.badge));
		} else {
			entry.setObject(_object_of(e.kcap, e.badge));
		}
	}
}

/* the pools of entrypoints, which are told by the program and not found */
void Truth::_trees(Schema::Manifest::Builder out) const
{
	Binary const &b = _facts.binary;
	std::map<uint64_t, std::map<uint64_t, uint32_t>> pools;

	for (auto const &p : _facts.programs) {
		if (p.routine != SERVER && p.routine != PLAIN_SERVER) continue;
		uint64_t const tree = b.pool_tree(p.data);
		std::vector<uint64_t> to_do { _load(tree) };
		while (!to_do.empty()) {
			uint64_t const node = to_do.back();
			to_do.pop_back();
			if (!node) continue;
			to_do.push_back(_load(node));
			to_do.push_back(_load(node, 1));
			uint64_t const slot = _load(node, 4), index = (slot - b.map.array) / b.map.stride,
						   badge = _memory.load(slot + b.layout->id_offset, b.layout->id_width);
			pools[tree][node] = _object_of(index << b.layout->selector_shift, badge);
		}
	}

	auto trees = out.initBadgeTrees(unsigned(pools.size()));
	unsigned i = 0;
	for (auto const &[root, members] : pools) {
		auto tree = trees[i++];
		tree.setRole(Schema::TreeRole::OBJECT_POOL);
		tree.setRoot(root);
		tree.setCapabilityOffset(4 * _word);
		auto nodes = tree.initNodes(unsigned(members.size()));
		unsigned k = 0;
		for (auto const &[address, object] : members) {
			nodes[k].setAddress(address);
			nodes[k++].setObject(object);
		}
	}
}

void Truth::_raw_badges(Schema::Manifest::Builder out) const
{
	struct Spot
	{
		Schema::RawBadgePlace place;
		uint64_t address;
		unsigned width;
		uint32_t object, thread;
		unsigned word;
	};
	using Place = Schema::RawBadgePlace;
	std::vector<Spot> spots { { Place::PARENT_CAPABILITY, _facts.binary.parent_word, _word,
								_id(_pd.parent), 0, 0 } };

	for (Thread const *t : _pd.threads) {
		if (!t || !t->started()) continue;
		uint32_t const id = _id(t);
		bool const sends = t->run == Thread::Run::SENDING || t->run == Thread::Run::REPLY;
		if (sends) {
			spots.push_back({ Place::UTCB, 0, 8, _id(t->target), id, DESTINATION });
			if (t->utcb[CAP_COUNT] && t->utcb[CAP_BADGE])
				spots.push_back({ Place::UTCB, 0, 8,
								  _object_of(t->utcb[CAP_KCAP], t->utcb[CAP_BADGE]), id,
								  CAP_BADGE });
		}
		if (t->run == Thread::Run::READY && t->reg[IP] == code_address(PLAIN_SERVER, 2)) {
			uint32_t const object = _by_badge(t->utcb[DESTINATION]);
			spots.push_back({ Place::UTCB, 0, 8, object, id, DESTINATION });
			spots.push_back({ Place::REGISTER, 0, _word, object, id, SI });
		}
	}

	auto list = out.initRawBadges(unsigned(spots.size()));
	for (unsigned i = 0; i < spots.size(); i++) {
		list[i].setPlace(spots[i].place);
		list[i].setAddress(spots[i].address);
		list[i].setWidth(uint8_t(spots[i].width));
		list[i].setObject(spots[i].object);
		list[i].setThread(spots[i].thread);
		list[i].setWord(spots[i].word);
	}
}

}
