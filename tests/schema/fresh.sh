#!/bin/sh
#
# Fails if libimage/core/generated is not what the plugin makes of schema/image.capnp
#
# Usage: tests/schema/fresh.sh PLUGIN

set -eu
source=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$source/schema/generate" "$1" "$work"

[ -n "$(ls "$work")" ] || { echo "the plugin wrote nothing" >&2; exit 1; }
if ! diff -ru "$source/libimage/core/generated" "$work" > "$work.diff"; then
	head -n 60 "$work.diff"; rm -f "$work.diff"
	echo "stale: run 'cmake --build --preset dev --target regenerate'" >&2
	exit 1
fi
rm -f "$work.diff"
