/*
 * The k-th operation fails
 *
 * Operations of core, allocations, sessions, appends and reads all count here.
 */

#ifndef CAPIMG__TESTS__SIM__FAULTS_H
#define CAPIMG__TESTS__SIM__FAULTS_H

#include <cstdint>
#include <string_view>

namespace Capimg::Sim
{

class Faults
{
	uint64_t _count = 0;
	uint64_t _fail_at = 0;
	std::string_view _only {};

	/* failed first */
	std::string_view _what {};
	void const *_file = nullptr;
	uint64_t _offset = 0;

	bool _forever = false;
	bool _off = false;

  public:
	/*
	 * Count from now on; operation 'k' from 1 on fails, 0: none; or all from 'k' on
	 *
	 * only  the others neither fail nor count
	 */
	void arm(uint64_t k, bool forever = false, std::string_view only = {})
	{
		_only = only;
		_forever = forever;
		_count = 0;
		_fail_at = k;
		_what = {};
	}

	/* an operation fails; 'file' and 'offset' of a read */
	bool hit(std::string_view what, void const *file = nullptr, uint64_t offset = 0)
	{
		if (_off || (!_only.empty() && _only != what)) return false;
		_count++;
		if (_forever ? !_fail_at || _count < _fail_at : _count != _fail_at) return false;
		if (_what.empty()) {
			_what = what;
			_file = file;
			_offset = offset;
		}
		return true;
	}

	/* operations are those of the component, not of the engines: they succeed and do not count */
	template <typename FN>
	void without(FN const &fn)
	{
		_off = true;
		fn();
		_off = false;
	}

	uint64_t count() const { return _count; }
	bool failed() const { return !_what.empty(); }
	std::string_view what() const { return _what; }
	void const *file() const { return _file; }
	uint64_t offset() const { return _offset; }
};

}

#endif /* CAPIMG__TESTS__SIM__FAULTS_H */
