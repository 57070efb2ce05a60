#include "profile_options.h"

#include <array>
#include <charconv>

#include "libimage/compression.h"
#include "libimage/core/limits.h"
#include "libimage/image_error.h"

namespace Capimg
{

[[noreturn]] static void fail(std::string const &option, std::string message, std::string hint)
{
	throw Image_error({ {}, Code::BAD_ARGUMENT, {}, option, std::move(message), std::move(hint) });
}

static std::optional<std::uint64_t> number(std::string_view text)
{
	bool const hex = text.starts_with("0x") || text.starts_with("0X");
	if (hex) text.remove_prefix(2);

	std::uint64_t value = 0;
	auto const [end, error] =
		std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
	if (error != std::errc() || end != text.data() + text.size()) return {};
	return value;
}

std::uint64_t parse_number(std::string const &text, std::string const &option)
{
	if (auto const value = number(text)) return *value;
	fail(option, "'" + text + "' is no number of 64 bit", "give it as 4096 or 0x1000");
}

std::uint64_t parse_size(std::string const &text, std::string const &option)
{
	std::string_view digits = text;
	unsigned shift = 0;

	static constexpr std::string_view UNITS = "KMGT";
	if (!digits.empty()) {
		std::size_t const unit = UNITS.find(char(std::toupper(digits.back())));
		if (unit != std::string_view::npos) {
			shift = 10 * unsigned(unit + 1);
			digits.remove_suffix(1);
		}
	}
	auto const value = number(digits);
	if (!value || (*value << shift) >> shift != *value)
		fail(option, "'" + text + "' is no size", "give it as 4096, 0x1000, 64K or 1M");
	return *value << shift;
}

void Profile_options::add(Arguments app, Defaults defaults)
{
	bool const fresh = defaults == Defaults::OF_NEW_IMAGE;
	auto const text = [fresh](char const *what, char const *otherwise) {
		return std::string(what) + (fresh ? otherwise : " (default: as it is)");
	};

	app.option("--codec", codec, text("How to store blocks: raw, zstd, lz4", ""))
		.one_of({ "raw", "zstd", "lz4" })
		.type_name("CODEC")
		.default_text(fresh ? "raw" : "");
	app.option("--level", level,
			   std::string("Level of the codec (default: ") +
				   (fresh ? "its fast one)" : "as it is, or the fast one of another codec)"))
		.type_name("N");
	app.option("--block", block,
			   text("Size of a block, a power of two from 4K to 1M",
					" (default: 4K raw, 64K compressed)"))
		.type_name("SIZE");
	app.option("--dedup", dedup_log2,
			   text("Remember 2^N blocks to find equal ones, 0: none; 24 bytes each", ""))
		.range(0, int(Limit::MAX_DEDUP_LOG2))
		.type_name("N")
		.default_text(fresh ? std::to_string(DEFAULT_DEDUP_LOG2) : "");
}

void Profile_options::_set_codec(Profile &profile, int usual_level) const
{
	static constexpr std::array CODECS { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 };

	for (Codec_id id : CODECS)
		if (codec && *codec == codec_name(id)) profile.codec = id;

	Levels const levels = codec_levels(profile.codec);
	int const wanted = level.value_or(usual_level);
	if (level && (wanted < levels.lowest || wanted > levels.highest))
		fail("--level", std::to_string(wanted) + " is no level of " + codec_name(profile.codec),
			 "levels go from " + std::to_string(levels.lowest) + " to " +
				 std::to_string(levels.highest));

	profile.level = std::int8_t(wanted);
	if (profile.codec != Codec_id::RAW) profile.codec_version = codec_version(profile.codec);
}

void Profile_options::_set_block_size(Profile &profile) const
{
	if (block.empty()) return;

	std::uint64_t const size = parse_size(block, "--block");
	if (size < Limit::MIN_BLOCK_SIZE || size > Limit::MAX_BLOCK_SIZE || (size & (size - 1)))
		fail("--block", "'" + block + "' is no possible size of a block",
			 "use a power of two from 4K to 1M");
	profile.block_size = std::uint32_t(size);
}

static int usual_level(std::string const &codec)
{
	for (Codec_id id : { Codec_id::ZSTD, Codec_id::LZ4 })
		if (codec == codec_name(id)) return codec_levels(id).usual;
	return codec_levels(Codec_id::RAW).usual;
}

Profile Profile_options::profile() const
{
	Profile profile;
	_set_codec(profile, usual_level(codec.value_or("raw")));
	profile.block_size = profile.codec == Codec_id::RAW ? 4096 : 65536;
	_set_block_size(profile);
	profile.dedup_log2 = std::uint8_t(dedup_log2.value_or(DEFAULT_DEDUP_LOG2));
	return profile;
}

Profile Profile_options::changed(Profile const &base) const
{
	Profile profile = base;
	bool const other = codec && *codec != codec_name(base.codec);
	if (other) profile.codec_version = 0;
	_set_codec(profile, other ? usual_level(*codec) : base.level);
	_set_block_size(profile);
	if (dedup_log2) profile.dedup_log2 = std::uint8_t(*dedup_log2);
	return profile;
}

}
