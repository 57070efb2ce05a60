/*
 * The runtime's own PD session as the sandbox sees it: the account that hosted components are paid
 * from
 *
 * Core is to see real PD sessions only, so those that the runtime interposes are looked up. The
 * sandbox uses nothing of it but transfers.
 */

#ifndef CAPIMG__HOST__REFERENCE_PD_H
#define CAPIMG__HOST__REFERENCE_PD_H

#include <base/sleep.h>

#include <capimg_host/pd.h>

namespace Capimg::Host
{

class Reference_pd : public Rpc_object<Pd_session>, public Account
{
	Env &_env;

	[[noreturn]] static void _unexpected(char const *name)
	{
		error("reference PD: unexpected call of ", name);
		sleep_forever();
	}

  public:
	explicit Reference_pd(Env &env) : _env(env) { _env.ep().manage(*this); }
	~Reference_pd() { _env.ep().dissolve(*this); }

	/* Account */
	Capability<Pd_account> real_account() const override { return _env.pd_session_cap(); }

	Transfer_result transfer_quota(Capability<Pd_account> to, Cap_quota amount) override
	{
		return _env.pd().transfer_quota(Account::real_of(_env.ep(), to), amount);
	}
	Transfer_result transfer_quota(Capability<Pd_account> to, Ram_quota amount) override
	{
		return _env.pd().transfer_quota(Account::real_of(_env.ep(), to), amount);
	}

	using Source = Capability<Signal_source>;
	using Context = Signal_context_capability;
	using Ram_ds = Ram_dataspace_capability;

	void assign_parent(Capability<Parent>) override { _unexpected(__func__); }
	bool assign_pci(addr_t, Genode::uint16_t) override { _unexpected(__func__); }
	Map_result map(Virt_range) override { _unexpected(__func__); }
	Alloc_ram_result alloc_ram(Genode::size_t, Cache) override { _unexpected(__func__); }
	void free_ram(Ram_ds) override { _unexpected(__func__); }
	Genode::size_t ram_size(Ram_ds) override { _unexpected(__func__); }
	Signal_source_result signal_source() override { _unexpected(__func__); }
	void free_signal_source(Source) override { _unexpected(__func__); }
	Alloc_context_result alloc_context(Source, Imprint) override { _unexpected(__func__); }
	void free_context(Context) override { _unexpected(__func__); }
	void submit(Context, unsigned) override { _unexpected(__func__); }
	Alloc_rpc_cap_result alloc_rpc_cap(Native_capability) override { _unexpected(__func__); }
	void free_rpc_cap(Native_capability) override { _unexpected(__func__); }
	Capability<Region_map> address_space() override { _unexpected(__func__); }
	Capability<Region_map> stack_area() override { _unexpected(__func__); }
	Capability<Region_map> linker_area() override { _unexpected(__func__); }
	Ref_account_result ref_account(Capability<Pd_account>) override { _unexpected(__func__); }
	Cap_quota cap_quota() const override { _unexpected(__func__); }
	Cap_quota used_caps() const override { _unexpected(__func__); }
	Ram_quota ram_quota() const override { _unexpected(__func__); }
	Ram_quota used_ram() const override { _unexpected(__func__); }
	Capability<Native_pd> native_pd() override { _unexpected(__func__); }
	Capability<System_control> system_control_cap(Affinity::Location const) override
	{
		_unexpected(__func__);
	}
	addr_t dma_addr(Ram_ds) override { _unexpected(__func__); }
	Attach_dma_result attach_dma(Dataspace_capability, addr_t) override { _unexpected(__func__); }
};

}

#endif /* CAPIMG__HOST__REFERENCE_PD_H */
