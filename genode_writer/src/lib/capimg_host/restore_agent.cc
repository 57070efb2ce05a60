#include <capimg_host/log.h>
#include <capimg_host/restore_agent.h>

namespace Capimg::Host
{

Restore_agent::Restore_agent(Env &env, Allocator &alloc, Runtime &runtime)
	: _main_env(env), _alloc(alloc), _runtime(runtime)
{
	_config.node().with_optional_sub_node(
		"vfs", [&](Node const &vfs) { _root.construct(_env, _alloc, vfs); });
}

bool Restore_agent::wanted(Node const &config, Hosted_child::Name const &name)
{
	bool result = false;
	config.for_each_sub_node("restore", [&](Node const &node) {
		result = result || node.attribute_value("child", Hosted_child::Name()) == name;
	});
	return result;
}

void Restore_agent::restore(Hosted_child::Name const &name)
{
	Mutex::Guard guard(_mutex);
	_requests.insert(new (_alloc) Request(name));
	_handler.local_submit();
}

void Restore_agent::_handle()
{
	for (;;) {
		Hosted_child::Name name {};
		{
			Mutex::Guard guard(_mutex);
			Request *const request = _requests.first();
			if (!request) return;
			name = request->name;
			_requests.remove(request);
			destroy(_alloc, request);
		}
		_config.update();
		_config.node().for_each_sub_node("restore", [&](Node const &node) {
			if (node.attribute_value("child", Hosted_child::Name()) == name) _restore(name, node);
		});
	}
}

/* "path" in the VFS, or "rom" with the image's "size" */
Status Restore_agent::_open(Node const &node, Source &source, Restorer &restorer,
							Trust_policy const &policy)
{
	auto const path = node.attribute_value("path", Image_path());
	auto const rom = node.attribute_value("rom", String<64>());
	try {
		if (rom.valid()) {
			source.rom.construct(_env, rom.string(), node.attribute_value("size", 0ull));
			return restorer.open(*source.rom, _trust.key(), policy);
		}
		if (!_root.constructed()) return { Code::BAD_ARGUMENT, 0, "vfs" };
		source.file.construct(*_root, path);
		return restorer.open(*source.file, _trust.key(), policy);
	} catch (...) {
		return { Code::NOT_FOUND, 0, "image" };
	}
}

/* the image, and the ones that it inherits from as <parent> nodes, newest first */
Status Restore_agent::_open_all(Node const &node, Const_bytes label, Restorer &restorer)
{
	if (Status const status = _trust.read(_env, node)) return status;

	unsigned count = 0;
	Status status = _open(node, _sources[count++], restorer, _trust.policy(label, true));
	node.for_each_sub_node("parent", [&](Node const &parent) {
		if (status || count == Restorer::MAX_IMAGES) return;
		status = _open(parent, _sources[count++], restorer, _trust.policy(label, false));
	});
	return status;
}

void Restore_agent::_restore(Hosted_child::Name const &name, Node const &node)
{
	Mutex::Guard guard(_busy);
	Hosted_child *const child = _runtime.child(name);
	if (!child) return;

	auto const label = node.attribute_value("label", Hosted_child::Name());
	Engine::Policy policy {};
	policy.label = text(label);
	policy.open_anew = node.attribute_value("open_anew", false);
	policy.repeat_foreign_calls = node.attribute_value("repeat_calls", false);
	policy.allow_redacted = node.attribute_value("allow_redacted", false);
	policy.ram_limit = Genode::size_t(node.attribute_value("ram_limit", Number_of_bytes(~0ul)));
	policy.cap_limit = node.attribute_value("cap_limit", ~0ul);

	uint64_t const begin = _timer.elapsed_us();
	uint64_t counter = 0;
	Status status = ok;
	unsigned refusals = 0, steps = 0;
	if (child->info.kernel != Kernel::FOC)
		status = { Code::UNSUPPORTED, 0, "kernel" };
	else {
		child->parent()->know_env();
		Restorer &restorer = *new (_alloc) Restorer(_env, _alloc, *child, _timer);
		status = _open_all(node, policy.label.bytes(), restorer);
		if (!status) status = restorer.restore(policy, node.attribute_value("verbose", false));
		if (!status) {
			child->parent()->running();
			child->running = true;
		}
		refusals = restorer.refusals;
		steps = restorer.steps;
		if (!status && restorer.signature()) counter = restorer.signature()->counter;
		destroy(_alloc, &restorer);
	}
	for (Source &source : _sources) {
		source.file.destruct();
		source.rom.destruct();
	}

	uint64_t const us = _timer.elapsed_us() - begin;
	_reporter.conditional(node.attribute_value("report", false), _env, "restore", "restore");
	if (_reporter.constructed())
		_reporter->generate([&](Generator &g) {
			g.attribute("child", name);
			g.attribute("us", us);
			g.attribute("steps", steps);
			g.attribute("refusals", refusals);
			if (!status && _trust.key()) g.attribute("counter", counter);
			g.attribute("used_ram", _main_env.pd().used_ram().value);
			g.attribute("used_caps", _main_env.pd().used_caps().value);
			if (!status) return;
			g.attribute("error", error_text(status.code));
			g.attribute("field", status.field);
		});
	if (status)
		error("restore of ", name, " failed: ", Status_text(status));
	else
		log("restored ", name, " in ", us, " us, ", steps, " steps");
}

}
