#include <algorithm>
#include <iostream>

#include "command.h"
#include "json_stream.h"
#include "libimage/image_error.h"
#include "libimage/memory_search.h"
#include "libimage/output_file.h"
#include "libimage/region_names.h"
#include "memory_range.h"
#include "printable.h"
#include "profile_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	Memory_range range {};
	std::optional<std::string> text {}, bytes {}, pointer {}, value {};
	std::optional<unsigned> width {};
	bool unaligned = false, count = false, json = false;
	std::optional<std::uint64_t> limit {};
};

[[noreturn]] void fail(std::string field, std::string message, std::string hint = {})
{
	throw Image_error(
		{ {}, Code::BAD_ARGUMENT, {}, std::move(field), std::move(message), std::move(hint) });
}

char const *kind(Options const &options)
{
	unsigned const given = options.text.has_value() + options.bytes.has_value() +
						   options.pointer.has_value() + options.value.has_value();
	if (given != 1)
		fail("pattern", given ? "more than one pattern is given" : "no pattern is given",
			 "use one of --text, --bytes, --pointer and --value");
	return options.text ? "text" : options.bytes ? "bytes" : options.pointer ? "pointer" : "value";
}

Search_pattern pattern_of(Options const &options, Image const &image)
{
	unsigned const word = image.head().machine.word_bits / 8;
	(void)kind(options);

	if ((options.text || options.bytes) && options.unaligned)
		fail("--unaligned", "text and bytes are found wherever they are");
	if (options.text) return Search_pattern::text(*options.text);
	if (options.bytes) return Search_pattern::bytes(*options.bytes);
	if (options.value)
		return Search_pattern::value(parse_number(*options.value, "--value"),
									 options.width.value_or(word), options.unaligned);

	std::size_t const dots = options.pointer->find("..");
	std::uint64_t const first = parse_number(options.pointer->substr(0, dots), "--pointer");
	std::uint64_t const last = dots == std::string::npos
								   ? first
								   : parse_number(options.pointer->substr(dots + 2), "--pointer");
	return Search_pattern::pointer(first, last, word, options.unaligned);
}

/* where a hit is: in the address space, or in a dataspace that regions may show */
class Places
{
	using Piece = Address_space::Piece;

	Address_space const &_space;
	std::uint32_t const _dataspace; /* 0: positions are addresses */
	std::optional<Piece> _last {};

	/* those that show the dataspace, by offset, and how many of them begin before a position */
	std::vector<Piece> _shown {};
	std::size_t _begun = 0;

	static std::uint64_t _end(Piece const &piece) { return piece.offset + piece.size; }

  public:
	struct Place
	{
		std::uint32_t dataspace = 0;
		std::uint64_t offset = 0;
		std::optional<std::uint64_t> address {};
		std::optional<Piece> region {};
	};

	Places(Address_space const &space, std::uint32_t dataspace)
		: _space(space), _dataspace(dataspace)
	{
		for (Piece const &piece : space.pieces())
			if (dataspace && piece.dataspace == dataspace) _shown.push_back(piece);
		std::ranges::stable_sort(_shown, {}, &Piece::offset);
	}

	/* positions must ascend: there may be as many regions as hits */
	Place at(std::uint64_t position)
	{
		if (!_dataspace) {
			if (!_last || position > _last->last()) _last = _space.piece(position);
			return { _last->dataspace, _last->offset + (position - _last->address), position,
					 _last };
		}

		/* of those that have begun, the one that reaches farthest */
		for (; _begun < _shown.size() && _shown[_begun].offset <= position; _begun++)
			if (!_last || _end(_shown[_begun]) > _end(*_last)) _last = _shown[_begun];
		if (!_last || position >= _end(*_last)) return { _dataspace, position, {}, {} };
		return { _dataspace, position, _last->address + (position - _last->offset), _last };
	}
};

/* lines of text for hits */
class Lines
{
	static constexpr std::size_t CONTEXT = 16;
	static constexpr char DIGITS[] = "0123456789abcdef";

	Region_names const _names;
	Address_space const _space;
	std::optional<Dataspace_reader> _reader {}; /* positions are offsets in it */

	bool _exists(std::uint64_t at) const
	{
		return _reader ? at < _reader->size() : _space.piece(at).has_value();
	}

	/* no byte if it was not captured */
	std::optional<unsigned> _byte(std::uint64_t at) const
	{
		if (_reader) {
			auto const bytes = _reader->peek(at);
			return bytes.empty() ? std::nullopt : std::optional(unsigned(bytes[0]));
		}
		Const_bytes const bytes = _space.peek(at, 1);
		return bytes.empty() ? std::nullopt : std::optional<unsigned>(bytes.u8(0));
	}

	/* bytes from the hit on */
	std::string _context(std::uint64_t position) const
	{
		std::string hex, text;
		for (std::size_t i = 0; i < CONTEXT; i++) {
			std::uint64_t const at = position + i;
			hex += i == CONTEXT / 2 ? "  " : " ";
			if (at < position || !_exists(at)) {
				hex += "  ";
				text += ' ';
				continue;
			}
			auto const byte = _byte(at);
			hex += byte ? DIGITS[*byte >> 4] : '?';
			hex += byte ? DIGITS[*byte & 0xf] : '?';
			text += byte.value_or(0) >= 0x20 && *byte < 0x7f ? char(*byte) : '.';
		}
		return hex + "  |" + text + "|";
	}

  public:
	Lines(Image const &image, std::optional<std::uint32_t> dataspace) : _names(image), _space(image)
	{
		if (dataspace) _reader.emplace(image, *dataspace);
	}

