#include <base/attached_rom_dataspace.h>

#include <capimg_host/kernel.h>

namespace Capimg::Host
{

struct Kernel_row
{
	char const *name;
	Kernel kernel;
	Cap_kernel map;
};

static constexpr Kernel_row KERNELS[] {
	{ "linux", Kernel::LINUX, Cap_kernel::LINUX }, { "foc", Kernel::FOC, Cap_kernel::FOC },
	{ "hw", Kernel::HW, Cap_kernel::NONE },        { "nova", Kernel::NOVA, Cap_kernel::NONE },
	{ "sel4", Kernel::SEL4, Cap_kernel::SEL4 },
};

using Kernel_name = String<16>;

static Kernel kernel_of(Kernel_name const &name)
{
	for (Kernel_row const &row : KERNELS)
		if (name == row.name) return row.kernel;
	return Kernel::UNKNOWN;
}

System_info System_info::from_platform(Env &env, Node const &config)
{
	System_info result {};

	/* linux has no such module */
	auto const configured = config.attribute_value("kernel", Kernel_name());
	if (configured.valid()) {
		result.kernel = kernel_of(configured);
		return result;
	}

	Attached_rom_dataspace info { env, "platform_info" };
	info.node().with_optional_sub_node("kernel", [&](Node const &node) {
		result.kernel = kernel_of(node.attribute_value("name", Kernel_name()));
	});
	info.node().with_optional_sub_node("hardware", [&](Node const &hardware) {
		hardware.with_optional_sub_node("tsc", [&](Node const &tsc) {
			result.timestamp_frequency = 1000 * tsc.attribute_value("freq_khz", 0ul);
		});
	});
	return result;
}

Cap_kernel cap_kernel(Kernel kernel)
{
	for (Kernel_row const &row : KERNELS)
		if (row.kernel == kernel) return row.map;
	return Cap_kernel::NONE;
}

}
