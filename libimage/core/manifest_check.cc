#include "manifest_check.h"

#include "manifest_check_caps.h"
#include "manifest_check_memory.h"

namespace Capimg
{

using namespace Metadata;

using Objects = Wire::Struct_list_reader<Object::Reader>;

uint32_t find_object(Objects const &objects, uint32_t id)
{
	/* most writers number objects from 1 on */
	if (uint32_t const guess = id - 1; guess < objects.size() && objects[guess].id() == id)
		return guess;

	/* first object whose id is not below 'id' */
	uint32_t low = 0, high = objects.size();
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (objects[middle].id() < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < objects.size() && objects[low].id() == id ? low : objects.size();
}

static Wire::Field const *kind_field(Object::Which which)
{
	for (unsigned i = 0; i < Object::shape.field_count; i++)
		if (Object::shape.fields[i].discriminant == uint16_t(which))
			return &Object::shape.fields[i];
	return nullptr;
}

char const *kind_name(Object::Which which)
{
	Wire::Field const *const field = kind_field(which);
	return field ? field->name() : "unknown";
}

/* 'allowed' is a list of names, separated by a space, or "*" */
static bool allows(char const *allowed, char const *name)
{
	if (allowed[0] == '*') return true;

	while (*allowed) {
		size_t i = 0;
		while (name[i] && allowed[i] == name[i]) i++;
		if (!name[i] && (!allowed[i] || allowed[i] == ' ')) return true;
		while (*allowed && *allowed != ' ') allowed++;
		while (*allowed == ' ') allowed++;
	}
	return false;
}

namespace
{

/* every reference names an object of a kind that its field allows */
class Reference_check final : public Wire::Visitor
{
	Objects const &_objects;

	Status _check(Wire::Field const &field, uint32_t id, uint64_t offset) const
	{
		if (!id) return ok;

		uint32_t const i = find_object(_objects, id);
		if (i == _objects.size()) return { Code::DANGLING, offset, field.path, id, 0 };

		Wire::Field const *const kind = kind_field(_objects[i].which());
		if (kind && !allows(field.ref, kind->name()))
			return { Code::DANGLING, offset, field.path, id, 0 };
		return ok;
	}

  public:
	explicit Reference_check(Objects const &objects) : _objects(objects) {}

	Status visit(Wire::Struct_shape const &shape, Wire::Struct_reader const &reader) override
	{
		Status result = ok;
		Wire::for_each_ref(shape, reader,
						   [&](Wire::Field const &field, uint32_t id, uint64_t offset) {
							   if (!result) result = _check(field, id, offset);
						   });
		return result;
	}
};

}

static Status check_ids(Objects const &objects)
{
	if (objects.size() > Limit::MAX_OBJECTS)
		return { Code::LIMIT, 0, "Manifest.objects", objects.size(), Limit::MAX_OBJECTS };

	uint32_t previous = 0;
	for (uint32_t i = 0; i < objects.size(); i++) {
		uint32_t const id = objects[i].id();
		if (id <= previous)
			return { id == previous && i ? Code::DUPLICATE : Code::OUT_OF_ORDER,
					 objects[i].wire().offset(), "Object.id", id, previous };
		previous = id;
	}
	return ok;
}

static Status check_digest(Const_bytes digest, uint64_t at, char const *field)
{
	if (!digest.empty() && digest.size() != 32)
		return { Code::INVALID, at, field, digest.size(), 32 };
	return ok;
}

/* architectures whose registers are a list have all of them */
static Status check_thread(Thread::Reader const &thread)
{
	auto const registers = thread.registers();
	auto const count = [](auto const &list, char const *field) -> Status {
		if (list.size() != 31) return { Code::INVALID, list.offset(), field, list.size(), 31 };
		return ok;
	};
	using Which = Thread::Registers::Which;
	if (registers.which() == Which::ARM_V8)
		return count(registers.arm_v8().x(), "RegistersArmV8.x");
	if (registers.which() == Which::RISCV64)
		return count(registers.riscv64().x(), "RegistersRiscv64.x");
	return ok;
}

static Status check_objects(Objects const &objects, Manifest_context const &context)
{
	Block_account account { context };

	for (uint32_t i = 0; i < objects.size(); i++) {
		Object::Reader const object = objects[i];
		Status status = ok;

		switch (object.which()) {
		case Object::Which::DATASPACE: status = account.check(object.dataspace()); break;
		case Object::Which::REGION_MAP: status = check_region_map(objects, object, context); break;
		case Object::Which::THREAD: status = check_thread(object.thread()); break;
		default: break;
		}
		if (status) return status;
	}
	return account.finish();
}

Result<Manifest::Reader> check_manifest(Const_bytes message, Manifest_context const &context)
{
	Result<Manifest::Reader> const root = Wire::open<Manifest>(message, MESSAGE_LIMITS);
	if (root.failed()) return root;

	Manifest::Reader const &manifest = *root;
	Objects const objects = manifest.objects();

	if (Status const status = check_ids(objects)) return status;

	Reference_check references(objects);
	if (Status const status = Wire::walk_refs(message, Manifest::shape, references)) return status;

	if (Status const status = check_objects(objects, context)) return status;

	if (manifest.has_parent()) {
		Parent::Reader const parent = manifest.parent();
		if (parent.state_digest().size() != 32)
			return Error { Code::INVALID, parent.wire().offset(), "Parent.stateDigest",
						   parent.state_digest().size(), 32 };
	}
	if (Status const status = check_digest(manifest.binary().digest(),
										   manifest.binary().wire().offset(), "Binary.digest"))
		return status;

	if (Status const status = check_capabilities(manifest)) return status;
	return root;
}

}
