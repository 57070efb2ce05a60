/*
 * Frames in which an image crosses a line that may lose bytes (docs/RECEIVE.md)
 *
 * A stream is one image: DATA frames with its bytes in order, and an END frame that says how many
 * there were. Every frame carries a checksum over its header and its payload, the number of the
 * stream and its own. What is between frames is not theirs: a line may be shared with a log.
 */

#ifndef CAPIMG__CORE__TRANSFER_FRAME_H
#define CAPIMG__CORE__TRANSFER_FRAME_H

#include "bytes.h"

namespace Capimg
{

struct Transfer_frame
{
	enum class Kind : uint8_t { DATA = 1, END = 2 };

	static constexpr size_t HEADER_SIZE = 32;

	/* a lost byte costs a frame; a receiver holds one */
	static constexpr size_t MAX_PAYLOAD = 4096;

	static constexpr uint32_t MAGIC = 0x524643c1; /* its first byte is in no ASCII or UTF-8 text */
	static constexpr uint8_t VERSION = 1;

	Kind kind = Kind::DATA;
	uint32_t number = 0; /* counts from 0 within its stream */
	uint64_t stream = 0; /* all frames of an image have the same one */
	uint32_t size = 0;   /* of the payload; 0 for END */
	uint64_t total = 0;  /* of END: bytes of all DATA frames; of DATA: bytes before this one */

	/* 'out' holds HEADER_SIZE bytes; NO_SPACE, LIMIT for too long a payload */
	Status encode(Bytes out, Const_bytes payload) const;

	/*
	 * 'in' begins with the header: HEADER_SIZE bytes or more
	 *
	 * Says nothing of the checksum. NOT_AN_IMAGE if this is no frame, UNSUPPORTED_VERSION, INVALID.
	 */
	static Result<Transfer_frame> decode(Const_bytes in);

	/* DAMAGED unless header and payload are what was sent */
	static Status check(Const_bytes header, Const_bytes payload);
};

}

#endif /* CAPIMG__CORE__TRANSFER_FRAME_H */
