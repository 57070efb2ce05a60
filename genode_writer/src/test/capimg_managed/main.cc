/*
 * Component to be checkpointed: a managed dataspace of two RAM dataspaces, seen at two places
 *
 * Each page holds what depends on its place and on the round. One RAM dataspace is attached twice,
 * once behind an offset, and the managed one as well.
 */

#include <base/attached_ram_dataspace.h>
#include <base/component.h>
#include <base/log.h>
#include <region_map/client.h>
#include <rm_session/connection.h>
#include <timer_session/connection.h>

namespace Test
{
using namespace Genode;
struct Main;
}

struct Test::Main
{
	static constexpr size_t PAGE = 4096, PAGES = 16, WORD = PAGE / sizeof(unsigned long);

	Env &_env;
	Timer::Connection _timer { _env };
	Attached_ram_dataspace _front { _env.ram(), _env.rm(), PAGES *PAGE };
	Attached_ram_dataspace _back { _env.ram(), _env.rm(), PAGES *PAGE };
	Rm_connection _rm { _env };
	Region_map_client _map { _rm.create(4 * PAGES * PAGE) };
	unsigned long *_managed = nullptr;
	unsigned long _round = 0;
	bool _wrong = false;
	Signal_handler<Main> _handler { _env.ep(), *this, &Main::_tick };

	static void _check(bool ok, char const *what)
	{
		if (!ok) error("WRONG: ", what);
	}

	void _attach(Dataspace_capability ds, addr_t at, addr_t offset, size_t size)
	{
		bool const ok = _map.attach(ds, { .size = size,
										  .offset = offset,
										  .use_at = true,
										  .at = at,
										  .executable = false,
										  .writeable = true })
							.convert<bool>([](auto) { return true; }, [](auto) { return false; });
		_check(ok, "attach");
	}

	/* page of the managed dataspace, and the page of a RAM dataspace that is seen there */
	unsigned long *_seen(size_t page) { return _managed + page * WORD; }
	unsigned long *_page(Attached_ram_dataspace &ds, size_t page)
	{
		return ds.local_addr<unsigned long>() + page * WORD;
	}

	/* Noncopyable */
	Main(Main const &);
	Main &operator=(Main const &);

	void _tick()
	{
		if (_wrong) return;

		for (size_t page = 0; page < PAGES; page++) {
			unsigned long const front = *_page(_front, page), back = *_page(_back, page);
			bool const fine = front == _round * 1000 + page && back == _round * 2000 + page &&
							  *_seen(page) == front && *_seen(2 * PAGES + page) == back &&
							  (page >= 4 || *_seen(PAGES + page) == *_page(_back, page + 8));
			if (!fine) {
				error("WRONG: page ", page, " in round ", _round);
				_wrong = true;
			}
		}
		if (_wrong) return;

		_round++;
		for (size_t page = 0; page < PAGES; page++) {
			*_page(_front, page) = _round * 1000 + page;
			*_seen(2 * PAGES + page) = _round * 2000 + page;
		}
		log("round ", _round);
	}

	explicit Main(Env &env) : _env(env)
	{
		_attach(_front.cap(), 0, 0, PAGES * PAGE);
		_attach(_back.cap(), PAGES * PAGE, 8 * PAGE, 4 * PAGE);
		_attach(_back.cap(), 2 * PAGES * PAGE, 0, PAGES * PAGE);

		_env.rm()
			.attach(_map.dataspace(), { .size = 0,
										.offset = 0,
										.use_at = false,
										.at = 0,
										.executable = false,
										.writeable = true })
			.with_result(
				[&](auto &range) {
					range.deallocate = false;
					_managed = (unsigned long *)range.ptr;
				},
				[&](auto) { _check(false, "attach of the managed dataspace"); });
		if (!_managed) return;

		for (size_t page = 0; page < PAGES; page++) {
			*_page(_front, page) = page;
			*_page(_back, page) = page;
		}
		_timer.sigh(_handler);
		_timer.trigger_periodic(250 * 1000);
		log("managed started");
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
