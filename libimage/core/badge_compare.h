/*
 * Do a manifest and captured memory say the same of capabilities and badges?
 *
 * Compared are the entries of a capability map, its tree or list, every declared tree that is
 * ordered by badges, and every raw badge. Trees and raw badges belong to the first capability
 * space. This is the check before a rewrite of badges, the proof after it, and what 'caps' and
 * 'verify' report.
 */

#ifndef CAPIMG__CORE__BADGE_COMPARE_H
#define CAPIMG__CORE__BADGE_COMPARE_H

#include "cap_read.h"
#include "generated/image.h"

namespace Capimg
{

struct Badge_difference
{
	enum Kind : uint8_t {
		MAP_TREE,     /* 'error' of the walk of the map's tree or list */
		NOT_CAPTURED, /* entry whose memory is absent */
		FREE,         /* entry of the manifest that is free in memory */
		UNDECLARED,   /* entry in use in memory that the manifest does not have */
		BADGE,        /* values differ, in the manifest and in memory */
		REF_COUNT,
		IN_TREE,
		STALE,
		SOCKET,
		FOREIGN,
		LOOKUP, /* looking up the badge as Genode does leads to 'memory', or nowhere (~0) */
		TREE,   /* 'error' of the walk of a declared tree */
		NODE_UNDECLARED, /* node that the manifest does not have */
		NODE_MISSING,    /* node of the manifest that the tree does not hold */
		NODE_OBJECT,     /* node whose capability names another object: its badges */
		NODE_LOOKUP,     /* looking up its badge does not lead to the node */
		RAW_PLACE,       /* 'error': raw badge that cannot be located or was not captured */
		RAW_BADGE,
	};

	Kind kind = MAP_TREE;
	uint64_t address = 0;              /* in memory; RAW_*: may be a byte of the manifest instead */
	uint64_t index = 0;                /* of the entry, or of the raw badge */
	uint64_t tree = 0;                 /* TREE, NODE_*: address of the tree object */
	uint64_t manifest = 0, memory = 0; /* what each side says */
	Error error {};

	bool of_tree() const { return kind >= TREE && kind <= NODE_LOOKUP; }
	bool of_raw_badge() const { return kind >= RAW_PLACE; }
};

/* takes differences as they are found; not pure, which would link against the C++ runtime */
class Badge_difference_sink : Noncopyable
{
  protected:
	~Badge_difference_sink() = default;

  public:
	/* false: the caller has seen enough */
	virtual bool difference(Badge_difference const &) { return false; }
};

/* one comparison belongs to one thread, and so does the memory */
class Badge_comparison : Noncopyable
{
	Metadata::Manifest::Reader const _manifest;
	Wire::Struct_list_reader<Metadata::Object::Reader> const _objects;
	uint32_t const _space;
	Memory_view _view;
	Cap_map _map {};
	Bytes const _work;
	Badge_difference_sink &_sink;
	bool _lookups = false;
	bool _stopped = false;

	bool _report(Badge_difference const &);
	bool _report_value(Badge_difference::Kind, Cap_entry const &, uint64_t manifest,
					   uint64_t memory);
	uint64_t _badge(uint32_t object) const;
	void _compare_entry(Metadata::Capability_entry::Reader const &, Cap_entry const &,
						Cap_reader &);
	void _compare_entries(Cap_reader &);
	void _compare_tree(Metadata::Badge_tree::Reader const &);
	void _look_up(Metadata::Badge_tree::Reader const &, uint64_t node, uint64_t badge);
	void _compare_raw(Metadata::Raw_badge::Reader const &, uint32_t number);

  public:
	/* bytes of working memory for any space of this manifest */
	static size_t work_size(Metadata::Manifest::Reader const &);

	/*
	 * 'manifest' has passed 'check_manifest' and has the space; 'memory' is that of the space's PD
	 *
	 * lookups  look up each badge in the map's and each tree as Genode does. In a tree whose
	 *          walk had no error each look-up succeeds: this is the same proof by another route.
	 */
	Badge_comparison(Metadata::Manifest::Reader const &manifest, uint32_t space,
					 Memory const &memory, Bytes work, Badge_difference_sink &sink,
					 bool lookups = false)
		: _manifest(manifest),
		  _objects(manifest.objects()),
		  _space(space),
		  _view(memory),
		  _work(work),
		  _sink(sink),
		  _lookups(lookups)
	{}

	/*
	 * Report all differences, or those up to the one at which the sink has seen enough
	 *
	 * NO_SPACE, or an error of 'check_cap_map'; nothing was compared then. A space whose map in
	 * memory is not declared has no difference.
	 */
	Status run();
};

}

#endif /* CAPIMG__CORE__BADGE_COMPARE_H */
