#include "diff_bytes.h"

#include <algorithm>

namespace Capimg
{

namespace
{

using Cell = std::optional<std::uint8_t>;

/* a page of one image */
class Page
{
	Dataspace_reader const _reader;
	std::vector<std::byte> _bytes {};
	std::vector<bool> _known {};

  public:
	Page(Image const &image, std::uint32_t dataspace) : _reader(image, dataspace) {}

	void load(std::uint64_t offset, std::uint64_t size)
	{
		_bytes.resize(size);
		_known.assign(size, false);
		_reader.read(offset, _bytes);
		for (std::uint64_t at = 0; at < size;) {
			Dataspace_reader::Run const run = _reader.run(offset + at);
			std::uint64_t const length = std::min(run.size, size - at);
			if (run.known()) std::fill_n(_known.begin() + std::ptrdiff_t(at), length, true);
			at += length;
		}
	}

	Cell operator[](std::uint64_t i) const
	{
		return _known[i] ? Cell(std::uint8_t(_bytes[i])) : Cell();
	}
};

/* 'fn(range, offset, size, a, b)' for each page that changed */
template <typename FN>
void for_each_page(Diff const &diff, Diff::Dataspace const &dataspace, FN const &fn)
{
	Page a(diff.a().image(), diff.a().object(dataspace.a).id());
	Page b(diff.b().image(), diff.b().object(dataspace.b).id());

	diff.for_each_range(dataspace, [&](Diff::Range const &range) {
		if (range.state != Page_state::CHANGED) return;
		std::uint64_t const end = range.offset + range.size;
		for (std::uint64_t at = range.offset; at < end;) {
			std::uint64_t const size = std::min(diff.page_size() - at % diff.page_size(), end - at);
			a.load(at, size);
			b.load(at, size);
			fn(range, at, size, a, b);
			at += size;
		}
	});
}

}

void for_each_line(Diff const &diff, Diff::Dataspace const &dataspace, Bytes_visitor const &visit)
{
	for_each_page(diff, dataspace,
				  [&](Diff::Range const &range, std::uint64_t offset, std::uint64_t size,
					  Page const &a, Page const &b) {
					  for (std::uint64_t at = 0; at < size;) {
						  Diff_bytes line;
						  line.offset = offset + at;
						  if (range.address)
							  line.address = *range.address + (line.offset - range.offset);
						  line.size = std::min<std::uint64_t>(
							  Diff_bytes::MOST - line.offset % Diff_bytes::MOST, size - at);

						  for (std::size_t i = 0; i < line.size; i++) {
							  line.a[i] = a[at + i];
							  line.b[i] = b[at + i];
						  }
						  if (line.a != line.b) visit(line);
						  at += line.size;
					  }
				  });
}

void for_each_byte_run(Diff const &diff, Diff::Dataspace const &dataspace,
					   Bytes_visitor const &visit)
{
	for_each_page(diff, dataspace,
				  [&](Diff::Range const &range, std::uint64_t offset, std::uint64_t size,
					  Page const &a, Page const &b) {
					  Diff_bytes run;
					  auto const flush = [&] {
						  if (run.size) visit(run);
						  run = {};
					  };
					  for (std::uint64_t at = 0; at < size; at++) {
						  if (a[at] == b[at] || run.size == Diff_bytes::MOST) flush();
						  if (a[at] == b[at]) continue;
						  if (!run.size) {
							  run.offset = offset + at;
							  if (range.address)
								  run.address = *range.address + (run.offset - range.offset);
						  }
						  run.a[run.size] = a[at];
						  run.b[run.size++] = b[at];
					  }
					  flush();
				  });
}

std::string bytes_text(std::array<Cell, Diff_bytes::MOST> const &bytes, std::size_t size,
					   bool blanks)
{
	static constexpr char DIGITS[] = "0123456789abcdef";
	std::string text;
	for (std::size_t i = 0; i < size; i++) {
		if (i && blanks) text += ' ';
		text += bytes[i] ? DIGITS[*bytes[i] >> 4] : '?';
		text += bytes[i] ? DIGITS[*bytes[i] & 0xf] : '?';
	}
	return text;
}

}
