#include <capimg_host/dataspace.h>

namespace Capimg::Host
{

uint8_t *Hosted_dataspace::local()
{
	if (_local || !readable() || !size) return _local;

	Region_map::Attr attr {};
	attr.writeable = ram();
	_rm.attach(ds, attr).with_result(
		[&](Env::Local_rm::Attachment &attachment) {
			attachment.deallocate = false;
			_local = static_cast<uint8_t *>(attachment.ptr);
		},
		[&](Env::Local_rm::Error) {});
	return _local;
}

void Hosted_dataspace::forget()
{
	if (_local) _rm.detach(addr_t(_local));
	_local = nullptr;
}

void Hosted_dataspace::describe(Writer const &w, Hosted_objects const &, uint64_t first_block) const
{
	using Reason = Metadata::Absent_reason;

	auto const d = w.init_dataspace();
	d.kind(kind);
	d.cache(cache);
	d.size(size);
	d.stored(ram());
	d.first_block(ram() ? first_block : 0);
	if (!ram()) d.absent_reason(kind == Kind::ROM ? Reason::IN_ROM : Reason::NOT_CAPTURED);
	d.allocation_order(order);
	d.owner(owner ? owner->id() : 0);
	d.region_map(content ? content->id() : 0);
	if (module.valid()) d.module(text(module));
}

}
