#include <iostream>

#include "command.h"
#include "libimage/address_space.h"
#include "libimage/image_copy.h"
#include "libimage/image_error.h"
#include "libimage/inspect.h"
#include "libimage/redact.h"
#include "output_options.h"
#include "parent_options.h"
#include "profile_options.h"
#include "progress_sink.h"
#include "signing_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {};
	Parent_options parents {};
	std::vector<std::string> dataspaces {}, vaddrs {}, texts {}, bytes {};
	bool registers = false, same = false, dry_run = false;
	Signing_options signing {};
	Output_options output {};
};

/* "START", "START+SIZE" */
struct Start_and_size
{
	std::uint64_t start = 0;
	std::optional<std::uint64_t> size {};

	Start_and_size(std::string const &text, std::string const &option)
	{
		std::size_t const plus = text.find('+');
		start = parse_number(text.substr(0, plus), option);
		if (plus == std::string::npos) return;
		size = parse_size(text.substr(plus + 1), option);
		if (!*size || *size - 1 > ~std::uint64_t(0) - start)
			throw Image_error({ {},
								Code::BAD_ARGUMENT,
								{},
								option,
								"'" + text + "' is no range",
								"give it as START+SIZE" });
	}
};

}

/* "ID", "ID:OFFSET+SIZE" */
static Redact_request::Part dataspace_part(Image const &image, std::string const &text)
{
	static constexpr char const *OPTION = "--dataspace";
	std::size_t const colon = text.find(':');
	std::uint64_t const id = parse_number(text.substr(0, colon), OPTION);
	if (id > ~std::uint32_t(0))
		throw Image_error(
			{ {}, Code::BAD_ARGUMENT, {}, OPTION, "'" + text + "' is no object id", {} });

	Dataspace_reader const reader(image, std::uint32_t(id));
	Redact_request::Part part { std::uint32_t(id), 0, reader.size() };
	if (colon == std::string::npos) return part;

	Start_and_size const range(text.substr(colon + 1), OPTION);
	part.offset = range.start;
	part.size = range.size.value_or(reader.size() - std::min(reader.size(), range.start));
	return part;
}

static Redact_request::Addresses addresses(Image const &image, std::string const &text)
{
	Start_and_size const range(text, "--vaddr");
	if (range.size) return { range.start, range.start + (*range.size - 1) };

	Address_space const space(image);
	auto const piece = space.piece(range.start);
	if (!piece)
		throw Image_error({ image.path(),
							Code::NOT_FOUND,
							{},
							"--vaddr",
							"no region of the component is at " + hex_text(range.start),
							"'capimg inspect " + image.path() + " regions' lists them" });
	return { range.start, piece->last() };
}

static Redact_request request_of(Image const &image, Options const &options)
{
	Redact_request request;
	request.registers = options.registers;
	request.same = options.same;
	for (auto const &text : options.dataspaces)
		request.parts.push_back(dataspace_part(image, text));
	for (auto const &text : options.vaddrs) request.addresses.push_back(addresses(image, text));
	for (auto const &text : options.texts) request.patterns.push_back(Search_pattern::text(text));
	for (auto const &text : options.bytes) request.patterns.push_back(Search_pattern::bytes(text));
	return request;
}

static Json report_json(Redaction::Report const &report, Writer::Summary const *summary,
						Json const &signature)
{
	Json same = Json::array();
	for (auto const &part : report.same)
		same.push_back({ { "dataspace", part.dataspace },
						 { "offset", hex_text(part.offset) },
						 { "size", hex_text(part.size) } });
	return { { "bytesRedacted", hex_text(report.bytes) },
			 { "parts", report.parts },
			 { "hits", report.hits },
			 { "threads", report.threads },
			 { "sectionsLeftOut", report.sections },
			 { "inParents", report.in_parents },
			 { "sameBytesElsewhere", std::move(same) },
			 { "written", summary != nullptr },
			 { "stateDigest", summary ? Json(digest_text(summary->state)) : Json(nullptr) },
			 { "fileSize", summary ? Json(hex_text(summary->file_size)) : Json(nullptr) },
			 { "signature", signature } };
}

