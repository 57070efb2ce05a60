/*
 * Sessions, and what comes with them
 */

#include <cstdlib>

#include "maker.h"

namespace Capimg::Sim
{

using namespace Field;

uint64_t argument(std::string const &arguments, char const *key)
{
	size_t const at = arguments.find(key);
	return at == std::string::npos
			   ? 0
			   : std::strtoull(arguments.c_str() + at + std::string(key).size() + 1, nullptr, 10);
}

void Maker::_make_sessions()
{
	auto callable = [&](Object &o) { _callables.push_back({ _give(o), o.identity, -1 }); };

	callable(_session<Session>(Kind::LOG, "LOG", "ram_quota=8192, cap_quota=3, label=\"log\""));

	auto &rom =
		_session<Rom_session>(Kind::ROM, "ROM", "ram_quota=6144, cap_quota=3, label=\"config\"");
	rom.module = "config";
	Dataspace &content =
		must(_ecu.create<Dataspace>(Kind::DATASPACE, rom.label + ".content", _part_of(rom)));
	content.type = Dataspace::Type::ROM;
	content.module = rom.module;
	content.bytes = _ecu.modules.at(rom.module);
	content.size = content.bytes.size();
	rom.content = &content;
	_attach(*_pd->space, ROM_DATA, content, 0, align_up(content.size, Dataspace::PAGE), false);
	callable(rom);
	callable(content);

	auto &rm = _session<Rm_session>(Kind::RM, "RM", "ram_quota=65536, cap_quota=20");
	Region_map &map = must(_ecu.create<Region_map>(Kind::REGION_MAP, _label("map"), _part_of(rm)));
	map.size = SHARED_SIZE;
	rm.maps.push_back(&map);
	Dataspace &managed =
		must(_ecu.create<Dataspace>(Kind::DATASPACE, map.label + ".ds", _part_of(map)));
	managed.type = Dataspace::Type::MANAGED;
	managed.size = SHARED_SIZE;
	managed.managed = &map;
	map.content = &managed;
	Dataspace &shared = _ram(0x1000);
	_attach(map, 0x4000, shared, 0, 0x1000);

	/* the managed dataspace is seen from an offset on */
	_attach(*_pd->space, SHARED_MAP, managed, 0x2000, SHARED_SIZE - 0x2000);
	callable(rm);
	callable(map);
	callable(shared);
	_facts.lock = SHARED_MAP + 0x2000;
	_store(_facts.lock, INNER, 1);

	for (unsigned i = 0; i < _options.others; i++)
		callable(_session<Session>(Kind::OTHER, "Report", "ram_quota=8192, cap_quota=3"));
	if (_options.device) {
		Dataspace &io = must(_ecu.create<Dataspace>(Kind::DATASPACE, _label("io"), {}));
		io.pd = _pd;
		io.type = Dataspace::Type::IO;
		io.size = 0x1000;
		_give(io);
	}
	if (_options.foreign)
		for (unsigned i = 0; i < 2; i++) {
			External &e =
				must(_ecu.create<External>(Kind::EXTERNAL, "outside " + std::to_string(i), {}));
			e.owner = "server";
			e.delay = 1 + unsigned(_random.below(20));
			e.pd = _pd;
			_facts.externals.push_back({ e.label, e.identity });
			callable(e);
		}
	callable(*_pd);
}

}
