/*
 * An entrypoint: receive, insert what came along, look the object up, execute, reply
 */

#include "program.h"

namespace Capimg::Sim
{

using namespace Field;

/* steps at which requests begin */
enum : unsigned {
	RECEIVE = 1,
	TAKE = 2,
	LOOK_UP = 5,
	DISPATCH = 8,
	AT_IDENTIFY = 10,
	AT_PASS = 20,
	AT_MAKE = 30,
	REPLY_CAP = 38,
	AT_DROP = 45
};

static void reply(Cpu &c, uint64_t result, uint64_t argument = 0)
{
	c.t.utcb[OPCODE] = result;
	c.t.utcb[ARGUMENT] = argument;
	c.t.utcb[CAP_COUNT] = 0;
	c.go(RECEIVE);
}

static void receive(Cpu &c)
{
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case RECEIVE: return c.kernel.reply_wait(c.t, true);
	case TAKE: {
		uint64_t const mask = c.binary.layout->badge_step - 1;
		uint64_t const badge = c.reg(SI) & ~mask;
		if (c.t.utcb[DESTINATION] != badge) {
			/* nobody hears of it */
			c.field(DROPPED, c.field(DROPPED) + 1);
			c.t.caller = nullptr;
			return c.go(RECEIVE);
		}
		c.reg(DI) = badge;
		c.reg(D) = 0;
		return c.t.utcb[CAP_COUNT] == 1 ? c.next() : c.go(LOOK_UP);
	}
	case 3: {
		if (!c.map_free()) return;
		Cap_ops ops = c.ops();
		c.reg(D) = ops.insert(c.t.utcb[CAP_BADGE], c.t.buffer[0]);
		return c.begin(ops);
	}
	case 4: return c.run_log();
	case LOOK_UP:
		if (!c.pool_free(c.reg(BP))) return;
		c.memory.store(c.binary.pool_lock(c.reg(BP)) + 4, 0, 4);
		return c.next();
	case 6:
		c.reg(A) = c.ops().pool_find(c.reg(BP), c.reg(DI));
		c.reg(DI) = c.reg(SI) = 0;
		return c.next();
	case 7: c.memory.store(c.binary.pool_lock(c.reg(BP)) + 4, 1, 4); return c.next();
	default: break;
	}

	c.reg(DI) = c.reg(A);
	if (!c.reg(A)) return reply(c, REPLY_ERROR);
	switch (c.t.utcb[OPCODE]) {
	case IDENTIFY: return c.go(AT_IDENTIFY);
	case PASS: return c.go(AT_PASS);
	case MAKE: return c.go(AT_MAKE);
	case DROP: return c.go(AT_DROP);
	default: return reply(c, REPLY_ERROR);
	}
}

static void identify(Cpu &c, uint64_t object)
{
	if (c.at_step() == AT_IDENTIFY) {
		c.memory.store(c.binary.object_calls(object), c.load(c.binary.object_calls(object)) + 1,
					   c.word());
		return c.next();
	}
	reply(c, c.load(c.binary.object_identity(object)));
}

/* asks the object that was passed who it is */
static void pass(Cpu &c, uint64_t object)
{
	switch (c.at_step() - AT_PASS) {
	case 0: c.increase(c.binary.object_calls(object), 0); return c.next();
	case 1: c.store(object, STASH, c.reg(D)); return c.next();
	case 2: return c.ipc(c.load(object, STASH), IDENTIFY);
	case 3: {
		if (!c.map_free()) return;
		c.reg(C) = c.t.utcb[OPCODE];
		Cap_ops ops = c.ops();
		ops.release(c.load(object, STASH));
		return ops.log().empty() ? c.go(AT_PASS + 5) : c.begin(ops);
	}
	case 4: return c.run_log();
	case 5: c.store(object, STASH, 0); return c.next();
	default: return reply(c, c.load(c.binary.object_identity(object)), c.reg(C));
	}
}

