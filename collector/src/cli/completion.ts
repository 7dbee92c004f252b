import type { KnownOptions } from './command-table.js'

type Words = Record<string, { summary: string; options: KnownOptions }>

/** The script for a shell; null for one that we don't know. */
export function writeCompletion(shell: string, commands: Words): string | null {
  const names = Object.keys(commands)
  const optionsOf = (name: string) => [...Object.keys(commands[name]?.options ?? {}), 'help'].map((option) => `--${option}`)
  switch (shell) {
    case 'bash':
      return `_groundtrack() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names.join(' ')} --help --version" -- "$word")); return; fi
  case "\${COMP_WORDS[1]}" in
${names.map((name) => `    ${name}) COMPREPLY=($(compgen -W "${optionsOf(name).join(' ')}" -- "$word")) ;;`).join('\n')}
  esac
}
complete -F _groundtrack groundtrack
`
    case 'zsh':
      return `#compdef groundtrack
_groundtrack() {
  if (( CURRENT == 2 )); then
    local -a commands=(${names.map((name) => `'${name}:${quote(commands[name]?.summary ?? '')}'`).join(' ')})
    _describe command commands
    return
  fi
  case "$words[2]" in
${names.map((name) => `    ${name}) compadd -- ${optionsOf(name).join(' ')} ;;`).join('\n')}
  esac
}
compdef _groundtrack groundtrack
`
    case 'fish':
      return [
        'complete -c groundtrack -f',
        ...names.map((name) => `complete -c groundtrack -n __fish_use_subcommand -a ${name} -d '${quote(commands[name]?.summary ?? '')}'`),
        ...names.flatMap((name) =>
          optionsOf(name).map((option) => `complete -c groundtrack -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
        ),
        '',
      ].join('\n')
    default:
      return null
  }
}

function quote(text: string): string {
  return text.replaceAll(/['\\:]/g, ' ')
}
