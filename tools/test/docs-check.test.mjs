import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entriesOf, judge, undocumented } from '../docs-check.mjs'
import { publicPackages, root } from '../packed.mjs'

test('an export without a sentence is found, also behind another name, and one with tags alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-docs-'))
  const file = join(folder, 'index.ts')
  writeFileSync(
    join(folder, 'inner.ts'),
    'export interface Bare { readonly x: number }\n/** Said. */ export type Said = 1\n'
  )
  writeFileSync(
    file,
    `export { type Bare as Renamed, type Said } from './inner.ts'
/** Adds. */
export const add = (a: number, b: number): number => a + b
/** @throws Error always */
export function fail (): never { throw new Error() }
const own = 1
`
  )
  const found = undocumented([{ name: 'here', file }])
  rmSync(folder, { recursive: true })
  expect(found.map(text => text.split(' (')[0])).toEqual(['here: fail', 'here: Renamed'])
})

describe('members of interfaces, and examples', () => {
  let folder
  let place
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'status-stack-docs-'))
    place = relative(root, folder)
    mkdirSync(join(folder, 'one'))
    mkdirSync(join(folder, 'two'))
    writeFileSync(
      join(folder, 'one/index.ts'),
      `/** Said. */
export interface Bare<T> { readonly x: T
  /** Said. */
  readonly y: T }
/**
 * Adds.
 * @example
 * add(1, 2)
 */
export const add = (a: number, b: number): number => a + b
/** Says nothing. */
export function quiet (): void {}
/** No function. */
export const three = 3
/** A class without one. */
export class Thing {
  readonly name = 'Thing'
  #own = 1
  /** Said. */
  static is (): boolean { return true }
  readonly of: number
}
/** Said. */
export type Options = {
  readonly kind: 'options'
  readonly most: number
}
`
    )
    writeFileSync(
      join(folder, 'two/index.ts'),
      '/** Said. */\nexport interface Full {\n  /** Said. */\n  readonly x: number\n}\n'
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const files = () => ['one', 'two'].map(name => ({ name, file: join(folder, name, 'index.ts') }))

  test('a member without a sentence is a problem, and one that waits where the list says so', () => {
    const bare = ['Bare.x', 'Thing.of', 'Options.most'].map(
      (name, at) => `one: ${name} (${place}/one/index.ts:${[2, 21, 26][at]})`
    )
    expect(judge(files(), []).problems).toEqual(bare)
    const { problems, waiting } = judge(files(), [`${place}/one`])
    expect(problems).toEqual([])
    expect(waiting).toEqual(bare)
  })

  test('a folder that has all of its sentences leaves the list', () => {
    expect(judge(files(), [`${place}/one`, `${place}/two`]).problems).toEqual([
      `${place}/two has all of its sentences: take it off the list of tools/docs-check.mjs`
    ])
  })

  test('functions and classes are counted, and those without an example named', () => {
    const { functions, withoutExample } = judge(files(), [])
    expect(functions).toBe(3)
    expect(withoutExample).toEqual([`one: quiet (${place}/one/index.ts:12)`, `one: Thing (${place}/one/index.ts:16)`])
  })
})

test('every entry of the packages is looked at', () => {
  const names = publicPackages()
    .flatMap(entriesOf)
    .map(({ name }) => name)
  expect(names).toContain('@status-stack/status-client')
  expect(names).toContain('@status-stack/whisper/relay')
  expect(names.length).toBeGreaterThan(50)
})
