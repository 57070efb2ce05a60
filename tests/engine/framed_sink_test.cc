/*
 * What 'Framed_sink' sends, 'receive_image' takes apart; what a line loses, it notices
 */

#include <gtest/gtest.h>

#include <sstream>

#include "capimg/framed_sink.h"
#include "libimage/image_error.h"
#include "libimage/receive.h"

using namespace Capimg;

namespace
{

struct Sent
{
	std::string bytes {};
	std::vector<std::size_t> begins {}; /* of frames */
};

struct Recorded_line final : Engine::Sink
{
	Sent sent {};

	Status append(Const_bytes src) override
	{
		sent.begins.push_back(sent.bytes.size());
		sent.bytes.append(reinterpret_cast<char const *>(src.base()), src.size());
		return ok;
	}
};

std::string content(std::size_t size)
{
	std::string result(size, '\0');
	for (std::size_t i = 0; i < size; i++) result[i] = char((i * 2654435761u) >> 11);
	return result;
}

Sent sent(std::string const &image, std::size_t piece, std::uint64_t stream = 7)
{
	Recorded_line line {};
	Engine::Framed_sink sink(line, stream);
	for (std::size_t at = 0; at < image.size(); at += piece) {
		std::size_t const size = std::min(piece, image.size() - at);
		EXPECT_FALSE(sink.append(Const_bytes(image.data() + at, size)));
	}
	EXPECT_FALSE(sink.end());
	return line.sent;
}

std::string text(Memory_sink const &sink)
{
	auto const &bytes = sink.bytes();
	return { reinterpret_cast<char const *>(bytes.data()), bytes.size() };
}

std::pair<std::string, Receive_report> received(std::string const &bytes)
{
	std::istringstream in(bytes);
	Memory_sink sink;
	Receive_report const report = receive_image(in, sink, "line");
	return { text(sink), report };
}

Code failure(std::string const &bytes)
{
	try {
		(void)received(bytes);
	} catch (Image_error const &e) {
		return e.info().code;
	}
	return Code::OK;
}

}

TEST(Framed_sink, arrives_as_it_was_sent)
{
	for (std::size_t const size : { 1u, 4095u, 4096u, 4097u, 100000u })
		for (std::size_t const piece : { 1u, 700u, 4096u, 50000u }) {
			if (piece == 1 && size > 5000) continue;
			std::string const image = content(size);
			auto const [bytes, report] = received(sent(image, piece).bytes);
			EXPECT_EQ(bytes, image);
			EXPECT_EQ(report.bytes, size);
			EXPECT_EQ(report.frames, (size + 4095) / 4096 + 1);
			EXPECT_EQ(report.noise, 0u);
			EXPECT_EQ(report.stream, 7u);
		}

	/* nothing is no image */
	EXPECT_NE(failure(sent({}, 1).bytes), Code::OK);
}

TEST(Framed_sink, a_log_may_share_the_line)
{
	std::string const image = content(20000), noise = "[init -> counter] counter 17\n";
	Sent const line = sent(image, 4096);
	std::string mixed;
	for (std::size_t i = 0; i < line.begins.size(); i++) {
		std::size_t const end = i + 1 < line.begins.size() ? line.begins[i + 1] : line.bytes.size();
		mixed += noise + line.bytes.substr(line.begins[i], end - line.begins[i]);
	}
	auto const [bytes, report] = received(mixed + noise);
	EXPECT_EQ(bytes, image);
	EXPECT_EQ(report.noise, noise.size() * line.begins.size());
}

TEST(Framed_sink, whoever_comes_late_waits_for_the_next_image)
{
	std::string const image = content(9000);
	std::string const late = sent(content(30000), 4096, 1).bytes.substr(5000);
	auto const [bytes, report] = received(late + sent(image, 4096, 2).bytes);
	EXPECT_EQ(bytes, image);
	EXPECT_EQ(report.stream, 2u);
}

TEST(Framed_sink, every_byte_that_changes_is_noticed)
{
	std::string const good = sent(content(5000), 4096).bytes;
	for (std::size_t i = 0; i < good.size(); i++) {
		std::string bad = good;
		bad[i] = char(bad[i] ^ (1 << (i % 8)));
		EXPECT_NE(failure(bad), Code::OK) << i;
	}
}

TEST(Framed_sink, every_byte_that_is_lost_is_noticed)
{
	std::string const good = sent(content(5000), 4096).bytes;
	for (std::size_t i = 0; i < good.size(); i++) {
		std::string bad = good;
		bad.erase(i, 1);
		EXPECT_NE(failure(bad), Code::OK) << i;
	}
}

TEST(Framed_sink, a_line_that_ends_early)
{
	std::string const good = sent(content(5000), 4096).bytes;
	EXPECT_EQ(failure(""), Code::NOT_FOUND);
	EXPECT_EQ(failure("nothing but a log\n"), Code::NOT_FOUND);
	EXPECT_EQ(failure(good.substr(0, good.size() - 1)), Code::INCOMPLETE);
	EXPECT_EQ(failure(good.substr(0, 4200)), Code::INCOMPLETE);
}

TEST(Framed_sink, a_lost_frame_and_another_image)
{
	Sent const line = sent(content(20000), 4096);
	std::string gap = line.bytes;
	gap.erase(line.begins[2], line.begins[3] - line.begins[2]);
	EXPECT_EQ(failure(gap), Code::DAMAGED);

	std::string const other = sent(content(9000), 4096, 8).bytes;
	EXPECT_EQ(failure(line.bytes.substr(0, line.begins[2]) + other), Code::DAMAGED);
}
