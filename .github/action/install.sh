#!/bin/bash
# Finds flowship (FLOWSHIP_BIN, else PATH), else downloads a release and verifies it (its SHA-256 and, where gh is
# installed, that the release workflow built it), else builds the action's own checkout. The step's output `flowship` is
# the path of the program.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$here/workflow.sh"

prefix=${RUNNER_TEMP:?}/flowship
# What the runner may have kept: a release's tarball, which is verified all the same, or what was built.
cache=$RUNNER_TEMP/flowship-cache

use() {
  local installed
  installed=$("$1" version) || fail "$1 does not run"
  printf '%s: %s\n' "$1" "$installed"
  if [ -n "$VERSION" ] && [ "${installed##* }" != "${VERSION#v}" ]; then
    annotate warning "version $VERSION was requested, but $1 is already installed with version ${installed##* }"
  fi
  output flowship "$1"
  # So that later steps of the job can run flowship themselves.
  [ "$(command -v flowship)" = "$1" ] || dirname "$1" >>"$GITHUB_PATH"
  exit
}

# download ASSET FILE: fails with 22 if the release does not have the asset.
download() {
  curl --proto =https --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$2" \
    "${GITHUB_SERVER_URL:?}/$ACTION_REPOSITORY/releases/download/$tag/$1"
}

# verify_attestation FILE
verify_attestation() {
  if ! gh attestation verify --help >/dev/null 2>&1; then
    printf 'not verified: the attestation of %s, which takes gh\n' "${1##*/}"
    return
  fi
  gh attestation verify "$1" --repo "$ACTION_REPOSITORY" \
    --signer-workflow "$ACTION_REPOSITORY/.github/workflows/release.yml" ||
    fail "nothing attests that $ACTION_REPOSITORY built ${1##*/}; nothing was installed"
}

install_release() {
  local asset
  asset=flowship-${tag#v}-linux-$(uname -m).tar.gz
  mkdir -p "$prefix" "$cache"
  if [ -f "$cache/SHA256SUMS" ] && [ -f "$cache/$asset" ]; then
    printf 'taken from the cache: %s\n' "$asset"
  elif ! { download SHA256SUMS "$cache/SHA256SUMS" && download "$asset" "$cache/$asset"; }; then
    printf 'no release has %s\n' "$asset"
    rm -rf -- "$cache"
    return 1
  fi
  (cd "$cache" && grep -F "  $asset" SHA256SUMS | sha256sum --check --strict -) ||
    fail "the SHA-256 of $asset does not match the release's SHA256SUMS; nothing was installed"
  if [ -n "$SHA256" ]; then
    (cd "$cache" && printf '%s  %s\n' "$SHA256" "$asset" | sha256sum --check --strict -) ||
      fail "the SHA-256 of $asset is not the input sha256; nothing was installed"
  fi
  verify_attestation "$cache/$asset"
  tar --extract --gzip --file "$cache/$asset" --directory "$prefix" --strip-components 1 --no-same-owner
}

build() {
  if [ -x "$cache/built/bin/flowship" ]; then
    printf 'taken from the cache: what was built from this checkout\n'
    mkdir -p "$prefix"
    cp -R "$cache/built/." "$prefix/"
    return
  fi
  printf 'building flowship from the checkout of the action\n'
  "$here/../../tests/install.sh" build
  cmake -S "$here/../.." -B "$prefix/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
    -DCMAKE_INSTALL_PREFIX="$prefix"
  cmake --build "$prefix/build" --target flowship
  cmake --install "$prefix/build"
  rm -rf -- "$cache" && mkdir -p "$cache/built/bin"
  cp "$prefix/bin/flowship" "$cache/built/bin/"
}

[ -z "${FLOWSHIP_BIN:-}" ] || use "$FLOWSHIP_BIN"
if in_path=$(command -v flowship); then use "$in_path"; fi
[ ! -x "$prefix/bin/flowship" ] || use "$prefix/bin/flowship"

if [[ -n $VERSION && ! $VERSION =~ ^v?[0-9][0-9A-Za-z.+~-]*$ ]]; then
  fail "\"$VERSION\" is not a valid version; versions look like v0.1.0" 64
fi
if [[ -n $SHA256 && ! $SHA256 =~ ^[0-9a-f]{64}$ ]]; then
  fail "the input sha256 is not a SHA-256: 64 digits 0 to 9 and a to f" 64
fi
# Branches and commits have no release, and ACTION_REPOSITORY is empty for an action in the workflow's own repository.
tag=
if [ -n "$VERSION" ]; then
  tag=v${VERSION#v}
elif [[ $ACTION_REF =~ ^v[0-9]+$ ]]; then
  # The tag of a major version is moved by each of its releases.
  tag=v$(sed -n 's/^project(flowship VERSION \([^ ]*\).*/\1/p' "$here/../../CMakeLists.txt")
elif [[ $ACTION_REF =~ ^v[0-9][0-9A-Za-z.+~-]*$ ]]; then
  tag=$ACTION_REF
fi
if [ -z "$tag" ] || [ -z "$ACTION_REPOSITORY" ] || ! install_release; then
  [ -z "$VERSION" ] || fail "there is no release $VERSION of flowship for this machine"
  [ -z "$SHA256" ] || fail "the input sha256 is for a release; name the release with the input version" 64
  build
fi
use "$prefix/bin/flowship"
