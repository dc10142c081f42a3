import { type CommandNode, commandTree } from '@status-stack/command-line'
import { createProgram } from '../../../src/program.ts'

/** One line of a command's help, as people read it. */
export interface Example {
  /** The commands whose help shows it. */
  readonly shownBy: readonly string[]
  readonly line: string
}

export const nodes: readonly CommandNode[] = commandTree(createProgram())

/** Every example of every help text, each line once. */
export function allExamples(): readonly Example[] {
  const lines = new Map<string, string[]>()
  for (const node of nodes) {
    for (const text of node.examples.split('\n').filter(one => one.trim() !== '')) {
      const line = text.trim().split(/ {3,}/)[0] ?? ''
      lines.set(line, [...(lines.get(line) ?? []), node.path.join(' ')])
    }
  }
  return [...lines].map(([line, shownBy]) => ({ line, shownBy }))
}

/** The command that a line runs, by the tree: `group list` for `status-stack group`, too. */
export function commandOf(line: string): string {
  const words = line
    .split(' ')
    .filter(word => word !== '--json')
    .slice(1)
  let path: readonly string[] = []
  for (const word of words) {
    const next = nodes.find(node => node.path.join(' ') === [...path, word].join(' '))
    if (next === undefined) break
    path = next.path
  }
  const node = nodes.find(one => one.path.join(' ') === path.join(' '))
  const first = node !== undefined && node.children.length > 0 ? node.children[0] : undefined
  return [...path, ...(first === undefined ? [] : [first])].join(' ')
}
