/*
 * Sessions that others have at the component, by the numbers that the component knows them by
 *
 * The numbers are given here and not by the component's parent: that of another machine begins
 * anew, and its numbers are in use already. Sessions of another machine's clients are closed.
 */

#ifndef CAPIMG__HOST__SERVED_SESSIONS_H
#define CAPIMG__HOST__SERVED_SESSIONS_H

#include <capimg_host/session.h>

namespace Capimg::Host
{

class Served_sessions : Genode::Noncopyable
{
  public:
	struct Session : List<Session>::Element
	{
		uint32_t const number;
		unsigned long const real; /* the parent's number */
		bool const foreign;       /* of another machine: nobody waits for its end */

		Service_name const service;
		String<160> const label;
		Session_arguments const arguments;

		Session(uint32_t number, unsigned long real, bool foreign, Service_name const &service,
				String<160> const &label, Session_arguments const &arguments)
			: number(number),
			  real(real),
			  foreign(foreign),
			  service(service),
			  label(label),
			  arguments(arguments)
		{}
	};

  private:
	Allocator &_alloc;
	List<Session> _sessions {};

	uint32_t _free_number() const
	{
		for (uint32_t number = 0;; number++)
			if (!find(number)) return number;
	}

  public:
	explicit Served_sessions(Allocator &alloc) : _alloc(alloc) {}

	~Served_sessions()
	{
		while (Session *const session = _sessions.first()) remove(*session);
	}

	template <typename FN>
	void for_each(FN const &fn) const
	{
		for (Session const *s = _sessions.first(); s; s = s->next()) fn(*s);
	}

	Session *find(unsigned long number) const
	{
		for (Session const *s = _sessions.first(); s; s = s->next())
			if (s->number == number) return const_cast<Session *>(s);
		return nullptr;
	}

	Session *find_real(unsigned long real) const
	{
		for (Session const *s = _sessions.first(); s; s = s->next())
			if (!s->foreign && s->real == real) return const_cast<Session *>(s);
		return nullptr;
	}

	/* behind the highest number */
	uint32_t end() const
	{
		uint32_t end = 0;
		for_each([&](Session const &session) { end = max(end, session.number + 1); });
		return end;
	}

	Session &add(unsigned long real, Service_name const &service, String<160> const &label,
				 Session_arguments const &arguments)
	{
		Session &session =
			*new (_alloc) Session(_free_number(), real, false, service, label, arguments);
		_sessions.insert(&session);
		return session;
	}

	/* of an image */
	void add_foreign(uint32_t number, Service_name const &service, String<160> const &label,
					 Session_arguments const &arguments)
	{
		if (!find(number))
			_sessions.insert(new (_alloc) Session(number, 0, true, service, label, arguments));
	}

	void remove(Session &session)
	{
		_sessions.remove(&session);
		destroy(_alloc, &session);
	}
};

}

#endif /* CAPIMG__HOST__SERVED_SESSIONS_H */
