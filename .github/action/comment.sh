#!/bin/bash
# Posts the result as a pull request comment: one per environment, identified by a hidden marker and updated in place.
set -euo pipefail
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$(dirname "$0")/workflow.sh"
need curl jq

marker="<!-- flowship: ${ENVIRONMENT:-default} -->"
comments=${GITHUB_API_URL:?}/repos/${GITHUB_REPOSITORY:?}/issues
work=$(mktemp -d "${RUNNER_TEMP:?}/flowship-comment.XXXXXX")

# request METHOD URL [CURL-OPTION…]: saves the response in $work/response. The token is not passed as an argument.
request() {
  local status
  status=$(curl --silent --show-error --max-time 60 --request "$1" --output "$work/response" --write-out '%{http_code}' \
    --header 'Accept: application/vnd.github+json' --config - "${@:3}" "$2" \
    <<<"header = \"Authorization: Bearer $TOKEN\"") || fail "$1 $2: no response"
  case $status in
    2*) ;;
    401 | 403 | 404)
      # In pull requests from forks, the token is read-only.
      annotate warning "the token may not comment here ($status); the workflow needs pull-requests: write"
      exit 0
      ;;
    *) fail "$1 $2: the response was $status" ;;
  esac
}

# truncate_to LIMIT: cuts standard input to LIMIT characters. The note about it comes first, where no open code block or
# collapsed section can hide it.
truncate_to() {
  jq --raw-input --raw-output --slurp --join-output --argjson limit "$1" '
    "**Truncated to \($limit) of \(length) characters.**\n\n" as $note |
    if length <= $limit then . else $note + .[:$limit - ($note | length)] end'
}

# Saves the id of the comment with the marker, if any. A comment written by a person is never replaced.
find_comment() {
  local page=1
  while request GET "$comments/$PULL_REQUEST/comments?per_page=100&page=$page" --retry 3; do
    jq --raw-output --arg marker "$marker" \
      'map(select((.body // "" | startswith($marker)) and (.user.type // "Bot") == "Bot")) | first.id // empty' \
      "$work/response" >"$work/id"
    if [ -s "$work/id" ] || [ "$(jq length "$work/response")" -lt 100 ]; then return; fi
    page=$((page + 1))
  done
}

# GitHub's limit is 65,536 characters, marker included.
{ truncate_to $((65536 - ${#marker} - 1)) <"$COMMENT_FILE"; } |
  jq --raw-input --slurp --arg marker "$marker" '{body: ($marker + "\n" + .)}' >"$work/comment.json"

find_comment
if [ -s "$work/id" ]; then
  request PATCH "$comments/comments/$(cat "$work/id")" --data-binary "@$work/comment.json"
else
  request POST "$comments/$PULL_REQUEST/comments" --data-binary "@$work/comment.json"
fi
jq --raw-output '.html_url // empty' "$work/response"
