/*
 * Code of the dynamic linker in which no thread may be captured
 */

#ifndef CAPIMG__HOST__CODE_SPANS_H
#define CAPIMG__HOST__CODE_SPANS_H

#include <capimg_host/types.h>

namespace Capimg::Host
{

class Unsafe_code : Genode::Noncopyable
{
  public:
	static constexpr unsigned MAX = 64;

  private:
	Engine::Code_span _spans[MAX] {};
	uint32_t _count = 0;

  public:
	void add(Engine::Code_span const &span)
	{
		if (_count < MAX) _spans[_count++] = span;
	}

	void clear() { _count = 0; }
	uint32_t count() const { return _count; }
	Engine::Code_span const &operator[](uint32_t i) const { return _spans[i]; }
};

}

#endif /* CAPIMG__HOST__CODE_SPANS_H */
