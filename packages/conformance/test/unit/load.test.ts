import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Adapter,
  ConformanceError,
  type ConformanceOptions,
  type ConformanceRecord,
  runConformance
} from '../../src/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const words: Adapter = {
  file: 'a.json',
  sections: {
    s: { reproduce: (vector, check, { companion }) => check.equal('words', vector['words'], companion('words.json')) }
  }
}

async function run(paths: readonly string[], options: ConformanceOptions = {}): Promise<readonly ConformanceRecord[]> {
  const records: ConformanceRecord[] = []
  for await (const record of runConformance(paths, { adapters: [words], ...options })) records.push(record)
  return records
}

const one = { file: 'a.json', description: '', source: '', sections: { s: [{ name: 'x', words: ['a'] }] } }

test('a folder gives its vector files, and the other JSON files as their companions', async () => {
  await write('a.json', one)
  await write('words.json', ['a'])
  await write('README.md', 'not JSON')
  expect((await run([folder])).at(-1)).toEqual({ kind: 'summary', passed: 1, failed: 0, skipped: 0 })
})

test('a file is found by what it says it is, and sees its neighbours', async () => {
  await write('words.json', ['a'])
  await write('broken.json', '{')
  const path = await write('renamed.json', one)
  expect((await run([path])).at(-1)).toMatchObject({ passed: 0, failed: 1 })
  await rm(join(folder, 'broken.json'))
  expect((await run([path])).at(-1)).toMatchObject({ passed: 1, failed: 0 })
})

test.each([
  ['not JSON', '{', 'not-a-vector-file'],
  ['without sections', { file: 'a.json' }, 'not-a-vector-file'],
  ['sections that are a list', { sections: [] }, 'not-a-vector-file'],
  ['a section that is no list', { sections: { s: {} } }, 'not-a-vector-file'],
  ['a case without a name', { sections: { s: [{}] } }, 'not-a-vector-file'],
  ['a case that is null', { sections: { s: [null] } }, 'not-a-vector-file']
])('a file that is %s is a typed error', async (_, content, code) => {
  const path = await write('a.json', content)
  const failure = run([path])
  await expect(failure).rejects.toMatchObject({ code, origin: 'peer' })
  await expect(failure).rejects.toSatisfy(ConformanceError.is)
})

test('a path that does not exist and a folder without vectors are typed errors', async () => {
  await expect(run([join(folder, 'none')])).rejects.toMatchObject({ code: 'unreadable' })
  await expect(run([folder])).rejects.toMatchObject({ code: 'not-a-vector-file' })
})

test('a file larger than the limit and a folder with more files are refused', async () => {
  const path = await write('a.json', one)
  await expect(run([path], { limits: { maxFileBytes: 10 } })).rejects.toMatchObject({ code: 'too-large' })
  await write('b.json', one)
  await expect(run([folder], { limits: { maxFolderFiles: 1 } })).rejects.toMatchObject({ code: 'too-large' })
})
