/*
 * A Terminal session as a line that frames are sent over
 */

#ifndef CAPIMG__HOST__TERMINAL_LINE_H
#define CAPIMG__HOST__TERMINAL_LINE_H

#include <terminal_session/connection.h>
#include <timer_session/connection.h>

#include <capimg/io.h>
#include <capimg_host/types.h>

namespace Capimg::Host
{

class Terminal_line : public Engine::Sink
{
	Terminal::Connection _terminal;
	Timer::Connection &_timer;

	/* nothing was taken for as long: the other end is gone */
	static constexpr unsigned PAUSE_US = 10 * 1000, MAX_PAUSES = 500;

  public:
	Terminal_line(Env &env, Timer::Connection &timer) : _terminal(env, "capimg"), _timer(timer) {}
	virtual ~Terminal_line() = default;

	Status append(Const_bytes bytes) override
	{
		unsigned pauses = 0;
		for (Capimg::size_t done = 0; done < bytes.size();) {
			Capimg::size_t const sent = _terminal.write(bytes.base() + done, bytes.size() - done);
			done += sent;
			pauses = sent ? 0 : pauses + 1;
			if (pauses > MAX_PAUSES) return { Code::IO, done, "terminal" };
			if (!sent) _timer.usleep(PAUSE_US);
		}
		return ok;
	}
};

}

#endif /* CAPIMG__HOST__TERMINAL_LINE_H */
