#!/bin/bash
# Installs what is needed, builds flowship and runs its tests, on a machine with nothing but git (Debian 12 or Ubuntu
# 24.04). Reuses what examples/quickstart.sh has built.
#
#   tests/run.sh [PRESET [CMAKE-OPTION…]]     PRESET as in CMakePresets.json (default: release)
#   FLOWSHIP_BUILD_DIR=DIR                    build there instead of in build/PRESET
set -euo pipefail

cd "$(dirname "$0")/.."
preset=${1:-release}
options=(-DBUILD_TESTING=ON "${@:2}")
build=${FLOWSHIP_BUILD_DIR:-build/$preset}

say() { printf '\n== %s\n' "$*"; }

say 'installing the packages needed to build and test'
tests/install.sh build test

say 'installing test tools from npm'
# Without them, the tests that need them are skipped and reported as skipped.
{ tests/install.sh tools && tests/tools/install.sh "$build/tools"; } ||
  echo 'npm tools are not available; tests that need them will be skipped'

say "building in $build (preset $preset)"
if command -v ccache >/dev/null; then
  options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake --preset "$preset" -B "$build" "${options[@]}"
cmake --build "$build" --parallel 2

say 'running the tests'
# Tests don't depend on the user's environment: git configuration, credentials, proxy, locale, time zone.
home=$(mktemp -d)
trap 'rm -rf -- "$home"' EXIT
unset "${!GIT_@}" "${!DESCOPE_@}" "${!FLOWSHIP_@}" "${!XDG_@}"
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy NO_COLOR
export HOME="$home" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC
ctest --test-dir "$build" --no-tests=error --output-on-failure --parallel 2
