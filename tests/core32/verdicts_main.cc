/*
 * What core and the engines say of images, as text: one build with 32 bit, one with 64
 *
 * Usage: verdicts FILE...
 *
 * A line for each step and file. The two builds must print the same: a size, an offset or a count
 * that lost its upper half would show. An image may begin anywhere in a file, as fuzz inputs have
 * flags in front. Compressed blocks are not decoded: there is no 32-bit library of the codecs.
 */

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "capimg/chain_contents.h"
#include "capimg/memory_check.h"
#include "capimg/sha256.h"
#include "capimg/space_memory.h"
#include "libimage/core/badge_compare.h"
#include "libimage/core/cap_find.h"
#include "libimage/core/checksum.h"
#include "libimage/core/manifest_check.h"
#include "tests/support/engine_chain.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using U = unsigned long long;

void say(char const *step, Error const &e)
{
	std::printf("  %s: %u at %llu, %s, %llu of %llu\n", step, unsigned(e.code), U(e.offset),
				e.field, U(e.value), U(e.limit));
}

/* a checksum of numbers */
class Mix
{
	Capimg::uint64_t _state[2] {};

  public:
	void add(Capimg::uint64_t value)
	{
		_state[1] = value;
		_state[0] = checksum({ _state, sizeof(_state) });
	}
	U value() const { return _state[0]; }
};

struct Differences final : Badge_difference_sink
{
	Mix mix {};
	unsigned count = 0;

	bool difference(Badge_difference const &d) override
	{
		for (Capimg::uint64_t const v :
			 { Capimg::uint64_t(d.kind), d.address, d.index, d.tree, d.manifest, d.memory,
			   Capimg::uint64_t(d.error.code), d.error.offset, d.error.value, d.error.limit })
			mix.add(v);
		return ++count < 10000;
	}
};

/* a system that has everything */
class Anything final : public Engine::Environment
{
	Head const &_head;
	Metadata::Manifest::Reader const &_manifest;

  public:
	Anything(Head const &head, Metadata::Manifest::Reader const &m) : _head(head), _manifest(m) {}

	Machine machine() const override { return _head.machine; }
	Metadata::Kernel kernel() const override { return _manifest.kernel(); }
	Wire::Text genode_version() const override { return {}; }
	Capimg::uint64_t highest_badge() const override { return 0xffffff; }
	Capimg::uint32_t fpu_size() const override { return 512; }
	bool has_cpu_feature(Wire::Text) const override { return true; }
	Result<Engine::Module_info> module(Wire::Text) const override { return Engine::Module_info(); }
	bool provides(Wire::Text, Wire::Text) const override { return true; }
	bool has_external(Wire::Text, Wire::Text) const override { return true; }
	Capimg::uint64_t ram_quota() const override { return 1ull << 33; }
	Capimg::uint64_t cap_quota() const override { return 1ull << 33; }
};

struct Refusals final : Engine::Refusal_sink
{
	Mix mix {};
	unsigned count = 0;

	void refusal(Engine::Refusal const &r) override
	{
		for (Capimg::uint64_t const v :
			 { Capimg::uint64_t(r.code), Capimg::uint64_t(r.object), r.image, r.target })
			mix.add(v);
		count++;
	}
};