static std::string count_text(std::uint64_t count, char const *one, char const *many)
{
	return std::to_string(count) + " " + (count == 1 ? one : many);
}

static void warn_of_rest(Redaction::Report const &report, Image const &image,
						 Context const &context)
{
	static constexpr std::size_t SHOWN = 5;

	if (report.in_parents)
		warn(context, "some of this memory was inherited: the parents of " + image.path() +
						  " still have it");
	if (report.sections)
		warn(context, count_text(report.sections, "section", "sections") +
						  " of a kind that is not known left out, as nobody knows what is in it");
	for (std::size_t i = 0; i < std::min(SHOWN, report.same.size()); i++) {
		auto const &part = report.same[i];
		warn(context, "the same bytes stay at " + hex_text(part.offset) + " of dataspace " +
						  std::to_string(part.dataspace) + ", " + hex_text(part.size) +
						  " bytes (--same takes them as well)");
	}
	if (report.same.size() > SHOWN)
		warn(context, "… and at " + std::to_string(report.same.size() - SHOWN) + " more places");
}

static void run(Options const &options, Context const &context)
{
	Image image(options.image, context.limits.reading);
	options.parents.connect(image);
	Redaction const redaction(image, request_of(image, options));
	Redaction::Report const &report = redaction.report();
	warn_of_rest(report, image, context);

	std::optional<Writer::Summary> summary;
	Json signature = nullptr;
	if (!options.dry_run) {
		Signing const signing(options.signing, context, with_ancestors(image),
							  options.output.threads);
		Output_options::warn_of_codec(context, image, Image_copy::profile_of(image));
		Output_file output = options.output.open(context);
		Shown_progress progress(context.err(), "redact", image.blocks() * image.block_size());
		summary = redaction.write(output, { options.output.threads, &progress });
		signature = signing.append(output, image, *summary);
		output.commit();
	}
	if (options.output.json)
		return print_json("capimg.redact/1",
						  report_json(report, summary ? &*summary : nullptr, signature));

	std::cerr << (options.dry_run ? std::string("Nothing is written. ")
								  : options.output.path + ": ")
			  << count_text(report.bytes, "byte", "bytes") << " redacted, in "
			  << count_text(report.parts, "part", "parts");
	if (report.hits) std::cerr << ", " << count_text(report.hits, "hit", "hits") << " of patterns";
	if (report.threads)
		std::cerr << ", registers of " << count_text(report.threads, "thread", "threads");
	std::cerr << "\n";
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();
	auto const list = [&](char const *name, std::vector<std::string> &values, char const *about,
						  char const *type) {
		app.option(name, values, about).type_name(type).repeated();
	};

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	auto const output = options->output.add(app).required(false);
	list("--dataspace", options->dataspaces, "A dataspace by its object id, or a part of it",
		 "ID[:OFFSET+SIZE]");
	list("--vaddr", options->vaddrs,
		 "Addresses in the component; without a size, to the end of the region", "ADDR[+SIZE]");
	list("--text", options->texts, "Every place of a text", "TEXT");
	list("--bytes", options->bytes, "Every place of bytes, \"\?\?\" for any byte", "HEX");
	app.flag("--registers", options->registers,
			 "Registers, FPU state, message words and notes of all threads");
	app.flag("--same", options->same, "Also other blocks with the same bytes as a redacted one");
	auto const dry_run = app.flag("--dry-run", options->dry_run, "Say what would be done");
	options->parents.add(app);
	options->signing.add(app);

	app.callback([=, &context] {
		if (options->dataspaces.empty() && options->vaddrs.empty() && options->texts.empty() &&
			options->bytes.empty() && !options->registers)
			fail_missing("--dataspace, --vaddr, --text, --bytes or --registers");
		if (!output && !dry_run) fail_missing("--output");
		run(*options, context);
	});
}

Command const command_redact { "redact", "Take memory out of an image, and leave no trace of it",
							   "capimg redact component.img --text 'hunter2' -o public.img\n"
							   "capimg redact component.img --vaddr 0x156000+0x2000 --registers -o "
							   "public.img",
							   add };

}
