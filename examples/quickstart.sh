#!/bin/sh
# Builds flowship and shows what it does: `flowship demo`, against an emulator of the service on this machine. Needs no
# account and no key, and leaves nothing behind but installed packages and the build folder. Debian 12 or Ubuntu 24.04.
#
#   FLOWSHIP_BUILD_DIR=DIR   build there instead of in build/release
#   FLOWSHIP_BIN=FILE        run this program and build nothing
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${FLOWSHIP_BUILD_DIR:-$root/build/release}
# How long a first build takes, measured on Debian 12.
build_time='about 90 seconds of CPU time (less than a minute on two idle cores)'

say() { printf '\n== %s\n' "$*"; }

if [ -n "${FLOWSHIP_BIN:-}" ]; then
  flowship=$FLOWSHIP_BIN
else
  say "building flowship takes $build_time the first time; with FLOWSHIP_BIN=/path/to/flowship nothing is built"
  say 'installing the packages needed to build'
  "$root/tests/install.sh" build
  say "building flowship in $build"
  # A build folder made by tests/run.sh keeps its configuration, tests included.
  [ -f "$build/CMakeCache.txt" ] || (cd "$root" && cmake --preset release -B "$build" -DBUILD_TESTING=OFF)
  cmake --build "$build" --target flowship
  flowship=$(find "$build" -maxdepth 3 -type f -name flowship -perm -u+x | head -n 1)
fi
if [ ! -x "$flowship" ]; then
  printf 'quickstart: no flowship program found: %s\n' "${FLOWSHIP_BIN:-$build}" >&2
  exit 1
fi
say "flowship demo"
exec "$flowship" demo
