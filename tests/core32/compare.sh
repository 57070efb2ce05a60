#!/bin/sh
# compare.sh VERDICTS32 VERDICTS64 MAKE_HOSTILE CORPUS
#
# Both programs must say the same of the fuzz targets' inputs, of images with large claims, and of
# images whose content is hostile.

set -eu

directory=$(mktemp -d "${TMPDIR:-/tmp}/capimg-verdicts-XXXXXX")
trap 'rm -rf "$directory"' EXIT

mkdir "$directory/in"
"$3" "$directory/in"
"$3" "$directory/in" 600

find "$4/chain" "$4/container" "$4/dump" "$4/engine_image" "$4/loader" "$4/rewrite" "$directory/in" \
	-type f | LC_ALL=C sort > "$directory/files"
xargs "$1" < "$directory/files" > "$directory/32"
xargs "$2" < "$directory/files" > "$directory/64"

diff -u "$directory/64" "$directory/32"

# that there was something to compare: images that got as far as memory
images=$(grep -c ' pieces ' "$directory/64")
[ "$images" -gt 200 ] || { echo "only $images images could be read" >&2; exit 1; }
echo "$(wc -l < "$directory/files") files, $images images read, $(wc -l < "$directory/64") lines"
