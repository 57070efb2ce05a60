/*
 * Which kernel the system runs on
 *
 * Components are built for all kernels alike; what differs is decided when they run.
 */

#ifndef CAPIMG__HOST__KERNEL_H
#define CAPIMG__HOST__KERNEL_H

#include <base/node.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

using Kernel = Metadata::Kernel;

struct System_info
{
	Kernel kernel = Kernel::UNKNOWN;
	uint64_t timestamp_frequency = 0;

	/* from the configuration's attribute "kernel", or else the ROM "platform_info" */
	static System_info from_platform(Env &, Node const &config);
};

Cap_kernel cap_kernel(Kernel);

}

#endif /* CAPIMG__HOST__KERNEL_H */
