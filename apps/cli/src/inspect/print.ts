import type { View } from '@status-stack/account-rpc/words'
import type { Blob, Inspection, Node } from '@status-stack/inspector'
import { type JsonEvent, printable } from '../output.ts'

function line(node: Node): string {
  const range = `[${node.start}, ${node.end})`
  const value = node.value === undefined ? '' : ` ${printable(node.value)}`
  const meaning = node.meaning === undefined ? '' : `  — ${printable(node.meaning)}`
  const refusal =
    node.refusal === undefined ? '' : `  ✗ ${printable(node.refusal.code)}: ${printable(node.refusal.message)}`
  const name = node.layer === undefined || node.layer === node.name ? node.name : `${node.layer}: ${node.name}`
  return `${printable(name)} ${range}${value}${meaning}${refusal}`
}

function treeLines(node: Node, indent: string, lines: string[]): void {
  const children = node.children ?? []
  for (const [index, child] of children.entries()) {
    const last = index === children.length - 1
    lines.push(`${indent}${last ? '└─ ' : '├─ '}${line(child)}`)
    treeLines(child, `${indent}${last ? '   ' : '│  '}`, lines)
  }
}

/** One blob as a view: an object with the whole tree, or the tree as lines. */
export function inspectionView(index: number, { source }: Blob, inspection: Inspection): View {
  const { length, kind, layers, innermost, refusals, tree } = inspection
  const event: JsonEvent = { event: 'inspection', index, source, length, kind, layers, innermost, refusals, tree }
  const lines = [`#${index} ${printable(source)}, ${length} bytes: ${kind}`, line(tree)]
  treeLines(tree, '', lines)
  const end =
    innermost.length > 0
      ? `reached ${innermost.join(', ')} through ${layers.join(' › ')}`
      : `not read to the end: ${refusals.map(({ code }) => code).join(', ') || 'nothing inside'}`
  return { event, text: [...lines, `= ${end}`, ''].join('\n') }
}
