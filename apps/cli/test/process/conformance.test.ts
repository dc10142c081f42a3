import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadVectors } from '@status-stack/vectors'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test('the built-in vectors pass, and the last line counts them', async () => {
  const { code, stdout, stderr } = await sandbox.run(['conformance'])
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/)
  expect(code, stderr).toBe(0)
})

test('a changed vector fails, with exit code 1, and --explain names the field', async () => {
  const vectors = structuredClone(await loadVectors('status-topics')) as unknown as {
    sections: Record<string, { name: string; topic: string }[]>
  }
  const changed = vectors.sections['public_chat']?.[0]
  if (!changed) throw new Error('the vector file has no public chat')
  changed.topic = '0xdeadbeef'
  const file = join(sandbox.folder, 'status-topics.json')
  writeFileSync(file, JSON.stringify(vectors))
  const { code, stdout } = await sandbox.run(['conformance', file, '--section', 'public_chat'])
  expect(stdout).toMatch(/1 failed/)
  expect(code).toBe(1)
  const explained = await sandbox.run(['conformance', file, '--explain', changed.name])
  expect(explained.stdout).toMatch(/first difference: .*topic/)
})

test('a file that is no vector file is one sentence and exit code 1', async () => {
  const file = join(sandbox.folder, 'no.json')
  writeFileSync(file, '{"sections": 7}')
  const { code, stdout } = await sandbox.run(['--json', 'conformance', file])
  expect(code).toBe(1)
  expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'not-a-vector-file' })
})
