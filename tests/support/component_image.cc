#include "component_image.h"

#include <elf.h>

#include "elf_core_builder.h"
#include "libimage/capability_layout.h"
#include "libimage/sink.h"

namespace Capimg::Test
{

std::string core_of(Component const &component, unsigned threads)
{
	bool const wide = component.layout().word_bytes == 8;
	Elf_core_builder builder(wide ? EM_X86_64 : EM_386, component.layout().word_bytes);
	builder.process("generated");
	for (unsigned i = 0; i < threads; i++)
		builder.thread(100 + i, std::string(wide ? 27 * 8 : 17 * 4, '\0'));
	for (auto const &[address, bytes] : component.memory().segments())
		builder.segment({ .address = address,
						  .size = bytes.size(),
						  .content = { bytes.begin(), bytes.end() } });
	return builder.build();
}

std::vector<std::byte> Component_image::write(Component const &component) const
{
	std::string const file = core_of(component, threads);
	Elf_core const core("generated.core", { file.data(), file.size() });

	Import_options options;
	options.kernel = schema_kernel(component.layout().kernel);
	if (named) options.capability_map = component.map().array;

	Import_plan plan(core, options);
	if (edit) edit(plan.manifest());

	Head head;
	head.machine = plan.machine();
	head.profile = profile;
	head.set_writer("test");

	Memory_sink sink;
	Writer writer(sink, head, { 1, nullptr });
	(void)plan.write(writer);
	return sink.bytes();
}

}
