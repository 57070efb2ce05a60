#include "manifest.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <cstring>

#include "core/limits.h"
#include "image_error.h"

namespace Capimg
{

/*
 * Copying into one segment puts the objects in preorder, which is the normative order. The
 * message cannot amplify: core has checked that every word is reached once. So the limits of
 * Cap'n Proto, which count each look at a list again, are lifted.
 */
static capnp::ReaderOptions unlimited()
{
	capnp::ReaderOptions options;
	options.traversalLimitInWords = ~std::uint64_t(0) >> 1;
	options.nestingLimit = 64;
	return options;
}

template <typename READER>
static std::vector<std::byte> encode(READER root)
{
	/* one word for the root pointer; the size counts no empty struct, which needs none */
	std::uint64_t const words = root.totalSize().wordCount + 1;

	if (words * sizeof(capnp::word) + 8 > Limit::MAX_MANIFEST_SIZE)
		throw_if(
			{ Code::LIMIT, 0, "manifest", words * sizeof(capnp::word), Limit::MAX_MANIFEST_SIZE });

	capnp::MallocMessageBuilder builder(unsigned(words), capnp::AllocationStrategy::FIXED_SIZE);
	builder.setRoot(root);

	auto const segments = builder.getSegmentsForOutput();
	if (segments.size() != 1)
		throw_if({ Code::BAD_STATE, 0, "manifest (segments)", segments.size(), 1 });

	kj::Array<capnp::word> const flat = capnp::messageToFlatArray(segments);
	auto const bytes = flat.asBytes();
	std::vector<std::byte> result(bytes.size());
	std::memcpy(result.data(), bytes.begin(), bytes.size());
	return result;
}

std::vector<std::byte> encode_manifest(Schema::Manifest::Reader root) { return encode(root); }

std::vector<std::byte> encode_provenance(Schema::Provenance::Reader root) { return encode(root); }

template <typename ROOT>
Message<ROOT>::Message(std::span<std::byte const> bytes)
	: _reader(std::make_unique<capnp::FlatArrayMessageReader>(
		  kj::arrayPtr(reinterpret_cast<capnp::word const *>(bytes.data()),
					   bytes.size() / sizeof(capnp::word)),
		  unlimited())),
	  _root(_reader->getRoot<ROOT>())
{}

template <typename ROOT>
Message<ROOT>::~Message() = default;

template class Message<Schema::Manifest>;
template class Message<Schema::Provenance>;

}
