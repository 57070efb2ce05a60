#include "dump_format.h"

#include <array>

#include "json_value.h"

namespace Capimg::Dump_format
{

std::string dataspace_file(std::uint32_t id)
{
	return std::string(DATASPACES) + "/" + std::to_string(id) + ".bin";
}

std::string section_file(std::size_t n, Section_kind kind)
{
	return std::string(SECTIONS) + "/" + std::to_string(n) + "-" + hex_text(std::uint32_t(kind)) +
		   ".bin";
}

struct Reason
{
	Absent_reason reason;
	char const *name; /* as in the schema */
};

static constexpr std::array REASONS {
	Reason { Absent_reason::NOT_CAPTURED, "notCaptured" },
	Reason { Absent_reason::IN_ROM, "inRom" },
	Reason { Absent_reason::REDACTED, "redacted" },
};

char const *reason_name(Absent_reason reason)
{
	for (Reason const &row : REASONS)
		if (row.reason == reason) return row.name;
	return nullptr;
}

bool reason_from(std::string_view name, Absent_reason &reason)
{
	for (Reason const &row : REASONS) {
		if (row.name != name) continue;
		reason = row.reason;
		return true;
	}
	return false;
}

static constexpr std::array ARCHITECTURES {
	Architecture::UNKNOWN, Architecture::X86_32, Architecture::ARM_V7,
	Architecture::X86_64,  Architecture::ARM_V8, Architecture::RISCV_64,
};

bool known_architecture(Architecture architecture)
{
	for (Architecture const known : ARCHITECTURES)
		if (known == architecture) return true;
	return false;
}

bool architecture_from(std::string_view name, Architecture &architecture)
{
	for (Architecture const known : ARCHITECTURES) {
		if (name != architecture_name(known)) continue;
		architecture = known;
		return true;
	}
	return false;
}

bool codec_from(std::string_view name, Codec_id &codec)
{
	for (Codec_id const known : { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 }) {
		if (name != codec_name(known)) continue;
		codec = known;
		return true;
	}
	return false;
}

}
