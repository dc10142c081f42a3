import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commandTree } from '../../src/command-tree.ts'
import { exitCodes } from '../../src/exit-codes.ts'
import { manPage } from '../../src/man-page.ts'
import { createProgram } from '../../src/program.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const nodes = commandTree(createProgram())

test('the table of exit codes in the README is that of the program', () => {
  const rows = [...read('README.md').matchAll(/^\| (\d+) \| ([^|]+) \|$/gm)].map(([, code]) => Number(code))
  expect(rows).toEqual(Object.values(exitCodes))
})

test('the man pages name every exit code', () => {
  const status = manPage(nodes[0] as never, nodes, 'status-stack', '1').split('.SH EXIT STATUS\n')[1] ?? ''
  const named = [...status.matchAll(/(?:^|, )(\d+) \S/g)].map(([, code]) => Number(code))
  expect(named).toEqual(Object.values(exitCodes))
})

test('the README links the description of the JSON output', () => {
  expect(read('README.md')).toContain('(docs/json-output.md)')
  const { files } = JSON.parse(read('package.json')) as { files: string[] }
  expect(files).toContain('docs')
})

test('the README names every command', () => {
  const commands = read('README.md').split('## Commands')[1]?.split('\n## ')[0] ?? ''
  for (const { path } of nodes.filter(node => node.path.length === 1)) {
    expect(commands, path[0]).toMatch(new RegExp(`\`[^\`]*\\b${path[0]}\\b`))
  }
})

describe('man pages', () => {
  test('the package lists the page of every command', () => {
    const { man } = JSON.parse(read('package.json')) as { man: string[] }
    const pages = nodes.map(({ path }) => `./dist/man/${['status-stack', ...path].join('-')}.1`)
    expect([...man].sort()).toEqual([...pages].sort())
    for (const page of man) expect(existsSync(new URL(`../../${page}`, import.meta.url)), page).toBe(true)
  })

  test.each(nodes.map(node => [node.path.join(' ') || 'the program', node] as const))(
    '%s: usage, flags, examples',
    (_, node) => {
      const page = manPage(node, nodes, 'status-stack', '1')
      const plain = page.replaceAll('\\-', '-').replaceAll('\\e', '\\').replaceAll('\\&', '')
      expect(plain).toContain(node.usage)
      for (const { usage, description } of node.flags) expect(plain).toContain(`.B ${usage}\n${description}`)
      for (const child of node.children) expect(plain).toContain(`.B ${[...node.path, child].join(' ')}\n`)
      expect(page).toContain('.SH EXAMPLES')
      expect(plain).toContain(node.examples)
    }
  )
})
