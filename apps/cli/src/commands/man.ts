import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandTree } from '@status-stack/command-line'
import { manPage } from '@status-stack/command-line/man'
import { makeFolder } from '@status-stack/profiles/files'
import { type Context, defineCommand } from '../command.ts'
import { flag } from '../flags.ts'
import { configManPage, configPage, manProgram } from '../man-page.ts'

/** Writes a man page per command; the build runs it. */
export const man = defineCommand({
  name: 'man',
  summary: '',
  hidden: true,
  flags: [flag('--out <folder>', 'where the pages go', { required: true })],
  run: async ({ options: { out }, output, program }: Context<{ readonly out: string }>) => {
    await makeFolder(out, 0o777)
    const nodes = commandTree(program)
    for (const node of nodes) {
      const file = join(out, `${[program.name(), ...node.path].join('-')}.1`)
      await writeFile(file, manPage(node, nodes, manProgram()))
      output.data({ event: 'written', file }, file)
    }
    const file = join(out, `${configPage}.5`)
    await writeFile(file, configManPage())
    output.data({ event: 'written', file }, file)
  }
})
