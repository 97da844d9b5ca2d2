#!/bin/sh
# Installs what the named tasks need from the distribution's packages (Debian 12, Ubuntu 24.04). This is the one list
# of packages; where nothing is missing it ends at once.
#
#   tests/install.sh TASK…     build: the program; quickstart: examples/quickstart.sh besides; test: the tests besides;
#                              tools: npm, for tests/tools/install.sh;
#                              package: .ci/release besides;
#                              lint: what .ci/run checks besides
set -eu

packages_for() {
  case $1 in
    build) echo 'ca-certificates cmake g++ git libgit2-dev libpoco-dev libssl-dev ninja-build pkg-config' ;;
    quickstart) echo 'curl' ;;
    test)
      echo 'curl fish groff-base jq libgtest-dev libxml2-utils openssh-client openssl pre-commit procps python3 yamllint zsh'
      # Ubuntu has it as a snap only.
      grep -q '^ID=ubuntu' /etc/os-release || echo chromium
      # Installed on a running system they would listen there, for everybody; in a container nothing is started.
      [ -d /run/systemd/system ] || echo 'openssh-server prometheus'
      ;;
    tools) command -v npm >/dev/null || echo 'nodejs npm' ;;
    package) echo 'dpkg-dev file libhttp-parser-dev libpcre3-dev libssl-dev lintian zlib1g-dev' ;;
    lint) echo 'ccache clang clang-format clang-tidy libclang-rt-dev shellcheck' ;;
    *) return 64 ;;
  esac
}

missing=
for task in "$@"; do
  packages=$(packages_for "$task") || {
    echo "install.sh: \"$task\" is no task; there are build, quickstart, test, tools, package and lint" >&2
    exit 64
  }
  for package in $packages; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
  done
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "install.sh: there is no sudo here; as root, install:$missing" >&2
    exit 1
  }
  as_root=sudo
fi
echo "installing$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086  # the list is meant to be split into words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
