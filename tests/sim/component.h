/*
 * A running component, made from a seed
 *
 * A PD with everything that a component of Genode has: capability map and pools in its memory,
 * entrypoints, clients, signal handlers, lockers, timers, and capabilities of all kinds. What a
 * test has to know of it afterwards are addresses, which are part of its code and hold on any
 * system: 'Facts'.
 */

#ifndef CAPIMG__TESTS__SIM__COMPONENT_H
#define CAPIMG__TESTS__SIM__COMPONENT_H

#include "program.h"

namespace Capimg::Sim
{

struct Component_options
{
	uint64_t seed = 1;
	unsigned rounds = 12; /* of each client */
	unsigned servers = 2; /* 1 to 3, further entrypoints serve those before them */
	bool factory = true;
	bool foreign = true;   /* calls to another component's server */
	bool device = false;   /* holds I/O memory */
	unsigned others = 1;   /* sessions of a kind that nobody knows */
	bool service = false;  /* announces one, under an object of the first entrypoint */
	bool periodic = false; /* its timer is a periodic one */
	unsigned churn = 60;   /* capabilities that came and went before */
};

struct Facts
{
	Binary binary {};

	struct Program_data
	{
		unsigned slot = 0;
		Routine routine = CLIENT;
		uint64_t data = 0;
	};
	std::vector<Program_data> programs {};

	struct Rpc
	{
		uint64_t object = 0, identity = 0;
		unsigned server = 0; /* slot */
	};
	std::vector<Rpc> rpcs {};

	std::vector<uint64_t> handlers {};
	uint64_t lock = 0;
	/* by others, of these objects' identities: requests that the component has received */
	std::map<uint64_t, uint64_t> outside_requests {};
	std::vector<std::pair<std::string, uint64_t>> externals {}; /* label, identity */
};

/* 'ecu' has to be of the layout that the component is for */
Pd &make_component(Ecu &ecu, Component_options const &, Facts &);

/* the ROM module, service and outside objects that the component uses */
void furnish(Ecu &ecu);

/* layouts that a running component can have: those with selectors */
std::vector<unsigned> running_layouts();

}

#endif /* CAPIMG__TESTS__SIM__COMPONENT_H */
