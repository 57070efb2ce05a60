/*
 * A checkpoint with the memory that it measured, no byte more
 */

#ifndef CAPIMG__TESTS__ENGINE__TAKEN_CHECKPOINT_H
#define CAPIMG__TESTS__ENGINE__TAKEN_CHECKPOINT_H

#include <optional>

#include "capimg/checkpoint.h"
#include "tests/engine/scripted_origin.h"
#include "tests/engine/written_image.h"

namespace Capimg::Test
{

inline Head head_of(Scripted_origin const &origin, Profile const &profile = {})
{
	Head head;
	head.machine = origin.about.machine;
	head.profile = profile;
	head.set_writer("test");
	return head;
}

class Taken_checkpoint
{
	Guarded_memory _work { Engine::Checkpoint::WORK_SIZE };
	std::optional<Guarded_memory> _manifest {};

  public:
	Scripted_origin &origin;
	Engine::Checkpoint checkpoint;
	Engine::Checkpoint::Sizes sizes {};
	Vector_sink sink {};
	State_digest state {};

	explicit Taken_checkpoint(Scripted_origin &o, std::uint32_t block_size = 4096)
		: origin(o), checkpoint(o, _work.bytes(), block_size)
	{}

	Status measure(Engine::Parents const &previous = {})
	{
		origin.always = true;
		auto const measured = checkpoint.measure(previous);
		origin.always = false;
		sizes = *measured;
		return measured.failed() ? measured.error() : ok;
	}

	/* with less memory than measured */
	Status take(Engine::Parents const &previous = {}, std::size_t missing = 0)
	{
		_manifest.emplace(sizes.manifest - missing);
		return checkpoint.take(previous, _manifest->bytes());
	}

	Status write(Profile const &profile = {}, std::size_t missing = 0)
	{
		return write(head_of(origin, profile), missing);
	}

	Status write(Head const &head, std::size_t missing = 0)
	{
		Guarded_memory directory(sizes.directory - missing), work(Engine::Writer::WORK_SIZE);
		Host_encoder encoder(head.profile.codec, head.profile.level);
		Sodium_sha256 hash;
		Engine::Writer writer(head, { {}, directory.bytes(), work.bytes() }, sink, hash,
							  head.profile.codec == Codec_id::RAW ? nullptr : &encoder);
		Status const status = checkpoint.write(writer);
		state = writer.digest();
		return status;
	}

	Status all(Engine::Parents const &previous = {}, Profile const &profile = {})
	{
		if (Status const s = measure(previous)) return s;
		if (Status const s = take(previous)) return s;
		return write(profile);
	}
};

inline std::string text_of(Status const &status)
{
	return std::string(error_text(status.code)) + ": " + status.field;
}

}

#endif /* CAPIMG__TESTS__ENGINE__TAKEN_CHECKPOINT_H */
