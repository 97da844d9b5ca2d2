# bash completion for flowship: `flowship __complete` knows what can come next.

_flowship() {
  local word candidate words=()
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    # bash splits `--name=value` into three words.
    if ((${#words[@]})) && [[ $word == = || ${words[-1]} == *= ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  word=${words[-1]-}
  while IFS=$'\t' read -r candidate _; do
    case $candidate in
      :files) mapfile -t COMPREPLY < <(compgen -f -- "${word##*=}") ;;
      :folders) mapfile -t COMPREPLY < <(compgen -d -- "${word##*=}") ;;
      # Within an open quote, what is quoted here would not be.
      *[\"\']*) ;;
      *) COMPREPLY+=("$(printf %q "${candidate#"${word%"${word##*=}"}"}")") ;;
    esac
    [[ $candidate != :* ]] || compopt -o filenames 2>/dev/null
  done < <("${COMP_WORDS[0]/#\~\//$HOME/}" __complete "${words[@]}" 2>/dev/null)
  [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
} &&
  complete -F _flowship flowship
