# shellcheck shell=bash
# What the action's steps say to the runner. Sourced by them.

# 128 bits that text of others can't guess: what ends a value, or a bracket around text.
random_word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# The value of a command, in which nothing ends the line.
escaped() {
  local text=${1//'%'/'%25'}
  text=${text//$'\r'/'%0D'}
  printf '%s' "${text//$'\n'/'%0A'}"
}

# annotate KIND MESSAGE; `##[` is a command anywhere in a line.
annotate() { printf '::%s title=flowship::%s\n' "$1" "$(escaped "${2//'##['/'## ['}")"; }

# output NAME VALUE: one of the step's outputs, whatever the value holds.
output() {
  local word
  word=$(random_word)
  printf '%s<<%s\n%s\n%s\n' "$1" "$word" "$2" "$word" >>"$GITHUB_OUTPUT"
}

# fail MESSAGE [EXIT-CODE]
fail() {
  annotate error "$1"
  exit "${2:-1}"
}

# need PROGRAM…: says what is missing, before anything is done.
need() {
  local program
  for program; do
    command -v "$program" >/dev/null || fail "the action needs $program, which is not installed on this runner"
  done
}
