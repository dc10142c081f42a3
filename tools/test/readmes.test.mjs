// What a README tells its reader to type is enough for what it shows: also where packages of packages cannot be imported (pnpm, Yarn).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleOf, publicPackages } from '../packed.mjs'

const libraries = publicPackages().filter(
  ({ folder }) => folder.includes('/packages/') && exampleOf(folder) !== undefined
)
const readmeOf = folder => readFileSync(join(folder, 'README.md'), 'utf8')

/** The packages that a program imports, by the name under which they are installed. */
const importedBy = code =>
  [...code.matchAll(/from '((?:@[\w-]+\/)?[\w-]+)[^']*'/g)].map(([, name]) => name).filter(name => name !== 'node')

/** What the first line of installation names. */
const installedBy = readme => /^npm install (.*)$/m.exec(readme)?.[1].split('#')[0].split(/\s+/) ?? []

/** The codes of the error class that a package declares. */
function codesOf(folder) {
  const file = join(folder, 'src/errors.ts')
  if (!existsSync(file)) return []
  const union = /export type \w+ErrorCode =([\s\S]*?)\n\n/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  return [...union.replace(/\/\*\*[\s\S]*?\*\//g, '').matchAll(/'([a-z-]+)'/g)].map(([, code]) => code)
}

describe.each(libraries.map(({ json, folder }) => [json.name, folder]))('%s', (_, folder) => {
  const readme = readmeOf(folder)

  test('its example imports nothing that is not installed before', () => {
    const installed = installedBy(readme)
    expect(importedBy(exampleOf(folder)).filter(name => !installed.includes(name))).toEqual([])
  })

  test('each code of its errors is explained', () => {
    const errors = readme.slice(readme.indexOf('## Errors'))
    expect(codesOf(folder).filter(code => !errors.includes(`\`${code}\``))).toEqual([])
  })
})

test('the codes of an error class are found', () => {
  const found = libraries.flatMap(({ folder }) => codesOf(folder))
  expect(found.length).toBeGreaterThan(100)
  expect(found).toContain('response-without-progress')
})
