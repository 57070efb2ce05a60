/*
 * Writer and loader engines against memcpy
 *
 * Usage: engines RUNS throughput MIB | capabilities COUNT... | delta MIB PAGES...
 *
 * Prints one JSON object a line; times of each run in nanoseconds, taken in turns:
 *
 *   throughput    memcpy of all memory, of what is not zero; paused; write; verify; restore
 *   capabilities  take (with the paused part), write, verify, restore of a component of 1 MiB
 *   delta         take, write, and bytes of a delta with so many pages changed
 *
 * Images go to memory that was touched before.
 */

#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "capimg/checkpoint.h"
#include "capimg/loader.h"
#include "libimage/sha256.h"
#include "tests/bench/flat_system.h"
#include "tests/bench/times.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

struct Image_memory final : Engine::Sink, Engine::Source
{
	Page_bytes bytes;
	std::size_t used = 0;

	explicit Image_memory(std::size_t size) : bytes(size) {}

	Status append(Const_bytes piece) override
	{
		if (!within(used, piece.size(), bytes.size()))
			return { Code::NO_SPACE, used, "sink", piece.size(), bytes.size() };
		if (piece.base() != bytes.data() + used)
			std::memcpy(bytes.data() + used, piece.base(), piece.size());
		used += piece.size();
		return ok;
	}

	Bytes space(Capimg::size_t size) override
	{
		return within(used, size, bytes.size()) ? Bytes(bytes.data() + used, size) : Bytes();
	}

	Capimg::uint64_t size() const override { return used; }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		if (!within(offset, dst.size(), used)) return { Code::TRUNCATED, offset, "source" };
		std::memcpy(dst.base(), bytes.data() + offset, dst.size());
		return ok;
	}

	Const_bytes view(Capimg::uint64_t offset, Capimg::size_t size) override
	{
		return within(offset, size, used) ? Const_bytes(bytes.data() + offset, size)
										  : Const_bytes();
	}
};

struct Buffer
{
	std::vector<std::uint8_t> bytes;
	explicit Buffer(std::size_t size) : bytes(size) {}
	operator Bytes() { return { bytes.data(), bytes.size() }; }
};

void must(Status const &status)
{
	if (!status) return;
	std::cerr << "engines: " << error_text(status.code) << ": " << status.field << ", offset "
			  << status.offset << "\n";
	std::exit(1);
}

/* times of several kinds of work, by name */
struct Table
{
	std::map<std::string, Times> rows {};

	template <typename F>
	void measure(std::string const &name, F const &work)
	{
		rows[name].measure(work);
	}

	std::string json()
	{
		std::string text;
		for (auto &[name, times] : rows) text += ", \"" + name + "\": " + times.json();
		return text;
	}
};

struct Checkpointed
{
	Flat_origin &origin;
	Buffer work { Engine::Checkpoint::WORK_SIZE };
	Engine::Checkpoint checkpoint { origin, work };
	std::unique_ptr<Buffer> manifest {}, directory {};
	Engine::Checkpoint::Sizes sizes {};
	Sodium_sha256 hash {};

	explicit Checkpointed(Flat_origin &o) : origin(o) {}

	void run(Table &times, Image_memory &image, Engine::Image const *parent)
	{
		auto const measured = checkpoint.measure(parent);
		if (measured.failed()) must(measured.error());
		sizes = *measured;
		if (!manifest || manifest->bytes.size() < sizes.manifest)
			manifest = std::make_unique<Buffer>(sizes.manifest);
		if (!directory || directory->bytes.size() < sizes.directory)
			directory = std::make_unique<Buffer>(sizes.directory);

		Head head;
		head.set_writer("bench");
		head.machine = origin.description().machine;
		image.used = 0;
		Engine::Writer writer(head, { {}, *directory, checkpoint.writer_work() }, image, hash);
		times.measure("take", [&] { must(checkpoint.take(parent, *manifest)); });
		times.rows["paused"].samples.push_back(double(origin.resumed_at - origin.paused_at));
		times.measure("write", [&] { must(checkpoint.write(writer)); });
	}
};

struct Opened
{
	Engine::Image image;
	Buffer work { Engine::Chain::WORK_SIZE };
	std::unique_ptr<Buffer> directory {}, manifest {};
	Sodium_sha256 hash {};

	explicit Opened(Image_memory &memory) : image(memory)
	{
		auto const sizes = image.look(work);
		if (sizes.failed()) must(sizes.error());
		directory = std::make_unique<Buffer>(sizes->directory);
		manifest = std::make_unique<Buffer>(sizes->manifest);
		must(image.open(*directory, *manifest, hash));
	}
};

