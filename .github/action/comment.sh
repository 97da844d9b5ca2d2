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

# GitHub's limit is 65,536 characters, marker included. A note about what is cut comes first, where no open code block or
# collapsed section can hide it. (jq 1.6 breaks characters where it reads raw input from a stream, but not with --rawfile.)
jq --null-input --rawfile text "$COMMENT_FILE" --arg marker "$marker" '
  (65536 - ($marker | length) - 1) as $limit |
  "**Truncated to \($limit) of \($text | length) characters.**\n\n" as $note |
  {body: ($marker + "\n" +
    (if ($text | length) <= $limit then $text else $note + $text[:$limit - ($note | length)] end))}' >"$work/comment.json"

find_comment
if [ -s "$work/id" ]; then
  request PATCH "$comments/comments/$(cat "$work/id")" --data-binary "@$work/comment.json"
else
  request POST "$comments/$PULL_REQUEST/comments" --data-binary "@$work/comment.json"
fi
jq --raw-output '.html_url // empty' "$work/response"
