# shellcheck shell=bash
# Workflow commands, sourced by the action's scripts.

# A 128-bit delimiter that foreign text can't guess.
random_delimiter() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Escapes a command's value, so that nothing in it ends the line.
escaped() {
  local text=${1//'%'/'%25'}
  text=${text//$'\r'/'%0D'}
  printf '%s' "${text//$'\n'/'%0A'}"
}

# annotate KIND MESSAGE; the runner reads `##[` as a command anywhere in a line.
annotate() { printf '::%s title=flowship::%s\n' "$1" "$(escaped "${2//'##['/'## ['}")"; }

# output NAME VALUE: sets an output of the step; the value may contain anything.
output() {
  local delimiter
  delimiter=$(random_delimiter)
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"$GITHUB_OUTPUT"
}

# fail MESSAGE [EXIT-CODE]
fail() {
  annotate error "$1"
  exit "${2:-1}"
}

# need PROGRAM…: fails early if a program is missing.
need() {
  local program
  for program; do
    command -v "$program" >/dev/null || fail "the action needs $program, which is not installed on this runner"
  done
}
