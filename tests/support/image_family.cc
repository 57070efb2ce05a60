#include "image_family.h"

#include <algorithm>

#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "reseal.h"

namespace Capimg::Test
{

static std::vector<std::byte> content(unsigned kind, std::uint32_t size)
{
	std::vector<std::byte> bytes(size);
	std::mt19937 random(kind);
	std::size_t const different = kind % 2 ? size : (size + 3) / 4;
	for (std::size_t i = 0; i < different; i++) bytes[i] = std::byte(random() | 1);
	return bytes;
}

static Profile random_profile(unsigned choice)
{
	Codec_id const codec = Codec_id(choice % 3);
	return { Image_family::BLOCK, codec, std::int8_t(codec_levels(codec).usual),
			 codec_version(codec), std::uint8_t(choice / 3 % 2 ? 0 : 8) };
}

unsigned Image_family::_kind() { return _below(FIRST + 12); }

Image_family::Dataspace Image_family::_fresh()
{
	Dataspace dataspace { _names++, {}, _below(2) ? BLOCK : 1 + _below(BLOCK) };
	dataspace.kinds.resize(1 + _below(_below(4) ? 20 : 2500));
	/* a run of one kind now and then, so that chunks are uniform */
	for (unsigned &kind : dataspace.kinds) kind = _kind();
	if (!_below(4)) std::ranges::fill(dataspace.kinds, _kind());
	return dataspace;
}

void Image_family::_change(std::vector<Dataspace> &dataspaces)
{
	if (dataspaces.size() > 1 && !_below(3))
		dataspaces.erase(dataspaces.begin() + _below(unsigned(dataspaces.size())));
	if (!_below(3))
		dataspaces.insert(dataspaces.begin() + _below(unsigned(dataspaces.size()) + 1), _fresh());

	for (Dataspace &dataspace : dataspaces) {
		if (!_below(5)) dataspace.kinds.resize(1 + _below(30), FIRST);
		unsigned const rare = _below(2) ? 1000 : 4;
		for (unsigned &kind : dataspace.kinds)
			if (!_below(rare)) kind = _kind();
	}
}

void Image_family::_add(Pieces &pieces, unsigned kind, std::uint32_t size)
{
	switch (kind) {
	case ZERO: pieces.zero(size); break;
	case ABSENT: pieces.absent(size, Absent_reason::IN_ROM); break;
	case PART:
		if (size == 1) {
			pieces.absent(1);
		} else {
			pieces.bytes(content(kind, size / 2)).absent(size - size / 2);
		}
		break;
	default: pieces.bytes(content(kind, size));
	}
}

/* inherits most of what is as it was, at the place that it had */
Pieces Image_family::_delta(Dataspace const &dataspace, Generation const &parent)
{
	std::uint64_t first = 0;
	auto old = parent.dataspaces.begin();
	for (; old != parent.dataspaces.end() && old->name != dataspace.name; old++)
		first += old->kinds.size();

	bool const all = _below(2);
	Pieces pieces;
	for (std::size_t i = 0; i < dataspace.kinds.size(); i++) {
		unsigned const kind = dataspace.kinds[i];
		std::uint32_t const size = dataspace.size_of(i);
		bool const same = old != parent.dataspaces.end() && i < old->kinds.size() &&
						  old->kinds[i] == kind && old->size_of(i) == size;
		if (!same || kind < FIRST || (!all && !_below(10))) {
			_add(pieces, kind, size);
			continue;
		}
		auto const bytes = content(kind, size);
		pieces.inherited(first + i, { checksum({ bytes.data(), bytes.size() }) }, size);
	}
	return pieces;
}

Image_family::Image_family(unsigned seed, unsigned deltas) : _random(seed)
{
	std::vector<Dataspace> dataspaces;
	for (unsigned i = 0, count = 1 + _below(4); i < count; i++) dataspaces.push_back(_fresh());

	for (unsigned i = 0; i <= deltas; i++) {
		if (i) _change(dataspaces);

		Generation next { dataspaces, random_profile(_below(6)), {} };
		Small_image small;
		small.head.profile = next.profile;
		if (i) {
			Generation const &parent = _generations.back();
			State_digest const state = open_image(parent.image).trailer().state;
			auto const *const base = reinterpret_cast<std::byte const *>(state.bytes);
			small.parent_digest = { base, base + state.SIZE };
			small.head.required_features = Feature::INHERITED;
			for (Dataspace const &d : dataspaces) small.dataspaces.push_back(_delta(d, parent));
		} else {
			for (Dataspace const &d : dataspaces) {
				Pieces pieces;
				for (std::size_t k = 0; k < d.kinds.size(); k++)
					_add(pieces, d.kinds[k], d.size_of(k));
				small.dataspaces.push_back(std::move(pieces));
			}
		}
		next.image = small.write();
		_generations.push_back(std::move(next));
	}
}

std::vector<std::byte> Image_family::whole() const
{
	Generation const &last = _generations.back();
	Small_image small;
	small.head.profile = last.profile;
	for (Dataspace const &d : last.dataspaces) {
		Pieces pieces;
		for (std::size_t k = 0; k < d.kinds.size(); k++) _add(pieces, d.kinds[k], d.size_of(k));
		small.dataspaces.push_back(std::move(pieces));
	}
	return small.write();
}

std::vector<std::byte> with_state(std::vector<std::byte> image, State_digest const &state)
{
	std::size_t const at = image.size() - Trailer::SIZE + 56;
	for (std::size_t i = 0; i < state.SIZE; i++) put(image, at + i, 1, state.bytes[i]);
	reseal(image);
	return image;
}

}
