/*
 * Messages of an image: making one in the normative order, opening one
 */

#ifndef CAPIMG__MANIFEST_H
#define CAPIMG__MANIFEST_H

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "image.capnp.h"

namespace capnp
{
class FlatArrayMessageReader;
}

namespace Capimg
{

/*
 * Framed single-segment message with objects in preorder (docs/FORMAT.md, "Manifest")
 *
 * Fields and structs of a newer minor version that the reader carries are kept. Throws
 * 'Image_error' with LIMIT.
 */
std::vector<std::byte> encode_manifest(Schema::Manifest::Reader);
std::vector<std::byte> encode_provenance(Schema::Provenance::Reader);

/*
 * A message that core has checked, opened with Cap'n Proto
 *
 * 'bytes' must have passed core's check (manifest_check.h, wire_check.h), be aligned to 8
 * and stay valid. ROOT is Schema::Manifest or Schema::Provenance. Reading is thread-safe.
 */
template <typename ROOT>
class Message
{
	std::unique_ptr<capnp::FlatArrayMessageReader> _reader;
	typename ROOT::Reader _root;

  public:
	explicit Message(std::span<std::byte const> bytes);
	~Message();

	typename ROOT::Reader root() const { return _root; }
};

extern template class Message<Schema::Manifest>;
extern template class Message<Schema::Provenance>;

}

#endif /* CAPIMG__MANIFEST_H */
