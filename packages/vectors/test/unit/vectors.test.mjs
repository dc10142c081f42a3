import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadVectors, vectorBytes, vectorFiles, vectorHex } from '../../index.js'

test.each(vectorFiles)('%s has cases, each with a name that its section has once', async name => {
  const { file, sections } = await loadVectors(name)
  expect(file).toBe(`${name}.json`)
  for (const cases of Object.values(sections)) {
    expect(cases.length).toBeGreaterThan(0)
    expect(new Set(cases.map(vector => vector.name)).size).toBe(cases.length)
  }
})

test('FORMAT.md describes every section', async () => {
  const format = readFileSync(new URL('../../FORMAT.md', import.meta.url), 'utf8')
  const missing = []
  for (const name of vectorFiles) {
    for (const section of Object.keys((await loadVectors(name)).sections)) {
      const families = [section, section.replace(/_[a-z]+$/, '_*'), section.replace(/^.*_/, '*_')]
      if (!families.some(word => format.includes(`\`${word}\``))) missing.push(`${name}: ${section}`)
    }
  }
  expect(missing).toEqual([])
})

test('what was loaded may be changed without anybody else seeing it', async () => {
  const first = await loadVectors('mvds')
  first.sections.payload[0].name = 'changed'
  expect((await loadVectors('mvds')).sections.payload[0].name).not.toBe('changed')
})

test('hex and bytes, and nothing else', async () => {
  expect(vectorBytes('0x')).toEqual(new Uint8Array())
  expect(vectorBytes('0x00fF')).toEqual(Uint8Array.of(0, 255))
  expect(vectorHex(Uint8Array.of(0, 255))).toBe('0x00ff')
  for (const text of ['00', '0x0', '0xgg', '']) expect(() => vectorBytes(text)).toThrow(TypeError)
  await expect(loadVectors('../package')).rejects.toThrow(RangeError)
})
