#include "capimg/session_kind.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;
using enum Session_fate;

/* drivers' services: Genode's base, os and dde repositories, 26.02 */
static constexpr Session_kind KINDS[] {
	{ "PD", Which::PD_SESSION, RESTORED, true },
	{ "CPU", Which::CPU_SESSION, RESTORED, true },
	{ "RM", Which::RM_SESSION, RESTORED, true },
	{ "ROM", Which::ROM_SESSION, RESTORED, true },
	{ "LOG", Which::LOG_SESSION, RESTORED, false },
	{ "Timer", Which::TIMER_SESSION, RESTORED, false },
	{ "IO_MEM", Which::SESSION, DEVICE, false },
	{ "IO_PORT", Which::SESSION, DEVICE, false },
	{ "IRQ", Which::SESSION, DEVICE, false },
	{ "Platform", Which::SESSION, DEVICE, false },
	{ "Usb", Which::SESSION, DEVICE, false },
	{ nullptr, Which::SESSION, ASK, false },
};

static constexpr unsigned COUNT = sizeof(KINDS) / sizeof(KINDS[0]);

Session_kind const &session_kind(Object::Reader const &object)
{
	Wire::Text const service = session_of(object).service();

	for (unsigned i = 0; i + 1 < COUNT; i++) {
		if (KINDS[i].which != object.which()) continue;
		if (KINDS[i].which != Which::SESSION || service == Wire::Text(KINDS[i].service))
			return KINDS[i];
	}
	return KINDS[COUNT - 1];
}

Session::Reader session_of(Object::Reader const &object)
{
	switch (object.which()) {
	case Which::PD_SESSION: return object.pd_session().session();
	case Which::CPU_SESSION: return object.cpu_session().session();
	case Which::RM_SESSION: return object.rm_session().session();
	case Which::ROM_SESSION: return object.rom_session().session();
	case Which::LOG_SESSION: return object.log_session().session();
	case Which::TIMER_SESSION: return object.timer_session().session();
	case Which::SESSION: return object.session().session();
	default: return {};
	}
}

namespace
{

/* "key=value, key="value", …", as Genode's util/arg_string.h reads it */
class Arguments
{
	char const *const _base;
	size_t const _size;
	size_t _at = 0;

	char _here() const { return _at < _size ? _base[_at] : 0; }

	void _blanks()
	{
		while (_here() == ' ' || _here() == '\t' || _here() == '\n') _at++;
	}

	/* up to the next comma outside of quotes */
	void _skip_value()
	{
		for (bool quoted = false; _at < _size && (quoted || _here() != ','); _at++) {
			if (_here() == '"') quoted = !quoted;
			if (quoted && _here() == '\\') _at++;
		}
	}

	static unsigned _digit(char c)
	{
		if (c >= '0' && c <= '9') return unsigned(c - '0');
		if (c >= 'a' && c <= 'f') return unsigned(c - 'a') + 10;
		if (c >= 'A' && c <= 'F') return unsigned(c - 'A') + 10;
		return 16;
	}

	uint64_t _number()
	{
		unsigned base = 10;
		if (_here() == '0' && _at + 1 < _size && _base[_at + 1] == 'x') {
			base = 16;
			_at += 2;
		}
		uint64_t value = 0;
		bool fits = true;
		for (unsigned digit; (digit = _digit(_here())) < base; _at++)
			fits = fits && multiply(value, base, value) && add(value, digit, value);

		unsigned const shift = _here() == 'K' ? 10 : _here() == 'M' ? 20 : _here() == 'G' ? 30 : 0;
		fits = fits && multiply(value, uint64_t(1) << shift, value);
		return fits ? value : ~uint64_t(0);
	}

  public:
	explicit Arguments(Wire::Text text) : _base(text.string()), _size(text.size()) {}

	uint64_t number(Wire::Text key)
	{
		for (; _at < _size; _at++) {
			_blanks();
			size_t const start = _at;
			while (_at < _size && _here() != '=' && _here() != ',' && _here() != ' ') _at++;

			Wire::Text const name(_base + start, _at - start);
			_blanks();
			if (_here() == '=') {
				_at++;
				_blanks();
				if (name == key) return _number();
			}
			_skip_value();
		}
		return 0;
	}
};

}

uint64_t quota_argument(Wire::Text arguments, char const *key)
{
	return Arguments(arguments).number(key);
}

}
