#include "imported_image.h"

#include <elf.h>
#include <fstream>

#include "elf_core_builder.h"
#include "libimage/capability_layout.h"
#include "small_image.h"

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

Image import_core(Elf_core const &core, Import_options const &options, Profile const &profile,
				  Edit const &edit)
{
	Import_plan plan(core, options);
	if (edit) edit(plan.manifest());
	Head head {};
	head.machine = plan.machine();
	head.profile = profile;
	Memory_sink sink;
	Writer writer(sink, head, { .threads = 1 });
	plan.write(writer);
	return open_image(sink.bytes());
}

static std::string fixture_path(std::string const &name)
{
	return std::string(CAPIMG_TEST_DATA) + "/fixtures/" + name;
}

Image import_fixture(std::string const &name, Import_options const &options, Profile const &profile,
					 Edit const &edit)
{
	return import_core(Elf_core(fixture_path(name) + ".core"), options, profile, edit);
}

Image import_component(Component const &component, Profile const &profile, Edit const &edit)
{
	std::string const file = core_of(component);
	Elf_core const core("generated.core", { file.data(), file.size() });
	return import_core(core, { .kernel = schema_kernel(component.layout().kernel) }, profile, edit);
}

nlohmann::json fixture_truth(std::string const &name)
{
	return nlohmann::json::parse(std::ifstream(fixture_path(name) + ".json"));
}

std::uint64_t number(nlohmann::json const &text)
{
	return std::stoull(text.get<std::string>(), nullptr, 0);
}

}
