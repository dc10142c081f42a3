import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { refusalCodes } from '../../src/index.ts'
import { connectionMethods, eventTable, limits, methodLines, methods, methodTable } from '../../src/methods.ts'

const page = new URL('../../../../docs/daemon.md', import.meta.url)
const docs = readFileSync(page, 'utf8')
const all = { ...methods, ...connectionMethods }

/** The page with its tables as the code has them. */
function generated(text: string): string {
  const put = (name: string, table: string): ((page: string) => string) => {
    const place = new RegExp(`(<!-- ${name}: made from the code -->\n)[\\s\\S]*?(\n<!-- end -->)`)
    return page => page.replace(place, (_, begin: string, end: string) => `${begin}\n${table}\n${end}`)
  }
  return put('events', eventTable())(put('methods', methodTable(all))(text))
}

test('docs/daemon.md has the tables of methods and events that the code makes', () => {
  const made = generated(docs)
  // DOCS_WRITE=1 npx vitest run docs.test.ts
  if (process.env['DOCS_WRITE'] === '1') writeFileSync(page, made)
  else expect(docs).toBe(made)
  for (const name of Object.keys(all)) expect(made).toContain(`\n| \`${name}\` |`)
})

test('docs/daemon.md has every code of a refusal, and no other', () => {
  const section = /Codes of refusals: ([\s\S]*?)\. Any other code/.exec(docs)?.[1] ?? ''
  const documented = [...section.matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code)
  expect([...documented].sort()).toEqual([...refusalCodes].sort())
})

test('docs/daemon.md has the numbers of every error and every limit', () => {
  for (const number of [-32700, -32600, -32601, -32602, -32000]) expect(docs).toContain(`\n| \`${number}\` |`)
  const table = /## Limits\n([\s\S]*?)\n## /.exec(docs)?.[1] ?? ''
  const mib = (bytes: number): string => `${bytes / 1024 / 1024} MiB`
  for (const value of [
    mib(limits.callBytes),
    mib(limits.unreadBytes),
    mib(limits.unansweredBytes),
    String(limits.batchCalls),
    String(limits.runningCalls),
    String(limits.callDepth),
    String(limits.callValues)
  ])
    expect(table, value).toContain(`| ${value} |`)
})

test('the lines for a terminal show what may be left out', () => {
  expect(methodLines(methods)).toContain('history chat [limit] [before] [after]')
  expect(methodLines(methods)).toContain('chats')
})
