#include "provenance.h"

#include <algorithm>
#include <capnp/message.h>

#include "manifest.h"

namespace Capimg
{

using Sections = std::vector<Writer::Extra_section>;

std::optional<Provenance_record> Provenance_record::last(Image const &image)
{
	auto const records = image.provenance().getRecords();
	if (!records.size()) return {};

	auto const record = records[records.size() - 1];
	Provenance_record result { record.getAction(), record.getTool(), {}, record.getDetail() };
	auto const source = record.getSource();
	if (source.size() == State_digest::SIZE)
		copy_memory(result.source.bytes, source.begin(), State_digest::SIZE);
	return result;
}

/* the first 'count' records of the image and those that 'fill' sets behind them */
template <typename FILL>
static std::vector<std::byte> encode(Image const &image, unsigned count, unsigned more,
									 FILL const &fill)
{
	auto const old = image.provenance();
	capnp::MallocMessageBuilder message;
	message.setRoot(old); /* fields of newer versions are kept */
	auto root = message.getRoot<Schema::Provenance>();

	auto records = root.initRecords(count + more);
	for (unsigned i = 0; i < count; i++) records.setWithCaveats(i, old.getRecords()[i]);
	fill(records);
	return encode_provenance(root.asReader());
}

static void replace(Sections &sections, std::vector<std::byte> bytes)
{
	auto const found =
		std::ranges::find(sections, Section_kind::PROVENANCE, &Writer::Extra_section::kind);
	if (found == sections.end())
		sections.push_back({ Section_kind::PROVENANCE, 0, std::move(bytes) });
	else
		found->bytes = std::move(bytes);
}

Sections add_record(Image const &image, Sections sections, std::string const &action,
					std::string const &detail)
{
	unsigned const count = image.provenance().getRecords().size();
	State_digest const &source = image.trailer().state;
	replace(sections, encode(image, count, 1, [&](auto &records) {
				auto last = records[count];
				last.setAction(action);
				last.setTool("capimg " CAPIMG_VERSION);
				last.setDetail(detail);
				last.setSource(capnp::Data::Reader(source.bytes, State_digest::SIZE));
				if (auto const &signature = image.signature()) {
					last.setSigner(capnp::Data::Reader(signature->key, Signature::KEY_SIZE));
					last.setCounter(signature->counter);
				}
			}));
	return sections;
}

Sections remove_record(Image const &image, Sections sections)
{
	unsigned const count = image.provenance().getRecords().size();
	if (count <= 1) {
		std::erase_if(sections, [](auto const &s) { return s.kind == Section_kind::PROVENANCE; });
		return sections;
	}
	replace(sections, encode(image, count - 1, 0, [](auto &) {}));
	return sections;
}

std::vector<std::byte> redacted_provenance(Image const &image)
{
	unsigned const count = image.provenance().getRecords().size();
	return encode(image, count, 1, [&](auto &records) {
		for (auto record : records) record.disownSource();
		auto last = records[count];
		last.setAction("redact");
		last.setTool("capimg " CAPIMG_VERSION);
	});
}

}
