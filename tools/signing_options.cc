#include "signing_options.h"

#include <algorithm>

#include "libimage/image_error.h"

namespace Capimg
{

Argument Signing_options::add(Arguments app, bool with_trust)
{
	Argument const key_option =
		app.option("--key", key, "Secret key to sign the result with").type_name("FILE");
	app.option("--counter", counter,
			   with_trust ? "Rollback counter of the signature (default: the source's, or 0)"
						  : "Rollback counter of the signature (default: 0)")
		.needs(key_option)
		.type_name("N");
	if (with_trust)
		app.option("--trust", trust,
				   "Public key that the source may be signed with as well, again for another")
			.needs(key_option)
			.single()
			.type_name("FILE");
	return key_option;
}

/* signed by one of the keys; the last error otherwise */
static void check_source(Image const &source, std::deque<Public_key> const &keys, unsigned threads)
{
	Mapped_file const whole(source.path(), source.file().fd());
	for (std::size_t i = 0; i < keys.size(); i++) {
		try {
			(void)check_signature(whole, &keys[i], {}, threads);
			return;
		} catch (Image_error const &error) {
			bool const last = i + 1 == keys.size();
			if (error.info().code == Code::WRONG_SIGNATURE && !last) continue;
			Image_error::Info info = error.info();
			if (info.code == Code::WRONG_SIGNATURE)
				info.hint = "what is signed here would vouch for it: name the source's key with "
							"'--trust' if you do";
			throw Image_error(info);
		}
	}
}

Signing::Signing(Signing_options const &options, Context const &context,
				 std::vector<Image const *> const &sources, unsigned threads, Base base)
	: _threads(threads)
{
	if (options.key.empty()) {
		for (Image const *source : sources)
			if (source->signature()) {
				warn(context,
					 source->path() + " is signed, the result is not: sign it, or give '--key'");
				break;
			}
		return;
	}

	_key = read_secret_key(options.key, context);

	_trusted.emplace_back(_key->public_value());
	for (std::string const &path : options.trust) _trusted.emplace_back(path);
	for (Image const *source : sources) {
		bool const by_signer = base == Base::CHANGED_IN_PLACE && source == sources.front();
		if (source->signature() && !by_signer) check_source(*source, _trusted, threads);
	}

	auto const &signature = sources.front()->signature();
	_counter = options.counter.value_or(signature ? signature->counter : 0);
	if (base == Base::CHANGED_IN_PLACE)
		_signer = std::make_unique<Edit_signer>(*_key, _trusted, _counter, threads);
}

Json Signing::append(Output_file &output, Image const &source, Writer::Summary const &summary) const
{
	if (!_key) return nullptr;
	return signature_json(append_signature(
		output, summary.file_size, Signature_terms::of(source.manifest(), summary.state, _counter),
		*_key, _threads));
}

Json Signing::report() const
{
	if (!_key) return nullptr;
	Signature signature;
	std::ranges::copy(_key->public_value(), signature.key);
	signature.counter = _counter;
	return signature_json(signature);
}

std::unique_ptr<Secret_key> read_secret_key(std::string const &path, Context const &context)
{
	auto key = std::make_unique<Secret_key>(path);
	if (is_exposed(path)) warn(context, path + ": others can read this secret key: 'chmod 600' it");
	return key;
}

Json signature_json(Signature const &signature)
{
	return { { "key", key_text(signature.key) }, { "counter", std::to_string(signature.counter) } };
}

}
