#compdef flowship
# zsh completion for flowship: `flowship __complete` knows what can come next.

_flowship() {
  local line
  local -a candidates
  for line in ${(f)"$(${~words[1]} __complete ${(@Q)words[2,CURRENT-1]} "${(Q)PREFIX}" 2>/dev/null)"}; do
    case $line in
      :files) compset -P '*='; _files ;;
      :folders) compset -P '*='; _files -/ ;;
      *$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) candidates+=("${line//:/\\:}") ;;
    esac
  done
  if [[ ${candidates[1]-} == *=(|:*) ]]; then
    _describe -t values flowship candidates -S ''
  elif (($#candidates)); then
    _describe -t values flowship candidates
  fi
}

# Autoloaded, this file is the body of the function; sourced, it has to be registered.
if [[ $funcstack[1] == _flowship ]]; then
  _flowship "$@"
else
  compdef _flowship flowship
fi
