#!/bin/bash
# Says under which key the runner caches what install.sh downloads or builds: the step's output `key`. There is none
# where flowship is there already, nor for a branch, whose program changes.
set -euo pipefail
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$(dirname "$0")/workflow.sh"

if [ -n "${FLOWSHIP_BIN:-}" ] || command -v flowship >/dev/null || [ -x "${RUNNER_TEMP:?}/flowship/bin/flowship" ]; then
  exit
fi
what=${VERSION:-$ACTION_REF}
[[ $what =~ ^(v?[0-9]+\.[0-9A-Za-z.+~-]+|[0-9a-f]{40})$ ]] || exit 0
[[ $SHA256 =~ ^([0-9a-f]{64})?$ ]] || exit 0
# A program that was built needs this very distribution's libraries.
# shellcheck source=/dev/null
system=$(. /etc/os-release && printf '%s-%s' "$ID" "${VERSION_ID:-}")
output key "flowship-$(uname -m)-$system-$what${SHA256:+-$SHA256}"