void look_at_memory(Engine::Chain &chain, std::uint32_t pd, unsigned space)
{
	auto const &manifest = chain.newest().manifest();
	Engine::Chain_contents contents(chain);
	Engine::Space_memory const memory(manifest, pd, contents);
	say("space", memory.status());

	Mix pieces;
	unsigned count = 0;
	for (Capimg::uint64_t at = 0; count < 2000; count++) {
		auto const piece = memory.piece_from(at);
		if (piece.failed()) break;
		for (Capimg::uint64_t const v :
			 { piece->address, piece->size, Capimg::uint64_t(piece->dataspace), piece->offset })
			pieces.add(v);
		at = piece->last() + 1;
		if (!at) break;
	}
	std::printf("  %u pieces %llx\n", count, pieces.value());

	Mix extents;
	count = 0;
	for (Capimg::uint64_t at = 0; count < 2000; count++) {
		auto const extent = memory.extent_from(at);
		if (extent.failed()) break;
		extents.add(extent->addr);
		extents.add(extent->size);
		at = extent->addr + extent->size;
		if (!at) break;
	}
	std::printf("  %u extents %llx\n", count, extents.value());

	if (space < manifest.capability_spaces().size()) {
		Exact_bytes const work(Badge_comparison::work_size(manifest));
		Differences differences;
		say("compare",
			Badge_comparison(manifest, space, memory, work.bytes(), differences, true).run());
		std::printf("  %u differences %llx\n", differences.count, differences.mix.value());
	}
	static Exact_bytes const work(CAP_FIND_WORK);
	Cap_find_result found;
	say("search", find_cap_maps(memory, {}, work.bytes(), found));
	for (unsigned i = 0; i < found.count; i++) {
		Cap_candidate const &c = found.candidates[i];
		std::printf("  map %llx of %llu, root %llx, %llu nodes, %llu used\n", U(c.map.array),
					U(c.map.count), U(c.map.root), U(c.nodes), U(c.used));
	}
	say("failure", memory.failure());
}

void plan(Engine::Chain &chain)
{
	auto const &manifest = chain.newest().manifest();
	/* sizes of working memory differ between the builds, and are not said */
	Exact_bytes const work(Engine::Restore_plan::work_size(manifest));
	Engine::Restore_plan plan(manifest, work.bytes());
	if (Status const status = plan.open()) return say("plan", status);

	Mix steps;
	for (std::uint32_t i = 0; i < plan.steps(); i++) {
		steps.add(Capimg::uint64_t(plan.step(i).phase));
		steps.add(plan.step(i).object);
	}
	auto const need = plan.need();
	std::printf("  %u steps %llx, needs %llu bytes, %llu capabilities\n", plan.steps(),
				steps.value(), U(need.ram), U(need.caps));
	Refusals refusals;
	plan.check(chain.newest().head(), Anything(chain.newest().head(), manifest), {}, refusals);
	Exact_bytes const more(Badge_comparison::work_size(manifest));
	say("memory", check_memory(chain, plan, {}, more.bytes(), refusals));
	std::printf("  %u refusals %llx\n", refusals.count, refusals.mix.value());
}

void look_at(std::span<std::byte const> bytes)
{
	Memory_source source(bytes);
	Engine::Plain_sha256 hash;
	std::vector<Engine::Source *> sources { &source };
	Opened_chain opened(sources, nullptr, hash);
	say("open", opened.images[0].status);
	if (opened.images[0].status) return;

	/* what only a chain needs: parents and codecs are not here */
	auto const &manifest = opened.chain().newest().manifest();
	std::printf("  %u objects, %llu blocks\n", manifest.objects().size(),
				U(opened.chain().newest().blocks()));
	say("connect", opened.status);
	if (opened.status) return;

	/* large ones take long with any number of bits */
	if (opened.chain().newest().blocks() <= 1 << 15) say("verify", opened.chain().verify());
	auto const spaces = manifest.capability_spaces();
	std::uint32_t pd = spaces.size() ? spaces[0].pd() : 0;
	for (std::uint32_t i = 0; i < manifest.objects().size() && !pd; i++)
		if (manifest.objects()[i].which() == Metadata::Object::Which::PD_SESSION)
			pd = manifest.objects()[i].id();
	if (opened.chain().newest().blocks() > 1 << 15) return;
	look_at_memory(opened.chain(), pd, 0);
	plan(opened.chain());
}

}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		std::ifstream in(argv[i], std::ios::binary);
		std::string const content { std::istreambuf_iterator<char>(in), {} };
		if (!in) return 1;
		char const *const name = std::strrchr(argv[i], '/');
		std::printf("%s\n", name ? name + 1 : argv[i]);

		std::size_t const at = content.find("\x89"
											"CAPIMG\n");
		std::size_t const begin = at == std::string::npos ? 0 : at;
		look_at(std::as_bytes(std::span(content)).subspan(begin));
	}
	return argc > 1 ? 0 : 2;
}
