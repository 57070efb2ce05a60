#include <base/attached_dataspace.h>

#include <capimg_host/session_requests.h>

namespace Capimg::Host
{

Hosted_session_requests::Hosted_session_requests(Entrypoint &ep, Allocator &alloc,
												 Ram_allocator &ram, Env::Local_rm &rm,
												 Hosted_objects &objects, Served_sessions &sessions,
												 Session_capability real, Session_info const &info)
	: Hosted_rom(ep, alloc, rm, objects, real, info),
	  _all(objects),
	  _local_rm(rm),
	  _sessions(sessions),
	  _content(ram, rm, SIZE)
{}

/* empty until the first update, which comes before the component looks at it */
Rom_dataspace_capability Hosted_session_requests::dataspace()
{
	return _know(reinterpret_cap_cast<Rom_dataspace>(_content.cap()));
}

void Hosted_session_requests::_request(Generator &g, Genode::Node const &node)
{
	if (!node.has_attribute("id")) return;

	unsigned long const real = node.attribute_value("id", 0ul);
	Served_sessions::Session *session = _sessions.find_real(real);
	if (!session && node.has_type("create")) {
		Session_arguments const arguments = node.with_sub_node(
			"args",
			[&](Genode::Node const &args) {
				return Session_arguments(Genode::Node::Quoted_content(args));
			},
			[] { return Session_arguments(); });
		session = &_sessions.add(real, node.attribute_value("service", Service_name()),
								 node.attribute_value("label", String<160>()), arguments);
	}
	if (!session) return;

	auto const type = node.type();
	g.node(type.string(), [&] {
		g.attribute("id", session->number);
		if (node.has_type("upgrade")) {
			g.attribute("ram_quota", node.attribute_value("ram_quota", 0ul));
			g.attribute("cap_quota", node.attribute_value("cap_quota", 0ul));
		}
		if (!node.has_type("create")) return;
		g.attribute("service", session->service);
		g.attribute("label", session->label);
		g.node("args", [&] { g.append_quoted(session->arguments.string()); });
		node.with_optional_sub_node("affinity", [&](Genode::Node const &affinity) {
			(void)g.append_node(affinity, { 4 });
		});
	});
}

void Hosted_session_requests::_generate(Genode::Node const &real)
{
	Mutex::Guard guard(_all.mutex);
	Byte_range_ptr const range(_content.local_addr<char>(), SIZE);
	for (Genode::size_t i = 0; i < SIZE; i++) range.start[i] = 0;
	Generator::generate(range, "session_requests", [&](Generator &g) {
		_sessions.for_each([&](Served_sessions::Session const &session) {
			if (session.foreign) g.node("close", [&] { g.attribute("id", session.number); });
		});
		real.for_each_sub_node([&](Genode::Node const &node) { _request(g, node); });
	}).with_error([](Buffer_error) { warning("too many session requests at once"); });
}

bool Hosted_session_requests::update()
{
	Capability<Rom_session> const rom = reinterpret_cap_cast<Rom_session>(real);
	(void)rom.call<Rpc_update>();
	Rom_dataspace_capability const cap = rom.call<Rpc_dataspace>();
	if (cap.valid()) {
		Attached_dataspace const content(_local_rm, cap);
		_generate(
			Genode::Node(Const_byte_range_ptr(content.local_addr<char const>(), content.size())));
	}
	return true;
}

void Hosted_session_requests::wake()
{
	if (handler.valid()) Signal_transmitter(handler).submit();
}

}
