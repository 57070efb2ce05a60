/*
 * RAM and capabilities that a component may use, and where they came from
 */

#ifndef CAPIMG__TESTS__SIM__QUOTA_H
#define CAPIMG__TESTS__SIM__QUOTA_H

#include <cstdint>

namespace Capimg::Sim
{

struct Amount
{
	uint64_t ram = 0, caps = 0;

	bool operator==(Amount const &) const = default;
};

class Account
{
	Amount _quota {}, _used {};

  public:
	Amount quota() const { return _quota; }
	Amount used() const { return _used; }
	Amount avail() const { return { _quota.ram - _used.ram, _quota.caps - _used.caps }; }

	void grant(Amount a)
	{
		_quota.ram += a.ram;
		_quota.caps += a.caps;
	}

	bool withdraw(Amount a)
	{
		if (avail().ram < a.ram || avail().caps < a.caps) return false;
		_used.ram += a.ram;
		_used.caps += a.caps;
		return true;
	}

	void give_back(Amount a)
	{
		_used.ram -= a.ram;
		_used.caps -= a.caps;
	}
};

}

#endif /* CAPIMG__TESTS__SIM__QUOTA_H */