/* a new object of this entrypoint */
static void make(Cpu &c, uint64_t root)
{
	uint64_t const made = c.reg(D);
	switch (c.at_step() - AT_MAKE) {
	case 0: c.increase(c.binary.object_calls(root), 0); return c.next();
	case 1: return c.ipc(c.field(PD_CAP), uint64_t(Core_op::ALLOC_RPC), c.field(SLOT));
	case 2:
		if (c.t.utcb[OPCODE] == REPLY_ERROR || c.field(BLOCK) >= c.field(BLOCK_END))
			return reply(c, REPLY_ERROR);
		c.reg(D) = c.field(BLOCK);
		c.memory.store(c.binary.object_cap(c.reg(D)), c.reg(A), c.word());
		return c.next();
	case 3: c.field(BLOCK, c.at(made, Binary::OBJECT_WORDS)); return c.next();
	case 4: c.store(c.binary.object_identity(made), 0, c.field(NEXT_IDENTITY)); return c.next();
	case 5: c.field(NEXT_IDENTITY, c.field(NEXT_IDENTITY) + 1); return c.next();
	case 6: {
		if (!c.pool_free(c.reg(BP))) return;
		Cap_ops ops = c.ops();
		ops.pool_insert(c.reg(BP), made);
		return c.begin(ops);
	}
	case 7: return c.run_log();
	case REPLY_CAP - AT_MAKE: {
		Cap_ops const ops = c.ops();
		uint64_t const cap = c.load(c.binary.object_cap(made));
		c.t.utcb[OPCODE] = c.load(c.binary.object_identity(made));
		c.t.utcb[ARGUMENT] = 0;
		c.t.utcb[CAP_COUNT] = 1;
		c.t.utcb[CAP_BADGE] = ops.badge_of(cap);
		c.t.utcb[CAP_KCAP] = ops.kcap_of(cap);
		return c.next();
	}
	case REPLY_CAP + 1 - AT_MAKE: return c.kernel.reply_wait(c.t, true);
	default: return c.go(TAKE);
	}
}

/* object of this identity in the pool; 0: none */
static uint64_t find_identity(Cpu &c, uint64_t node, uint64_t identity, unsigned level = 0)
{
	if (!node || level > 64) return 0;
	uint64_t const object = node - c.word();
	if (c.load(c.binary.object_identity(object)) == identity) return object;
	uint64_t const left = find_identity(c, c.load(node, 0), identity, level + 1);
	return left ? left : find_identity(c, c.load(node, 1), identity, level + 1);
}

/* dissolve the object whose identity is the argument */
static void drop(Cpu &c, uint64_t root)
{
	uint64_t const pool = c.reg(BP);
	auto object = [&] { return c.load(root, STASH); };
	switch (c.at_step() - AT_DROP) {
	case 0: c.increase(c.binary.object_calls(root), 0); return c.next();
	case 1: {
		uint64_t const found =
			find_identity(c, c.load(c.binary.pool_tree(pool)), c.t.utcb[ARGUMENT]);
		if (!found) return reply(c, REPLY_ERROR);
		c.store(root, STASH, found);
		return c.next();
	}
	case 2: {
		if (!c.pool_free(pool)) return;
		Cap_ops ops = c.ops();
		ops.pool_remove(pool, object());
		return c.begin(ops);
	}
	case 3: return c.run_log();
	case 4:
		return c.ipc(c.field(PD_CAP), uint64_t(Core_op::FREE_RPC), 0,
					 c.load(c.binary.object_cap(object())));
	case 5: {
		if (!c.map_free()) return;
		Cap_ops ops = c.ops();
		ops.release(c.load(c.binary.object_cap(object())));
		return c.begin(ops);
	}
	case 6: return c.run_log();
	case 7: c.store(c.binary.object_cap(object()), 0, 0); return c.next();
	case 8: c.store(root, STASH, 0); return c.next();
	default: return reply(c, c.load(c.binary.object_identity(root)));
	}
}

void step_server(Cpu &c)
{
	unsigned const step = c.at_step();
	if (step <= DISPATCH) return receive(c);
	if (step < AT_PASS) return identify(c, c.reg(DI));
	if (step < AT_MAKE) return pass(c, c.reg(DI));
	if (step < AT_DROP) return make(c, c.reg(DI));
	return drop(c, c.reg(DI));
}

}
