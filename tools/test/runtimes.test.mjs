import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exampleOf, publicPackages } from '../packed.mjs'
import { failuresOf, lowestTypeScript, pageOf } from '../runtimes/document.mjs'
import { needsNode, needsNodeTypes, nodeNeeds } from '../runtimes/node-needs.mjs'

const read = path => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const results = JSON.parse(read('docs/runtimes.json'))
const versions = JSON.parse(read('tools/runtimes/versions.json'))

test('docs/runtimes.md is the page of docs/runtimes.json', () => {
  expect(read('docs/runtimes.md')).toBe(pageOf(results))
})

test('the record has every cell, with the versions that are played now, and nothing failed', () => {
  expect(failuresOf(results)).toEqual([])
  expect(Object.keys(results.programs)).toEqual([
    ...Object.keys(versions.node).map(major => `node-${major}`),
    'bun',
    'deno'
  ])
  const played = Object.fromEntries(Object.entries(results.programs).map(([id, { version }]) => [id, version]))
  for (const [major, version] of Object.entries(versions.node)) expect(played[`node-${major}`]).toBe(version)
  expect(played).toMatchObject({ bun: versions.bun, deno: versions.deno })
  expect(Object.keys(results.pages)).toEqual(
    ['chromium', 'firefox'].flatMap(browser => [browser, `${browser}-strict`, `${browser}-wasm`])
  )
  expect(Object.keys(results.types)).toEqual(versions.typescript.map(version => `typescript-${version}`))
})

test('every runtime ran as many vectors and cases as the others', () => {
  const all = [...Object.values(results.programs), ...Object.values(results.pages)].filter(({ version }) => version)
  for (const { vectors, compliance } of all) {
    expect(vectors.passed).toBe(results.programs['node-20'].vectors.passed)
    expect(compliance.passed).toBe(results.programs['node-20'].compliance.passed)
  }
  expect(results.programs['node-20'].vectors.passed).toBeGreaterThan(1000)
})

test('without wasm-unsafe-eval the search is JavaScript, with it WebAssembly', () => {
  for (const [id, { version, facts }] of Object.entries(results.pages)) {
    if (version === undefined) continue
    expect(facts.powKernel === 'js', id).toBe(id.endsWith('-strict'))
  }
})

test('READMEs and the docs state the lowest version of TypeScript', () => {
  const [lowest] = (lowestTypeScript(results.types) ?? '').split(/\.\d+$/)
  expect(read('README.md')).toContain(`TypeScript ≥ ${lowest}`)
})

test('what needs Node is in one table, which names packages that are there', () => {
  const names = publicPackages().map(({ json }) => json.name.replace('@status-stack/', ''))
  expect(names).toEqual(expect.arrayContaining(Object.keys(nodeNeeds)))
  expect(needsNode("import { readFile } from 'node:fs/promises'")).toBe(true)
  expect(needsNode("import { serveHttp } from '@status-stack/whisper-rpc/server'")).toBe(true)
  expect(needsNode("import { createHost } from '@status-stack/devp2p-transport'")).toBe(true)
  expect(needsNode("import { createClient } from '@status-stack/status-client'")).toBe(false)
  expect(needsNodeTypes('@status-stack/status-client/compose')).toBe(true)
  expect(needsNodeTypes('@status-stack/whisper/node')).toBe(true)
  expect(needsNodeTypes('@status-stack/whisper/status')).toBe(false)
})

test('the pages of the record played every example that runs in a page', () => {
  const portable = publicPackages().flatMap(({ folder, json }) => {
    const code = json.bin === undefined ? exampleOf(folder) : undefined
    return code === undefined || needsNode(code) ? [] : [json.name.replace('@status-stack/', '')]
  })
  for (const [id, { version, examples }] of Object.entries(results.pages)) {
    if (version !== undefined) expect(portable, id).toEqual(expect.arrayContaining(Object.keys(examples)))
  }
})

describe('the page says', () => {
  const changed = change => {
    const copy = structuredClone(results)
    change(copy)
    return copy
  }

  test('what failed', () => {
    const failed = changed(({ programs }) => programs.bun.vectors.failures.push('x3dh: first difference: dh1'))
    expect(pageOf(failed)).toMatch(/\| Bun \|.*\*\*1 of \d+ failed\*\*/)
    expect(failuresOf(failed)).toEqual(['bun: vectors: x3dh: first difference: dh1'])
    const example = changed(({ programs }) => {
      programs.deno.examples.rlp = 'failed: no'
    })
    expect(pageOf(example)).toMatch(/\| Deno \|.*\*\*1 of \d+ failed\*\*/)
    expect(failuresOf(example)).toEqual(['deno: example of rlp: failed: no'])
  })

  test('what broke, and what was not run', () => {
    const broken = changed(({ pages }) => {
      pages.firefox = { title: 'Firefox', missing: 'Firefox is not installed' }
      pages.chromium = { title: 'Chromium', error: 'it ended' }
    })
    expect(pageOf(broken)).toContain('| Firefox | not run: Firefox is not installed |')
    expect(pageOf(broken)).toContain('| Chromium | **failed** |')
    expect(failuresOf(broken)).toEqual(['chromium: it ended'])
  })

  test('from which TypeScript on everything compiles', () => {
    const passed = { 'portable-nodenext': 'passed' }
    const types = {
      'typescript-5.4.5': passed,
      'typescript-5.9.3': { 'portable-nodenext': 'failed: 1 errors' },
      'typescript-6.0.3': passed
    }
    expect(lowestTypeScript(types)).toBe('6.0.3')
    expect(lowestTypeScript({ 'typescript-5.4.5': passed, 'typescript-6.0.3': passed })).toBe('5.4.5')
    expect(lowestTypeScript({ 'typescript-6.0.3': types['typescript-5.9.3'] })).toBeUndefined()
  })
})
