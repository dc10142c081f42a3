import { existsSync, readFileSync } from 'node:fs'
import { commandTree } from '@status-stack/command-line'
import { manPage } from '@status-stack/command-line/man'
import type { SettingKind, SettingValue } from '@status-stack/command-line/settings'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../src/exit-codes.ts'
import { configManPage, manProgram } from '../../src/man-page.ts'
import { createProgram } from '../../src/program.ts'
import { settingKinds } from '../../src/setting-kinds.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const nodes = commandTree(createProgram())

test('the table of exit codes in the README is that of the program', () => {
  const rows = [...read('README.md').matchAll(/^\| (\d+) \| ([^|]+) \|$/gm)].map(([, code]) => Number(code))
  expect(rows).toEqual(Object.values(exitCodes))
})

test('the man pages name every exit code', () => {
  const status =
    manPage(nodes[0] as never, nodes, manProgram())
      .split('.SH EXIT STATUS\n')[1]
      ?.split('\n.SH ')[0] ?? ''
  const named = [...status.matchAll(/(?:^|, )(\d+) \S/g)].map(([, code]) => Number(code))
  expect(named).toEqual(Object.values(exitCodes))
})

test('the README links the description of the JSON output', () => {
  expect(read('README.md')).toContain('/apps/cli/docs/json-output.md)')
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
  const pageOf = (...path: string[]): string => {
    const node = nodes.find(one => one.path.join(' ') === path.join(' '))
    if (node === undefined) throw new Error(`no command ${path.join(' ')}`)
    return manPage(node, nodes, manProgram()).replaceAll('\\-', '-')
  }

  test('name the variables of their flags, the files, and the pages beside them', () => {
    for (const { variable } of Object.values(settingKinds)) expect(pageOf()).toContain(`.B ${variable}\n`)
    const send = pageOf('send')
    for (const name of ['PEERS', 'MAILSERVERS', 'TIMEOUT', 'PFS', 'PRIVACY', 'CONFIG', 'PASSWORD'])
      expect(send).toContain(`.B STATUS_STACK_${name}\n`)
    expect(send).not.toContain('STATUS_STACK_NODE_LISTEN')
    expect(pageOf('node')).toContain('.B STATUS_STACK_NODE_LISTEN\n')
    expect(pageOf('node')).not.toContain('.B STATUS_STACK_LISTEN\n')
    expect(send).toContain('One of: posted, confirmed, acknowledged.\nDefault: posted.')
    expect(send).toContain('config.toml')
    expect(pageOf('chats', 'clear')).toMatch(
      /\.SH SEE ALSO\n\.BR status-stack \(1\) ,\n\.BR status-stack-chats \(1\) ,\n\.BR status-stack-config \(5\)\n/
    )
    expect(pageOf('chats')).toContain('.BR status-stack-chats-clear (1)')
  })

  test('the page of the settings file has each setting with its flag, its variable and its default', () => {
    const page = configManPage().replaceAll('\\-', '-')
    for (const { key, flag, variable, help } of Object.values<SettingKind<SettingValue>>(settingKinds)) {
      expect(page).toContain(`.TP\n.B ${key}\n${help}.\n`)
      expect(page).toContain(flag === undefined ? `Variable ${variable}.` : `Flag ${flag}, variable ${variable}.`)
    }
    expect(page).toMatch(/\.B retention\n.*\nExpects a number of days, 0 or more\. Default: 30\./)
  })

  test('the package lists the page of every command', () => {
    const { man } = JSON.parse(read('package.json')) as { man: string[] }
    const pages = nodes.map(({ path }) => `./dist/man/${['status-stack', ...path].join('-')}.1`)
    expect([...man].sort()).toEqual([...pages, './dist/man/status-stack-config.5'].sort())
    for (const page of man) expect(existsSync(new URL(`../../${page}`, import.meta.url)), page).toBe(true)
  })

  test.each(nodes.map(node => [node.path.join(' ') || 'the program', node] as const))(
    '%s: usage, flags, examples',
    (_, node) => {
      const page = manPage(node, nodes, manProgram())
      const plain = page.replaceAll('\\-', '-').replaceAll('\\e', '\\').replaceAll('\\&', '')
      expect(plain).toContain(node.usage)
      for (const { usage, description } of node.flags) expect(plain).toContain(`.B ${usage}\n${description}`)
      for (const child of node.children) expect(plain).toContain(`.B ${[...node.path, child].join(' ')}\n`)
      expect(page).toContain('.SH EXAMPLES')
      expect(plain).toContain(node.examples)
      for (const { choices, fallback } of node.flags) {
        if (choices.length > 0) expect(plain).toContain(`One of: ${choices.join(', ')}.`)
        if (fallback !== undefined) expect(plain).toContain(`Default: ${fallback}.`)
      }
      const sections = page.split(/^\.SH /m).map(section => section.split('\n')[0])
      expect(sections.slice(-4)).toEqual(['EXIT STATUS', 'ENVIRONMENT', 'FILES', 'SEE ALSO'])
      expect(sections.includes('ARGUMENTS')).toBe(node.positions.length > 0)
      for (const { name, description } of node.positions) expect(plain).toContain(`.I ${name}\n${description}`)
    }
  )
})
