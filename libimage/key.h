/*
 * Ed25519 keys in files
 *
 * In the form that OpenSSL and others read and write (RFC 8410): PEM of PKCS #8 without a
 * passphrase for secret keys, of SubjectPublicKeyInfo for public ones. Errors are thrown as
 * 'Image_error' and never quote the contents of a file.
 */

#ifndef CAPIMG__KEY_H
#define CAPIMG__KEY_H

#include <array>
#include <span>
#include <string>

#include "core/signature.h"

namespace Capimg
{

class Public_key final : public Trusted_key
{
  public:
	using Value = std::array<std::uint8_t, Signature::KEY_SIZE>;

  private:
	Value _value;

  public:
	explicit Public_key(Value const &value) : _value(value) {}
	explicit Public_key(std::string const &path);

	Value const &value() const { return _value; }

	/* libsodium refuses keys of small order and signatures that are not canonical */
	bool valid(Const_bytes message, Const_bytes signature) const override;
};

/* hexadecimal digits of a public key */
std::string key_text(std::span<std::uint8_t const>);

/* wiped from memory when it goes */
class Secret_key : Noncopyable
{
	static constexpr std::size_t SIZE = 64; /* libsodium's form: seed and public key */
	std::array<std::uint8_t, SIZE> _value;

  public:
	explicit Secret_key(std::string const &path);
	~Secret_key();

	Public_key::Value public_value() const;

	/* 'signature' takes Trusted_key::SIZE bytes */
	void sign(Const_bytes message, std::span<std::uint8_t> signature) const;
};

/* others than the file's owner may read or write it */
bool is_exposed(std::string const &secret_key_path);

/*
 * A new pair of keys: NAME.key, which only its owner may read, and NAME.pub
 *
 * Neither may exist before; on an error neither is left.
 */
Public_key::Value make_keys(std::string const &name);

}

#endif /* CAPIMG__KEY_H */
