# The newest version of CHANGELOG.md as Debian's changelog, in lines of 80 columns at most.
#
#   awk -v package=NAME -v maintainer='NAME <ADDRESS>' -v time=RFC-2822 -f changelog.awk CHANGELOG.md

function put(word) {
  if (length(line) + 1 + length(word) > 80) {
    print line
    line = "   "
  }
  line = line " " word
}
function end_item() {
  if (line != "") print line
  line = ""
}

/^## / {
  if (versions++) exit
  printf "%s (%s) unstable; urgency=medium\n\n", package, $2
  next
}
versions && NF {
  first = 1
  if (/^- /) {
    end_item()
    line = "  *"
    first = 2
  }
  for (at = first; at <= NF; at++) put($at)
}
END {
  end_item()
  printf "\n -- %s  %s\n", maintainer, time
}
