#include "memory_range.h"

#include "libimage/image_error.h"
#include "libimage/json_value.h"
#include "libimage/scan_memory.h"
#include "profile_options.h"

namespace Capimg
{

void Memory_range::add(Arguments app)
{
	app.option("IMAGE", image, "Image, '-' for standard input").required().type_name("FILE");

	parents.add(app);

	auto const by_id =
		app.option("--dataspace", dataspace, "A dataspace, by its object id").type_name("ID");
	auto const by_address = app.option("--vaddr", vaddr, "An address in the component")
								.type_name("ADDR")
								.excludes(by_id);
	by_id.excludes(by_address);
	app.option("--offset", offset, "Start at this offset of the dataspace")
		.type_name("N")
		.needs(by_id);
	app.option("--size", size, "Bytes (default: to the end of dataspace or region)")
		.type_name("SIZE");
}

[[noreturn]] static void fail(std::string field, std::string message, std::string hint)
{
	throw Image_error(
		{ {}, Code::BAD_ARGUMENT, {}, std::move(field), std::move(message), std::move(hint) });
}

/* walk runs of one kind; the source is a dataspace or an address space */
template <typename RUN, typename READ>
static std::uint64_t walk(std::uint64_t at, std::uint64_t size, Memory_range::Visit const &visit,
						  RUN const &run_at, READ const &read)
{
	std::uint64_t absent = 0;
	while (size) {
		Dataspace_reader::Run const run = run_at(at);
		if (!run.size)
			fail("address " + hex_text(at), "no region of the component is at this address",
				 "'capimg inspect IMAGE regions' lists them");

		std::uint64_t const part = std::min(size, run.size);
		visit(at, { part, run.absent, run.zero }, read);
		if (!run.known()) absent += part;
		at += part;
		size -= part;
	}
	return absent;
}

Memory_range::Part Memory_range::dataspace_part(Dataspace_reader const &reader) const
{
	std::uint64_t const start = offset.empty() ? 0 : parse_size(offset, "--offset");
	if (start > reader.size())
		fail("--offset", "the dataspace has only " + hex_text(reader.size()) + " bytes", {});

	std::uint64_t const rest = reader.size() - start;
	std::uint64_t const wanted = size.empty() ? rest : parse_size(size, "--size");
	if (wanted > rest)
		fail("--size", "the dataspace ends after " + hex_text(rest) + " bytes from there", {});
	return { start, wanted };
}

Memory_range::Part Memory_range::address_part(Address_space const &space) const
{
	std::uint64_t const start = parse_number(vaddr, "--vaddr");
	auto const piece = space.piece(start);
	if (!piece)
		fail("--vaddr", "no region of the component is at " + hex_text(start),
			 "'capimg inspect " + image + " regions' lists them");

	std::uint64_t const wanted =
		size.empty() ? piece->last() - start + 1 : parse_size(size, "--size");
	if (wanted && wanted - 1 > ~std::uint64_t(0) - start)
		fail("--size", "the range ends beyond all addresses", {});
	return { start, wanted };
}

std::uint64_t Memory_range::visit(Reading_limits const &limits, Cost cost, Visit const &visit) const
{
	if (!dataspace && vaddr.empty())
		fail("memory", "no range is given", "use --dataspace ID or --vaddr ADDR");

	Image opened(image, limits);
	parents.connect(opened);
	auto const check = [&](Part const &part) {
		if (cost == Cost::BYTES) check_shown_size(opened, part.size, "--size");
	};

	if (dataspace) {
		Dataspace_reader const reader(opened, *dataspace);
		Part const part = dataspace_part(reader);
		check(part);
		return walk(
			part.start, part.size, visit, [&](std::uint64_t at) { return reader.run(at); },
			[&](std::uint64_t at, std::span<std::byte> out) { reader.read(at, out); });
	}

	Address_space const space(opened);
	Part const part = address_part(space);
	check(part);
	return walk(
		part.start, part.size, visit, [&](std::uint64_t at) { return space.run(at); },
		[&](std::uint64_t at, std::span<std::byte> out) { space.copy(at, out); });
}

}
