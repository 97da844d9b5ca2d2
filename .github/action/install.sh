#!/bin/bash
# Finds flowship (FLOWSHIP_BIN, else PATH), else downloads a release and verifies its SHA-256, else builds the action's
# own checkout. The step's output `flowship` is the path of the program.
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
    annotate warning "version $VERSION was requested, but $1 is already installed with version ${said##* }"
  fi
  output flowship "$1"
  # So that later steps of the job can run flowship themselves.
  [ "$(command -v flowship)" = "$1" ] || dirname "$1" >>"$GITHUB_PATH"
  exit
}

# download ASSET FILE: fails with 22 if the release does not have the asset.
download() {
  curl --fail --silent --show-error --location --retry 3 --output "$2" \
    "${GITHUB_SERVER_URL:?}/$ACTION_REPOSITORY/releases/download/$tag/$1"
}

install_release() {
  local asset
  asset=flowship-${tag#v}-linux-$(uname -m).tar.gz
  mkdir -p "$place"
  if ! { download SHA256SUMS "$place/SHA256SUMS" && download "$asset" "$place/$asset"; }; then
    printf 'no release has %s\n' "$asset"
    return 1
  fi
  (cd "$place" && grep -F "  $asset" SHA256SUMS | sha256sum --check --strict -) ||
    fail "the SHA-256 of $asset does not match the release's SHA256SUMS; nothing was installed"
  tar --extract --gzip --file "$place/$asset" --directory "$place" --strip-components 1 --no-same-owner
}

build() {
  printf 'building flowship from the checkout of the action\n'
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
  fail "\"$VERSION\" is not a valid version; versions look like v0.1.0" 64
fi
# Branches and commits have no release, and ACTION_REPOSITORY is empty for an action in the workflow's own repository.
if [[ ! $tag =~ ^v[0-9][0-9A-Za-z.+~-]*$ || -z $ACTION_REPOSITORY ]] || ! install_release; then
  [ -z "$VERSION" ] || fail "there is no release $VERSION of flowship for this machine"
  build
fi
found "$place/bin/flowship"
