#include <capimg_host/log.h>
#include <capimg_host/restorer.h>

namespace Capimg::Host
{

using namespace Engine;

Restorer::Restorer(Env &env, Allocator &alloc, Hosted_child &child, Timer::Connection &timer)
	: _env(env),
	  _alloc(alloc),
	  _child(child),
	  _work(env, max<Capimg::size_t>(Chain::WORK_SIZE, Engine::Image::LOOK_WORK)),
	  _badges(env),
	  _target(env, alloc, child, timer)
{}

Restorer::~Restorer()
{
	_loader.destruct();
	_chain.destruct();
}

Status Restorer::open(Source &source, Trusted_key const *key, Trust_policy const &trust)
{
	if (_count == MAX_IMAGES) return { Code::LIMIT, 0, "images", _count, MAX_IMAGES };
	_images[_count].construct(_env, source, key, trust);
	if (Status const status = _images[_count]->open(_work.bytes())) return status;
	_chain_images[_count] = &_images[_count]->image;
	_count++;
	return ok;
}

void Restorer::Refusals::refusal(Refusal const &r)
{
	count++;
	error(child.name, " refused: ", refusal_name(r.code), ": ", refusal_text(r.code), " (object ",
		  r.object, r.name.empty() ? "" : ", ", Cstring(r.name.string(), r.name.size()), ", image ",
		  Hex(r.image), ", here ", Hex(r.target), ")");
}

void Restorer::Steps::step(Step const &step, bool undo)
{
	count++;
	if (!verbose || (step.phase == phase && !undo)) return;
	phase = step.phase;
	log(undo ? "undo " : "restore: ", phase_name(step.phase));
}

uint64_t Restorer::_parent_badge() const
{
	auto const objects = _chain->newest().manifest().objects();
	for (uint32_t i = 0; i < objects.size(); i++)
		if (objects[i].which() == Which::PARENT_CAPABILITY) return objects[i].badge();
	return 0;
}

/* what the hosting library needs to know of the component besides its objects */
void Restorer::_take_over()
{
	auto const raw = _chain->newest().manifest().raw_badges();
	for (uint32_t i = 0; i < raw.size(); i++)
		if (raw[i].place() == Metadata::Raw_badge_place::PARENT_CAPABILITY)
			_child.pd().restored_parent_word(addr_t(raw[i].address()));

	Mutex::Guard guard(_child.objects.mutex);
	_child.objects.end_restore();
}

Status Restorer::restore(Policy const &policy, bool verbose)
{
	_chain.construct(_chain_images, _count, nullptr, _work.bytes());
	if (Status const status = _chain->connect()) return status;

	_badges.reserve(Loader::badges_size(_chain->newest().manifest()));
	_loader.construct(*_chain, _target, policy, _badges.bytes());

	Refusals sink(_child);
	Status const verified = _loader->verify(sink);
	refusals = sink.count;
	if (verified) return verified;

	_child.pd().drop_loaded();
	uint64_t const before = _parent_badge();
	Steps trace(verbose);
	Status const restored = _loader->restore(trace);
	steps = trace.count;
	if (verbose && !restored)
		log("badge of the parent was ", Hex(before), ", is ", Hex(_parent_badge()));
	if (!restored) _take_over();
	return restored;
}

}
