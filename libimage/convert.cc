#include "convert.h"

#include <algorithm>

#include "core/state.h"
#include "image_copy.h"
#include "image_error.h"
#include "provenance.h"

namespace Capimg
{

/* kinds from here on are free for anybody's use, in every version */
static constexpr std::uint32_t FIRST_FREE_KIND = 0x10000;

/* what this image has of a later version than 'minor', or null */
static char const *of_later_version(Image const &image)
{
	Head const &head = image.head();
	if (head.optional_features) return "head.optionalFeatures";
	if (!Const_bytes(head.reserved, sizeof(head.reserved)).all_zero()) return "head.reserved";

	for (Section const &section : image.sections())
		if (!section.known() && std::uint32_t(section.kind) < FIRST_FREE_KIND)
			return "section.kind";
	return nullptr;
}

static void check_version(Image const &image, std::uint16_t minor)
{
	if (image.head().minor <= minor) return;
	if (char const *const field = of_later_version(image))
		throw Image_error({ image.path(),
							Code::UNSUPPORTED,
							{},
							field,
							"version 1." + std::to_string(minor) +
								" has no place for what this image of version 1." +
								std::to_string(image.head().minor) + " has here",
							"convert it without changing the version" });
}

Convert_report convert(Image const &image, Sink &sink, Convert_options const &options)
{
	bool const same_blocks = options.profile.block_size == image.block_size();

	Image_copy copy { .image = image,
					  .profile = options.profile,
					  .minor = options.minor.value_or(image.head().minor),
					  .threads = options.writer.threads,
					  .progress = options.writer.progress };
	check_version(image, copy.minor);

	copy.sections = [&](State_digest const &, Image_copy::Sections sections) {
		/* who signed the source is known from nothing else */
		if (same_blocks && image.signature())
			sections = add_record(image, std::move(sections), "convert", "the state stays");
		if (!same_blocks)
			sections =
				add_record(image, std::move(sections), "convert",
						   "blocks of " + std::to_string(image.block_size()) + " bytes became " +
							   std::to_string(options.profile.block_size));
		return sections;
	};

	Convert_report report;
	report.summary = copy.write(sink);
	report.state_changed = report.summary.state != image.trailer().state;

	if (same_blocks && report.state_changed)
		throw Image_error({ image.path(),
							Code::INCONSISTENT,
							{},
							"trailer.state",
							"the state digest is not that of manifest and contents",
							"see 'capimg verify'" });
	return report;
}

}
