/* Example consumer of the installed library */

#include <capimg/core/result.h>

#include <cstdio>

int main()
{
	std::puts(Capimg::error_text(Capimg::Code::NOT_AN_IMAGE));
	return 0;
}
