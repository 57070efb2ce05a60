#include "target_file.h"

#include "libimage/dump_format.h"
#include "libimage/enum_names.h"
#include "libimage/json_value.h"
#include "libimage/mapped_file.h"
#include "libimage/strict_json.h"

namespace Capimg
{

static std::string_view view(Wire::Text text) { return { text.string(), text.size() }; }

Target_file::Target_file(Image const &image)
	: _machine(image.head().machine), _kernel(image.core_manifest().kernel())
{}

Target_file::Target_file(Image const &image, std::string const &path) : Target_file(image)
{
	Mapped_file const file(path);
	auto const bytes = file.bytes();
	_parse({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, path);
}

static Metadata::Kernel kernel_value(Json const &value, Json_path const &path)
{
	std::string const &name = text_value(value, path);
	for (unsigned i = 0; i < Metadata::Manifest::shape.field_count; i++) {
		Wire::Field const &field = Metadata::Manifest::shape.fields[i];
		if (std::string_view(field.name()) != "kernel") continue;

		auto const &names = enum_names(field);
		for (std::size_t number = 0; number < names.size(); number++)
			if (names[number] == name) return Metadata::Kernel(number);
		std::string const near = nearest_name(name, names);
		path.fail("no such kernel: " + name, near.empty() ? "" : "did you mean " + near + "?");
	}
	return Metadata::Kernel::UNKNOWN;
}

static Architecture architecture_value(Json const &value, Json_path const &path)
{
	Architecture architecture {};
	if (!Dump_format::architecture_from(text_value(value, path), architecture))
		path.fail("no such architecture: " + text_value(value, path));
	return architecture;
}

static std::set<std::string, std::less<>> names_value(Json const &value, Json_path const &path)
{
	std::set<std::string, std::less<>> names;
	std::size_t i = 0;
	for (Json const &name : array_value(value, path))
		names.insert(text_value(name, path.element(i++)));
	return names;
}

void Target_file::_parse(std::string_view text, std::string const &file)
{
	Json const document = parse_json(text, file);
	Json_path const path(file);
	Json_object const object(document, path,
							 { "architecture", "wordBits", "pageSize", "kernel", "genodeVersion",
							   "highestBadge", "fpuSize", "cpuFeatures", "modules", "services",
							   "externals", "ramQuota", "capQuota" });

	auto const with = [&](char const *key, auto const &fn) {
		if (Json const *const value = object.find(key)) fn(*value, object.path(key));
	};
	with("architecture",
		 [&](auto &v, auto const &p) { _machine.architecture = architecture_value(v, p); });
	with("wordBits", [&](auto &v, auto const &p) {
		_machine.word_bits = std::uint8_t(number_value(v, p, 64));
	});
	with("pageSize", [&](auto &v, auto const &p) {
		_machine.page_size = std::uint32_t(hex_value(v, p, 0x80000000));
	});
	with("kernel", [&](auto &v, auto const &p) { _kernel = kernel_value(v, p); });
	with("genodeVersion", [&](auto &v, auto const &p) { _version = text_value(v, p); });
	with("highestBadge", [&](auto &v, auto const &p) { _highest_badge = hex_value(v, p); });
	with("fpuSize", [&](auto &v, auto const &p) {
		_fpu_size = std::uint32_t(number_value(v, p, 0xffffffff));
	});
	with("cpuFeatures", [&](auto &v, auto const &p) { _features = names_value(v, p); });
	with("services", [&](auto &v, auto const &p) { _services = names_value(v, p); });
	with("externals", [&](auto &v, auto const &p) { _externals = names_value(v, p); });
	with("ramQuota", [&](auto &v, auto const &p) { _ram = hex_value(v, p); });
	with("capQuota",
		 [&](auto &v, auto const &p) { _caps = number_value(v, p, ~std::uint64_t(0)); });
	with("modules", [&](auto &v, auto const &p) {
		_modules.emplace();
		for (auto const &[name, value] : object_value(v, p)) {
			Json_path const here = p.child(name);
			Json_object const body(value, here, { "size", "digest" });
			Module &module = (*_modules)[name];
			if (body.has("size")) module.size = hex_value(body.at("size"), body.path("size"));
			if (!body.has("digest")) continue;
			module.digest = bytes_value(body.at("digest"), body.path("digest"));
			if (module.digest.size() != 32) body.path("digest").fail("is no SHA-256 of 32 bytes");
		}
	});
}

bool Target_file::has_cpu_feature(Wire::Text name) const
{
	return !_features || _features->contains(view(name));
}

Result<Engine::Module_info> Target_file::module(Wire::Text name) const
{
	if (!_modules) return Engine::Module_info {};
	auto const found = _modules->find(view(name));
	if (found == _modules->end()) return Error { Code::NOT_FOUND, 0, "module" };
	Module const &module = found->second;
	return Engine::Module_info { module.size, { module.digest.data(), module.digest.size() } };
}

bool Target_file::provides(Wire::Text service, Wire::Text) const
{
	return !_services || _services->contains(view(service));
}

bool Target_file::external(Wire::Text owner, Wire::Text) const
{
	return !_externals || _externals->contains(view(owner));
}

}
