#!/bin/sh
# Installs the distribution packages that the given tasks need (Debian 12, Ubuntu 24.04). This is the only list of
# packages; if nothing is missing, the script does nothing.
#
#   tests/install.sh TASK…     build: to build flowship
#                              test: in addition, to run the tests
#                              tools: npm, for tests/tools/install.sh
#                              package: in addition to build, for .ci/release
#                              lint: for the checks of .ci/run
set -eu

packages_for() {
  case $1 in
    build) echo 'ca-certificates cmake g++ git libgit2-dev libpoco-dev libssl-dev ninja-build pkg-config zlib1g-dev' ;;
    test)
      echo 'curl faketime fish gnupg groff-base jq libgtest-dev libxml2-utils openssh-client openssl pre-commit procps python3 python3-jsonschema yamllint zsh'
      # Ubuntu only has a snap.
      grep -q '^ID=ubuntu' /etc/os-release || echo chromium
      # On a system that runs systemd, installing these would start public servers; in a container nothing is started.
      [ -d /run/systemd/system ] || echo 'openssh-server prometheus'
      ;;
    tools) command -v npm >/dev/null || echo 'nodejs npm' ;;
    package) echo 'dpkg-dev file libhttp-parser-dev libpcre3-dev libssl-dev lintian' ;;
    lint) echo 'ccache clang clang-format clang-tidy libclang-rt-dev shellcheck' ;;
    *) return 64 ;;
  esac
}

missing=
for task in "$@"; do
  packages=$(packages_for "$task") || {
    echo "install.sh: unknown task \"$task\" (tasks: build, test, tools, package, lint)" >&2
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
    echo "install.sh: sudo not found; install these packages as root:$missing" >&2
    exit 1
  }
  as_root=sudo
fi
echo "installing$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086  # split into words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