struct Print_refusals final : Engine::Refusal_sink
{
	void refusal(Engine::Refusal const &r) override
	{
		std::cerr << "engines: " << Engine::refusal_text(r.code) << ", object " << r.object << " "
				  << std::string(r.name.string(), r.name.size()) << "\n";
	}
};

struct No_steps final : Engine::Step_sink
{};

/* returns the bytes needed for badges */
std::size_t restore(Table &times, Image_memory &memory, Flat_target &target)
{
	Opened opened(memory);
	Engine::Image *const images[] { &opened.image };
	Engine::Chain chain(images, 1, nullptr, opened.work);
	must(chain.connect());

	Buffer badges(Engine::Loader::badges_size(opened.image.manifest()));
	target.zero();
	target.reset();
	Engine::Loader loader(chain, target, {}, badges);
	Print_refusals refusals;
	No_steps steps;
	times.measure("verify", [&] { must(loader.verify(refusals)); });
	times.measure("restore", [&] { must(loader.restore(steps)); });
	return badges.bytes.size();
}

void prepare(Flat_origin &origin, Flat_target &target)
{
	for (std::uint32_t n = 0; n < origin.objects(); n++)
		if (auto const object = origin.object(n); object.stored_size)
			target.prepare(object.id, object.stored_size);
}

void throughput(unsigned runs, std::uint64_t mib)
{
	Flat_origin origin(mib << 20, 4096, 2);
	Flat_target target;
	prepare(origin, target);
	Image_memory image((mib << 20) + (mib << 14) + (8 << 20));
	Checkpointed checkpointed(origin);

	Page_bytes from(origin.non_zero_size(), 1), to(from.size(), 2);
	Table times;
	for (unsigned i = 0; i <= runs; i++) {
		if (i == 1) times = {}; /* the first run warms up */
		times.measure("copy_all", [&] { origin.copy_all(); });
		checkpointed.run(times, image, nullptr);
		times.measure("copy_non_zero", [&] { std::memcpy(to.data(), from.data(), from.size()); });
		restore(times, image, target);
	}
	std::cout << "{\"memory\": " << origin.memory_size() << ", \"nonZero\": " << from.size()
			  << ", \"image\": " << image.used << ", \"capabilities\": " << origin.capabilities()
			  << ", \"restoreWork\": " << Engine::Chain::WORK_SIZE
			  << ", \"checkpointWork\": " << Engine::Checkpoint::WORK_SIZE << times.json() << "}\n";
}

void capabilities(unsigned runs, std::uint32_t count)
{
	Flat_origin origin(1 << 20, count, 2);
	Flat_target target;
	prepare(origin, target);
	Image_memory image(origin.memory_size() * 2 + std::size_t(count) * 400 + (8 << 20));
	Checkpointed checkpointed(origin);

	Table times;
	std::size_t badges = 0;
	for (unsigned i = 0; i <= runs; i++) {
		if (i == 1) times = {};
		checkpointed.run(times, image, nullptr);
		badges = restore(times, image, target);
	}
	std::cout << "{\"capabilities\": " << origin.capabilities()
			  << ", \"memory\": " << origin.memory_size() << ", \"image\": " << image.used
			  << ", \"manifestSize\": " << checkpointed.sizes.manifest
			  << ", \"directorySize\": " << checkpointed.sizes.directory
			  << ", \"badgesSize\": " << badges << times.json() << "}\n";
}

void delta(unsigned runs, std::uint64_t mib, std::uint64_t pages)
{
	Flat_origin origin(mib << 20, 4096, 2);
	Image_memory whole((mib << 20) + (mib << 14) + (8 << 20)), image(whole.bytes.size());
	Checkpointed checkpointed(origin);

	Table times, ignored;
	for (unsigned i = 0; i <= runs; i++) {
		if (i == 1) times = {};
		checkpointed.run(ignored, whole, nullptr);
		Opened parent(whole);
		origin.touch(pages);
		checkpointed.run(times, image, &parent.image);
	}
	std::cout << "{\"memory\": " << origin.memory_size() << ", \"pages\": " << pages
			  << ", \"image\": " << image.used << times.json() << "}\n";
}

}

int main(int argc, char **argv)
{
	if (argc < 4) {
		std::cerr
			<< "usage: engines RUNS throughput MIB | capabilities COUNT... | delta MIB PAGES...\n";
		return 2;
	}
	unsigned const runs = unsigned(std::stoul(argv[1]));
	std::string const what = argv[2];
	if (what == "throughput") throughput(runs, std::stoull(argv[3]));
	for (int i = 3; what == "capabilities" && i < argc; i++)
		capabilities(runs, std::uint32_t(std::stoul(argv[i])));
	for (int i = 4; what == "delta" && i < argc; i++)
		delta(runs, std::stoull(argv[3]), std::stoull(argv[i]));
}
