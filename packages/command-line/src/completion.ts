import type { CommandNode, Flag } from './tree.ts'

/**
 * What makes the script of each shell, of the program's name and its tree.
 *
 * A value whose kind only the running program knows is asked for while the person types: the script runs
 * `NAME complete-words KIND TYPED -- LINE`, and reads a word, a tab and what it is from each line.
 */
export const generators: Readonly<Record<string, (name: string, nodes: readonly CommandNode[]) => string>> = {
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
    const kinds = kindsOf(node)
    const known = kinds.length === 0 ? '' : ` kinds=${JSON.stringify(kinds.join(' '))}`
    return `    ${JSON.stringify(node.path.join(' '))}) words=${JSON.stringify(words.join(' '))}${files}${known} ;;`
  })
  // What stands behind a flag that takes a value: its choices, files, folders, or nothing that could be known.
  const values = nodes.flatMap(node =>
    node.flags
      .filter(flag => flag.takesValue)
      .map(flag => `    ${JSON.stringify(`${node.path.join(' ')} ${flag.name}`)}) ${bashValue(name, flag)}; return ;;`)
  )
  const known = `_${functionName(name)}_known`
  return `# bash completion of ${name}
${known}() {
  local row typed=\${2//\\\\/}
  typed=\${typed//\\"/}
  typed=\${typed//\\'/}
  while IFS=$'\\t' read -r row _; do
    COMPREPLY+=("$row")
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" complete-words "$1" "$typed" -- "\${COMP_WORDS[@]}" 2>/dev/null)
}
_${functionName(name)}() {
  local word path="" words="" files="" kinds="" kind i current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
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
  COMPREPLY=()
  if [[ $current != -* ]]; then for kind in $kinds; do ${known} "$kind" "$current"; done; fi
  if ((\${#COMPREPLY[@]} == 0)); then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
  if [[ -n $files && $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _${functionName(name)} ${name}`
}

const takesFiles = (text: string): boolean => /\b(file|files|path|paths)\b/.test(text)

/** What only a running program can know of the arguments of a command. */
const kindsOf = ({ positions }: CommandNode): readonly string[] => [
  ...new Set(positions.flatMap(({ words }) => words ?? []))
]

function bashValue(name: string, { usage, choices, words }: Flag): string {
  if (words !== undefined) return `COMPREPLY=(); _${functionName(name)}_known ${words} "$current"`
  if (choices.length > 0) return `COMPREPLY=($(compgen -W ${JSON.stringify(choices.join(' '))} -- "$current"))`
  if (/<folder>/.test(usage)) return 'COMPREPLY=($(compgen -d -- "$current"))'
  return takesFiles(usage) ? 'COMPREPLY=($(compgen -f -- "$current"))' : 'COMPREPLY=()'
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function zsh(name: string, nodes: readonly CommandNode[]): string {
  const escaped = (text: string): string => text.replaceAll(/([[\]:\\])/g, '\\$1')
  // Functions that are called see it: `words` is cut to what stands behind the subcommand.
  const lineOf = functionName(`${name}_line`)
  const bodies = nodes.map(node => {
    const flags = node.flags.map(flag =>
      quote(`*${flag.name}[${escaped(flag.description)}]${flag.takesValue ? `:value:${zshValue(name, flag)}` : ''}`)
    )
    const children = node.children.map(child => {
      const target = nodes.find(other => other.path.join(' ') === [...node.path, child].join(' '))
      return quote(`${child}:${escaped(target?.description ?? '')}`)
    })
    const label = functionName(['', name, ...node.path].join('_'))
    if (children.length === 0) {
      const positions = node.positions.map((position, at) => {
        const place = position.many ? '*' : at + 1
        return quote(`${place}:${position.name}:${zshValue(name, { ...position, usage: `<${position.name}>` })}`)
      })
      return `${label}() { _arguments ${[...flags, ...positions].join(' ')} }`
    }
    return `${label}() {
  local curcontext="$curcontext" state line${node.path.length === 0 ? `\n  local -a ${lineOf}=("\${words[@]}")` : ''}
  _arguments -C ${flags.join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) local commands=(${children.join(' ')}); _describe command commands ;;
    argument) case $words[1] in
${node.children.map(child => `      ${child}) ${functionName(['', name, ...node.path, child].join('_'))} ;;`).join('\n')}
    esac ;;
  esac
}`
  })
  const main = functionName(`_${name}`)
  // As an autoloaded file this is the body of a function, called for the first Tab of a shell: that Tab wants its answer too.
  return `#compdef ${name}
${main}_known() {
  local -a values shown
  local row program=\${~${lineOf}[1]}
  for row in "\${(@f)$($program complete-words $1 "\${(Q)PREFIX}" -- "\${(@Q)${lineOf}}" 2>/dev/null)}"; do
    [[ -n $row ]] || continue
    values+=("\${row%%$'\\t'*}") shown+=("\${row/$'\\t'/  }")
  done
  (( $#values )) && compadd -U -l -d shown -a values
}
${bodies.join('\n')}
case $funcstack[1] in
  _${name}|${main}) ${main} "$@" ;;
  *) compdef ${main} ${name} ;;
esac`
}

function zshValue(name: string, { usage, choices, words }: Pick<Flag, 'usage' | 'choices' | 'words'>): string {
  // With a blank in front it is called as it stands: what it adds it matches itself.
  if (words !== undefined) return ` ${functionName(`_${name}`)}_known ${words}`
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
        `complete -c ${name} -n ${quote(condition)} -l ${flag.name.slice(2)} -d ${quote(flag.description)}${flag.takesValue ? ' -r' : ''}${fishValue(name, flag)}`
    )
    const positions = node.positions
      .filter(position => fishValue(name, position) !== '')
      .map(position => `complete -c ${name} -n ${quote(condition)}${fishValue(name, position)}`)
    return [...children, ...positions, ...flags]
  })
  const known = `function __${functionName(name)}_known
  set -l line (commandline -opc)
  set -l typed (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -ra '[\\\\\\\\"\\']' '')
  $line[1] complete-words $argv[1] "$typed" -- $line 2>/dev/null
end`
  return [`# fish completion of ${name}`, known, ...lines].join('\n')
}

function fishValue(name: string, { choices, words }: Pick<Flag, 'choices' | 'words'>): string {
  if (words !== undefined) return ` -f -a ${quote(`(__${functionName(name)}_known ${words})`)}`
  return choices.length > 0 ? ` -f -a ${quote(choices.join(' '))}` : ''
}
