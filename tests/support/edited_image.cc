#include "edited_image.h"

#include <capnp/message.h>

#include "libimage/dataspace_reader.h"
#include "libimage/manifest.h"

namespace Capimg::Test
{

namespace
{

class Edited_content final : public Content
{
	Dataspace_reader const _reader;
	std::map<std::uint64_t, std::byte> const &_bytes;

  public:
	Edited_content(Image const &image, std::uint32_t id,
				   std::map<std::uint64_t, std::byte> const &bytes)
		: _reader(image, id), _bytes(bytes)
	{}

	Extent extent(std::uint64_t offset) override
	{
		Dataspace_reader::Run const run = _reader.run(offset);
		if (!run.known()) return { Extent::Kind::ABSENT, run.size, run.absent };
		bool const zero = run.zero && _bytes.empty();
		return { zero ? Extent::Kind::ZERO : Extent::Kind::BYTES, run.size };
	}

	void read(std::uint64_t offset, std::span<std::byte> out) override
	{
		_reader.read(offset, out);
		for (auto at = _bytes.lower_bound(offset); at != _bytes.end(); ++at) {
			if (at->first >= offset + out.size()) break;
			out[at->first - offset] = at->second;
		}
	}
};

}

std::vector<std::byte> edited(Image const &image, Image_edit const &edit)
{
	capnp::MallocMessageBuilder message;
	message.setRoot(image.manifest());
	auto manifest = message.getRoot<Schema::Manifest>();
	edit.manifest(manifest);

	Head head = image.head();
	head.profile = edit.profile;
	Memory_sink sink;
	Writer writer(sink, head, { .threads = 1 });

	for (auto object : manifest.getObjects()) {
		if (!object.isDataspace() || !object.getDataspace().getStored()) continue;
		auto dataspace = object.getDataspace();
		static std::map<std::uint64_t, std::byte> const NONE;
		auto const bytes = edit.bytes.find(object.getId());
		Edited_content content(image, edit.origin(object.getId()),
							   bytes == edit.bytes.end() ? NONE : bytes->second);
		auto const stored = writer.add_dataspace(object.getId(), dataspace.getSize(), content);

		dataspace.setFirstBlock(stored.first_block);
		auto absent = dataspace.initAbsent(unsigned(stored.absent.size()));
		for (unsigned k = 0; k < absent.size(); k++) {
			absent[k].setOffset(stored.absent[k].offset);
			absent[k].setSize(stored.absent[k].size);
			absent[k].setReason(Schema::AbsentReason(stored.absent[k].reason));
		}
	}
	writer.finish(encode_manifest(manifest.asReader()), edit.sections);
	return sink.bytes();
}

Writer::Extra_section provenance(std::string const &action, State_digest const &source)
{
	capnp::MallocMessageBuilder message;
	auto record = message.initRoot<Schema::Provenance>().initRecords(1)[0];
	record.setAction(action);
	record.setTool("test");
	record.setSource(kj::arrayPtr(source.bytes, State_digest::SIZE));
	return { Section_kind::PROVENANCE, 0,
			 encode_provenance(message.getRoot<Schema::Provenance>().asReader()) };
}

}
