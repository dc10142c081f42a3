import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const served = `'${process.execPath}' '${main}' conformance --serve`

test('the program tests itself as any other program, and passes', async () => {
  const { code, stdout, stderr } = await sandbox.run(['conformance', '--command', served])
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^status-stack \S+: claims \d+ sections and operations$/)
  expect(lines.at(-1)).toMatch(/^9\d\d passed, 0 failed, \d+ skipped$/)
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}x3dh.json bundle_verify: 10 passed$/))
  expect(code, stderr).toBe(0)
})

test('a broken program fails, with exit code 1', async () => {
  const script = join(sandbox.folder, 'broken.mjs')
  writeFileSync(
    script,
    `import { createInterface } from 'node:readline'
    createInterface({ input: process.stdin }).on('line', line => {
      const { id, op } = JSON.parse(line)
      const hello = { protocol: 1, implementation: { name: 'broken', version: '1' }, sections: ['mvds/send_epoch'] }
      console.log(JSON.stringify(op === 'hello' ? { id, ...hello } : { id, output: { next: 7 } }))
    })`
  )
  const command = `'${process.execPath}' '${script}'`
  const { code, stdout } = await sandbox.run(['conformance', '--command', command, '--section', 'send_epoch'])
  expect(stdout).toContain('FAIL mvds.json send_epoch: 4 failed')
  expect(stdout.trimEnd()).toMatch(/0 passed, 4 failed, 0 skipped$/)
  expect(code).toBe(1)
  // None of what it claims is in this section: nothing was proven.
  const others = await sandbox.run(['--json', 'conformance', '--command', command, '--section', 'group_id'])
  expect(jsonLines(others.stdout).at(-1)).toMatchObject({ event: 'error', code: 'nothing-ran' })
  expect(others.code).toBe(1)
})

test('what is no program, or no command line, is one sentence', async () => {
  for (const [command, code] of [
    ['/no/such/program', 'process-failed'],
    ["'half", 'command']
  ] as const) {
    const { stdout } = await sandbox.run(['--json', 'conformance', '--command', command])
    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ event: 'error', code })])
  }
  const { code } = await sandbox.run(['conformance', '--serve', '--section', 'mvds'])
  expect(code).toBe(2)
})

test('a program that is tested is handed no password', async () => {
  const seen = join(sandbox.folder, 'environment')
  const tested = sandbox.start(['conformance', '--command', `sh -c 'env > "${seen}"'`], {
    STATUS_STACK_PASSWORD: 'hidden',
    STATUS_STACK_TIMEOUT: '7'
  })
  expect((await tested.ended).code).toBe(1)
  expect(readFileSync(seen, 'utf8')).toContain('STATUS_STACK_TIMEOUT=7')
  expect(readFileSync(seen, 'utf8')).not.toContain('hidden')
})
