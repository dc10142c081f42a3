import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { commandTree } from '../command-tree.ts'
import { manPage } from '../man-page.ts'
import type { Output } from '../output.ts'
import { version } from '../version.ts'

export interface ManOptions {
  readonly out: string
}

/** Writes a man page per command; the build runs it. */
export async function man(program: Command, options: ManOptions, output: Output): Promise<void> {
  await mkdir(options.out, { recursive: true })
  const nodes = commandTree(program)
  for (const node of nodes) {
    const file = join(options.out, `${[program.name(), ...node.path].join('-')}.1`)
    await writeFile(file, manPage(node, nodes, program.name(), version()))
    output.data({ event: 'written', file }, file)
  }
}
