/*
 * '--key' of all commands that make an image from others: the result is signed
 *
 * Without it, a signature of the source is dropped, and said so. With it, sources that are signed
 * must be so by that key, or by one that is trusted besides: a signature vouches for what the
 * image was made from.
 */

#ifndef CAPIMG__TOOLS__SIGNING_OPTIONS_H
#define CAPIMG__TOOLS__SIGNING_OPTIONS_H

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "command.h"
#include "libimage/edit_signer.h"
#include "libimage/image_signature.h"
#include "libimage/output_file.h"

namespace Capimg
{

struct Signing_options
{
	std::string key {};
	std::vector<std::string> trust {};
	std::optional<std::uint64_t> counter {};

	/* '--key', which is returned, '--counter', and '--trust' for commands that have a source */
	Argument add(Arguments, bool with_trust = true);
};

class Signing
{
	std::unique_ptr<Secret_key> _key {};
	std::deque<Public_key> _trusted {}; /* they cannot be moved */
	std::uint64_t _counter = 0;
	unsigned _threads;
	std::unique_ptr<Edit_signer> _signer {};

  public:
	/* the newest source becomes another file, or is changed where it is: checked by its signer */
	enum class Base { COPIED, CHANGED_IN_PLACE };

	/*
	 * Reads the key and checks the sources, the newest image first
	 *
	 * The counter is that of the newest one unless another one is asked for. Throws 'Image_error'.
	 */
	Signing(Signing_options const &, Context const &, std::vector<Image const *> const &sources,
			unsigned threads, Base base = Base::COPIED);

	/* sign what was written, if that is wanted, before 'commit'; the report's word about it */
	Json append(Output_file &, Image const &source, Writer::Summary const &) const;

	/* for an image that is changed in place; null without a key */
	Edit_signer const *signer() const { return _signer.get(); }

	/* what the report says of an image that was changed in place */
	Json report() const;
};

/* the key of a file, with a warning if others can read it, too; throws 'Image_error' */
std::unique_ptr<Secret_key> read_secret_key(std::string const &path, Context const &);

/* of a report in JSON */
Json signature_json(Signature const &);

}

#endif /* CAPIMG__TOOLS__SIGNING_OPTIONS_H */
