#include "file_change.h"

#include <algorithm>

namespace Capimg
{

static std::span<std::byte const> part(std::span<std::byte const> bytes, std::uint64_t offset,
									   std::size_t size)
{
	if (offset >= bytes.size()) return {};
	return bytes.subspan(offset, std::min<std::size_t>(size, bytes.size() - offset));
}

std::vector<std::byte> &Changed_pages::_page(std::uint64_t number)
{
	auto const [page, fresh] = _pages.try_emplace(number);
	if (fresh) {
		page->second.resize(PAGE);
		std::ranges::copy(part(_file, number * PAGE, PAGE), page->second.begin());
	}
	return page->second;
}

void Changed_pages::set(std::uint64_t offset, std::span<std::byte const> bytes)
{
	while (!bytes.empty()) {
		std::size_t const in_page = offset % PAGE;
		std::size_t const size = std::min(PAGE - in_page, bytes.size());
		std::ranges::copy(bytes.first(size),
						  _page(offset / PAGE).begin() + std::ptrdiff_t(in_page));
		bytes = bytes.subspan(size);
		offset += size;
	}
}

void Changed_pages::read(std::uint64_t offset, std::span<std::byte> out) const
{
	while (!out.empty()) {
		std::size_t const in_page = offset % PAGE;
		std::size_t const size = std::min(PAGE - in_page, out.size());
		auto const page = _pages.find(offset / PAGE);
		std::span<std::byte const> const from =
			page == _pages.end() ? part(_file, offset, size)
								 : std::span(page->second).subspan(in_page, size);
		std::ranges::copy(from, out.begin());
		std::ranges::fill(out.subspan(from.size(), size - from.size()), std::byte(0));
		out = out.subspan(size);
		offset += size;
	}
}

bool Changed_pages::changed(std::uint64_t offset, std::uint64_t size) const
{
	auto const page = _pages.lower_bound(offset / PAGE);
	return page != _pages.end() && page->first * PAGE < offset + size;
}

std::vector<File_change> Changed_pages::changes(std::uint64_t first, std::uint64_t size) const
{
	std::vector<File_change> result;
	for (auto const &[number, page] : _pages) {
		std::uint64_t const offset = std::max(number * PAGE, first);
		std::uint64_t const end = std::min((number + 1) * PAGE, size);
		if (offset >= end) continue;

		auto const bytes = std::span(page).subspan(offset - number * PAGE, end - offset);
		if (std::ranges::equal(bytes, part(_file, offset, bytes.size()))) continue;

		bool const next =
			!result.empty() && result.back().offset + result.back().bytes.size() == offset;
		if (!next) result.push_back({ offset, {} });
		result.back().bytes.insert(result.back().bytes.end(), bytes.begin(), bytes.end());
	}
	return result;
}

}
