#include "flat_system.h"

#include <chrono>
#include <cstring>

namespace Capimg::Test
{

static constexpr std::uint64_t PAGE = 4096, BULK = 0x200000000000;

static std::uint64_t now()
{
	return std::uint64_t(std::chrono::steady_clock::now().time_since_epoch().count());
}

static Component_options options(std::uint32_t capabilities)
{
	Component_options o;
	unsigned row = 0;
	for (Cap_layout const &l : cap_layouts()) {
		if (l.kernel == Cap_kernel::FOC && l.word_bytes == 8 && l.first_release == 2502)
			o.layout = row;
		row++;
	}
	while (o.count < capabilities + capabilities / 8 + 1024) o.count *= 2;
	o.capabilities = capabilities;
	/* so much has come and gone; the generator looks through all that live for each */
	o.churn = std::min(capabilities / 2, 4096u);
	o.objects = std::max(1u, capabilities / 4);
	return o;
}

Flat_origin::Flat_origin(std::uint64_t bytes, std::uint32_t capabilities, unsigned zero_percent)
	: _component(options(capabilities)), _live(_component.memory())
{
	std::mt19937_64 random(1);
	std::vector<std::uint8_t> bulk(bytes);
	for (std::uint64_t at = 0; at < bytes; at += PAGE) {
		if (random() % 100 < zero_percent) continue;
		for (std::uint64_t i = at; i + 8 <= std::min(at + PAGE, bytes); i += 8) {
			std::uint64_t const value = random();
			std::memcpy(&bulk[i], &value, 8);
		}
	}
	_live.add(BULK, std::move(bulk));

	_parent_badge = _live.load(_component.raw_parent(), 8);
	std::set<std::uint64_t> badges;
	for (Component_entry const &entry : _component.entries())
		if (entry.in_tree || entry.stale) badges.insert(entry.badge);
	badges.erase(_parent_badge);
	badges.erase(1);

	using Which = Metadata::Object::Which;
	_objects = { { PD, 0, Which::PD_SESSION, 0 },
				 { SPACE, 0, Which::REGION_MAP, 0 },
				 { CPU, 0, Which::CPU_SESSION, 0 },
				 { THREAD, 0, Which::THREAD, 0 },
				 { PARENT, _parent_badge, Which::PARENT_CAPABILITY, 0 },
				 { GATE, 1, Which::CAPABILITY, 0 } };

	std::uint32_t id = GATE + 1;
	for (auto const &[address, content] : _live.segments()) {
		_dataspaces.push_back({ id, address, { content.begin(), content.end() }, {} });
		_dataspaces.back().dirty.resize((content.size() + PAGE - 1) / PAGE);
		_objects.push_back({ id++, 0, Which::DATASPACE, content.size() });
	}
	for (std::uint64_t const badge : badges)
		_objects.push_back({ id++, badge, Which::NATIVE_CAPABILITY, 0 });
}

std::uint64_t Flat_origin::memory_size() const { return _live.size(); }

std::uint64_t Flat_origin::non_zero_size() const
{
	std::uint64_t sum = 0;
	for (auto const &[address, content] : _live.segments())
		for (std::uint64_t at = 0; at < content.size(); at += PAGE) {
			std::size_t const size = std::min<std::size_t>(PAGE, content.size() - at);
			if (!Const_bytes(&content[at], size).all_zero()) sum += size;
		}
	return sum;
}

std::uint32_t Flat_origin::capabilities() const
{
	return std::uint32_t(_component.entries().size());
}

void Flat_origin::touch(std::uint64_t count)
{
	Flat_dataspace &bulk = _dataspaces.back();
	std::uint64_t const pages = bulk.dirty.size();
	for (std::uint64_t i = 0; i < count; i++) {
		std::uint64_t const page = i * pages / count;
		_live.at(bulk.address + page * PAGE).base()[0] ^= 0x55;
		bulk.dirty[page] = true;
	}
}

void Flat_origin::copy_all()
{
	for (Flat_dataspace &d : _dataspaces) {
		Bytes const live = _live.at(d.address);
		std::memcpy(d.captured.data(), live.base(), d.captured.size());
	}
}

Status Flat_origin::pause()
{
	paused_at = now();
	return ok;
}

void Flat_origin::resume() { resumed_at = now(); }

Engine::Description Flat_origin::description()
{
	Engine::Description d;
	d.label = "bench";
	d.kernel = Metadata::Kernel::FOC;
	return d;
}

Status Flat_origin::describe(Capimg::uint32_t n, Metadata::Object::Writer const &object,
							 Capimg::uint64_t first_block)
{
	switch (_objects[n].kind) {
	case Metadata::Object::Which::PD_SESSION: {
		auto const pd = object.init_pd_session();
		pd.address_space(SPACE);
		pd.init_session().service("PD");
		break;
	}
	case Metadata::Object::Which::REGION_MAP: {
		auto const regions =
			object.init_region_map().init_regions(std::uint32_t(_dataspaces.size()));
		for (std::uint32_t i = 0; i < _dataspaces.size(); i++) {
			regions[i].address(_dataspaces[i].address);
			regions[i].size(_dataspaces[i].captured.size());
			regions[i].dataspace(_dataspaces[i].id);
			regions[i].readable(true);
			regions[i].writeable(true);
		}
		break;
	}
	case Metadata::Object::Which::CPU_SESSION:
		object.init_cpu_session().init_session().service("CPU");
		break;
	case Metadata::Object::Which::THREAD: {
		auto const thread = object.init_thread();
		thread.pd(PD);
		thread.cpu(CPU);
		thread.gate(GATE);
		thread.has_slot(true);
		break;
	}
	case Metadata::Object::Which::DATASPACE: {
		auto const dataspace = object.init_dataspace();
		dataspace.kind(Metadata::Dataspace_kind::RAM);
		dataspace.size(_objects[n].stored_size);
		dataspace.stored(true);
		dataspace.first_block(first_block);
		break;
	}
	case Metadata::Object::Which::NATIVE_CAPABILITY:
		object.init_native_capability().entrypoint(THREAD);
		break;
	case Metadata::Object::Which::PARENT_CAPABILITY: object.parent_capability(); break;
	default: object.capability(); break;
	}
	return ok;
}

Engine::Raw_badge_spot Flat_origin::raw_badge(Capimg::uint32_t)
{
	return { Metadata::Raw_badge_place::PARENT_CAPABILITY,
			 _component.raw_parent(),
			 8,
			 _parent_badge,
			 0,
			 0 };
}

Cap_hints Flat_origin::hints()
{
	Cap_hints hints;
	hints.kernel = Cap_kernel::FOC;
	hints.has_addr = true;
	hints.addr = _component.map().array;
	return hints;
}

Status Flat_origin::capture(bool delta)
{
	for (Flat_dataspace &d : _dataspaces) {
		bool const bulk = &d == &_dataspaces.back();
		std::uint8_t const *const live = _live.at(d.address).base();
		if (!delta || !bulk) {
			std::memcpy(d.captured.data(), live, d.captured.size());
			continue;
		}
		for (std::uint64_t page = 0; page < d.dirty.size(); page++)
			if (d.dirty[page])
				std::memcpy(&d.captured[page * PAGE], live + page * PAGE,
							std::min<std::size_t>(PAGE, d.captured.size() - page * PAGE));
	}
	return ok;
}

Flat_dataspace const *Flat_origin::_at(std::uint64_t address) const
{
	for (Flat_dataspace const &d : _dataspaces)
		if (address - d.address < d.captured.size()) return &d;
	return nullptr;
}

Status Flat_origin::Captured::read(Capimg::uint64_t address, Bytes dst) const
{
	for (std::size_t done = 0; done < dst.size();) {
		Const_bytes const bytes = peek(address + done, dst.size() - done);
		if (bytes.empty()) return { Code::ABSENT, address + done, "memory" };
		dst.copy_from(done, bytes);
		done += bytes.size();
	}
	return ok;
}

Result<Extent> Flat_origin::Captured::extent_from(Capimg::uint64_t address) const
{
	return origin._live.extent_from(address);
}

Const_bytes Flat_origin::Captured::peek(Capimg::uint64_t address, Capimg::size_t size) const
{
	Flat_dataspace const *const d = origin._at(address);
	if (!d) return {};
	std::size_t const offset = address - d->address;
	return { d->captured.data() + offset, std::min(size, d->captured.size() - offset) };
}

Result<Engine::Captured_run> Flat_origin::captured(Capimg::uint32_t id, Capimg::uint64_t offset)
{
	Flat_dataspace const &d = _dataspaces[id - GATE - 1];
	Const_bytes const bytes(&d.captured[offset], d.captured.size() - offset);
	return Engine::Captured_run { Engine::Captured_run::BYTES, bytes.size(), bytes, {} };
}

Result<Extent> Flat_origin::changed(Capimg::uint32_t id, Capimg::uint64_t offset)
{
	Flat_dataspace const &d = _dataspaces[id - GATE - 1];
	if (!_was_kept || &d != &_dataspaces.back())
		return Extent { offset, d.captured.size() - offset };

	for (std::uint64_t page = offset / PAGE; page < d.dirty.size(); page++)
		if (d.dirty[page]) return Extent { page * PAGE, PAGE };
	return Error { Code::NOT_FOUND, offset, "changed" };
}

void Flat_origin::done(bool keep)
{
	if (!keep) return;
	_was_kept = true;
	_dataspaces.back().dirty.assign(_dataspaces.back().dirty.size(), false);
}

Engine::Created Flat_target::_badge(std::uint64_t)
{
	_next -= 4;
	return _next;
}

Engine::Created Flat_target::companion(Engine::Companion companion, Capimg::uint32_t,
									   Capimg::uint32_t)
{
	if (companion == Engine::Companion::GATE) return std::uint64_t(1);
	return _badge();
}

void Flat_target::zero()
{
	for (auto &[id, bytes] : _memory) std::memset(bytes.data(), 0, bytes.size());
}

Result<Bytes> Flat_target::window(Capimg::uint32_t id, Capimg::uint64_t offset, size_t size)
{
	Page_bytes &bytes = _memory[id];
	if (offset >= bytes.size()) return Error { Code::BAD_ARGUMENT, offset, "window" };
	return Bytes(bytes.data() + offset, std::min<std::size_t>(size, bytes.size() - offset));
}

}
