#include "capimg/framed_sink.h"

namespace Capimg::Engine
{

Status Framed_sink::_send(Transfer_frame::Kind kind)
{
	Bytes const frame(_frame, Transfer_frame::HEADER_SIZE + _used);
	Transfer_frame const header { kind, _number, _stream, uint32_t(_used), _total };
	Const_bytes const payload(_frame + Transfer_frame::HEADER_SIZE, _used);
	if (Status const status = header.encode(frame, payload)) return status;
	if (Status const status = _line.append(frame)) return status;
	_number++;
	_total += _used;
	_used = 0;
	return ok;
}

Status Framed_sink::append(Const_bytes bytes)
{
	for (size_t done = 0; done < bytes.size();) {
		size_t const size = min(bytes.size() - done, Transfer_frame::MAX_PAYLOAD - _used);
		copy_memory(_frame + Transfer_frame::HEADER_SIZE + _used, bytes.base() + done, size);
		_used += size;
		done += size;
		if (_used < Transfer_frame::MAX_PAYLOAD) continue;
		if (Status const status = _send(Transfer_frame::Kind::DATA)) return status;
	}
	return ok;
}

Status Framed_sink::end()
{
	if (_used)
		if (Status const status = _send(Transfer_frame::Kind::DATA)) return status;
	return _send(Transfer_frame::Kind::END);
}

}
