/*
 * Names of temporary files and directories that exist just now
 *
 * Objects that make them remove them when they end; a signal that ends the program does not let
 * them. So they are listed here, for whoever handles such signals. Thread-safe.
 */

#ifndef CAPIMG__TEMPORARY_NAMES_H
#define CAPIMG__TEMPORARY_NAMES_H

#include <csignal>
#include <string>

namespace Capimg
{

/* signals that end the program wait as long as this object lives: for a few system calls */
class Signals_held
{
	sigset_t _before;

  public:
	Signals_held();
	~Signals_held();

	Signals_held(Signals_held const &) = delete;
	Signals_held &operator=(Signals_held const &) = delete;
};

/* signals that people and systems end programs with */
inline constexpr int ENDING_SIGNALS[] { SIGINT, SIGTERM, SIGHUP };

/* a name in the list; make it within 'Signals_held', together with what it names */
class Temporary_name
{
	char *_name;
	int _slot;

  public:
	explicit Temporary_name(std::string const &);
	~Temporary_name();

	Temporary_name(Temporary_name const &) = delete;
	Temporary_name &operator=(Temporary_name const &) = delete;
};

/*
 * Remove all that is listed, directories with what is in them
 *
 * For handlers of signals: it makes system calls alone, and uses the thread's stack.
 */
void remove_temporary_names() noexcept;

}

#endif /* CAPIMG__TEMPORARY_NAMES_H */
