import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../packed.mjs'
import { entriesOf, measure, problemsOf } from '../sizes.mjs'

let work
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-sizes-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('an entry over its budget, one without, and a budget without an entry are found', () => {
  const sizes = new Map([
    ['a', 2048],
    ['b', 1024]
  ])
  expect(problemsOf(sizes, { a: 2048, b: 1024 })).toEqual([])
  expect(problemsOf(sizes, { a: 2047, c: 1 })).toEqual([
    'a takes 2.0 KB, its budget is 2.0 KB',
    'b has no budget; it takes 1.0 KB',
    'c has a budget and is no entry'
  ])
})

test('entries are those with code for users', () => {
  const code = { types: './x.d.ts', default: './x.js' }
  const exports = { '.': code, './wire': code, './testing': code, './package.json': './package.json' }
  expect(
    entriesOf([
      { folder: join(root, 'packages/a'), json: { name: '@s/a', exports } },
      { folder: join(root, 'apps/b'), json: { name: 'b', exports } }
    ])
  ).toEqual(['@s/a', '@s/a/wire'])
})

test('one function costs what it needs, and more when making the rest does something', async () => {
  const table = Array.from({ length: 2000 }, (_, i) => `${i * 7919}`).join('-')
  const write = made => {
    writeFileSync(join(work, 'x.js'), `export const small = () => 1\nexport const large = ${made}\n`)
    return measure('./x.js#small', work)
  }
  const pure = await write(`/* @__PURE__ */ JSON.parse('"${table}"')`)
  expect(pure).toBeLessThan(100)
  expect(await write(`JSON.parse('"${table}"')`)).toBeGreaterThan(20 * pure)
})

test('what is imported when it is needed does not count', async () => {
  const table = Array.from({ length: 2000 }, (_, i) => `${i * 7919}`).join('-')
  writeFileSync(join(work, 'later.js'), `export const large = JSON.parse('"${table}"')\n`)
  writeFileSync(join(work, 'now.js'), "export const later = () => import('./later.js')\n")
  expect(await measure('./now.js', work)).toBeLessThan(300)
  expect(await measure('./later.js', work)).toBeGreaterThan(1000)
})
