#!/bin/bash
# Tells the result in a comment of the pull request: one an environment, known by a hidden mark, and replaced in place.
set -euo pipefail
# shellcheck source=.github/action/workflow.sh disable=SC1091
. "$(dirname "$0")/workflow.sh"
need curl jq

mark="<!-- flowship: ${ENVIRONMENT:-default} -->"
comments=${GITHUB_API_URL:?}/repos/${GITHUB_REPOSITORY:?}/issues
work=$(mktemp -d "${RUNNER_TEMP:?}/flowship-comment.XXXXXX")

# ask METHOD URL [CURL-OPTION…]: the answer is in $work/answer. The token is in no argument.
ask() {
  local status
  status=$(curl --silent --show-error --max-time 60 --request "$1" --output "$work/answer" --write-out '%{http_code}' \
    --header 'Accept: application/vnd.github+json' --config - "${@:3}" "$2" \
    <<<"header = \"Authorization: Bearer $TOKEN\"") || fail "$1 $2 got no answer"
  case $status in
    2*) ;;
    401 | 403 | 404)
      # A pull request from a fork has a token that may only read.
      annotate warning "the token may not comment here ($status); the workflow needs pull-requests: write"
      exit 0
      ;;
    *) fail "$1 $2 was answered $status" ;;
  esac
}

# fit LIMIT: standard input, cut to so many characters. That it was cut stands first, where no open code block or
# folded section hides it.
fit() {
  jq --raw-input --raw-output --slurp --join-output --argjson limit "$1" '
    "**This is cut: it has \(length) characters, and \($limit) can be shown here.**\n\n" as $note |
    if length <= $limit then . else $note + .[:$limit - ($note | length)] end'
}

# The id of the comment with the mark; nothing when there is none. One that a person wrote is not ours to replace.
find_comment() {
  local page=1
  while ask GET "$comments/$PULL_REQUEST/comments?per_page=100&page=$page" --retry 3; do
    jq --raw-output --arg mark "$mark" \
      'map(select((.body // "" | startswith($mark)) and (.user.type // "Bot") == "Bot")) | first.id // empty' \
      "$work/answer" >"$work/id"
    if [ -s "$work/id" ] || [ "$(jq length "$work/answer")" -lt 100 ]; then return; fi
    page=$((page + 1))
  done
}

# GitHub takes 65,536 characters. A cut text says so below the mark.
{ fit $((65536 - ${#mark} - 1)) <"$COMMENT_FILE"; } |
  jq --raw-input --slurp --arg mark "$mark" '{body: ($mark + "\n" + .)}' >"$work/comment.json"

find_comment
if [ -s "$work/id" ]; then
  ask PATCH "$comments/comments/$(cat "$work/id")" --data-binary "@$work/comment.json"
else
  ask POST "$comments/$PULL_REQUEST/comments" --data-binary "@$work/comment.json"
fi
jq --raw-output '.html_url // empty' "$work/answer"
