/** The shells that completions are for. */
export const shells = ["bash", "zsh", "fish"] as const

/** One of {@link shells}. */
export type Shell = (typeof shells)[number]

/** The word by which a shell's script asks for completions; it is in no help. */
export const completeWord = "__complete"

/** The line by which files are asked for: the shell knows how to complete those. */
export const filesLine = ":files"

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are variables of the shells
const bash = [
  '# Completions of anygpu for bash. In ~/.bashrc:  eval "$(anygpu completion bash)"',
  "_anygpu() {",
  "  local line word",
  "  COMPREPLY=()",
  "  while IFS= read -r line; do",
  "    case $line in",
  `      ${filesLine}) compopt -o default 2>/dev/null ;;`,
  "      *)",
  "        word=${line%%$'\\t'*}",
  // Inside of quotes that the user opened, a plain word is right as it is.
  `        if [[ $word == *[!A-Za-z0-9_@%+=:,./\\ -]* || ( $word == *' '* && \${COMP_WORDS[COMP_CWORD]} != [\\"\\']* ) ]]; then`,
  "          printf -v word '%q' \"$word\"",
  "        fi",
  '        COMPREPLY+=("$word") ;;',
  "    esac",
  `  done < <("\${COMP_WORDS[0]}" ${completeWord} bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)`,
  "}",
  "complete -F _anygpu anygpu"
]

const zsh = [
  "#compdef anygpu",
  '# Completions of anygpu for zsh. In ~/.zshrc, after compinit:  eval "$(anygpu completion zsh)"',
  "_anygpu() {",
  "  local line",
  "  local -a found",
  "  local -i files=0",
  "  while IFS= read -r line; do",
  "    case $line in",
  `      ${filesLine}) files=1 ;;`,
  "      *) found+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;",
  "    esac",
  `  done < <("\${(Q)words[1]}" ${completeWord} zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)`,
  "  if (( files )); then",
  "    [[ $PREFIX == -*=* ]] && compset -P '*='",
  "    _files",
  "    return",
  "  fi",
  "  _describe -V anygpu found",
  "}",
  'if [[ "${funcstack[1]}" == _anygpu ]]; then _anygpu "$@"; else compdef _anygpu anygpu; fi'
]

const fish = [
  "# Completions of anygpu for fish. In ~/.config/fish/config.fish:  anygpu completion fish | source",
  "function __anygpu_complete",
  "  set -l words (commandline -opc)",
  "  set -l current (commandline -ct)",
  "  set -l called $words[1]",
  "  set -e words[1]",
  `  for line in ($called ${completeWord} fish $words "$current" 2>/dev/null)`,
  "    switch $line",
  `      case '${filesLine}'`,
  "        __fish_complete_path (string replace -r -- '^-.*=' '' \"$current\")",
  "      case '*'",
  "        echo $line",
  "    end",
  "  end",
  "end",
  "complete -c anygpu -f -k -a '(__anygpu_complete)'"
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are variables of the shells

const scripts: Readonly<Record<Shell, ReadonlyArray<string>>> = { bash, zsh, fish }

/** What a shell reads once: it asks the command for every completion, so that a newer command needs no newer script. */
export const scriptFor = (shell: Shell): string => scripts[shell].join("\n")
