#include "command.h"

#include <csignal>
#include <unistd.h>

#include "libimage/temporary_names.h"

/* an input file that somebody else cuts short while it is mapped */
static void mapped_file_shrank(int)
{
	static constexpr char MESSAGE[] = "capimg: an input file became shorter while it was read\n";
	(void)!::write(STDERR_FILENO, MESSAGE, sizeof(MESSAGE) - 1);
	::_exit(Capimg::TROUBLE);
}

/* end as the signal has it, without leaving half of an output behind */
static void ended_by_signal(int number)
{
	Capimg::remove_temporary_names();
	std::signal(number, SIG_DFL);
	std::raise(number);
}

int main(int argc, char **argv)
{
	std::signal(SIGBUS, mapped_file_shrank);

	/* what is ignored stays so: nohup, jobs of a shell */
	for (int const number : Capimg::ENDING_SIGNALS)
		if (std::signal(number, ended_by_signal) == SIG_IGN) std::signal(number, SIG_IGN);

	/* a file that may not grow is an error as others are */
	std::signal(SIGXFSZ, SIG_IGN);

	/* 'capimg … | head' ends by the signal, as other tools do */
	return Capimg::run(argc, argv);
}
