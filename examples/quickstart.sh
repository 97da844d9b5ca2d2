#!/bin/sh
# Builds flowship and shows a first deployment against the sandbox, all on this machine: needs no account and no key,
# and leaves nothing behind but installed packages and the build folder. Debian 12 or Ubuntu 24.04.
#
#   FLOWSHIP_BUILD_DIR=DIR   build there instead of in build/release
#   FLOWSHIP_BIN=FILE        run this program and build nothing
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${FLOWSHIP_BUILD_DIR:-$root/build/release}
# How long a first build takes, measured on Debian 12.
build_time='about 90 seconds of CPU time (less than a minute on two idle cores)'

scratch=$(mktemp -d "${TMPDIR:-/tmp}/flowship-quickstart.XXXXXX")
sandbox=
stop_sandbox() {
  if [ -n "$sandbox" ]; then
    kill "$sandbox" 2>/dev/null || true
    wait "$sandbox" 2>/dev/null || true
    sandbox=
  fi
}
clean_up() {
  stop_sandbox
  rm -rf -- "$scratch"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n== %s\n' "$*"; }
# Prints a command as a user would type it, and runs it.
show() {
  printf '\n$'
  for word; do
    case $word in
      *[!A-Za-z0-9_./:=@~-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$@"
}
fail() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}

build_flowship() {
  say "building flowship in $build"
  # A build folder made by tests/run.sh keeps its configuration, tests included.
  [ -f "$build/CMakeCache.txt" ] || (cd "$root" && cmake --preset release -B "$build" -DBUILD_TESTING=OFF)
  cmake --build "$build" --target flowship
}

# Waits for the line that the sandbox prints once it is listening; if it dies instead, the pipe closes and reading ends.
start_sandbox() {
  mkfifo "$scratch/announcement"
  "$flowship" sandbox --port 0 >"$scratch/announcement" 2>"$scratch/sandbox.log" &
  sandbox=$!
  DESCOPE_BASE_URL=
  exec 3<"$scratch/announcement"
  while [ -z "$DESCOPE_BASE_URL" ] && IFS= read -r line <&3; do
    printf '%s\n' "$line"
    case $line in
      *'export DESCOPE_BASE_URL='*) DESCOPE_BASE_URL=$(printf '%s' "${line#*DESCOPE_BASE_URL=}" | tr -d "\"' ") ;;
    esac
  done
  if [ -z "$DESCOPE_BASE_URL" ]; then
    cat "$scratch/sandbox.log" >&2
    fail 'the sandbox did not start'
  fi
  export DESCOPE_BASE_URL
}

# Number of imports that the sandbox has received so far.
imports() {
  curl -fsS --noproxy '*' "$DESCOPE_BASE_URL/_sandbox/requests" | grep -o '"path":"/v2/mgmt/flow/import"' | wc -l | tr -d ' '
}
expect_imports() {
  count=$(imports)
  printf '(imports received by the sandbox so far: %s)\n' "$count"
  [ "$count" -eq "$1" ] || fail "expected $1 imports"
}

if [ -n "${FLOWSHIP_BIN:-}" ]; then
  flowship=$FLOWSHIP_BIN
else
  say "building flowship takes $build_time the first time; with FLOWSHIP_BIN=/path/to/flowship nothing is built"
  say 'installing the packages needed to build, and to query the sandbox'
  "$root/tests/install.sh" build quickstart
  build_flowship
  flowship=$(find "$build" -maxdepth 3 -type f -name flowship -perm -u+x | head -n 1)
fi
if [ ! -x "$flowship" ]; then fail "no flowship program found: ${FLOWSHIP_BIN:-$build}"; fi

# The user's git configuration and credentials are neither read nor changed.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME='Quick Start' GIT_AUTHOR_EMAIL=quickstart@example.com
export GIT_COMMITTER_NAME='Quick Start' GIT_COMMITTER_EMAIL=quickstart@example.com
# No request goes through a proxy.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE FLOWSHIP_CONFIG 2>/dev/null || true

# Random, so that no file contains anything that looks like a key.
made_up=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export DESCOPE_PROJECT_ID="P2${made_up}"
export DESCOPE_MANAGEMENT_KEY="K2${made_up}"

say 'starting the sandbox, an emulator of the service'
start_sandbox

say 'creating a git repository from the flows in examples/flows'
cp -R "$root/examples/flows" "$scratch/repository"
cd "$scratch/repository"
git init -q -b main
git add .
git commit -q -m 'Add the login flows'
flows=$(find ProjectSnapshot/flows -name contents.json | wc -l | tr -d ' ')
printf '%s flows in %s\n' "$flows" "$(git log -1 --format='%h %s')"
PATH=$(dirname -- "$flowship"):$PATH
export PATH

say "the first deployment imports all $flows flows"
show flowship deploy
expect_imports "$flows"

say 'the second finds no changes and imports nothing'
show flowship deploy
expect_imports "$flows"

say 'changing one text on one screen'
screen=ProjectSnapshot/flows/sign-up-or-in/screen-welcome.json
show sed -i 's/Welcome to {{project.name}} 👋/Hello from {{project.name}} 🚢/' "$screen"
show git commit -q -a -m 'Greet like sailors'
show git --no-pager diff --stat HEAD~1
show flowship plan
show flowship deploy
expect_imports "$((flows + 1))"

say 'what was deployed, and when'
show flowship history

say 'done: the sandbox is being stopped and the repository of this demonstration removed'
