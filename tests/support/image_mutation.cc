#include "image_mutation.h"

#include <algorithm>

#include "libimage/core/head.h"
#include "reseal.h"

namespace Capimg::Test
{

/* words of messages: pointers that lie */
void Image_mutation::_words(Image_parts &parts)
{
	Bytes_vector *const section =
		parts.section(_chance(80) ? Section_kind::MANIFEST : Section_kind::PROVENANCE);
	if (!section || section->size() < 16) return;
	for (std::uint64_t n = 1 + _below(3); n; n--) {
		std::size_t const at = _below(section->size() / 8) * 8;
		std::uint64_t const word = get(*section, at, 8);
		switch (_below(4)) {
		case 0: put(*section, at, 4, std::uint32_t(word) + (_chance(50) ? 4 : -4)); break;
		case 1: put(*section, at + 4, 4, (word >> 32) + (_chance(50) ? 1 : -1)); break;
		case 2: put(*section, at, 8, get(*section, _below(section->size() / 8) * 8, 8)); break;
		default: put(*section, at, 8, _number(word)); break;
		}
	}
	if (_chance(20)) put(*section, 4, 4, section->size() / 8 - 1);
}

void Image_mutation::_head(Image_parts &parts)
{
	Bytes_vector &head = parts.front;
	switch (_below(8)) {
	case 0: return put(head, 16, 8, _below(8));
	case 1: return put(head, 33, 1, _chance(80) ? 32 << _below(2) : _random());
	case 2: {
		static constexpr unsigned MACHINES[] { 0, 3, 40, 62, 183, 243, 7 };
		return put(head, 34, 2, MACHINES[_below(std::size(MACHINES))]);
	}
	case 3: return put(head, 36, 4, 1ull << _below(32));
	case 4: return put(head, 40, 4, 4096ull << _below(9));
	case 5: return put(head, 48, 1, _below(4));
	case 6: return put(head, 50, 1, _below(26));
	default: return put(head, 8 + _below(240), 1, _random());
	}
}

void Image_mutation::_entry(Image_parts &parts)
{
	auto const entries = parts.entries();
	if (entries.empty()) return;
	std::size_t const at = entries[_below(entries.size())];
	std::uint64_t const other = entries[_below(entries.size())];

	switch (_below(7)) {
	case 0:
		put(parts.front, at, 1, _below(9));
		return put(parts.front, at + 1, 1, _chance(50) ? 0 : _below(5));
	case 1: return put(parts.front, at + 4, 4, _number(get(parts.front, at + 4, 4)));
	case 2: return put(parts.front, at + 8, 8, _number(get(parts.front, at + 8, 8)));
	case 3: return put(parts.front, at + 16 + 8 * _below(2), 8, _random());
	case 4: /* the same as another one */
		put(parts.front, at, 4, std::uint64_t(Block_kind::SAME_AS));
		put(parts.front, at + 4, 4, 0);
		put(parts.front, at + 8, 8, _below(parts.blocks));
		return put(parts.front, at + 16, 8, 0);
	case 5: /* inherited, zero or absent */
		put(parts.front, at, 4, _chance(50) ? 6 : _chance(50) ? 1 : 0x107);
		put(parts.front, at + 4, 4, 0);
		put(parts.front, at + 8, 8, _chance(70) ? _below(parts.blocks) : 0);
		put(parts.front, at + 16, 8, 0);
		return;
	default: /* a copy of another one: the same bytes twice */
		for (std::size_t i = 0; i < 32; i += 8)
			put(parts.front, at + i, 8, get(parts.front, other + i, 8));
	}
}

void Image_mutation::_directory(Image_parts &parts)
{
	Bytes_vector *const directory = parts.section(Section_kind::DIRECTORY);
	if (!directory || directory->size() < 32) return;
	std::size_t const at = _below(directory->size() / 32) * 32;
	switch (_below(4)) {
	case 0: /* uniform */
		put(*directory, at, 2, _chance(50) ? 1 : _chance(50) ? 6 : 0x107);
		put(*directory, at + 8, 8, _chance(50) ? 0 : _below(parts.blocks));
		return put(*directory, at + 16, 8, 0);
	case 1: return put(*directory, at, 1, _below(9));
	case 2: return put(*directory, at + 8, 8, _number(get(*directory, at + 8, 8)));
	default: return put(*directory, at + 24, 8, _random());
	}
}

void Image_mutation::_sections(Image_parts &parts)
{
	auto &sections = parts.sections;
	if (sections.empty()) return;
	std::size_t const i = _below(sections.size());
	switch (_below(6)) {
	case 0: std::swap(sections[i], sections[_below(sections.size())]); return;
	case 1: sections[i].kind = std::uint32_t(_chance(50) ? _below(8) : _number(0x10000)); return;
	case 2: sections[i].flags = std::uint32_t(_chance(80) ? _below(3) : _random()); return;
	case 3: sections.erase(sections.begin() + std::ptrdiff_t(i)); return;
	case 4: {
		Image_parts::Part part = sections[i];
		if (_chance(70))
			part = { std::uint32_t(0x10000 + _below(3)), 0, Bytes_vector(_below(100)) };
		sections.insert(sections.begin() + std::ptrdiff_t(_chance(80) ? sections.size() : i), part);
		return;
	}
	default: sections[i].bytes.resize(sections[i].bytes.size() + _below(64)); return;
	}
}

void Image_mutation::_totals(Image_parts &parts)
{
	Bytes_vector *const storage = parts.section(Section_kind::STORAGE);
	switch (_below(3)) {
	case 0: parts.blocks = _number(parts.blocks); return;
	case 1:
		if (parts.front.size() > Head::SIZE + 64)
			parts.front.resize(parts.front.size() - _below(64) + _below(64));
		return;
	default:
		if (!storage || storage->size() < 8) return;
		std::size_t const at = _below(storage->size() / 8) * 8;
		return put(*storage, at, 8, _number(get(*storage, at, 8)));
	}
}

/* what the component's memory says: links, depths, ids, pointers */
void Image_mutation::_memory(Image_parts &parts)
{
	auto const entries = parts.entries();
	if (entries.empty()) return;
	for (unsigned attempt = 0; attempt < 8; attempt++) {
		std::span<std::byte> const bytes = parts.stored(entries[_below(entries.size())]);
		if (bytes.size() < 64) continue;

		/* words that are not zero are the interesting ones */
		std::vector<std::size_t> words;
		unsigned const width = get(parts.front, 33, 1) == 32 ? 4 : 8;
		for (std::size_t at = 0; at + width <= bytes.size(); at += width)
			if (get(bytes, at, width)) words.push_back(at);
		if (words.empty()) continue;

		for (std::uint64_t n = 1 + _below(4); n; n--) {
			std::size_t const at = words[_below(words.size())];
			std::uint64_t const word = get(bytes, at, width);
			std::uint64_t const other = get(bytes, words[_below(words.size())], width);
			switch (_below(5)) {
			case 0: put(bytes, at, width, other); break;
			case 1: put(bytes, at, width, 0); break;
			case 2:
				put(bytes, at, width, word + (_chance(50) ? 1 : -1) * (8ull << _below(5)));
				break;
			case 3: put(bytes, at, 1 + unsigned(_below(2)), _random()); break;
			default: put(bytes, at, width, _number(word)); break;
			}
		}
		return;
	}
}

void Image_mutation::_repair(Image_parts &parts)
{
	if (_chance(80)) parts.repair_blocks();
	if (_chance(90)) parts.repair_digests();
	if (_chance(90)) parts.repair_state();
}

Image_mutation::Bytes_vector Image_mutation::mutate(std::span<std::byte const> image)
{
	std::optional<Image_parts> parts = Image_parts::open(image);
	if (!parts) return { image.begin(), image.end() };

	struct Edit
	{
		unsigned weight;
		void (Image_mutation::*apply)(Image_parts &);
	};
	static constexpr Edit EDITS[] {
		{ 45, &Image_mutation::_manifest }, { 5, &Image_mutation::_words },
		{ 5, &Image_mutation::_head },      { 10, &Image_mutation::_entry },
		{ 4, &Image_mutation::_directory }, { 3, &Image_mutation::_sections },
		{ 3, &Image_mutation::_totals },    { 25, &Image_mutation::_memory },
	};
	for (std::uint64_t n = 1 + _below(3); n; n--) {
		std::uint64_t at = _below(100);
		for (Edit const &edit : EDITS) {
			if (at < edit.weight) {
				(this->*edit.apply)(*parts);
				break;
			}
			at -= edit.weight;
		}
	}
	_repair(*parts);
	return parts->write();
}

}
