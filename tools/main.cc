#include "command.h"

#include <csignal>
#include <unistd.h>

/* an input file that somebody else cuts short while it is mapped */
static void mapped_file_shrank(int)
{
	static constexpr char MESSAGE[] = "capimg: an input file became shorter while it was read\n";
	(void)!::write(STDERR_FILENO, MESSAGE, sizeof(MESSAGE) - 1);
	::_exit(Capimg::TROUBLE);
}

int main(int argc, char **argv)
{
	std::signal(SIGBUS, mapped_file_shrank);

	/* 'capimg … | head' ends by the signal, as other tools do */
	return Capimg::run(argc, argv);
}
