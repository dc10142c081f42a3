import type { Command } from 'commander'
import { type CommandNode, commandTree, type Flag } from '../command-tree.ts'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'

export async function completion(program: Command, [shell = '']: readonly string[], output: Output): Promise<void> {
  const make = generators[shell]
  if (make === undefined) throw new CliError('usage', 'shell', `no completion for ${shell}`, 'choose bash, zsh or fish')
  const script = make(program.name(), commandTree(program))
  output.verbatim({ event: 'script', shell, script }, script)
}

const generators: Readonly<Record<string, (name: string, nodes: readonly CommandNode[]) => string>> = {
  bash,
  zsh,
  fish
}

const functionName = (name: string): string => name.replaceAll('-', '_')

/** The words of the command line so far without flags choose a node; its children and flags are the candidates. */
function bash(name: string, nodes: readonly CommandNode[]): string {
  const cases = nodes.map(node => {
    const words = [
      ...node.children,
      ...node.positions.flatMap(({ choices }) => choices),
      ...node.flags.map(flag => flag.name)
    ]
    const files = node.positions.some(({ name }) => takesFiles(name)) ? ' files=1' : ''
    return `    ${JSON.stringify(node.path.join(' '))}) words=${JSON.stringify(words.join(' '))}${files} ;;`
  })
  // What stands behind a flag that takes a value: its choices, files, folders, or nothing that could be known.
  const values = nodes.flatMap(node =>
    node.flags
      .filter(flag => flag.takesValue)
      .map(flag => `    ${JSON.stringify(`${node.path.join(' ')} ${flag.name}`)}) ${bashValue(flag)}; return ;;`)
  )
  return `# bash completion of ${name}
_${functionName(name)}() {
  local word path="" words="" files="" i current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$path $word" in
${nodes
  .filter(node => node.path.length > 0)
  .map(
    node =>
      `      ${JSON.stringify(`${node.path.slice(0, -1).join(' ')} ${node.path.at(-1)}`)}) path=${JSON.stringify(node.path.join(' '))} ;;`
  )
  .join('\n')}
    esac
  done
  case "$path $previous" in
${values.join('\n')}
  esac
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files && $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _${functionName(name)} ${name}`
}

const takesFiles = (text: string): boolean => /\b(file|files|path|paths)\b/.test(text)

function bashValue({ usage, choices }: Flag): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W ${JSON.stringify(choices.join(' '))} -- "$current"))`
  if (/<folder>/.test(usage)) return 'COMPREPLY=($(compgen -d -- "$current"))'
  return takesFiles(usage) ? 'COMPREPLY=($(compgen -f -- "$current"))' : 'COMPREPLY=()'
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function zsh(name: string, nodes: readonly CommandNode[]): string {
  const escaped = (text: string): string => text.replaceAll(/([[\]:\\])/g, '\\$1')
  const bodies = nodes.map(node => {
    const flags = node.flags.map(flag =>
      quote(
        `*${flag.name}[${escaped(flag.description)}]${flag.takesValue ? `:value:${zshValue(flag.usage, flag.choices)}` : ''}`
      )
    )
    const children = node.children.map(child => {
      const target = nodes.find(other => other.path.join(' ') === [...node.path, child].join(' '))
      return quote(`${child}:${escaped(target?.description ?? '')}`)
    })
    const label = functionName(['', name, ...node.path].join('_'))
    if (children.length === 0) {
      const positions = node.positions.map(({ name, choices }, at) =>
        quote(`${at + 1}:${name}:${zshValue(`<${name}>`, choices)}`)
      )
      return `${label}() { _arguments ${[...flags, ...positions].join(' ')} }`
    }
    return `${label}() {
  local state
  _arguments -C ${flags.join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) local commands=(${children.join(' ')}); _describe command commands ;;
    argument) case $words[1] in
${node.children.map(child => `      ${child}) ${functionName(['', name, ...node.path, child].join('_'))} ;;`).join('\n')}
    esac ;;
  esac
}`
  })
  return `#compdef ${name}\n${bodies.join('\n')}\ncompdef ${functionName(`_${name}`)} ${name}`
}

function zshValue(usage: string, choices: readonly string[]): string {
  if (choices.length > 0) return `(${choices.join(' ')})`
  if (/<folder>/.test(usage)) return '_files -/'
  return takesFiles(usage) ? '_files' : ' '
}

function fish(name: string, nodes: readonly CommandNode[]): string {
  const lines = nodes.flatMap(node => {
    const condition =
      node.path.length === 0
        ? '__fish_use_subcommand'
        : node.path.map(word => `__fish_seen_subcommand_from ${word}`).join('; and ')
    const children = node.children.map(child => {
      const target = nodes.find(other => other.path.join(' ') === [...node.path, child].join(' '))
      const unseen =
        node.path.length === 0
          ? condition
          : `${condition}; and not __fish_seen_subcommand_from ${node.children.join(' ')}`
      return `complete -c ${name} -f -n ${quote(unseen)} -a ${child} -d ${quote(target?.description ?? '')}`
    })
    const flags = node.flags.map(
      flag =>
        `complete -c ${name} -n ${quote(condition)} -l ${flag.name.slice(2)} -d ${quote(flag.description)}${flag.takesValue ? ' -r' : ''}${flag.choices.length > 0 ? ` -f -a ${quote(flag.choices.join(' '))}` : ''}`
    )
    const positions = node.positions
      .filter(({ choices }) => choices.length > 0)
      .map(({ choices }) => `complete -c ${name} -f -n ${quote(condition)} -a ${quote(choices.join(' '))}`)
    return [...children, ...positions, ...flags]
  })
  return [`# fish completion of ${name}`, ...lines].join('\n')
}
