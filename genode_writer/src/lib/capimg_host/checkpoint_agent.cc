#include <trace/timestamp.h>

#include <capimg_host/checkpoint_agent.h>
#include <capimg_host/log.h>

namespace Capimg::Host
{

Checkpoint_agent::Settings Checkpoint_agent::Settings::from_node(Node const &node)
{
	Settings s {};
	s.child = node.attribute_value("child", Hosted_child::Name());
	s.path = node.attribute_value("path", Image_path(s.child));
	s.block_size = uint32_t(
		Genode::size_t(node.attribute_value("block", Number_of_bytes(Limit::MIN_BLOCK_SIZE))));
	s.terminal = node.attribute_value("terminal", false);
	s.delta = node.attribute_value("delta", false);
	s.every_ms = node.attribute_value("every_ms", 0ul);
	s.count = node.attribute_value("count", 0u);
	return s;
}

/* two boots have the same epoch only if their time-stamp counters agree to the last cycle */
static void make_epoch(uint8_t (&epoch)[16], uint64_t us)
{
	uint64_t const words[2] { Trace::timestamp(), us };
	copy_memory(epoch, words, sizeof(epoch));
}

Checkpoint_agent::Checkpoint_agent(Env &env, Allocator &alloc, Runtime &runtime)
	: _main_env(env), _alloc(alloc), _runtime(runtime)
{
	make_epoch(_epoch, _clock.elapsed_us());
	_config.sigh(_config_handler);
	_timer.sigh(_timer_handler);
	_config_handler.local_submit();
}

void Checkpoint_agent::_handle_config()
{
	_config.update();
	_config.node().with_optional_sub_node("vfs", [&](Node const &vfs) {
		if (_root.constructed())
			_root->apply_config(vfs);
		else
			_root.construct(_env, _alloc, vfs);
	});
	_config.node().with_optional_sub_node("checkpoint", [&](Node const &node) {
		_settings = Settings::from_node(node);
		_reporter.conditional(node.attribute_value("report", false), _env, "checkpoint",
							  "checkpoint");
		bool const rom = node.attribute_value("rom", false);
		if (rom && !_trigger.constructed()) {
			_trigger.construct(_env, "checkpoint");
			_trigger->sigh(_trigger_handler);
			_trigger_handler.local_submit();
		}
		if (!rom) _trigger.destruct();
		if (_settings.every_ms) _timer.trigger_once(1000 * _settings.every_ms);
	});
}

/* the ROM's content says whether; each update with <checkpoint> is one */
void Checkpoint_agent::_handle_trigger()
{
	if (!_trigger.constructed()) return;
	_trigger->update();
	if (_trigger->node().has_type("checkpoint")) _take();
}

void Checkpoint_agent::_handle_timer()
{
	if (_settings.count && _by_time >= _settings.count) return;
	if (_ready()) {
		_by_time++;
		_take();
	}
	_timer.trigger_once(1000 * _settings.every_ms);
}

Image_path Checkpoint_agent::_path_of(uint64_t sequence) const
{
	return Image_path("/", _settings.path, ".", sequence, ".img");
}

void Checkpoint_agent::_forget_parents()
{
	for (Constructible<Parent_image> &parent : _parents) parent.destruct();
	_parent_count = 0;
}

/* the image just written becomes the newest parent, unless the chain is long enough */
void Checkpoint_agent::_keep(Image_path const &path)
{
	if (_parent_count == MAX_PARENTS) _forget_parents();
	unsigned const at = MAX_PARENTS - 1 - _parent_count;
	try {
		_parents[at].construct(_env, *_root, path);
	} catch (...) {
		return _forget_parents();
	}
	if (_parents[at]->open.open(_look_work.bytes())) return _forget_parents();
	_parent_count++;
}

bool Checkpoint_agent::_ready()
{
	Mutex::Guard guard(_busy);
	return _running_child();
}

Hosted_child *Checkpoint_agent::_running_child()
{
	Hosted_child *const child = _runtime.child(_settings.child);
	if (!child) return nullptr;

	/* on linux, core starts the process, and nobody its first thread */
	return child->running || child->info.kernel == Kernel::LINUX ? child : nullptr;
}

Thread_control &Checkpoint_agent::_threads_of(Hosted_child &child)
{
	_plain_threads.destruct();
	_foc_threads.destruct();
	if (child.info.kernel == Kernel::FOC) {
		_foc_threads.construct(child.objects, child.pd());
		return *_foc_threads;
	}
	_plain_threads.construct(child.objects);
	return *_plain_threads;
}

void Checkpoint_agent::_take()
{
	Mutex::Guard guard(_busy);

	Hosted_child *const child = _running_child();
	if (!child || (!_root.constructed() && _settings.files())) {
		warning("no checkpoint: ", child ? "there is no node <vfs>" : "no such component runs, ",
				_settings.child);
		return;
	}
	if (_child != child) {
		_forget_parents();
		_checkpointer.destruct();
		_checkpointer.construct(_env, _alloc, *child, _threads_of(*child), _clock, _epoch,
								_settings.block_size);
		_child = child;
	}
	_checkpointer->origin.snapshot().keep_digests = _settings.delta;

	Engine::Image const *older[MAX_PARENTS] {};
	Engine::Parents parents {};
	if (_settings.delta && _parent_count) {
		unsigned const first = MAX_PARENTS - _parent_count;
		for (unsigned i = 1; i < _parent_count; i++)
			older[i - 1] = &_parents[first + i]->open.image;
		parents = { &_parents[first]->open.image, older, _parent_count - 1 };
	}

	Image_path const path = _path_of(_checkpointer->origin.sequence);
	Outcome outcome {};
	Status const written =
		_settings.files() ? _to_file(parents, path, outcome) : _to_terminal(outcome);
	if (written && !outcome.status) outcome.status = written;
	_report(outcome, path);
	if (outcome.status || !_settings.delta) return;

	_keep(path);
	if (_settings.terminal)
		if (Status const sent = _send(path)) error("image not sent: ", Status_text(sent));
}

Status Checkpoint_agent::_to_file(Engine::Parents const &parents, Image_path const &path,
								  Outcome &outcome)
{
	try {
		File_sink &sink = *new (_alloc) File_sink(*_root, path);
		outcome = _checkpointer->take(parents, sink);
		Status const status = sink.flush();
		destroy(_alloc, &sink);
		return status;
	} catch (...) {
		return { Code::IO, 0, "file" };
	}
}

/* the stream's number is the time: another one for each image, and for each boot */
Status Checkpoint_agent::_to_terminal(Outcome &outcome)
{
	if (!_line.constructed()) _line.construct(_env, _clock);
	Engine::Framed_sink sink(*_line, Trace::timestamp());
	outcome = _checkpointer->take({}, sink);
	return outcome.status ? outcome.status : sink.end();
}

/* the file of a delta, which the next one needs as well */
Status Checkpoint_agent::_send(Image_path const &path)
{
	if (!_line.constructed()) _line.construct(_env, _clock);
	Engine::Framed_sink sink(*_line, Trace::timestamp());
	uint8_t piece[Capimg::Transfer_frame::MAX_PAYLOAD];
	try {
		File_source source(*_root, path);
		for (uint64_t at = 0; at < source.size();) {
			Bytes const bytes(piece,
							  Capimg::size_t(min<uint64_t>(sizeof(piece), source.size() - at)));
			if (Status const status = source.read(at, bytes)) return status;
			if (Status const status = sink.append(bytes)) return status;
			at += bytes.size();
		}
	} catch (...) {
		return { Code::IO, 0, "file" };
	}
	return sink.end();
}

void Checkpoint_agent::_report(Outcome const &outcome, Image_path const &path)
{
	if (_reporter.constructed())
		_reporter->generate([&](Generator &g) {
			g.attribute("child", _settings.child);
			g.attribute("sequence", outcome.sequence);
			g.attribute("path", path);
			g.attribute("delta", outcome.delta);
			g.attribute("paused_us", outcome.paused_us);
			g.attribute("total_us", outcome.total_us);
			g.attribute("bytes", outcome.bytes);
			g.attribute("blocks", outcome.blocks);
			g.attribute("read_blocks", outcome.read_blocks);
			g.attribute("attempts", outcome.attempts);
			g.attribute("memory", outcome.memory);
			g.attribute("used_ram", _main_env.pd().used_ram().value);
			g.attribute("used_caps", _main_env.pd().used_caps().value);
			if (outcome.status) {
				g.attribute("error", error_text(outcome.status.code));
				g.attribute("field", outcome.status.field);
				g.attribute("offset", outcome.status.offset);
			}
		});
	if (outcome.status)
		error("checkpoint ", outcome.sequence, " of ", _settings.child,
			  " failed: ", Status_text(outcome.status));
	else
		log("checkpoint ", outcome.sequence, " of ", _settings.child, ": ", path, ", ",
			outcome.bytes, " bytes, ", outcome.blocks, " blocks, paused ", outcome.paused_us,
			" us of ", outcome.total_us, " us, ", outcome.attempts, " attempts",
			outcome.delta ? ", delta" : "");
}

void Checkpoint_agent::vanishing(Hosted_child &child)
{
	Mutex::Guard guard(_busy);
	if (_child != &child) return;
	_checkpointer.destruct();
	_plain_threads.destruct();
	_foc_threads.destruct();
	_child = nullptr;
}

}
