#include "diff_report.h"
#include "json_stream.h"
#include "libimage/diff_bytes.h"
#include "libimage/output_file.h"

namespace Capimg
{

Json basis_json(Diff_basis const &basis)
{
	static constexpr char const *BY[] { "ids", "badges", "roles" };
	return { { "kind", basis.name() }, { "objectsBy", BY[unsigned(basis.match_by)] },
			 { "sure", basis.sure() }, { "why", basis.why },
			 { "slots", basis.slots }, { "equalBadges", basis.equal_badges } };
}

namespace
{

class Diff_document
{
	Diff const &_diff;
	Json_writer &_json;

	Json _a(std::uint32_t at) const { return _diff.names_a().json(at); }
	Json _b(std::uint32_t at) const { return _diff.names_b().json(at); }

	/* an object of both images, of the first alone, of the second alone */
	Json _object(std::uint32_t a, std::uint32_t b) const;
	Json _slot(Diff::Slot const &) const;

	void _image(char const *key, Diff_side const &);
	void _capabilities();
	void _badges();
	void _changes();
	template <typename FN>
	void _bytes(char const *key, Diff::Dataspace const &, FN const &for_each);
	void _memory(Diff_output const &);
	void _unsure();

  public:
	Diff_document(Diff const &diff, Json_writer &json) : _diff(diff), _json(json) {}

