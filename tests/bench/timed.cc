/*
 * Run a command, and say what it took
 *
 * Usage: timed OUT COMMAND [ARGUMENT...]
 *
 * OUT takes what COMMAND prints. Prints one JSON object:
 *
 *   exit                   exit code, or 128 and the signal's number
 *   seconds, user, system  from before the fork until COMMAND was waited for
 *   resident               peak of resident memory, pages of mapped files included
 *   anonymous              peak of memory that is no file's, looked at every 5 ms
 *   faults                 page faults that needed no reading
 *   read, written          bytes of block devices, as the kernel accounts for them
 *
 * A program of its own, since a child's peak starts with that of the process that forked it, and
 * since forking a Python interpreter takes longer than capimg does to start. COMMAND ends when
 * this program does.
 */

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace
{

[[noreturn]] void fail(char const *what)
{
	perror(what);
	_exit(127);
}

double now()
{
	timespec time {};
	clock_gettime(CLOCK_MONOTONIC, &time);
	return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

double seconds(timeval const &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; }

/* bytes of anonymous memory that a process has now, 0 if it cannot be told */
unsigned long anonymous(pid_t pid)
{
	char text[4096];
	snprintf(text, sizeof text, "/proc/%d/status", int(pid));
	int const fd = open(text, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return 0;
	ssize_t const got = read(fd, text, sizeof text - 1);
	close(fd);
	text[got > 0 ? got : 0] = 0;

	char const *const key = "RssAnon:", *const line = strstr(text, key);
	return line ? strtoul(line + strlen(key), nullptr, 10) * 1024 : 0;
}

void run(char const *out, char **command)
{
	int const fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) fail(out);
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
	execvp(command[0], command);
	fail(command[0]);
}

}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: timed OUT COMMAND [ARGUMENT...]\n");
		return 2;
	}

	/* blocked, SIGCHLD stays pending until it is asked for */
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, nullptr);

	double const start = now();
	pid_t const pid = fork();
	if (pid < 0) fail("fork");
	if (!pid) run(argv[1], argv + 2);

	unsigned long peak = 0;
	int status = 0;
	rusage usage {};
	for (timespec const interval { 0, 5000000 };;) {
		sigtimedwait(&child, nullptr, &interval);
		pid_t const ended = wait4(pid, &status, WNOHANG, &usage);
		if (ended < 0) fail("wait4");
		if (ended) break;
		unsigned long const used = anonymous(pid);
		peak = used > peak ? used : peak;
	}
	double const end = now();

	printf("{\"exit\": %d, \"seconds\": %.7f, \"user\": %.6f, \"system\": %.6f, "
		   "\"resident\": %ld, \"anonymous\": %lu, \"faults\": %ld, \"read\": %ld, "
		   "\"written\": %ld}\n",
		   WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), end - start,
		   seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss * 1024, peak,
		   usage.ru_minflt, usage.ru_inblock * 512, usage.ru_oublock * 512);
	return 0;
}
