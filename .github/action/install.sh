#!/bin/bash
# Finds flowship (FLOWSHIP_BIN, else PATH), else installs a released one whose SHA-256 is as the release says, else
# builds the action's own checkout. The step's output `flowship` is the program.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$here/workflow.sh"

place=${RUNNER_TEMP:?}/flowship

found() {
  local said
  said=$("$1" version) || fail "$1 does not run"
  printf '%s: %s\n' "$1" "$said"
  if [ -n "$VERSION" ] && [ "${said##* }" != "${VERSION#v}" ]; then
    annotate warning "version $VERSION is asked for, but $1 is there already, and is ${said##* }"
  fi
  output flowship "$1"
  # For later steps of the job, also without the action.
  [ "$(command -v flowship)" = "$1" ] || dirname "$1" >>"$GITHUB_PATH"
  exit
}

# download ASSET FILE: exit code 22 where the release does not have it.
download() {
  curl --fail --silent --show-error --location --retry 3 --output "$2" \
    "${GITHUB_SERVER_URL:?}/$ACTION_REPOSITORY/releases/download/$tag/$1"
}

install_release() {
  local asset
  asset=flowship-${tag#v}-linux-$(uname -m).tar.gz
  mkdir -p "$place"
  if ! { download SHA256SUMS "$place/SHA256SUMS" && download "$asset" "$place/$asset"; }; then
    printf 'there is no released %s to download\n' "$asset"
    return 1
  fi
  (cd "$place" && grep -F "  $asset" SHA256SUMS | sha256sum --check --strict -) ||
    fail "the SHA-256 of $asset is not what the release says; nothing was installed"
  tar --extract --gzip --file "$place/$asset" --directory "$place" --strip-components 1 --no-same-owner
}

build() {
  printf 'building flowship from the sources of the action\n'
  "$here/../../tests/install.sh" build
  cmake -S "$here/../.." -B "$place/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
    -DCMAKE_INSTALL_PREFIX="$place"
  cmake --build "$place/build" --target flowship
  cmake --install "$place/build"
}

[ -z "${FLOWSHIP_BIN:-}" ] || found "$FLOWSHIP_BIN"
if in_path=$(command -v flowship); then found "$in_path"; fi
[ ! -x "$place/bin/flowship" ] || found "$place/bin/flowship"

tag=${VERSION:-$ACTION_REF}
case $tag in
  [0-9]*) tag=v$tag ;;
esac
if [[ -n $VERSION && ! $tag =~ ^v[0-9][0-9A-Za-z.+~-]*$ ]]; then
  fail "version \"$VERSION\" is none of flowship; it looks like v0.1.0" 64
fi
# A branch or a commit has no release, and an action of this very repository has no name.
if [[ ! $tag =~ ^v[0-9][0-9A-Za-z.+~-]*$ || -z $ACTION_REPOSITORY ]] || ! install_release; then
  [ -z "$VERSION" ] || fail "there is no release $VERSION of flowship for this machine"
  build
fi
found "$place/bin/flowship"
