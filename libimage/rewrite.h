/*
 * An image with other badges
 *
 * Two steps, as for an import. Making a 'Rewrite_plan' applies the badge map to the manifest and
 * to copies of the blocks concerned, and proves the result: every badge is found by walking the
 * trees in memory as Genode does, manifest and memory agree. 'write' then makes the image; all
 * other blocks are copied undecoded. Doing the same with the map of 'undo' gives the former
 * file, bit for bit; of a delta the former state, in which blocks that were inherited are stored.
 */

#ifndef CAPIMG__REWRITE_H
#define CAPIMG__REWRITE_H

#include <memory>

#include "core/badge_map.h"
#include "core/badge_rewrite.h"
#include "image_edit.h"
#include "patched_blocks.h"
#include "writer.h"

namespace Capimg
{

struct Badge_request
{
	std::vector<Badge_pair> pairs {};      /* old and new, or … */
	std::optional<std::uint64_t> fresh {}; /* … ascending badges from this one on for all objects */
	bool ignore_missing = false;           /* pairs whose old badge no object has are left out */
	bool scan = false;      /* search memory first, and declare what the manifest does not */
	bool unscanned = false; /* change the order though memory was never searched for trees */
	std::string source {};  /* where the request comes from, for errors: a file or an option */
};

class Rewrite_plan
{
  public:
	struct Report
	{
		std::uint32_t rewritten = 0; /* objects whose badge changes */
		std::uint32_t missing = 0;   /* pairs that were left out */
		std::uint32_t left_out = 0;  /* with 'fresh': objects with a badge that no map may change */
		std::uint64_t entries = 0;   /* entries of capability maps and raw badges that change */
		bool order_kept = true;      /* of all badges: trees that nobody declared stay valid */
		bool searched = true; /* memory was searched for trees, now or when the image was made */
		std::vector<std::uint64_t> found_trees {}; /* that a search found and nobody had declared */
		bool found_parent_word = false;            /* so for the raw badge of the parent */
		std::vector<Reseated_tree>
			trees {};                    /* declared ones, 'moved' tells whether it was re-seated */
		std::size_t blocks = 0;          /* blocks that get other bytes */
		std::vector<Badge_pair> undo {}; /* ascending by the badge that is now the old one */
	};

  private:
	Image const &_image;
	Patched_blocks _patched {};
	std::vector<std::byte> _declared {}; /* manifest as it is, or with what a search found */
	std::vector<std::byte> _message {};  /* the same with the new badges */
	Report _report {};

	Metadata::Manifest::Reader _manifest() const;
	void _declare(Badge_request const &);
	void _apply(Badge_assignment &, Badge_request const &);
	void _rewrite(Badge_assignment const &);
	void _prove();
	void _report_badges(Badge_assignment const &, Badge_request const &);
	Image_copy _copy() const;

  public:
	/*
	 * Nothing is written; the image must outlive this object
	 *
	 * Image_error: the pair that is refused (badge_rules.h) with what is wrong, in 'field' and
	 * 'message'; INCONSISTENT if manifest and memory do not agree beforehand, or trees that
	 * nobody searched for may lose their order; what is damaged in the image.
	 */
	Rewrite_plan(Image const &, Badge_request const &);

	Report const &report() const { return _report; }

	struct Options
	{
		unsigned threads = 0;
		Progress_sink *progress = nullptr;
	};

	/*
	 * The image with the new badges
	 *
	 * Its provenance gets a record, or loses the last one if this gives the state that the last
	 * record says the image was rewritten from.
	 */
	Writer::Summary write(Sink &, Options const &) const;

	/* the same within the image's own file; UNSUPPORTED if that cannot be (image_edit.h) */
	Image_edit edit(Edit_signer const *signer = nullptr) const;
};

}

#endif /* CAPIMG__REWRITE_H */
