#include "provenance.h"

#include <algorithm>
#include <capnp/message.h>

#include "manifest.h"

namespace Capimg
{

void add_provenance(Image_copy::Sections &sections, Image const &image, std::string const &action,
					std::string const &detail)
{
	auto const old = image.provenance().getRecords();

	capnp::MallocMessageBuilder message;
	auto records = message.initRoot<Schema::Provenance>().initRecords(old.size() + 1);
	for (unsigned i = 0; i < old.size(); i++) records.setWithCaveats(i, old[i]);

	State_digest const &source = image.trailer().state;
	auto record = records[old.size()];
	record.setAction(action);
	record.setTool("capimg " CAPIMG_VERSION);
	record.setSource(kj::arrayPtr(source.bytes, source.SIZE));
	record.setDetail(detail);
	std::vector<std::byte> bytes =
		encode_provenance(message.getRoot<Schema::Provenance>().asReader());

	auto const there =
		std::ranges::find(sections, Section_kind::PROVENANCE, &Writer::Extra_section::kind);
	if (there != sections.end())
		there->bytes = std::move(bytes);
	else
		sections.insert(sections.begin(), { Section_kind::PROVENANCE, 0, std::move(bytes) });
}

}
