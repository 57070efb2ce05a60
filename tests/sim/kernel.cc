#include "kernel.h"

#include <algorithm>

namespace Capimg::Sim
{

void Kernel::_done(Thread &t)
{
	t.run = Thread::Run::READY;
	t.reg[IP] += STEP_SIZE;
}

Object *Kernel::_lookup(Thread &t, uint64_t kcap)
{
	auto const it = t.pd->caps.find(kcap);
	return it == t.pd->caps.end() ? nullptr : it->second;
}

/* words, and the capability into the receiver's window */
void Kernel::_transfer(Thread &from, Thread &to)
{
	for (unsigned w = DESTINATION; w < CAP_KCAP; w++) to.utcb[w] = from.utcb[w];
	if (from.utcb[CAP_COUNT] != 1) return;

	Object *const object = _lookup(from, from.utcb[CAP_KCAP]);
	if (object)
		to.pd->caps[to.buffer[0]] = object;
	else
		to.pd->caps.erase(to.buffer[0]);
}

/* the first in the queue of a server that waits */
void Kernel::_deliver(Thread &server)
{
	if (server.queue.empty()) return;
	bool const scratch = server.run == Thread::Run::SCRATCH;
	if (server.run != Thread::Run::OPEN && !scratch) return;

	Thread &client = *server.queue.front();
	server.queue.pop_front();
	Gate const *const gate = as<Gate>(client.target);
	client.run = Thread::Run::REPLY;
	client.partner = &server;
	server.caller = &client;

	if (scratch) {
		server.run = Thread::Run::READY;
		return;
	}
	uint64_t const label = gate->badge | gate->rights;
	_transfer(client, server);
	server.reg[SI] = label;
	_done(server);
}

void Kernel::call(Thread &t, uint64_t kcap)
{
	Object *const object = _lookup(t, kcap);
	t.target = object;

	if (!object) {
		t.run = Thread::Run::LOST;
		return;
	}

	if (Gate *gate = as<Gate>(object)) {
		Thread *const server = gate->thread;

		/* the gate fails, and nobody looks at the error */
		if (!server || !server->started()) {
			t.run = Thread::Run::LOST;
			return;
		}
		t.run = Thread::Run::SENDING;
		server->queue.push_back(&t);
		_deliver(*server);
		return;
	}

	/* servers elsewhere drop what was meant for somebody else, too */
	if (t.utcb[DESTINATION] != object->badge) {
		t.run = Thread::Run::LOST;
		return;
	}
	if (External *external = as<External>(object)) {
		_ecu.outside_calls[external->identity]++;
		t.run = Thread::Run::FOREIGN;
		t.deadline = _ecu.time + external->delay;
		return;
	}
	_core_call(t, *object);
	t.target = nullptr;
}

void Kernel::answer_foreign(Thread &t)
{
	t.utcb[OPCODE] = t.target ? t.target->identity : REPLY_ERROR;
	t.utcb[CAP_COUNT] = 0;
	t.target = nullptr;
	t.run = Thread::Run::READY;
	t.reg[IP] += STEP_SIZE;
}

void Kernel::_core_call(Thread &t, Object &object)
{
	uint64_t result = object.identity;
	uint64_t const argument = t.utcb[ARGUMENT];
	t.utcb[CAP_COUNT] = 0;

	Core_op const op = Core_op(t.utcb[OPCODE]);
	switch (op) {

	case Core_op::IDENTIFY: break;

	case Core_op::ALLOC_RPC: {
		Pd *const pd = as<Pd>(&object);
		if (!pd || argument >= pd->threads.size() || !pd->threads[argument]) break;
		Ecu::Terms const terms { pd, &pd->own, { 0, 1 }, nullptr, true };
		std::string const label = "rpc " + std::to_string(++pd->orders);
		Result<Gate *> const made = _ecu.create<Gate>(Kind::RPC, label, terms);
		if (made.failed()) {
			result = REPLY_ERROR;
			break;
		}
		Gate &gate = **made;
		gate.thread = pd->threads[argument];
		gate.order = pd->orders;
		t.utcb[CAP_BADGE] = gate.badge;
		t.utcb[CAP_COUNT] = 1;
		pd->caps[t.buffer[0]] = &gate;
		for (auto const &[who, observer] : _ecu.creation_observers) observer(gate);
		break;
	}
	case Core_op::FREE_RPC: {
		Object *const gone = _lookup(t, t.utcb[CAP_KCAP]);
		if (gone && gone->kind == Kind::RPC && gone->badge == t.utcb[CAP_BADGE])
			_ecu.destroy(*gone);
		else
			result = REPLY_ERROR;
		break;
	}
	case Core_op::WAIT_SIGNAL: {
		Source *const source = as<Source>(&object);
		result = 0;
		for (auto const &[number, o] : _ecu.objects()) {
			Context *const c = as<Context>(o.get());
			if (!c || !source || c->source != source || !c->pending) continue;
			result = c->imprint;
			t.utcb[ARGUMENT] = c->pending;
			c->pending = 0;
			break;
		}
		break;
	}
	case Core_op::PROGRAM:
	case Core_op::REPEAT:
		if (Timer_session *timer = as<Timer_session>(&object)) {
			timer->timeout = argument;
			timer->started_at = _ecu.time;
			timer->periodic = op == Core_op::REPEAT;
		}
		break;
	}
	t.utcb[OPCODE] = result;
	_done(t);
}

void Kernel::reply_wait(Thread &t, bool reply)
{
	/* whose call it was the kernel forgets at a restore; replies are lost then */
	if (Thread *const client = t.caller;
		reply && client && client->run == Thread::Run::REPLY && client->partner == &t)
	{
		_transfer(t, *client);
		client->partner = nullptr;
		client->target = nullptr;
		_done(*client);
	}
	t.caller = nullptr;
	t.run = Thread::Run::OPEN;
	_deliver(t);
}

void Kernel::down(Thread &t, uint64_t kcap)
{
	Object *const object = _lookup(t, kcap);
	if (Irq *irq = as<Irq>(object); irq && irq->thread == &t) {
		if (t.wakeups) {
			t.wakeups--;
			return _done(t);
		}
	} else if (Semaphore *sem = as<Semaphore>(object); sem && sem->bound == &t) {
		if (sem->count) {
			sem->count--;
			return _done(t);
		}
	} else {
		t.run = Thread::Run::LOST;
		return;
	}
	t.waits_for = object;
	t.run = Thread::Run::DOWN;
}

void Kernel::trigger(Thread &t)
{
	if (t.run == Thread::Run::DOWN && t.waits_for == t.irq) {
		t.waits_for = nullptr;
		t.run = Thread::Run::READY;
		t.reg[IP] += STEP_SIZE;
	} else {
		t.wakeups++;
	}
}

void Kernel::up(Thread &t, uint64_t kcap)
{
	if (Irq *irq = as<Irq>(_lookup(t, kcap)); irq && irq->thread) trigger(*irq->thread);
	_done(t);
}

void Kernel::bind(Semaphore &sem, Thread *thread)
{
	sem.bound = thread;
	sem.count = 0;
}

void Kernel::submit(Context &context, uint32_t count)
{
	if (!count) return;
	context.pending += count;
	Semaphore *const sem = context.source ? context.source->semaphore : nullptr;
	if (!sem || !sem->bound) return;
	Thread &t = *sem->bound;
	if (t.run == Thread::Run::DOWN && t.waits_for == sem) {
		t.waits_for = nullptr;
		_done(t);
	} else {
		sem->count++;
	}
}

void Kernel::submit(Thread &t, uint64_t kcap, uint32_t count)
{
	if (Context *context = as<Context>(_lookup(t, kcap))) submit(*context, count);
	_done(t);
}

void Kernel::ready(Thread &t, bool receive_first)
{
	t.run = receive_first ? Thread::Run::SCRATCH : Thread::Run::READY;
	if (receive_first) _deliver(t);
}

void Kernel::tick()
{
	_ecu.time++;
	for (Object *o : _ecu.clocked()) {
		if (Thread *t = as<Thread>(o)) {
			if (t->run == Thread::Run::FOREIGN && _ecu.time >= t->deadline) answer_foreign(*t);
		} else if (Timer_session *timer = as<Timer_session>(o)) {
			if (!timer->timeout || _ecu.time < timer->started_at + timer->timeout) continue;
			timer->started_at = _ecu.time;
			if (!timer->periodic) timer->timeout = 0;
			if (timer->handler) submit(*timer->handler, 1);
		}
	}
}

}
