#include "raw_badge.h"

#include "manifest_check.h"

namespace Capimg
{

using namespace Metadata;

/* number 'n' of the integers of a struct of registers; 'at' 0 if there are fewer */
static Raw_badge_location nth_register(Wire::Struct_shape const &shape,
									   Wire::Struct_reader const &registers, uint32_t n)
{
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];

		uint32_t count = 1;
		Raw_badge_location here { true, 0, 0 };
		if (field.type == Wire::Type::UINT64) {
			here = { true, registers.place<uint64_t>(field.offset), 8 };
		} else if (field.type == Wire::Type::UINT32) {
			here = { true, registers.place<uint32_t>(field.offset), 4 };
		} else if (field.type == Wire::Type::LIST && field.element == Wire::Type::UINT64) {
			auto const list = registers.values<uint64_t>(uint16_t(field.offset));
			count = list.size();
			here = { true, list.offset() + 8 * uint64_t(n), 8 };
		}
		if (n < count) return here;
		n -= count;
	}
	return {};
}

static Raw_badge_location thread_register(Thread::Reader const &thread, uint32_t n)
{
	for (unsigned i = 0; i < Thread::shape.field_count; i++) {
		Wire::Field const &group = Thread::shape.fields[i];
		if (group.type != Wire::Type::GROUP) continue;

		for (unsigned k = 0; k < group.shape->field_count; k++) {
			Wire::Field const &member = group.shape->fields[k];
			if (member.type == Wire::Type::STRUCT && active(*group.shape, member, thread.wire()))
				return nth_register(*member.shape, thread.wire().structure(uint16_t(member.offset)),
									n);
		}
	}
	return {};
}

Result<Raw_badge_location> locate_raw_badge(Manifest::Reader const &manifest,
											Raw_badge::Reader const &badge)
{
	uint64_t const at = badge.wire().offset();

	switch (badge.place()) {
	case Raw_badge_place::PARENT_CAPABILITY:
	case Raw_badge_place::STACK:
		return Raw_badge_location { false, badge.address(), badge.width() };
	case Raw_badge_place::UTCB:
	case Raw_badge_place::REGISTER: break;
	default: return Error { Code::UNSUPPORTED, at, "RawBadge.place", uint64_t(badge.place()) };
	}

	auto const objects = manifest.objects();
	uint32_t const i = find_object(objects, badge.thread());
	if (i == objects.size() || objects[i].which() != Object::Which::THREAD)
		return Error { Code::DANGLING, at, "RawBadge.thread", badge.thread() };
	Thread::Reader const thread = objects[i].thread();

	Raw_badge_location location {};
	if (badge.place() == Raw_badge_place::REGISTER) {
		location = thread_register(thread, badge.word());
	} else if (badge.word() < thread.utcb().words().size()) {
		location = { true, thread.utcb().words().offset() + 8 * uint64_t(badge.word()), 8 };
	}
	if (!location.at) return Error { Code::INVALID, at, "RawBadge.word", badge.word() };
	return location;
}

}
