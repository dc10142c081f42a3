import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectionMethods } from '../../src/daemon/account-rpc.ts'
import { eventNames } from '../../src/daemon/event-names.ts'
import { accountMethods } from '../../src/daemon/methods/index.ts'

const docs = readFileSync(new URL('../../../../docs/daemon.md', import.meta.url), 'utf8')

/** The rows of the tables below a heading, cell by cell. */
function rows(heading: string): readonly (readonly string[])[] {
  const start = docs.indexOf(`\n## ${heading}\n`)
  const section = docs.slice(start, docs.indexOf('\n## ', start + 5))
  return section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split(/(?<!\\)\|/).map(cell => cell.trim()))
}

const words = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')

test('docs/daemon.md has every method with its parameters, and no other', () => {
  const documented = Object.fromEntries(rows('Methods').map(([, name, params]) => [words(name)[0], words(params)]))
  const methods = Object.entries(accountMethods).map(([name, { params }]) => [name, params])
  expect(documented).toEqual(Object.fromEntries([...methods, ...Object.entries(connectionMethods)]))
})

test('docs/daemon.md has every event, and no other', () => {
  expect(rows('Events').map(([, name]) => words(name)[0])).toEqual([...eventNames])
})

test('docs/daemon.md has the numbers of every error', () => {
  expect(rows('Errors').flatMap(([, name]) => words(name))).toEqual(['-32700', '-32600', '-32601', '-32602', '-32000'])
})
