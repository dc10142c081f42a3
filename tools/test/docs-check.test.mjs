import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { entriesOf, undocumented } from '../docs-check.mjs'
import { publicPackages } from '../packed.mjs'

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

test('every entry of the packages is looked at', () => {
  const names = publicPackages()
    .flatMap(entriesOf)
    .map(({ name }) => name)
  expect(names).toContain('@status-stack/status-client')
  expect(names).toContain('@status-stack/whisper/relay')
  expect(names.length).toBeGreaterThan(50)
})
