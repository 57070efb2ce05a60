/* Example consumer of the installed library: writes an image, reads it, and verifies it */

#include <capimg/dataspace_reader.h>
#include <capimg/image.h>
#include <capimg/manifest.h>
#include <capimg/output_file.h>
#include <capimg/verify.h>
#include <capimg/writer.h>

#include <capnp/message.h>
#include <cstdio>
#include <cstring>

using namespace Capimg;

/* memory of which only the beginning is known */
class Greeting : public Content
{
	static constexpr char TEXT[] = "hello";

  public:
	static constexpr std::uint64_t SIZE = 8192;

	Extent extent(std::uint64_t offset) override
	{
		if (offset < sizeof(TEXT)) return { Extent::Kind::BYTES, sizeof(TEXT) - offset };
		return { Extent::Kind::ABSENT, SIZE - offset, Absent_reason::NOT_CAPTURED };
	}

	void read(std::uint64_t offset, std::span<std::byte> out) override
	{
		std::memcpy(out.data(), TEXT + offset, out.size());
	}
};

static void write(char const *path)
{
	Head head;
	head.set_writer("consumer");

	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	manifest.setLabel("example");

	Output_file output(path);
	Writer writer(output, head, {});
	Greeting greeting;
	Writer::Stored const stored = writer.add_dataspace(1, Greeting::SIZE, greeting);

	auto object = manifest.initObjects(1)[0];
	object.setId(1);
	auto dataspace = object.initDataspace();
	dataspace.setSize(Greeting::SIZE);
	dataspace.setStored(true);
	dataspace.setFirstBlock(stored.first_block);
	auto absent = dataspace.initAbsent(unsigned(stored.absent.size()));
	for (unsigned i = 0; i < absent.size(); i++) {
		absent[i].setOffset(stored.absent[i].offset);
		absent[i].setSize(stored.absent[i].size);
		absent[i].setReason(Schema::AbsentReason(stored.absent[i].reason));
	}

	writer.finish(encode_manifest(manifest.asReader()));
	output.commit();
}

int main(int argc, char **argv)
{
	char const *const path = argc > 1 ? argv[1] : "example.img";
	write(path);

	Image const image(path);
	Dataspace_reader const reader(image, 1);
	char text[6] {};
	reader.read(0, std::as_writable_bytes(std::span(text)));

	std::printf("%s: %s, %llu bytes unknown\n", image.manifest().getLabel().cStr(), text,
				(unsigned long long)(reader.run(sizeof(text)).size));
	return verify(path, {}).sound() && reader.run(0).known() ? 0 : 1;
}
