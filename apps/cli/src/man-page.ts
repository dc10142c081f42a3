import type { CommandNode } from './command-tree.ts'

/** roff gives a meaning to backslashes, to hyphens and to dots and quotes that begin a line. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map(line => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n')
}

/** The man page of one command, section 1. `nodes` are all commands: the program's own page lists them. */
export function manPage(
  node: CommandNode,
  nodes: readonly CommandNode[],
  programName: string,
  version: string
): string {
  const title = [programName, ...node.path].join('-')
  const lines = [
    `.TH ${roff(title.toUpperCase())} 1 "" "${programName} ${version}" "User Commands"`,
    '.SH NAME',
    `${roff(title)} \\- ${roff(node.description)}`,
    '.SH SYNOPSIS',
    `.B ${roff(node.usage)}`,
    '.SH OPTIONS',
    ...node.flags.flatMap(flag => ['.TP', `.B ${roff(flag.usage)}`, roff(flag.description)])
  ]
  const below = nodes.filter(
    other => other.path.length === node.path.length + 1 && node.path.every((word, i) => other.path[i] === word)
  )
  if (below.length > 0) {
    lines.push(
      '.SH COMMANDS',
      ...below.flatMap(child => ['.TP', `.B ${roff(child.path.join(' '))}`, roff(child.description)])
    )
  }
  if (node.examples !== '') lines.push('.SH EXAMPLES', '.nf', roff(node.examples), '.fi')
  lines.push(
    '.SH EXIT STATUS',
    '0 done, 1 failed, 2 wrong arguments, 3 password, 4 no peer, 5 profile in use, 6 profile missing or damaged, 7 not acknowledged in time, 8 disk full, 130 interrupted.'
  )
  return `${lines.join('\n')}\n`
}
