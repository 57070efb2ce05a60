/*
 * A machine on which components run that were made there, or restored
 */

#ifndef CAPIMG__TESTS__SIM__NODE_H
#define CAPIMG__TESTS__SIM__NODE_H

#include "hosted.h"
#include "properties.h"

namespace Capimg::Sim
{

class Node : Noncopyable
{
  public:
	Ecu ecu;

  private:
	std::string _empty;
	std::unique_ptr<Running> _running {};

  public:
	std::unique_ptr<Hosted> hosted {};

	explicit Node(Ecu::Config const &config) : ecu(config)
	{
		furnish(ecu);
		_empty = ecu.fingerprint();
		hosted = std::make_unique<Hosted>(ecu);
	}

	/* as 'facts' will say */
	void make(Component_options const &options, Facts &facts)
	{
		hosted->pd = &make_component(ecu, options, facts);
		run(facts);
	}

	/* a component is there */
	void run(Facts const &facts)
	{
		hosted->look();
		_running = std::make_unique<Running>(ecu, *hosted->pd, facts.binary);
	}

	Running &running() { return *_running; }
	bool occupied() const { return hosted->pd != nullptr; }

	/* the component goes with all it has; what is wrong with what is left, or nothing */
	std::string take_down()
	{
		_running.reset();
		Pd *const pd = hosted->pd;
		for (bool found = true; found;) {
			found = false;
			for (auto const &[number, o] : ecu.objects())
				if (pd && o->pd == pd && o.get() != pd) {
					ecu.destroy(*o);
					found = true;
					break;
				}
		}
		if (pd) ecu.destroy(*pd);
		std::vector<uint32_t> ids;
		for (auto const &[id, known] : hosted->known()) ids.push_back(id);
		for (uint32_t id : ids) {
			Known const known = hosted->known().at(id);
			if (!known.object && known.reserved) ecu.badges.free(known.badge);
			hosted->remove(id);
		}
		hosted->pd = nullptr;
		return empty() ? "" : "something is left: " + ecu.fingerprint();
	}

	/* nothing is here but what was here before the first component */
	bool empty() const { return ecu.fingerprint() == _empty; }
};

}

#endif /* CAPIMG__TESTS__SIM__NODE_H */
