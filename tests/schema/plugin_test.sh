#!/bin/sh
#
# The plugin refuses what core does not support, by name
#
# Usage: tests/schema/plugin_test.sh PLUGIN

set -eu
plugin=$(realpath "$1")
core=$(realpath "$(dirname "$0")/../../libimage/core")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

# compiles stdin; the messages end up in 'messages'
compile()
{
	{ echo '@0xc1a2f7d0b6e35491;'; cat; } > test.capnp
	capnp compile -o "$plugin" test.capnp > messages 2>&1
}

# refused NAME TEXT < SCHEMA: compilation fails, and the message has TEXT
refused()
{
	if compile; then
		echo "$1: was accepted"; failures=$((failures + 1))
	elif ! grep -qF "$2" messages; then
		echo "$1: another message:"; cat messages; failures=$((failures + 1))
	fi
}

refused float 'A.x: this type' <<-END
	struct A { x @0 :Float32; }
END
refused any_pointer 'A.x: this type' <<-END
	struct A { x @0 :AnyPointer; }
END
refused list_of_lists 'A.x: this type of list' <<-END
	struct A { x @0 :List(List(UInt8)); }
END
refused list_of_void 'A.x: this type of list' <<-END
	struct A { x @0 :List(Void); }
END
refused default 'A.x: an explicit default' <<-END
	struct A { x @0 :UInt32 = 7; }
END
refused default_text 'A.x: an explicit default' <<-END
	struct A { x @0 :Text = "text"; }
END
refused itself 'A: a struct that contains itself' <<-END
	struct A { x @0 :A; }
END
refused itself_in_list 'A: a struct that contains itself' <<-END
	struct A { x @0 :B; }
	struct B { y @0 :List(A); }
END
refused empty 'A: an empty struct' <<-END
	struct A { }
END
refused nested_type 'A: a type within a struct' <<-END
	struct A { x @0 :UInt32; struct B { y @0 :UInt32; } }
END
refused generic 'A: a generic struct' <<-END
	struct A(T) { x @0 :T; }
END
refused interface 'I: this kind of declaration' <<-END
	interface I { }
END
refused constant 'c: this kind of declaration' <<-END
	const c :UInt32 = 1;
END
refused group_in_group 'A.g.h: this group in a group or union' <<-END
	struct A { g :group { h :group { x @0 :UInt32; } } }
END
refused group_in_union 'A.g: this group in a group or union' <<-END
	struct A { union { g :group { x @0 :UInt32; } y @1 :Void; } }
END
refused reference_of_other_type 'A.x: $ref on a type other than UInt32' <<-END
	annotation ref @0xd0f7be5c2f5c7d12 (field) :Text;
	struct A { x @0 :UInt64 \$ref("*"); }
END
refused name_taken 'A.which: the generated code needs this name' <<-END
	struct A { which @0 :UInt32; }
END
refused names_collide 'A.x: this name' <<-END
	struct A { hasX @0 :Bool; x @1 :Text; }
END

# what it accepts compiles, words of C++ included
if compile <<-END
	struct A {
	  class @0 :UInt32;
	  list @1 :List(Bool);
	  union { default @2 :Void; register @3 :Int8; other @4 :UInt64; }
	  more :group { a @5 :Text; b @6 :B; }
	  texts @7 :List(Text);
	  kinds @8 :List(E);
	  last @9 :Data;
	}
	struct B { x @0 :Int64; }
	enum E { unsigned @0; two @1; }
END
then
	mkdir generated && mv test* generated
	for header in "$core"/*.h; do ln -s "$header" .; done
	echo '#include "generated/test_copy.h"
#include "generated/test_visit.h"' > use.cc
	for file in generated/test.cc use.cc; do
		${CXX:-c++} -std=c++20 -Wall -Wextra -Werror -fsyntax-only "$file" || failures=$((failures + 1))
	done
else
	echo "supported schema was refused:"; cat messages; failures=$((failures + 1))
fi

[ "$failures" = 0 ]
