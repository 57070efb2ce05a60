#!/bin/sh
#
# Core and the engines on it are freestanding: compiles each file of libimage/core and of
# genode_writer's library as Genode would, headers without a source alone, and links all of it
# with nothing but an entry point and the four memory functions that GCC and Clang expect of every environment.
#
# Threads on Genode have small stacks: no function takes more than 8 KiB.
#
# Usage: tests/freestanding/check.sh COMPILER 64|32

set -eu
compiler=$1 bits=$2
here=$(realpath "$(dirname "$0")")
top=$(realpath "$here/../..")
core=$top/libimage/core
engine=$top/genode_writer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags="-std=c++20 -m$bits -O2 -I$top -I$engine/include -nostdinc -nostdinc++ -ffreestanding -fno-exceptions -fno-rtti
       -Wall -Wextra -Werror -Wframe-larger-than=8192"
case $compiler in *clang*) ;; *) flags="$flags -Weffc++ -Wconversion" ;; esac

failed=0
objects=
for file in "$core"/*.cc "$core"/generated/*.cc "$engine"/src/lib/capimg/*.cc; do
	[ -f "$file" ] || continue
	object="$work/$(echo "${file#"$top"/}" | tr / _).o"
	if ! $compiler $flags -c "$file" -o "$object"; then
		failed=1; continue
	fi
	objects="$objects $object"

	# code that runs before main: the loader on the target does not know about it
	if readelf -SW "$object" | grep -E '\.(init_array|ctors)'; then
		echo "$file: static initialiser" >&2; failed=1
	fi
done

for file in "$core"/*.h "$core"/generated/*.h "$engine"/include/capimg/*.h; do
	[ -f "$file" ] || continue
	# a source that has its name includes it first
	source=$(basename "$file" .h).cc
	[ -f "$core/$source" ] || [ -f "$core/generated/$source" ] ||
		[ -f "$engine/src/lib/capimg/$source" ] && continue
	echo "#include \"$file\"" > "$work/alone.cc"
	if ! $compiler $flags -fsyntax-only "$work/alone.cc"; then
		echo "$file: does not compile alone" >&2; failed=1
	fi
done

# only core's own headers, and those by a path within core
if grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*(<|"[^"]*\.\./\.\.)' \
	"$core"/*.cc "$core"/*.h; then
	echo "core includes a header that is not its own" >&2; failed=1
fi
if grep -nE '^[[:space:]]*#[[:space:]]*include' "$engine"/include/capimg/*.h \
	"$engine"/src/lib/capimg/*.cc | grep -vE '"(capimg|libimage/core)/[^."]*\.h"'; then
	echo "an engine includes a header that is neither its own nor core's" >&2; failed=1
fi

[ $failed = 0 ] || exit 1

$compiler $flags -c "$here/entry.cc" -o "$work/entry.o"
$compiler -m$bits -nostdlib -static -o "$work/all" "$work/entry.o" $objects
"$work/all"
