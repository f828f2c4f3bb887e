/** Each asks `guise complete` for lines "value TAB description"; the line ":files" stands for paths of this machine. */
const BASH = `# bash completion for guise
_guise() {
  local line files=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then files=1; else COMPREPLY+=("\${line%%$'\\t'*}"); fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ -n "$files" ]; then compopt -o default 2>/dev/null; fi
}
complete -F _guise guise
`;

const ZSH = `#compdef guise
_guise() {
  local line files=
  local -a found
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then files=1
    elif [[ -n $line ]]; then found+=("\${\${line%%$'\\t'*}//:/\\:}:\${line#*$'\\t'}"); fi
  done
  if (( $#found )); then _describe -t guise guise found; fi
  if [[ -n $files ]]; then _files; fi
}
compdef _guise guise
`;

const FISH = `# fish completion for guise
function __guise_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  for line in ($words[1] complete -- $words[2..] "$typed" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$typed"
    else
      echo $line
    end
  end
end
complete -c guise -f -a '(__guise_complete)'
`;

/** By the name of the shell. */
export const SHELL_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
