import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refusalCodes } from '@status-stack/account-rpc'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const source = (path: string): string => read(`apps/cli/src/${path}`)
const files = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name))
const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)
const sortedSet = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()

describe('the refusals of the daemon', () => {
  test('every code that a method can throw is among them', () => {
    const folder = 'packages/account-rpc/src'
    const thrownCodes = sortedSet(
      files(folder).flatMap(path => matches(read(path), /new AccountError\(\s*'([a-z0-9-]+)'/g))
    )
    expect(thrownCodes).toContain('mailserver-refused')
    // Of the connection, or of a name that a person typed: not of a method.
    const ofOthers = ['disconnected', 'no-notifications', 'unknown-name', 'several-names', 'group-id']
    expect(thrownCodes.filter(code => !ofOthers.includes(code) && !refusalCodes.some(known => known === code))).toEqual(
      []
    )
  })

  test('every code of the client is among them, but for those of opening it', () => {
    const union =
      /export type ClientErrorCode =([\s\S]*?)\n\n/.exec(read('packages/status-client/src/errors.ts'))?.[1] ?? ''
    const all = matches(union, /'([a-z-]+)'/g)
    // Thrown before there is a daemon, or by what the daemon does not do for others.
    const opening = /^(account-in-use|wrong-storage-key|store-newer|store-corrupt|backup-invalid)$/
    expect(all.length).toBeGreaterThan(15)
    expect(all.filter(code => !opening.test(code) && !refusalCodes.some(known => known === code))).toEqual([])
  })
})

describe('docs/json-output.md', () => {
  const documented = sortedSet(
    read('apps/cli/docs/json-output.md')
      .split('\n')
      .filter(line => line.startsWith('### '))
      .flatMap(line => matches(line, /`([a-z-]+)`/g))
  )
  const printed = sortedSet(
    // The processes of the demo speak among themselves; nothing of that is printed.
    ['apps/cli', 'packages/account-rpc', 'packages/relay-node', 'packages/terminal-chat']
      .flatMap(folder => files(`${folder}/src`))
      .filter(path => !path.includes('/demo/participant') && !path.includes('/demo/protocol'))
      .flatMap(path => {
        const text = read(path)
        return [
          ...matches(text, /\bevent: '([a-z-]+)'/g),
          // A sentence that is its own fact in the messenger.
          ...matches(text, /\bdone\([^)]*, '([a-z-]+)'\)/g)
        ]
      })
  )

  test('has every event that is printed', () => {
    // `line` is text for people alone, and `done` has no other fact than its sentence.
    const undocumented = printed.filter(name => !documented.includes(name) && !['line'].includes(name))
    expect(undocumented).toEqual([])
  })

  test('has no event that is not printed', () => {
    // Made of names that stand elsewhere: kinds of changes, records of vector files.
    const computed = ['reacted', 'edited', 'deleted', 'case', 'summary', 'reaction']
    expect(documented.filter(name => !printed.includes(name) && !computed.includes(name))).toEqual([])
  })
})

describe('exit codes', () => {
  test('stand in the README of the program, and those of the operations guide mean the same', () => {
    const readme = matches(read('apps/cli/README.md'), /^\| (\d+) \| [^|]+ \|$/gm).map(Number)
    const inCode = matches(source('exit-codes.ts'), /^ {2}[a-z]+: (\d+)/gm).map(Number)
    expect(readme).toEqual(inCode)
    const guide = /Codes: (.*?)\. A unit/s.exec(read('docs/operations.md'))?.[1] ?? ''
    for (const code of matches(guide, /(?:^|, )(\d+) /g)) expect(inCode).toContain(Number(code))
  })
})
