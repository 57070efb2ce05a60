/*
 * Terminal that keeps what is written to it in memory that qemu shares with the host
 *
 * A serial line costs two RPCs to core for each byte, which takes minutes for an image where qemu
 * translates each instruction. Here the line is the host's file behind qemu's device
 * 'ivshmem-plain': it begins with the first byte that was written, and there is nothing to be read
 * from it.
 *
 * The firmware has placed the device; there is no platform driver that would own the bus.
 */

#include <base/attached_io_mem_dataspace.h>
#include <base/attached_ram_dataspace.h>
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <io_port_session/connection.h>
#include <root/component.h>
#include <terminal_session/terminal_session.h>
#include <util/reconstructible.h>

namespace Ivshmem
{
using namespace Genode;
class Pci_function;
class Line;
class Session_component;
class Root;
struct Main;
}

/* configuration space of a device on the first bus, by the ports of a PC */
class Ivshmem::Pci_function
{
	enum { ADDRESS = 0xcf8, DATA = 0xcfc, ENABLE = 1u << 31 };
	enum { COMMAND = 0x4, MEMORY_SPACE = 0x2 };

	Io_port_connection _ports;
	unsigned _device = 0;

	void _select(unsigned reg) { _ports.outl(ADDRESS, ENABLE | _device << 11 | reg); }

	uint32_t _read(unsigned reg)
	{
		_select(reg);
		return _ports.inl(DATA);
	}

	void _write(unsigned reg, uint32_t value)
	{
		_select(reg);
		_ports.outl(DATA, value);
	}

  public:
	explicit Pci_function(Env &env) : _ports(env, ADDRESS, 8) {}

	/* 'id' is device and vendor; false if there is none */
	bool find(uint32_t id)
	{
		for (_device = 0; _device < 32; _device++)
			if (_read(0) == id) return true;
		return false;
	}

	/* place and size of a 64-bit memory region; nobody uses the device while it is asked */
	addr_t region(unsigned number, size_t &size)
	{
		unsigned const low = 0x10 + 4 * number, high = low + 4;
		uint32_t const command = _read(COMMAND) & 0xffff;
		uint64_t const base = uint64_t(_read(high)) << 32 | (_read(low) & ~0xfu);

		_write(COMMAND, command & ~uint32_t(MEMORY_SPACE));
		_write(low, ~0u);
		_write(high, ~0u);
		size = size_t(~(uint64_t(_read(high)) << 32 | (_read(low) & ~0xfu)) + 1);
		_write(low, uint32_t(base));
		_write(high, uint32_t(base >> 32));
		_write(COMMAND, command | MEMORY_SPACE);
		return addr_t(base);
	}
};

class Ivshmem::Line
{
	static constexpr uint32_t ID = 0x1110'1af4;
	static constexpr unsigned MEMORY = 2;

	Constructible<Attached_io_mem_dataspace> _memory {};
	size_t _size = 0, _used = 0;

  public:
	explicit Line(Env &env)
	{
		Pci_function device(env);
		if (!device.find(ID)) {
			error("no device 'ivshmem-plain' on the first bus");
			return;
		}
		addr_t const base = device.region(MEMORY, _size);
		_memory.construct(env, base, _size, true);
		log("line of ", _size / 1024, " KiB at ", Hex(base));
	}

	/* bytes that were taken: none when the line is full */
	size_t append(char const *bytes, size_t size)
	{
		if (!_memory.constructed()) return 0;
		size = min(size, _size - _used);
		memcpy(_memory->local_addr<char>() + _used, bytes, size);
		_used += size;
		return size;
	}
};

class Ivshmem::Session_component : public Rpc_object<Terminal::Session, Session_component>
{
	static constexpr size_t BUFFER = 64 * 1024;

	Attached_ram_dataspace _buffer;
	Line &_line;

  public:
	Session_component(Env &env, Line &line) : _buffer(env.ram(), env.rm(), BUFFER), _line(line) {}

	/* called by RPC, which finds them by these names */
	size_t _read(size_t) { return 0; }
	size_t _write(size_t size)
	{
		return _line.append(_buffer.local_addr<char>(), min(size, BUFFER));
	}
	Dataspace_capability _dataspace() { return _buffer.cap(); }

	Size size() override { return {}; }
	bool avail() override { return false; }
	size_t read(void *, size_t) override { return 0; }
	size_t write(void const *, size_t) override { return 0; }
	void connected_sigh(Signal_context_capability cap) override
	{
		Signal_transmitter(cap).submit();
	}
	void read_avail_sigh(Signal_context_capability) override {}
	void size_changed_sigh(Signal_context_capability) override {}
};

class Ivshmem::Root : public Root_component<Session_component>
{
	Env &_env;
	Line &_line;

	Create_result _create_session(char const *) override
	{
		return *new (md_alloc()) Session_component(_env, _line);
	}

  public:
	Root(Env &env, Allocator &alloc, Line &line)
		: Root_component<Session_component>(env.ep(), alloc), _env(env), _line(line)
	{}
};

struct Ivshmem::Main
{
	Env &_env;
	Sliced_heap _heap { _env.ram(), _env.rm() };
	Line _line { _env };
	Root _root { _env, _heap, _line };

	explicit Main(Env &env) : _env(env) { _env.parent().announce(_env.ep().manage(_root)); }
};

void Component::construct(Genode::Env &env) { static Ivshmem::Main main(env); }
