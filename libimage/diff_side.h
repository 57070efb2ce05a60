/*
 * One of the images of a comparison, with look-ups that an image alone has no need of
 *
 * Objects are named by their position in the manifest's list, which is dense; ids are not.
 * What is known about memory is found out when it is first asked for. Throws 'Image_error'.
 * Belongs to one thread.
 */

#ifndef CAPIMG__DIFF_SIDE_H
#define CAPIMG__DIFF_SIDE_H

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "address_space.h"
#include "capability_refs.h"
#include "image.h"

namespace Capimg
{

class Diff_side
{
  public:
	using Object = Metadata::Object::Reader;
	using Entry = Metadata::Capability_entry::Reader;

	static constexpr std::uint32_t NONE = ~std::uint32_t(0);

	/* where the component holds an object */
	struct Place
	{
		std::uint32_t space = NONE; /* number of the capability space … */
		std::uint32_t entry = NONE; /* … and of the first live entry in its list */
		std::uint32_t pool = NONE;  /* number of the first badge tree with the object */
		std::uint64_t node = 0;     /* its node there */

		bool held() const { return entry != NONE; }
		bool pooled() const { return pool != NONE; }
	};

  private:
	Image const &_image;
	Metadata::Manifest::Reader const _manifest;
	Wire::Struct_list_reader<Metadata::Object::Reader> const _objects;
	std::vector<std::uint32_t> _ids {};
	std::vector<Place> _places {};
	std::vector<Cap_map> _maps {}; /* of each capability space; count 0: not known */
	std::unique_ptr<Address_space> mutable _memory {};
	std::optional<Capability_refs> mutable _refs {};
	std::string mutable _blind {};

	template <typename FN>
	void _look(FN const &) const;
	void _read_places();

  public:
	explicit Diff_side(Image const &);
	Diff_side(Diff_side const &) = delete;
	Diff_side &operator=(Diff_side const &) = delete;

	Image const &image() const { return _image; }
	Metadata::Manifest::Reader const &manifest() const { return _manifest; }

	std::uint32_t size() const { return _objects.size(); }
	Object object(std::uint32_t position) const { return _objects[position]; }

	/* NONE if no object has this id */
	std::uint32_t position(std::uint32_t id) const;

	Place const &place(std::uint32_t position) const { return _places[position]; }

	/* the entry of an object that is held */
	Entry entry(Place const &) const;

	/* address of the tree object of the pool that an object is in */
	std::uint64_t pool_root(Place const &) const;

	/* word that holds the object's capability, next to its node in a pool */
	std::uint64_t pool_word(Place const &) const;

	/* address of an entry of the map in memory; nothing where the layout is not known */
	std::optional<std::uint64_t> slot(std::uint32_t space, std::uint32_t index) const;

	/* kernel selector; nothing where the kernel has none */
	std::optional<std::uint64_t> kcap(std::uint32_t space, Entry const &) const;

	/* of the first capability space's PD, else of the first PD */
	Address_space const &memory() const;

	/* there is a layout, so that variables can be looked for; only in the first space */
	bool has_variables() const { return !_maps.empty() && _maps[0].count; }

	/*
	 * The word at 'address' points to the slot of the place; nothing if that is not known
	 *
	 * Reads one word.
	 */
	std::optional<bool> holds(std::uint64_t address, Place const &) const;

	/* words that hold the capability, ascending addresses; the first call reads all memory */
	std::span<Capability_refs::Ref const> variables(Place const &) const;

	/* why memory could not be asked: a parent is missing, pointers without number; else empty */
	std::string const &blind() const { return _blind; }
};

}

#endif /* CAPIMG__DIFF_SIDE_H */
