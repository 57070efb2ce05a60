#include <array>
#include <iostream>
#include <limits>
#include <optional>

#include "command.h"
#include "memory_range.h"

namespace Capimg
{

namespace
{

/* lines of 16 bytes, at multiples of 16; equal lines in a row are shown once and a '*' */
class Dump
{
	static constexpr std::size_t WIDTH = 16;
	static constexpr char DIGITS[] = "0123456789abcdef";

	struct Line
	{
		std::array<std::optional<std::uint8_t>, WIDTH> bytes {}; /* none: not known */
		std::array<bool, WIDTH> inside {};                       /* of the range */

		bool operator==(Line const &) const = default;
	};

	std::uint64_t _address = 0; /* of '_line' */
	Line _line {}, _last {};
	bool _any = false, _starred = false, _open = false;

	void _address_text(std::string &text, std::uint64_t address) const
	{
		for (int shift = 60; shift >= 0; shift -= 4)
			if (shift < 32 || address >> 32) text += DIGITS[(address >> shift) & 0xf];
	}

	void _flush()
	{
		if (!_open) return;
		_open = false;

		if (_any && _line == _last) {
			if (!_starred) std::cout << "*\n";
			_starred = true;
			return;
		}

		std::string text;
		_address_text(text, _address);
		for (std::size_t i = 0; i < WIDTH; i++) {
			text += i % 8 ? " " : "  ";
			if (!_line.inside[i])
				text += "  ";
			else if (!_line.bytes[i])
				text += "??";
			else {
				text += DIGITS[*_line.bytes[i] >> 4];
				text += DIGITS[*_line.bytes[i] & 0xf];
			}
		}
		text += "  |";
		for (std::size_t i = 0; i < WIDTH; i++) {
			std::uint8_t const byte = _line.bytes[i].value_or(0);
			text += !_line.inside[i] ? ' ' : byte >= 0x20 && byte < 0x7f ? char(byte) : '.';
		}
		std::cout << text << "|\n";
		_last = _line;
		_any = true;
		_starred = false;
	}

  public:
	void byte(std::uint64_t address, std::optional<std::uint8_t> value)
	{
		std::uint64_t const line = address / WIDTH * WIDTH;
		if (!_open || line != _address) {
			_flush();
			_line = {};
			_address = line;
			_open = true;
		}
		_line.bytes[address % WIDTH] = value;
		_line.inside[address % WIDTH] = true;
	}

	/* bytes that are alike, without looking at each of them */
	void alike(std::uint64_t address, std::uint64_t size, std::optional<std::uint8_t> value)
	{
		std::uint64_t const end = address + size;
		for (unsigned lines = 0; address != end; address++) {
			if (address % WIDTH == 0) lines++;
			/* the fourth line looks like the third: go on at the last one */
			if (lines > 3 && end - address > 2 * WIDTH) address = (end - WIDTH) / WIDTH * WIDTH;
			byte(address, value);
		}
	}

	void finish(std::uint64_t end)
	{
		_flush();
		std::string text;
		_address_text(text, end);
		std::cout << text << "\n";
	}
};

}

static void run(Memory_range const &range, Context const &context)
{
	Dump dump;
	std::uint64_t end = 0;
	std::array<std::byte, 4096> buffer;

	std::uint64_t const absent =
		range.visit(context.limits.reading, Memory_range::Cost::RUNS,
					[&](std::uint64_t at, Dataspace_reader::Run const &run, auto const &read) {
						std::uint64_t size = run.size;
						end = at + size;
						if (!run.known()) return dump.alike(at, size, {});
						if (run.zero) return dump.alike(at, size, 0);
						while (size) {
							std::span<std::byte> const part(
								buffer.data(), std::min<std::uint64_t>(size, buffer.size()));
							read(at, part);
							for (std::byte b : part) dump.byte(at++, std::uint8_t(b));
							size -= part.size();
						}
					});
	dump.finish(end);
	if (absent) warn(context, std::to_string(absent) + " bytes were not captured: shown as '?\?'");
}

static void add(Arguments app, Context &context)
{
	auto const range = std::make_shared<Memory_range>();
	range->add(app);
	app.callback([range, &context] { run(*range, context); });
}

Command const command_hexdump { "hexdump", "Show memory in hexadecimal",
								"capimg hexdump component.img --vaddr 0x12e22c --size 0x80", add };

}
