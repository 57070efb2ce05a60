#include "component_image.h"

#include "libimage/capability_layout.h"
#include "libimage/sink.h"

namespace Capimg::Test
{

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
