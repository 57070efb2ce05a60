#include "outside.h"

#include <stdexcept>

namespace Capimg::Sim
{

Outside::Outside(Ecu &ecu) : _ecu(ecu)
{
	auto const pd = ecu.create<Pd>(Kind::PD, "outside", { nullptr, nullptr, {}, nullptr, true });
	if (pd.failed()) throw std::runtime_error("outside");
	_pd = *pd;
	auto const thread =
		ecu.create<Thread>(Kind::THREAD, "outside.thread", { _pd, nullptr, {}, _pd, true });
	if (thread.failed()) throw std::runtime_error("outside");
	_thread = *thread;
	_thread->run = Thread::Run::READY;
}

Outside::~Outside() { _ecu.destroy(*_pd); }

void Outside::give(Gate &gate)
{
	_pd->caps[_callees.size()] = &gate;
	_callees.push_back(gate.identity);
}

void Outside::step()
{
	if (_thread->run != Thread::Run::READY || _callees.empty()) return;
	if (_called) {
		_answered[_called]++;
		if (_thread->utcb[OPCODE] != _called) _wrong++;
	}
	uint64_t const kcap = _ecu.random.below(_callees.size());
	auto const it = _pd->caps.find(kcap);
	_thread->utcb[DESTINATION] = it == _pd->caps.end() ? 0 : it->second->badge;
	_thread->utcb[OPCODE] = uint64_t(Core_op::IDENTIFY);
	_thread->utcb[CAP_COUNT] = 0;
	_called = _callees[kcap];
	Kernel(_ecu).call(*_thread, kcap);
}

std::map<uint64_t, uint64_t> Outside::received() const
{
	auto result = _answered;
	bool const now = _thread->run == Thread::Run::REPLY || _thread->run == Thread::Run::READY;
	if (_called && now) result[_called]++;
	return result;
}

}
