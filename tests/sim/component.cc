#include "component.h"

#include "maker.h"

namespace Capimg::Sim
{

std::vector<unsigned> running_layouts()
{
	std::vector<unsigned> rows;
	for (unsigned i = 0; i < cap_layouts().count; i++)
		if (cap_layouts().rows[i].selector_shift != CAP_NO_SELECTOR) rows.push_back(i);
	return rows;
}

void furnish(Ecu &ecu)
{
	std::vector<uint8_t> config(5000);
	for (size_t i = 0; i < config.size(); i++) config[i] = uint8_t(i * 7);
	ecu.modules["config"] = config;
}

/* capabilities that came and went: trees out of balance, indices and badges with holes */
void Maker::_make_churn()
{
	std::vector<std::pair<uint64_t, Object *>> held;
	auto drop = [&](size_t i) {
		Cap_ops ops = _ops();
		ops.release(held[i].first);
		ops.commit();
		_ecu.destroy(*held[i].second);
		held.erase(held.begin() + std::ptrdiff_t(i));
	};
	for (unsigned i = 0; i < _options.churn; i++) {
		Object &o = must(_ecu.create<Gate>(Kind::RPC, _label("gone"), _own(0)));
		held.push_back({ _give(o), &o });
		if (held.size() > 12) drop(_random.below(held.size()));
	}
	while (!held.empty()) drop(_random.below(held.size()));
}

Pd &Maker::make()
{
	_make_pd();
	_make_memory();
	_make_sessions();

	/* the main thread is the first entrypoint's */
	for (unsigned i = 0; i < _options.servers; i++) {
		_make_server(i);
		_make_churn();
	}
	if (_options.service) _make_service();
	_make_signals();
	_make_shared();
	if (_options.factory) _make_factory();
	for (unsigned i = 0; i < 3; i++) _make_client(true);
	_thread(CLIENT, 0, false);
	return *_pd;
}

Pd &make_component(Ecu &ecu, Component_options const &options, Facts &facts)
{
	return Maker(ecu, options, facts).make();
}

}
