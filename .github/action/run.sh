#!/bin/bash
# Runs flowship once with the action's inputs, and reports the result as annotations, job summary and outputs. Exits
# with flowship's exit code, except that 2 (changes) becomes 0.
set -euo pipefail
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$(dirname "$0")/workflow.sh"

exit_code=
trap 'output exit-code "${exit_code:-$?}"' EXIT
need git jq

# require_boolean NAME VALUE
require_boolean() {
  case $2 in
    true | false) ;;
    *) fail "input $1 must be true or false, not \"$2\"" 64 ;;
  esac
}

require_boolean prune "$INPUT_PRUNE"
require_boolean comment "$INPUT_COMMENT"
case $INPUT_ENVIRONMENT in
  *[!A-Za-z0-9_-]*) fail "input environment may contain only letters, digits, - and _, not \"$INPUT_ENVIRONMENT\"" 64 ;;
esac
cd -- "${INPUT_WORKING_DIRECTORY:-.}" 2>/dev/null ||
  fail "input working-directory is not a directory: \"$INPUT_WORKING_DIRECTORY\"" 64

results=$(mktemp -d "${RUNNER_TEMP:?}/flowship-results.XXXXXX")
result=$results/result.json
plan_file=$results/plan.json

options=()
[ -z "$INPUT_CONFIG" ] || options+=("--config=$INPUT_CONFIG")
if [ -n "$INPUT_ENVIRONMENT" ] && [ "$INPUT_COMMAND" != validate ]; then options+=("--env=$INPUT_ENVIRONMENT"); fi

arguments=()
case $INPUT_COMMAND in
  validate) ;;
  plan) arguments+=(--exit-code "--out=$plan_file") ;;
  status) arguments+=(--exit-code) ;;
  deploy)
    # A job that waited, or is run again, does not undo what a later one deployed.
    arguments+=(--skip-superseded)
    [ "$INPUT_PRUNE" = false ] || arguments+=(--prune)
    [ -z "$INPUT_LOCK_WAIT" ] || arguments+=("--lock-wait=$INPUT_LOCK_WAIT")
    [ -z "$INPUT_ON_DRIFT" ] || arguments+=("--on-drift=$INPUT_ON_DRIFT")
    ;;
  # Whoever starts the workflow has decided it: there is nobody to ask.
  unlock) arguments+=(--yes) ;;
  *) fail "input command must be validate, plan, deploy, status or unlock, not \"$INPUT_COMMAND\"" 64 ;;
esac
arguments+=(--format=github "--report=json=$result" "--report=markdown=$results/comment" "--report=summary=$results/summary")

[ -z "$INPUT_PROJECT_ID" ] || export DESCOPE_PROJECT_ID=$INPUT_PROJECT_ID
[ -z "$INPUT_BASE_URL" ] || export DESCOPE_BASE_URL=$INPUT_BASE_URL
case $INPUT_COMMAND in
  deploy | status) [ -z "$INPUT_MANAGEMENT_KEY" ] || export DESCOPE_MANAGEMENT_KEY=$INPUT_MANAGEMENT_KEY ;;
esac
unset INPUT_MANAGEMENT_KEY

# flowship.json decides the project; an input that names another one is a mistake.
if [ -n "$INPUT_PROJECT_ID" ] && [ "$INPUT_COMMAND" != validate ]; then
  project=$("$FLOWSHIP" plan ${options[@]+"${options[@]}"} --format=json 2>/dev/null | jq -r '.projectId // ""') || true
  [ -z "$project" ] || [ "$project" = "$INPUT_PROJECT_ID" ] ||
    fail "input project-id is \"$INPUT_PROJECT_ID\", but flowship.json deploys to $project" 64
fi

# flowship's log may contain foreign text, which the runner must not read as commands. --format github protects its own.
delimiter=$(random_delimiter)
exit_code=0
printf '::stop-commands::%s\n' "$delimiter"
"$FLOWSHIP" "$INPUT_COMMAND" ${options[@]+"${options[@]}"} "${arguments[@]}" 2>&1 >"$results/log" |
  sed -u 's/##\[/## [/g' || exit_code=$?
printf '\n::%s::\n' "$delimiter"
cat "$results/log"

jq --exit-status . "$result" >/dev/null 2>&1 || printf '{}' >"$result"
query() { jq --raw-output "$1" "$result"; }

# The error, or what unlock did, in a code block, fenced with more backticks than it contains.
result_block() {
  jq --raw-output '
    (if has("released") then (if .released then "released; it was held by \(.released)" else "nobody held it" end)
      else .error | [(.message, .hint) // empty] | join("\n") end) as $text |
    ("`" * ([3, ([$text | match("`+"; "g").length] | max // 0) + 1] | max)) as $fence |
    "\($fence)text\n\(if $text == "" then "no error message; see the log" else $text end)\n\($fence)"' "$result"
}

# If flowship wrote no Markdown, the message replaces it.
for file in "$results/comment" "$results/summary"; do
  [ -s "$file" ] || {
    printf '### flowship %s%s\n\n' "$INPUT_COMMAND" "${INPUT_ENVIRONMENT:+: $INPUT_ENVIRONMENT}"
    result_block
  } >"$file"
done
cat "$results/summary" >>"$GITHUB_STEP_SUMMARY"

output changed "$(query '[.changes[]?, (.flows[]? | select(.outcome == "deployed" or .state == "pending"))] | length > 0')"
output flows "$(query '[.changes, .flows] | map(select(type == "array")) | first // [] | tojson')"
output record "$(query '.record // .deployed.record // ""')"
output comment-file "$results/comment"
case $INPUT_COMMAND$exit_code in
  plan0 | plan2) output plan-file "$plan_file" ;;
esac

[ "$exit_code" -ne 2 ] || exit 0
exit "$exit_code"
