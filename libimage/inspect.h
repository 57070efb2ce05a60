/*
 * What is in an image, for people and programs
 *
 * A table of parts: each is a list of flat rows, made from the manifest, and the columns in
 * which it is printed. Reads head, trailer, directory and manifest, never a block.
 */

#ifndef CAPIMG__INSPECT_H
#define CAPIMG__INSPECT_H

#include <span>

#include "image.h"
#include "json_value.h"

namespace Capimg
{

struct Inspect_part
{
	enum class Form { TEXT, NUMBER, SIZE }; /* NUMBER and SIZE stand right, SIZE for people */

	struct Column
	{
		char const *key; /* of a row */
		char const *title;
		Form form = Form::TEXT;
		bool elastic = false; /* may be cut to fit a terminal */
	};

	char const *name; /* key in JSON, and argument of 'inspect' */
	char const *title;
	std::span<Column const> columns;
	Json (*rows)(Image const &);
};

std::span<Inspect_part const> inspect_parts();

/* what the head and the manifest say about the whole, as one object */
Json inspect_summary(Image const &);

/* how an image's blocks are stored */
Json profile_json(Profile const &);

/* bytes of a digest as hexadecimal digits */
std::string digest_text(State_digest const &);

/* selectors by object id: the first entry that holds a capability to the object */
class Selectors
{
	std::vector<std::pair<std::uint32_t, std::uint64_t>> _by_object {};

  public:
	explicit Selectors(Image const &);

	/* null if the component does not hold it, or the kernel has no selectors */
	Json kcap(std::uint32_t object) const;
};

}

#endif /* CAPIMG__INSPECT_H */
