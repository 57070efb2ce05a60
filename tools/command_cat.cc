#include <array>
#include <unistd.h>

#include "command.h"
#include "libimage/temporary_file.h"
#include "memory_range.h"

namespace Capimg
{

static void run(Memory_range const &range, Context const &context)
{
	context.out().refuse_binary("memory");

	std::array<std::byte, 65536> buffer;
	std::uint64_t const absent =
		range.visit(context.limits.reading, Memory_range::Cost::BYTES,
					[&](std::uint64_t at, Dataspace_reader::Run const &run, auto const &read) {
						for (std::uint64_t size = run.size; size;) {
							std::span<std::byte> const part(
								buffer.data(), std::min<std::uint64_t>(size, buffer.size()));
							read(at, part);
							write_all(STDOUT_FILENO, part, "-");
							at += part.size();
							size -= part.size();
						}
					});
	if (absent) warn(context, std::to_string(absent) + " bytes were not captured: written as zero");
}

static void add(Arguments app, Context &context)
{
	auto const range = std::make_shared<Memory_range>();
	range->add(app);
	app.callback([range, &context] { run(*range, context); });
}

Command const command_cat { "cat", "Write memory to standard output",
							"capimg cat component.img --dataspace 3 > heap.bin\n"
							"capimg cat component.img --vaddr 0x1000000 --size 64 | xxd",
							add };

}
