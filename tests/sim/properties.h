/*
 * What must hold of a component, wherever it runs
 *
 * Each function returns what is wrong, empty if nothing is.
 */

#ifndef CAPIMG__TESTS__SIM__PROPERTIES_H
#define CAPIMG__TESTS__SIM__PROPERTIES_H

#include "running.h"

namespace Capimg::Sim
{

/*
 * Of a component that has finished: every client did all its rounds without a wrong answer, each
 * call and each signal was executed exactly once. 'outside': machines whose other components it
 * called.
 */
std::string check_finished(Running &, Facts const &, std::vector<Ecu *> const &outside);

/* at any time: nobody has seen a wrong answer, nobody faulted or sleeps for ever */
std::string check_running(Running &, Facts const &);

/*
 * While no lock is held: every entry of the map is found by its badge and names the kernel's
 * object of that badge, every object is in its pool, the parent's word is the parent's badge
 */
std::string check_capabilities(Running &, Facts const &);

/* what was paid adds up to what accounts say; every badge in use is an object's, or somebody's
 * who was there before ('others') */
std::string check_quota(Ecu const &);

}

#endif /* CAPIMG__TESTS__SIM__PROPERTIES_H */
