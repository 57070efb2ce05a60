#!/bin/sh
#
# Installs a build into a temporary prefix, and builds and runs the example consumer against it:
# once by the CMake package, once by pkg-config
#
# Usage: tests/install/check.sh BUILD-DIRECTORY COMPILER

set -eu
build=$1 compiler=$2
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quiet() { "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

quiet cmake --install "$build" --prefix "$work/installed"

# moved: nothing in the installed files may name the place of the build or of the installation
prefix="$work/moved"
mv "$work/installed" "$prefix"
if grep -rIlF -e "$work/installed" -e "$build" "$prefix"; then
	echo "these files name the build's place" >&2
	exit 1
fi

quiet cmake -S "$here/consumer" -B "$work/cmake" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
	-DCMAKE_PREFIX_PATH="$prefix"
quiet cmake --build "$work/cmake"
"$work/cmake/consumer" "$work/a.img"

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name capimg.pc)")
export PKG_CONFIG_PATH
quiet $compiler -std=c++20 -Wall -Wextra -Werror "$here/consumer/main.cc" -o "$work/consumer" \
	$(pkg-config --static --cflags --libs capimg)
"$work/consumer" "$work/b.img"
cmp "$work/a.img" "$work/b.img"

# public headers compile as a consumer includes them: all together, and alone those that no source
# of the project includes first
top=$(realpath "$here/../..")
headers=$(cd "$prefix/include" && find capimg -name '*.h')
for header in $headers; do
	echo "#include <$header>" >> "$work/all.cc"
done
quiet $compiler -std=c++20 -fsyntax-only $(pkg-config --cflags capimg) "$work/all.cc"
for header in $headers; do
	source=$(basename "$header" .h).cc
	[ -z "$(find "$top/libimage" "$top/schema" -name "$source")" ] || continue
	echo "#include <$header>" > "$work/alone.cc"
	quiet $compiler -std=c++20 -fsyntax-only $(pkg-config --cflags capimg) "$work/alone.cc"
done

if [ -x "$prefix/bin/capimg" ]; then
	"$prefix/bin/capimg" --version
	ls "$prefix"/share/bash-completion/completions/capimg "$prefix"/share/zsh/*/_capimg \
	   "$prefix"/share/fish/*/capimg.fish
fi
