#include "key.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

static constexpr std::size_t MAX_FILE_SIZE = 4096;
static constexpr std::size_t SEED_SIZE = crypto_sign_SEEDBYTES;

/* bytes that libsodium wipes */
struct Wiped : std::vector<std::uint8_t>
{
	explicit Wiped(std::size_t size) : std::vector<std::uint8_t>(size) {}
	Wiped(Wiped const &) = delete;
	Wiped(Wiped &&) = default;
	Wiped &operator=(Wiped const &) = delete;
	Wiped &operator=(Wiped &&) = delete;
	~Wiped() { sodium_memzero(data(), size()); }
};

/* the DER form of a key of 32 bytes: all that is before them is fixed (RFC 8410, section 10) */
struct Key_form
{
	char const *name; /* between BEGIN and the dashes */
	std::array<std::uint8_t, 16> prefix;
	std::size_t prefix_size;
	char const *hint;
};

static constexpr Key_form SECRET { "PRIVATE KEY",
								   { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b,
									 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 },
								   16,
								   "give a secret key, as 'capimg keygen' writes NAME.key" };

static constexpr Key_form PUBLIC { "PUBLIC KEY",
								   { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03,
									 0x21, 0x00 },
								   12,
								   "give a public key, as 'capimg keygen' writes NAME.pub" };

static void start_sodium()
{
	if (sodium_init() < 0)
		throw Image_error({ {}, Code::IO, {}, {}, "libsodium cannot be initialised", {} });
}

static Wiped read_small(std::string const &path)
{
	int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd < 0) throw Image_error::from_errno(errno, path, "opening");

	Wiped bytes(MAX_FILE_SIZE + 1);
	std::size_t size = 0;
	while (size < bytes.size()) {
		ssize_t const got = ::read(fd, bytes.data() + size, bytes.size() - size);
		if (got < 0 && errno == EINTR) continue;
		if (got < 0) {
			int const error = errno;
			::close(fd);
			throw Image_error::from_errno(error, path, "reading");
		}
		if (!got) break;
		size += std::size_t(got);
	}
	::close(fd);
	bytes.resize(size); /* within its capacity: nothing is moved, all of it is wiped */
	return bytes;
}

[[noreturn]] static void refuse(std::string const &path, Key_form const &form,
								std::string const &message)
{
	throw Image_error({ path, Code::INVALID, {}, "key", message, form.hint });
}

/* the 32 bytes of a key */
static Wiped read_key(std::string const &path, Key_form const &form)
{
	Wiped const file = read_small(path);
	if (file.size() > MAX_FILE_SIZE) refuse(path, form, "the file is too large to be a key");

	std::string const name = form.name;
	std::string const begin = "-----BEGIN " + name + "-----", end = "-----END " + name + "-----";
	auto const from = std::search(file.begin(), file.end(), begin.begin(), begin.end());
	auto const to = std::search(from, file.end(), end.begin(), end.end());
	if (to == file.end()) {
		std::string const other =
			std::string("-----BEGIN ") + (&form == &SECRET ? PUBLIC.name : SECRET.name) + "-----";
		if (std::search(file.begin(), file.end(), other.begin(), other.end()) != file.end())
			refuse(path, form, &form == &SECRET ? "this is a public key" : "this is a secret key");
		refuse(path, form, "no key is in this file");
	}

	char const *const text = reinterpret_cast<char const *>(&*from) + begin.size();
	std::size_t const size = std::size_t(to - from) - begin.size();
	Wiped der(form.prefix_size + SEED_SIZE);
	std::size_t got = 0;
	if (sodium_base642bin(der.data(), der.size(), text, size, " \t\r\n", &got, nullptr,
						  sodium_base64_VARIANT_ORIGINAL) != 0 ||
		got != der.size() ||
		!std::equal(form.prefix.begin(), form.prefix.begin() + form.prefix_size, der.begin()))
		refuse(path, form, "this is no Ed25519 key, or one with a passphrase");

	Wiped key(SEED_SIZE);
	std::copy_n(der.begin() + std::ptrdiff_t(form.prefix_size), SEED_SIZE, key.begin());
	return key;
}

static Wiped key_file(Key_form const &form, std::span<std::uint8_t const> key)
{
	Wiped der(form.prefix_size + key.size());
	std::copy_n(form.prefix.begin(), form.prefix_size, der.begin());
	std::ranges::copy(key, der.begin() + std::ptrdiff_t(form.prefix_size));

	std::string const name = form.name;
	std::string const begin = "-----BEGIN " + name + "-----\n";
	std::string const end = "\n-----END " + name + "-----\n";
	std::size_t const size = sodium_base64_ENCODED_LEN(der.size(), sodium_base64_VARIANT_ORIGINAL);

	Wiped text(begin.size() + size - 1 + end.size());
	std::ranges::copy(begin, text.begin());
	Wiped base64(size);
	sodium_bin2base64(reinterpret_cast<char *>(base64.data()), size, der.data(), der.size(),
					  sodium_base64_VARIANT_ORIGINAL);
	auto const at =
		std::copy_n(base64.begin(), size - 1, text.begin() + std::ptrdiff_t(begin.size()));
	std::ranges::copy(end, at);
	return text;
}

Public_key::Public_key(std::string const &path)
{
	start_sodium();
	Wiped const key = read_key(path, PUBLIC);
	std::ranges::copy(key, _value.begin());
}

bool Public_key::valid(Const_bytes message, Const_bytes signature) const
{
	return signature.size() == SIZE &&
		   crypto_sign_verify_detached(signature.base(), message.base(), message.size(),
									   _value.data()) == 0;
}

std::string key_text(std::span<std::uint8_t const> key)
{
	std::string text(key.size() * 2 + 1, '\0');
	sodium_bin2hex(text.data(), text.size(), key.data(), key.size());
	text.pop_back();
	return text;
}

Secret_key::Secret_key(std::string const &path)
{
	start_sodium();
	Wiped const seed = read_key(path, SECRET);
	Public_key::Value unused;
	crypto_sign_seed_keypair(unused.data(), _value.data(), seed.data());
}

Secret_key::~Secret_key() { sodium_memzero(_value.data(), _value.size()); }

Public_key::Value Secret_key::public_value() const
{
	Public_key::Value value;
	std::copy_n(_value.begin() + SEED_SIZE, value.size(), value.begin());
	return value;
}

void Secret_key::sign(Const_bytes message, std::span<std::uint8_t> signature) const
{
	crypto_sign_detached(signature.data(), nullptr, message.base(), message.size(), _value.data());
}

bool is_exposed(std::string const &path)
{
	struct stat st
	{};
	return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077);
}

static void create(std::string const &path, mode_t mode, Wiped const &bytes)
{
	int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0) throw Image_error::from_errno(errno, path, "creating");

	try {
		write_all(fd, std::as_bytes(std::span(bytes)), path);
		if (::fsync(fd) < 0) throw Image_error::from_errno(errno, path, "syncing");
	} catch (...) {
		::close(fd);
		::unlink(path.c_str());
		throw;
	}
	::close(fd);
}

Public_key::Value make_keys(std::string const &name)
{
	start_sodium();

	Public_key::Value value;
	Wiped secret(crypto_sign_SECRETKEYBYTES);
	crypto_sign_keypair(value.data(), secret.data());

	std::string const secret_path = name + ".key";
	create(secret_path, 0600, key_file(SECRET, { secret.data(), SEED_SIZE }));
	try {
		create(name + ".pub", 0644, key_file(PUBLIC, value));
	} catch (...) {
		::unlink(secret_path.c_str());
		throw;
	}
	return value;
}

}
