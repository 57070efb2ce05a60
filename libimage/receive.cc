#include "receive.h"

#include <array>
#include <vector>

#include "core/transfer_frame.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

/* bytes of a line that can be looked at before they are taken */
class Line
{
	std::istream &_in;
	std::vector<std::uint8_t> _bytes {};
	std::size_t _begin = 0;
	std::uint64_t _offset = 0;

  public:
	explicit Line(std::istream &in) : _in(in) {}

	/* of the next byte */
	std::uint64_t offset() const { return _offset; }

	/* at least 'size' bytes, or those that there are */
	Const_bytes peek(std::size_t size)
	{
		if (_bytes.size() - _begin < size) {
			_bytes.erase(_bytes.begin(), _bytes.begin() + std::ptrdiff_t(_begin));
			_begin = 0;
			std::size_t const have = _bytes.size();
			_bytes.resize(size);
			_in.read(reinterpret_cast<char *>(_bytes.data() + have), std::streamsize(size - have));
			_bytes.resize(have + std::size_t(_in.gcount()));
		}
		return { _bytes.data() + _begin, _bytes.size() - _begin };
	}

	void take(std::size_t size)
	{
		_begin += size;
		_offset += size;
	}
};

class Receiver
{
	Line _line;
	Sink &_sink;
	std::string const &_name;
	Receive_report _report {};
	bool _begun = false;
	std::uint64_t _next = 0; /* number of the frame that is to come */

	[[noreturn]] void _lost(std::string const &what) const
	{
		throw Image_error({ .file = _name,
							.code = Code::DAMAGED,
							.offset = _line.offset(),
							.field = "frame " + std::to_string(_next),
							.message = what,
							.hint = "have the image sent again" });
	}

	void _skip(std::size_t size)
	{
		_report.noise += size;
		_line.take(size);
	}

	/* true: the stream has ended */
	bool _accept(Transfer_frame const &frame, Const_bytes payload)
	{
		bool const end = frame.kind == Transfer_frame::Kind::END;
		if (!_begun && (frame.number || end)) return false;
		if (_begun && frame.stream != _report.stream)
			_lost("another image begins before this one has ended");
		if (frame.number != _next)
			_lost("frame " + std::to_string(frame.number) + " came in its place");
		if (frame.total != _report.bytes) _lost("the frame belongs to another place");

		_begun = true;
		_next++;
		_report.stream = frame.stream;
		_report.frames++;
		_report.bytes += payload.size();
		auto const bytes = std::as_bytes(std::span(payload.base(), payload.size()));
		if (!bytes.empty()) _sink.append(std::array { bytes });
		return end;
	}

  public:
	Receiver(std::istream &in, Sink &sink, std::string const &name)
		: _line(in), _sink(sink), _name(name)
	{}

	Receive_report run()
	{
		for (;;) {
			Const_bytes const head = _line.peek(Transfer_frame::HEADER_SIZE);
			if (head.size() < Transfer_frame::HEADER_SIZE) break;

			Result<Transfer_frame> const frame = Transfer_frame::decode(head);
			if (frame.failed()) {
				_skip(1);
				continue;
			}
			std::size_t const size = Transfer_frame::HEADER_SIZE + frame->size;
			Const_bytes const all = _line.peek(size);
			if (all.size() < size) break;

			Const_bytes const payload(all.base() + Transfer_frame::HEADER_SIZE, frame->size);
			if (Transfer_frame::check(all, payload)) {
				_skip(1);
				continue;
			}
			std::uint64_t const before = _report.frames;
			bool const end = _accept(*frame, payload);
			if (_report.frames == before)
				_skip(size);
			else
				_line.take(size);
			if (end) return _report;
		}
		bool const none = !_begun;
		throw Image_error({ .file = _name,
							.code = none ? Code::NOT_FOUND : Code::INCOMPLETE,
							.offset = _line.offset(),
							.field = "frame " + std::to_string(_next),
							.message = none ? "no image was sent on this line"
											: "the line ends before the image does",
							.hint = none ? "" : "have the image sent again" });
	}
};

}

Receive_report receive_image(std::istream &line, Sink &sink, std::string const &name)
{
	return Receiver(line, sink, name).run();
}

}
