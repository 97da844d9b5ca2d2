#!/bin/bash
# Tells the runner to mask the management key, before anything else uses it.
set -euo pipefail
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$(dirname "$0")/workflow.sh"

while IFS= read -r line || [ -n "$line" ]; do
  [ -z "$line" ] || printf '::add-mask::%s\n' "$(escaped "$line")"
done <<<"$MANAGEMENT_KEY"
