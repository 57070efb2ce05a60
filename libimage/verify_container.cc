/*
 * Checks of the frame: head, trailer, sections, manifest, state digest, parent
 */

#include <algorithm>

#include "core/checksum.h"
#include "core/state.h"
#include "image_signature.h"
#include "sha256.h"
#include "verification.h"

namespace Capimg
{

static std::string signer_text(Signature const &signature, bool trusted)
{
	std::string const name = "key " + key_text(std::span(signature.key).first(8)) + "…, counter " +
							 std::to_string(signature.counter);
	return trusted ? "by " + name : "by " + name + ": is it one to be trusted? See '--key'";
}

/* without a key given, other checks say what is wrong where the bytes are not those signed */
void Verify_check::signature(Verification &v)
{
	Verify_options const &options = v.options;
	v.distrusted = true;
	std::optional<Signature> const signature = signature_of(v.file);
	v.distrusted = options.key.has_value();

	if (!signature && !options.key) {
		v.note = "the image is not signed";
		return;
	}
	if (signature) v.file.cut(signature->image_size);

	Mapped_file const whole(v.file.path(), v.file.fd());
	Trust_policy const policy { { options.label.data(), options.label.size() },
								options.min_counter };
	check_signature(whole, options.key ? &*options.key : nullptr, policy, options.threads,
					options.progress);
	v.distrusted = false;
	v.note = signer_text(*signature, options.key.has_value());
}

void Verify_check::head(Verification &v)
{
	v.head = value_or_throw(Head::decode(v.file.core_bytes()), v.file.path());
	v.note = std::string("format ") + std::to_string(v.head.major) + "." +
			 std::to_string(v.head.minor) + ", written by " + v.head.writer;
}

static Trailer read_trailer(Verification const &v)
{
	Const_bytes const all = v.file.core_bytes();
	std::size_t const tail = std::min(all.size(), Trailer::SIZE);
	return value_or_throw(
		Trailer::decode(Const_bytes(all.base() + all.size() - tail, tail), all.size()));
}

void Verify_check::trailer(Verification &v)
{
	Trailer const trailer = read_trailer(v);
	if (checksum(Const_bytes(v.file.core_bytes().base(), Head::SIZE)) != trailer.head_digest)
		v.found(0, "trailer.headDigest", "head and trailer are not of the same image");
}

void Verify_check::sections(Verification &v)
{
	Trailer const trailer = read_trailer(v);
	Const_bytes const bytes = value_or_throw(
		v.file.core_bytes().slice(trailer.table_offset, trailer.table_size(), "section table"));

	if (checksum(bytes) != trailer.table_digest)
		return v.found(trailer.table_offset, "trailer.tableDigest", error_text(Code::DAMAGED));

	Section_table const table =
		value_or_throw(Section_table::open(bytes, trailer.table_offset, trailer.data_end));

	/* sections follow each other, and the table follows the last one, with padding between */
	std::uint64_t cursor = trailer.data_end;
	for (std::uint32_t i = 0; i < table.count(); i++) {
		Section const s = table.section(i);
		std::uint64_t const entry = trailer.table_offset + i * Section::ENTRY_SIZE;

		if (s.offset != align_up(cursor, Section::ALIGN))
			v.found(entry, "section.offset", error_text(Code::OUT_OF_ORDER));
		v.expect_zero(cursor, s.offset, "padding before a section");
		cursor = s.offset + s.size;

		Const_bytes const content =
			value_or_throw(v.file.core_bytes().slice(s.offset, s.size, "section"));
		if (checksum(content) != s.digest)
			v.found(s.offset, "section.digest",
					std::string(error_text(Code::DAMAGED)) + " (section " + std::to_string(i) +
						", kind " + std::to_string(unsigned(s.kind)) + ")");
	}
	if (trailer.table_offset != align_up(cursor, Section::ALIGN))
		v.found(trailer.table_offset, "trailer.tableOffset", error_text(Code::OUT_OF_ORDER));
	v.expect_zero(cursor, trailer.table_offset, "padding before the section table");
	v.note = std::to_string(table.count()) + " sections";
}

void Verify_check::manifest(Verification &v)
{
	v.image.emplace(Mapped_file(v.file.path(), v.file.fd()), v.options.limits);
	connect_parents(*v.image, v.options.parents, Ancestors::AS_GIVEN);
	v.note = std::to_string(v.image->manifest().getObjects().size()) + " objects";
}

void Verify_check::state(Verification &v)
{
	Image const &image = *v.image;
	auto const manifest = image.manifest_bytes();

	Sodium_sha256 hash;
	if (compute_state(image.head(), { manifest.data(), manifest.size() }, image.directory(),
					  hash) != image.trailer().state)
		v.found(v.file.size() - Trailer::SIZE, "trailer.state",
				"the state digest is not that of manifest and contents");
}

void Verify_check::parent(Verification &v)
{
	Image const &image = *v.image;
	bool const feature = image.head().required_features & Feature::INHERITED;
	bool const named = image.manifest().hasParent();

	if (feature && !named)
		v.found(0, "head.requiredFeatures",
				"inherited blocks are announced, but no parent is named");

	std::uint64_t inherited = 0;
	for (Storage const &storage : image.storage()) inherited += storage.inherited;
	if (inherited && !feature)
		v.found(0, "head.requiredFeatures", "there are inherited blocks, but not the feature bit");

	v.note = !named      ? "no parent"
			 : inherited ? std::to_string(inherited) + " inherited blocks"
						 : "a parent, nothing inherited";
}

}
