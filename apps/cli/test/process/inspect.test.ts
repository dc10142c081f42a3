import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadVectors, vectorBytes } from '@status-stack/vectors'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

/** The first recorded conversation as a capture of hex lines, and its keys as a keys file. */
async function recording(): Promise<{
  readonly lines: readonly string[]
  readonly keys: string
  readonly chat: string
}> {
  const [vector] = (await loadVectors('full-stack')).sections['conversation'] ?? []
  if (vector === undefined) throw new Error('the vector file has no conversation')
  type Pair = { readonly privateKey: string }
  const devices: readonly { identityPrivateKey: string; signedPreKeys: readonly Pair[] }[] = vector['devices']
  const generated: readonly Pair[] = vector['allGeneratedKeys']
  const keys = join(sandbox.folder, 'keys.json')
  const file = {
    identities: devices.map(device => device.identityPrivateKey),
    prekeys: devices.flatMap(device => device.signedPreKeys.map(({ privateKey }) => privateKey)),
    generated: generated.map(({ privateKey }) => privateKey)
  }
  writeFileSync(keys, JSON.stringify(file))
  const envelopes: readonly { readonly rlp: string }[] = vector['envelopes']
  return { lines: envelopes.map(({ rlp }) => rlp), keys, chat: vector['publicChat'] }
}

test('a capture on stdin is read to the end, with the same facts in text and JSON', async () => {
  const { lines, keys, chat } = await recording()
  const capture = lines.join('\n')
  const args = ['inspect', '-', '--keys', keys, '--chat', chat]
  const { code, stdout, stderr } = await sandbox.run(['--json', ...args], capture)
  expect(code, stderr).toBe(0)
  const inspections = jsonLines(stdout)
  expect(inspections).toHaveLength(lines.length)
  const text = await sandbox.run(args, capture)
  expect(text.code).toBe(0)
  const ends = text.stdout.split('\n').filter(line => line.startsWith('= '))
  expect(ends).toEqual(
    inspections.map(
      ({ innermost, layers }) =>
        `= reached ${(innermost as string[]).join(', ')} through ${(layers as string[]).join(' › ')}`
    )
  )
  expect(inspections[1]).toMatchObject({
    event: 'inspection',
    index: 2,
    kind: 'envelope',
    innermost: ['chat-message']
  })
})

test('a binary file is one blob; what stays closed is exit code 1 with the reason', async () => {
  const { lines } = await recording()
  const file = join(sandbox.folder, 'envelope.bin')
  writeFileSync(file, vectorBytes(lines[1] ?? ''))
  const { code, stdout } = await sandbox.run(['--json', 'inspect', file])
  expect(code).toBe(1)
  expect(jsonLines(stdout)).toMatchObject([{ source: file, refusals: [{ layer: 'envelope', code: 'no-key' }] }])
})

test.each([
  [['--hex', 'xyz'], 2, 'not-hex'],
  [['--kind', 'nonsense', '--hex', '00'], 2, undefined],
  [['--keys', '/nowhere/keys.json', '--hex', '00'], 2, 'not-a-keys-file'],
  [['/nowhere/capture'], 1, 'not-readable'],
  [['-'], 1, 'nothing-given']
])('%j is one sentence and exit code %i', async (args, exit, name) => {
  const { code, stdout, stderr } = await sandbox.run(['--json', 'inspect', ...args])
  expect(code).toBe(exit)
  if (name !== undefined) expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: name })
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('the first example of the help runs, and the command shows its examples', async () => {
  const { stdout } = await sandbox.run(['inspect', '--help'])
  const example = /status-stack (inspect --hex [0-9a-f]+)/.exec(stdout)?.[1] ?? ''
  const { code, stdout: shown } = await sandbox.run(example.split(' '))
  expect(code).toBe(0)
  expect(shown).toContain('= reached acknowledgements through sync-payload')
})

test('the identity of a profile is a key too', async () => {
  const { lines } = await recording()
  const [vector] = (await loadVectors('full-stack')).sections['conversation'] ?? []
  const bob: string = vector?.['devices'][1].identityPrivateKey
  const file = join(sandbox.folder, 'bob.key')
  writeFileSync(file, `${bob.slice(2)}\n`)
  const made = await sandbox.run(['init', '--light-kdf', '--private-key-file', file])
  expect(made.code, made.stderr).toBe(0)
  const { code, stdout, stderr } = await sandbox.run(['--json', 'inspect', '--hex', lines[1] ?? '', '--profile-keys'])
  expect(code, stderr).toBe(0)
  expect(jsonLines(stdout)).toMatchObject([{ innermost: ['chat-message'] }])
})