	void write(Diff_output const &);
};

Json Diff_document::_object(std::uint32_t a, std::uint32_t b) const
{
	if (a == Diff::NONE && b == Diff::NONE) return nullptr;
	Json const x = a == Diff::NONE ? Json() : _a(a), y = b == Diff::NONE ? Json() : _b(b);
	Json const &both = y.is_null() ? x : y;
	return { { "name", both["name"] },
			 { "kind", both["kind"] },
			 { "id", both["id"] },
			 { "oldId", x.is_null() ? Json() : x["id"] },
			 { "newId", y.is_null() ? Json() : y["id"] },
			 { "badge", both["badge"] },
			 { "kcap", both["kcap"] } };
}

void Diff_document::_image(char const *key, Diff_side const &side)
{
	Image const &image = side.image();
	_json.key(key).value(
		{ { "image", image.path() },
		  { "component", image.manifest().getLabel().cStr() },
		  { "state", bytes_text(std::as_bytes(std::span(image.trailer().state.bytes))) } });
}

Json Diff_document::_slot(Diff::Slot const &slot) const
{
	Json const b = _b(slot.b);
	return { { "space", slot.space },
			 { "index", slot.index },
			 { "kcap", b["kcap"] },
			 { "old", _a(slot.a) },
			 { "new", b } };
}

void Diff_document::_capabilities()
{
	_json.key("capabilities").begin_object();
	_json.key("lost").begin_array();
	for (std::uint32_t const at : _diff.lost()) _json.value(_a(at));
	_json.end_array();
	_json.key("gained").begin_array();
	for (std::uint32_t const at : _diff.gained()) _json.value(_b(at));
	_json.end_array();
	_json.key("reusedSlots").begin_array();
	for (Diff::Slot const &slot : _diff.reused_slots()) _json.value(_slot(slot));
	_json.end_array();
	_json.key("moved").begin_array();
	for (Diff::Slot const &slot : _diff.moved()) _json.value(_slot(slot));
	_json.end_array();
	_json.key("reusedBadges").begin_array();
	for (Object_match::Reuse const &reuse : _diff.match().reused_badges())
		_json.value({ { "badge", hex_text(_diff.a().object(reuse.a).badge()) },
					  { "old", _a(reuse.a) },
					  { "new", _b(reuse.b) },
					  { "sure", reuse.sure } });
	_json.end_array();
	_json.end_object();
}

void Diff_document::_badges()
{
	_json.key("badges").begin_array();
	for (std::uint32_t i = 0; i < _diff.a().size(); i++) {
		std::uint32_t const b = _diff.match().in_b(i);
		if (b == Diff::NONE) continue;
		std::uint64_t const x = _diff.a().object(i).badge(), y = _diff.b().object(b).badge();
		if (x != y)
			_json.value(
				{ { "object", _object(i, b) }, { "old", hex_text(x) }, { "new", hex_text(y) } });
	}
	_json.end_array();
}

void Diff_document::_changes()
{
	_json.key("changes").begin_array();
	_diff.for_each_change([&](Diff_change const &change) {
		bool const field = change.what == Diff_change::What::CHANGED;
		Json row { { "kind", change.kind },
				   { "object", _object(change.a, change.b) },
				   { "change", change.word() },
				   { "field", field ? Json(change.field.path) : Json() },
				   { "old", change.field.old_value },
				   { "new", change.field.new_value } };
		if (!change.place.empty()) row["place"] = change.place;
		_json.value(row);
	});
	_json.end_array();
}

void Diff_document::_memory(Diff_output const &output)
{
	_json.key("memory").begin_array();
	for (Diff::Dataspace const &dataspace : _diff.memory()) {
		Page_map const &pages = dataspace.pages;
		_json.begin_object();
		_json.key("dataspace").number(_diff.b().object(dataspace.b).id());
		_json.key("oldDataspace").number(_diff.a().object(dataspace.a).id());
		_json.key("name").text(_diff.names_b().name(dataspace.b));
		_json.key("size").hex(_diff.common_size(dataspace));
		_json.key("pagesChanged").number(pages.count(Page_state::CHANGED));
		_json.key("pagesCaptured").number(pages.count(Page_state::CAPTURED));
		_json.key("pagesLost").number(pages.count(Page_state::LOST));
		_json.key("pagesOtherReason").number(pages.count(Page_state::REASON));
		_json.key("ranges").begin_array();
		_diff.for_each_range(dataspace, [&](Diff::Range const &range) {
			_json.begin_object();
			_json.key("offset").hex(range.offset);
			_json.key("size").hex(range.size);
			_json.key("address");
			range.address ? _json.hex(*range.address) : _json.null();
			_json.key("pages").number(range.pages);
			_json.key("change").text(page_state_text(range.state));
			_json.end_object();
		});
		_json.end_array();
		if (output.pages) _bytes("lines", dataspace, for_each_line);
		if (output.bytes) _bytes("bytes", dataspace, for_each_byte_run);
		_json.end_object();
	}
	_json.end_array();
}

template <typename FN>
void Diff_document::_bytes(char const *key, Diff::Dataspace const &dataspace, FN const &for_each)
{
	_json.key(key).begin_array();
	for_each(_diff, dataspace, [&](Diff_bytes const &bytes) {
		_json.begin_object();
		_json.key("offset").hex(bytes.offset);
		_json.key("address");
		bytes.address ? _json.hex(*bytes.address) : _json.null();
		_json.key("old").text(bytes_text(bytes.a, bytes.size, false));
		_json.key("new").text(bytes_text(bytes.b, bytes.size, false));
		_json.end_object();
	});
	_json.end_array();
}

void Diff_document::_unsure()
{
	_json.key("unsure").begin_array();
	for (std::uint32_t i = 0; i < _diff.a().size(); i++) {
		std::uint32_t const b = _diff.match().in_b(i);
		if (b == Diff::NONE || _diff.match().reason(i).sure) continue;
		_json.value({ { "old", _a(i) }, { "new", _b(b) }, { "why", _diff.match().reason(i).why } });
	}
	_json.end_array();
}

void Diff_document::write(Diff_output const &output)
{
	_json.key("equal").boolean(_diff.equal());
	_image("a", _diff.a());
	_image("b", _diff.b());
	_json.key("basis").value(basis_json(_diff.basis()));
	_json.key("sameObjectsNewBadges").boolean(_diff.same_objects_new_badges());
	_json.key("newBadges").number(_diff.new_badges());
	_json.key("pageSize").hex(_diff.page_size());
	_capabilities();
	if (output.by_badge) _badges();
	_changes();
	_memory(output);
	_unsure();
}

}

void print_diff_json(Diff const &diff, Diff_output const &output)
{
	/* bytes are read while they are written: no half of a document comes out if that fails */
	std::optional<Output_file> file;
	if (output.pages || output.bytes) file.emplace("-", false);
	Json_stream stream("capimg.diff/1", file ? &*file : nullptr);
	Diff_document(diff, stream.writer()).write(output);
	stream.finish();
	if (file) file->commit();
}

}
