/*
 * Any bytes as an ELF core: refused with field and offset, or all promises hold
 */

#include <cstdio>
#include <cstdlib>

#include "tests/support/elf_core_check.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	using namespace Capimg::Test;

	Core_outcome const outcome = check_elf_core({ data, size });
	if (outcome.broken.empty()) return 0;

	std::fprintf(stderr, "%s; %s\n", outcome.broken.c_str(), outcome.message.c_str());
	std::abort();
}