	std::string line(Places::Place const &place) const
	{
		std::string text = hex_text(place.address.value_or(place.offset));
		if (text.size() < 12) text.append(12 - text.size(), ' ');
		text += _context(_reader ? place.offset : *place.address);
		text += "  dataspace " + std::to_string(place.dataspace);
		if (!place.address) return text + ", no region shows it";
		return text + " " + rights_text(*place.region) + " " +
			   printable(_names.name(*place.region));
	}
};

std::string size_text(std::uint64_t bytes)
{
	return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

void report(Search_totals const &totals)
{
	std::cerr << totals.hits << (totals.hits == 1 ? " hit in " : " hits in ")
			  << size_text(totals.searched) << (totals.stopped ? ", stopped at the limit" : "");
	if (totals.absent)
		std::cerr << "; " << size_text(totals.absent) << (totals.absent == 1 ? " was" : " were")
				  << " not captured";
	std::cerr << "\n";
}

Image opened(Memory_range const &range, Reading_limits const &limits)
{
	Image image(range.image, limits);
	range.parents.connect(image);
	return image;
}

class Search
{
	Options const &_options;
	Image const _image;
	Search_pattern const _pattern;
	Address_space const _space; /* where the search reads; hits are looked at through readers */
	Places _places;

	Search_totals _run(Search_visit const &visit) const
	{
		Memory_range const &range = _options.range;
		if (range.dataspace) {
			Dataspace_reader const reader(_image, *range.dataspace);
			auto const part = range.dataspace_part(reader);
			return search_memory(reader, _pattern, part.start, part.size, visit);
		}
		if (range.vaddr.empty()) {
			if (!range.size.empty()) fail("--size", "it needs --dataspace or --vaddr");
			return search_memory(_image, _space, _pattern, 0, ~std::uint64_t(0), visit);
		}
		auto const part = range.address_part(_space);
		if (!part.size) return {};
		return search_memory(_image, _space, _pattern, part.start, part.start + (part.size - 1),
							 visit);
	}

	/* a pattern of zeros is all over memory that takes no space in the image */
	static constexpr std::uint64_t MAX_HITS = 1 << 18;

	/* visit hits up to the limit */
	template <typename FN>
	Search_totals _limited(FN const &fn) const
	{
		std::uint64_t left = _options.limit.value_or(MAX_HITS);
		return _run([&, left](std::uint64_t position) mutable {
			fn(position);
			return --left != 0;
		});
	}

	Search_totals _json()
	{
		Output_file output("-", false);
		Json_stream stream("capimg.search/1", &output);
		Json_writer &writer = stream.writer();
		stream.members({ { "component", _image.manifest().getLabel().cStr() },
						 { "pattern",
						   { { "kind", kind(_options) },
							 { "size", _pattern.size() },
							 { "align", _pattern.align() } } } });

		writer.key("hits").begin_array();
		Search_totals const totals = _limited([&](std::uint64_t position) {
			if (_options.count) return;
			Places::Place const place = _places.at(position);
			writer.begin_object();
			writer.key("address");
			place.address ? writer.hex(*place.address) : writer.null();
			writer.key("dataspace").number(place.dataspace);
			writer.key("offset").hex(place.offset);
			writer.key("region");
			place.region ? writer.hex(place.region->address) : writer.null();
			writer.end_object();
		});
		writer.end_array();

		stream.members({ { "count", totals.hits },
						 { "searched", hex_text(totals.searched) },
						 { "notCaptured", hex_text(totals.absent) },
						 { "stopped", totals.stopped } });
		stream.finish();
		output.commit();
		return totals;
	}

	Search_totals _text()
	{
		Lines const lines(_image, _options.range.dataspace);
		Search_totals const totals = _limited([&](std::uint64_t position) {
			if (!_options.count) std::cout << lines.line(_places.at(position)) << "\n";
		});
		if (_options.count) std::cout << totals.hits << "\n";
		return totals;
	}

  public:
	Search(Options const &options, Reading_limits const &limits)
		: _options(options),
		  _image(opened(options.range, limits)),
		  _pattern(pattern_of(options, _image)),
		  _space(_image),
		  _places(_space, options.range.dataspace.value_or(0))
	{}

	Search_totals run() { return _options.json ? _json() : _text(); }
};

}

static void run(Options const &options, Context &context)
{
	(void)kind(options); /* before an image is read */
	Search_totals const totals = Search(options, context.limits.reading).run();
	std::cout.flush();
	report(totals);
	context.exit_code = totals.hits ? SOUND : FINDINGS;
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();
	options->range.add(app);

	app.option("--text", options->text, "Find the bytes of a text").type_name("TEXT");
	app.option("--bytes", options->bytes, "Find bytes: '7f 45 ?? 46', '?\?' is any byte")
		.type_name("HEX");
	app.option("--pointer", options->pointer, "Find words that are A, or from A to B (B included)")
		.type_name("A[..B]");
	auto const value =
		app.option("--value", options->value, "Find a little-endian integer").type_name("N");
	app.option("--width", options->width, "Bytes of the integer (default: a machine word)")
		.one_of({ 1, 2, 4, 8 })
		.type_name("BYTES")
		.needs(value);
	app.flag("--unaligned", options->unaligned, "Find words and integers at any address");
	app.option("--limit", options->limit, "End after so many hits (default: 262144)")
		.positive()
		.type_name("N");
	app.flag("--count", options->count, "Print the number of hits only");
	app.flag("--json", options->json, "JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_search { "search", "Search memory for text, bytes, pointers or integers",
							   "capimg search component.img --text 'session'\n"
							   "capimg search component.img --pointer 0x12e3e4   who points there",
							   add };

}
