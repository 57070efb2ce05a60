/*
 * A system to restore on, described in a file: what 'capimg plan --target' reads
 *
 *   { "architecture": "x86_64", "wordBits": 64, "pageSize": "0x1000", "kernel": "foc",
 *     "genodeVersion": "26.02", "highestBadge": "0xfffffff", "fpuSize": 512,
 *     "cpuFeatures": [ "avx2" ], "services": [ "LOG", "Timer" ], "externals": [ "drivers" ],
 *     "modules": { "config": { "size": "0x200", "digest": "…" } },
 *     "ramQuota": "0x1000000", "capQuota": 500 }
 *
 * No key is required: what is not said is as the image needs it. Schema:
 * docs/schemas/target.schema.json.
 */

#ifndef CAPIMG__TOOLS__TARGET_FILE_H
#define CAPIMG__TOOLS__TARGET_FILE_H

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capimg/environment.h"
#include "libimage/image.h"

namespace Capimg
{

class Target_file final : public Engine::Environment
{
	struct Module
	{
		std::uint64_t size = 0;
		std::vector<std::byte> digest {};
	};
	using Names = std::set<std::string, std::less<>>;

	Machine _machine;
	Metadata::Kernel _kernel;
	std::string _version {};
	std::uint64_t _highest_badge = 0, _ram = ~std::uint64_t(0), _caps = ~std::uint64_t(0);
	std::uint32_t _fpu_size = 0;
	std::optional<Names> _features {}, _services {}, _externals {};
	std::optional<std::map<std::string, Module, std::less<>>> _modules {};

	void _parse(std::string_view text, std::string const &file);

  public:
	/* a system like the one that the image comes from, with everything that it needs */
	explicit Target_file(Image const &);
	virtual ~Target_file() = default;

	/* the same, but for what the file says; "-" is standard input. Throws 'Image_error' */
	Target_file(Image const &, std::string const &path);

	Machine machine() const override { return _machine; }
	Metadata::Kernel kernel() const override { return _kernel; }
	Wire::Text genode_version() const override { return { _version.data(), _version.size() }; }
	Capimg::uint64_t highest_badge() const override { return _highest_badge; }
	Capimg::uint32_t fpu_size() const override { return _fpu_size; }
	bool has_cpu_feature(Wire::Text) const override;
	Result<Engine::Module_info> module(Wire::Text) const override;
	bool provides(Wire::Text service, Wire::Text label) const override;
	bool external(Wire::Text owner, Wire::Text label) const override;
	Capimg::uint64_t ram_quota() const override { return _ram; }
	Capimg::uint64_t cap_quota() const override { return _caps; }
};

}

#endif /* CAPIMG__TOOLS__TARGET_FILE_H */
