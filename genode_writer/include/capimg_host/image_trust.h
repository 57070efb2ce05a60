/*
 * Whose images are restored: what a node <restore> says of it
 *
 * Without the attribute "key_rom", anybody's. With it, what is not signed with the key in that ROM
 * module is refused, and so is everything if the module has no key.
 */

#ifndef CAPIMG__HOST__IMAGE_TRUST_H
#define CAPIMG__HOST__IMAGE_TRUST_H

#include <base/attached_rom_dataspace.h>

#include <capimg_ed25519/ed25519_key.h>
#include <capimg_host/types.h>

namespace Capimg::Host
{

class Image_trust : Genode::Noncopyable
{
	Constructible<Ed25519_key> _key {};
	uint64_t _min_counter = 0;

	Status _read(Env &env, char const *name)
	{
		Attached_rom_dataspace const rom(env, name);
		if (!rom.valid()) return { Code::DENIED, 0, "key_rom" };

		/* a copy, as the module may change; it is padded with zeros */
		uint8_t text[Key_bytes::MAX_TEXT];
		Capimg::size_t size = min<Capimg::size_t>(rom.size(), sizeof(text));
		copy_memory(text, rom.local_addr<void const>(), size);
		while (size && !text[size - 1]) size--;

		Result<Key_bytes> const key = read_public_key(Const_bytes(text, size));
		if (key.failed()) return key.error();
		_key.construct(*key);
		return ok;
	}

  public:
	/* anything but 'ok' means that nothing is to be restored */
	Status read(Env &env, Node const &node)
	{
		_key.destruct();
		_min_counter = node.attribute_value("min_counter", ~uint64_t(0));

		/* a number that cannot be read, or one that nothing would be compared with */
		bool const counted = node.has_attribute("min_counter");
		bool const has_key = node.has_attribute("key_rom");
		if (counted && (_min_counter == ~uint64_t(0) || !has_key))
			return { Code::BAD_ARGUMENT, 0, "min_counter" };
		if (!counted) _min_counter = 0;
		if (!has_key) return ok;
		try {
			return _read(env, node.attribute_value("key_rom", String<64>()).string());
		} catch (...) {
			return { Code::DENIED, 0, "key_rom" };
		}
	}

	/* null: anybody's */
	Trusted_key const *key() const { return _key.constructed() ? &*_key : nullptr; }

	/* only the newest image is to be as new as that: those that it inherits from are older */
	Trust_policy policy(Const_bytes label, bool newest) const
	{
		return { label, newest ? _min_counter : 0 };
	}
};

}

#endif /* CAPIMG__HOST__IMAGE_TRUST_H */
