#include "transfer_frame.h"

#include "checksum.h"

namespace Capimg
{

namespace
{

/* bytes of a header; the checksum covers all before it, and the payload */
enum Field : size_t {
	MAGIC = 0,
	VERSION = 4,
	KIND = 5,
	SIZE = 6,
	NUMBER = 8,
	STREAM = 12,
	TOTAL = 20,
	SUM = 28
};

}

/*
 * Two checksums of 64 bits, folded: the header's is needed for a payload of any content, and the
 * field has 32 bits, which a frame of 4 KiB does with
 */
static uint32_t sum_of(Const_bytes header, Const_bytes payload)
{
	uint8_t digests[16] {};
	Bytes const both(digests, sizeof(digests));
	both.u64(0, checksum(Const_bytes(header.base(), Field::SUM)));
	both.u64(8, checksum(payload));
	uint64_t const sum = checksum(both);
	return uint32_t(sum ^ (sum >> 32));
}

Status Transfer_frame::encode(Bytes out, Const_bytes payload) const
{
	if (out.size() < HEADER_SIZE) return { Code::NO_SPACE, 0, "frame", out.size(), HEADER_SIZE };
	if (payload.size() > MAX_PAYLOAD)
		return { Code::LIMIT, Field::SIZE, "frame.size", payload.size(), MAX_PAYLOAD };

	out.u32(Field::MAGIC, MAGIC);
	out.u8(Field::VERSION, VERSION);
	out.u8(Field::KIND, uint8_t(kind));
	out.u16(Field::SIZE, uint16_t(payload.size()));
	out.u32(Field::NUMBER, number);
	out.u64(Field::STREAM, stream);
	out.u64(Field::TOTAL, total);
	out.u32(Field::SUM, sum_of(out, payload));
	return ok;
}

Result<Transfer_frame> Transfer_frame::decode(Const_bytes in)
{
	if (in.size() < HEADER_SIZE)
		return Error { Code::TRUNCATED, 0, "frame", HEADER_SIZE, in.size() };
	if (in.u32(Field::MAGIC) != MAGIC) return Error { Code::NOT_AN_IMAGE, 0, "frame.magic" };
	if (in.u8(Field::VERSION) != VERSION)
		return Error { Code::UNSUPPORTED_VERSION, Field::VERSION, "frame.version",
					   in.u8(Field::VERSION) };

	Transfer_frame frame {};
	uint8_t const kind = in.u8(Field::KIND);
	if (kind != uint8_t(Kind::DATA) && kind != uint8_t(Kind::END))
		return Error { Code::INVALID, Field::KIND, "frame.kind", kind };
	frame.kind = Kind(kind);
	frame.size = in.u16(Field::SIZE);
	if (frame.size > MAX_PAYLOAD || (frame.kind == Kind::END && frame.size))
		return Error { Code::INVALID, Field::SIZE, "frame.size", frame.size };
	frame.number = in.u32(Field::NUMBER);
	frame.stream = in.u64(Field::STREAM);
	frame.total = in.u64(Field::TOTAL);
	return frame;
}

Status Transfer_frame::check(Const_bytes header, Const_bytes payload)
{
	if (header.size() < HEADER_SIZE)
		return { Code::TRUNCATED, 0, "frame", HEADER_SIZE, header.size() };
	if (header.u32(Field::SUM) != sum_of(header, payload))
		return { Code::DAMAGED, Field::SUM, "frame.checksum" };
	return ok;
}

}
