#include "migration.h"

#include <sstream>

#include "capimg/sha256.h"

namespace Capimg::Sim
{

using namespace Engine;

std::string text(Status const &s)
{
	std::ostringstream out;
	if (s)
		out << error_text(s.code) << ", " << s.field << ", offset " << s.offset << ", value "
			<< s.value;
	return out.str();
}

Policy default_policy()
{
	Policy policy {};
	policy.open_anew = true;
	return policy;
}

Status Open_image::open()
{
	std::vector<uint8_t> work(Image::LOOK_WORK);
	auto const sizes = image.look(Bytes(work.data(), work.size()));
	if (sizes.failed()) return sizes.error();
	_directory.resize(sizes->directory);
	_manifest.resize(sizes->manifest);
	Plain_sha256 hash;
	return image.open(Bytes(_directory.data(), _directory.size()),
					  Bytes(_manifest.data(), _manifest.size()), hash);
}

Status Open_chain::open(std::vector<Image_bytes const *> const &bytes, Faults &faults)
{
	for (Image_bytes const *b : bytes) {
		images.push_back(std::make_unique<Open_image>(*b, faults));
		if (Status const s = images.back()->open()) return s;
	}
	return ok;
}

std::vector<Image const *> Open_chain::older() const
{
	std::vector<Image const *> result;
	for (size_t i = 1; i < images.size(); i++) result.push_back(&images[i]->image);
	return result;
}

Status Checkpointer::take(Image_bytes &out, std::vector<Image_bytes const *> const &parents,
						  std::function<void()> const &between)
{
	Faults &faults = _node.ecu.faults;
	Open_chain chain;
	if (Status const s = chain.open(parents, faults)) return s;
	auto const older = chain.older();
	Parents const previous =
		parents.empty() ? Parents()
						: Parents(&chain.images[0]->image, older.data(), unsigned(older.size()));

	std::vector<uint8_t> work(Checkpoint::WORK_SIZE + 4096), writer_work(Writer::WORK_SIZE);
	Checkpoint checkpoint(origin, Bytes(work.data(), work.size()));

	/* while a map's tree is being changed it is not found */
	auto sizes = checkpoint.measure(previous);
	for (unsigned i = 0; i < 100 && sizes.failed() && sizes.error().code == Code::NOT_FOUND; i++) {
		_node.running().run(3);
		sizes = checkpoint.measure(previous);
	}
	if (sizes.failed()) return sizes.error();

	/* it runs on until it is paused */
	std::vector<uint8_t> manifest(sizes->manifest + 4096), directory(sizes->directory + 4096);
	Status const taken = checkpoint.take(previous, Bytes(manifest.data(), manifest.size()));
	effort = checkpoint.effort();
	if (taken) return taken;
	if (between) between();

	Head head {};
	head.machine = machine_of(_node.ecu.layout);
	head.set_writer("sim");
	Image_sink sink(faults);
	Plain_sha256 hash;
	Writer writer(head,
				  { {},
					Bytes(directory.data(), directory.size()),
					Bytes(writer_work.data(), writer_work.size()) },
				  sink, hash);
	Status const written = checkpoint.write(writer);
	effort = checkpoint.effort();
	if (!written) out = std::move(sink.bytes);
	return written;
}

void Restorer::Refusals::refusal(Refusal const &r)
{
	codes.push_back(r.code);
	text += std::string(", ") + refusal_name(r.code) + " " + std::to_string(r.object) + " " +
			std::string(r.name.string(), r.name.size()) + " " + std::to_string(r.image);
}

void Restorer::Watch::step(Step const &step, bool undo)
{
	owner->steps++;
	if (undo || looked || step.phase != Phase::START) return;
	looked = true;
	if (!owner->captured.empty())
		owner->difference = compare_memory(owner->captured, *owner->_node.hosted, owner->_facts);
	if (!owner->difference.empty()) return;
	Running now(owner->_node.ecu, *owner->_node.hosted->pd, owner->_facts.binary);
	owner->difference = check_capabilities(now, owner->_facts);
}

Status Restorer::restore(std::vector<Image_bytes const *> const &images, Policy const &policy)
{
	if (Status const s = _chain_images.open(images, _node.ecu.faults)) return s;
	for (auto const &i : _chain_images.images) _images.push_back(&i->image);
	_chain_work.resize(Chain::WORK_SIZE);
	_chain = std::make_unique<Chain>(_images.data(), unsigned(_images.size()), codec,
									 Bytes(_chain_work.data(), _chain_work.size()));
	if (Status const s = _chain->connect()) return s;

	_badges.resize(Loader::badges_size(_chain->newest().manifest()));
	loader =
		std::make_unique<Loader>(*_chain, target, policy, Bytes(_badges.data(), _badges.size()));
	if (Status const s = loader->verify(refusals)) return s;
	Watch watch;
	watch.owner = this;
	if (Status const s = loader->restore(watch)) return s;
	_node.run(_facts);
	return ok;
}

/* addresses at which badges, and the trees that they order, stand */
static bool patched(uint64_t addr, Facts const &facts, Address_space const &memory)
{
	Binary const &b = facts.binary;
	uint64_t const word = b.word(), node = 3 * word + 1;
	auto in = [&](uint64_t start, uint64_t size) { return addr - start < size; };

	if (in(b.parent_word, word) || in(b.map.root, node)) return true;
	if (in(b.map.array, b.map.size())) {
		uint64_t const offset = (addr - b.map.array) % b.map.stride;
		bool const linked =
			b.layout->structure == Cap_structure::TREE && offset - b.layout->node_offset < node;
		return linked || offset - b.layout->id_offset < b.layout->id_width;
	}
	for (auto const &rpc : facts.rpcs)
		if (in(b.object_node(rpc.object), node)) return true;
	for (auto const &p : facts.programs) {
		if (p.routine != SERVER && p.routine != PLAIN_SERVER) continue;
		if (in(b.pool_tree(p.data), node)) return true;
		uint64_t const start = memory.load(p.data + Field::FIRST_BLOCK * word, unsigned(word)),
					   end = memory.load(p.data + Field::BLOCK * word, unsigned(word)),
					   size = Binary::OBJECT_WORDS * word;
		if (addr < start || addr >= end) continue;
		uint64_t const object = start + (addr - start) / size * size;
		if (in(b.object_node(object), node)) return true;
	}
	return false;
}

std::string compare_memory(std::map<uint32_t, std::vector<uint8_t>> const &captured,
						   Hosted const &hosted, Facts const &facts)
{
	std::ostringstream out;
	Address_space const memory(hosted.ecu(), *hosted.pd);
	for (auto const &[id, before] : captured) {
		Dataspace const *const ds = hosted.get<Dataspace>(id);
		if (!ds || ds->bytes.size() != before.size()) {
			out << "dataspace " << id << " is not there";
			return out.str();
		}
		for (size_t i = 0; i < before.size(); i++) {
			if (before[i] == ds->bytes[i]) continue;
			bool expected = false;
			uint64_t at = 0;
			for (auto const &[addr, p] : memory.pieces())
				if (p.dataspace == ds && i - p.offset < p.size) {
					at = addr + (i - p.offset);
					expected = expected || patched(at, facts, memory);
				}
			if (expected) continue;
			out << "memory differs at " << at << ", dataspace " << id << ", offset " << i;
			return out.str();
		}
	}
	return {};
}

}
