/*
 * What becomes of a journal that was found beside an image
 *
 * Nothing in it is believed. An image that is sound as it is, in all that the journal would write,
 * stays as it is: the change was never begun, or is complete. One that is not sound is changed
 * only if it is sound afterwards, and is then the image that the journal names. So a journal that
 * somebody put there can at worst be in the way.
 */

#ifndef CAPIMG__EDIT_RECOVERY_H
#define CAPIMG__EDIT_RECOVERY_H

#include <functional>
#include <optional>

#include "edit_journal.h"

namespace Capimg
{

/* a journal, mapped */
class Found_journal
{
	Mapped_file _file;
	Edit_journal _journal;

	static Mapped_file _open(std::string const &image, int image_fd);

	enum class Pieces { CHECKED, UNCHECKED };

	using Map = std::function<Mapped_file()>;

	std::optional<State_digest> _state(Map const &, Pieces) const;

  public:
	/*
	 * The one beside the image that is open as 'image_fd'; 'image' has no symbolic link at its end
	 *
	 * It must be a plain file with one name, nobody else may write to it, and it must belong to
	 * the image's owner, to who runs this program, or to root. Throws 'Image_error', with the
	 * journal's name, if it does not, or is no journal.
	 */
	Found_journal(std::string const &image, int image_fd);

	/* is there something of this name? */
	static bool exists(std::string const &image);

	Edit_journal const &journal() const { return _journal; }

	enum class Verdict {
		UNRELATED, /* the image is another one, and sound as far as opening it tells */
		DONE,      /* nothing is left to do: the image is the old one, or the new one */
		NEEDED,    /* the image is neither, and will be the new one */
	};

	/* INCONSISTENT if the image is sound neither as it is nor as it would be */
	Verdict judge(int image_fd, std::string const &path) const;
};

}

#endif /* CAPIMG__EDIT_RECOVERY_H */
