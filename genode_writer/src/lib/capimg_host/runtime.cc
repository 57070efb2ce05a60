#include <capimg_host/runtime.h>

namespace Capimg::Host
{

Runtime::Runtime(Env &env, Allocator &alloc, Policy &policy)
	: _env(env), _alloc(alloc), _policy(policy)
{
	_config.sigh(_config_handler);
	_env.parent().resource_avail_sigh(_resource_handler);
}

void Runtime::start() { _handle_config(); }

Runtime::Child_element *Runtime::_find(Hosted_child::Name const &name)
{
	for (Child_element *e = _children.first(); e; e = e->next())
		if (e->child.name == name) return e;
	return nullptr;
}

Hosted_child *Runtime::child(Hosted_child::Name const &name)
{
	Child_element *const element = _find(name);
	return element && element->child.complete() ? &element->child : nullptr;
}

/* as the sandbox finds it: the name, unless there is a node <binary> */
Hosted_dataspace::Module Runtime::_binary_of(Hosted_child::Name const &name)
{
	Hosted_dataspace::Module result = name;
	_config.node().for_each_sub_node("start", [&](Node const &start) {
		if (start.attribute_value("name", Hosted_child::Name()) != name) return;
		start.with_optional_sub_node(
			"binary", [&](Node const &binary) { result = binary.attribute_value("name", result); });
	});
	return result;
}

/*
 * PD and CPU sessions of components; sessions that a component opens for others are not hosted
 */

void Runtime::_open_pd(Request &request)
{
	Hosted_child::Name const name = Cstring(request.label.string());
	if (_find(name) || _binary_of(name) == "") return request.deny();

	Child_element &element =
		*new (_alloc) Child_element(_env, _tracker, _alloc, name, _binary_of(name), _info);
	_children.insert(&element);
	Hosted_pd &pd = element.child.open_pd(request.args, request.label);
	_policy.appeared(element.child);
	request.deliver_session(pd);
}

void Runtime::_open_cpu(Request &request)
{
	Child_element *const element = _find(Hosted_child::Name(Cstring(request.label.string())));
	if (!element) return request.deny();
	request.deliver_session(element->child.open_cpu(request.args, request.label, request.affinity));
}

void Runtime::_handle_pd_service()
{
	using Upgrade = Pd_service::Upgrade_response;
	using Close = Pd_service::Close_response;

	auto const with_child = [&](Hosted_pd &pd, auto const &fn) {
		for (Child_element *e = _children.first(); e; e = e->next())
			if (e->child.is(pd)) return fn(*e);
	};
	_pd_service.for_each_requested_session([&](Request &request) { _open_pd(request); });
	_pd_service.for_each_upgraded_session(
		[&](Hosted_pd &pd, Session::Resources const &amount) -> Upgrade {
			with_child(pd, [&](Child_element &e) { e.child.upgrade_pd(amount); });
			return Upgrade::CONFIRMED;
		});
	_pd_service.for_each_session_to_close([&](Hosted_pd &pd) -> Close {
		with_child(pd, [&](Child_element &e) {
			_policy.vanishing(e.child);
			_children.remove(&e);
			destroy(_alloc, &e);
		});
		return Close::CLOSED;
	});
}

void Runtime::_handle_cpu_service()
{
	using Upgrade = Cpu_service::Upgrade_response;
	using Close = Cpu_service::Close_response;

	auto const with_child = [&](Hosted_cpu &cpu, auto const &fn) {
		for (Child_element *e = _children.first(); e; e = e->next())
			if (e->child.is(cpu)) return fn(*e);
	};
	_cpu_service.for_each_requested_session([&](Request &request) { _open_cpu(request); });
	_cpu_service.for_each_upgraded_session(
		[&](Hosted_cpu &cpu, Session::Resources const &amount) -> Upgrade {
			with_child(cpu, [&](Child_element &e) { e.child.upgrade_cpu(amount); });
			return Upgrade::CONFIRMED;
		});
	_cpu_service.for_each_session_to_close([&](Hosted_cpu &cpu) -> Close {
		with_child(cpu, [&](Child_element &e) {
			_policy.vanishing(e.child);
			e.child.close_cpu();
		});
		return Close::CLOSED;
	});
}

void Runtime::start_component(Hosted_thread &thread, addr_t ip)
{
	for (Child_element *e = _children.first(); e; e = e->next()) {
		Hosted_child &child = e->child;
		if (!child.complete() || &thread.pd != &child.pd()) continue;
		child.pd().write_parent_word();
		if (!_policy.start(child, thread, ip)) return;
		thread.start(ip, 0);
		child.running = true;
		return;
	}
}

/*
 * Configuration and state
 */

void Runtime::_handle_config()
{
	_config.update();
	_reporter.conditional(_config.node().has_sub_node("report"), _env, "state", "state");
	_policy.config(_config.node());
	_sandbox.apply_config(_config.node());
}

void Runtime::handle_sandbox_state()
{
	if (_reporter.constructed())
		_reporter->generate([&](Generator &g) { _sandbox.generate_state_report(g); });
}

}
