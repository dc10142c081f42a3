import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const latin1 = Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a)

test('text on stdin that is not UTF-8 is refused before anything is opened', () => {
  const send = (input: Uint8Array | string) =>
    spawnSync(process.execPath, [main, '--data-dir', sandbox.dataFolder, 'send', '--to', '#status', '-'], { input })
  const refused = send(latin1)
  expect([refused.status, String(refused.stderr)]).toEqual([2, expect.stringContaining('not UTF-8')])
  expect(String(send('\ufeff\n').stderr)).toContain('there is no text to send')
  expect(String(send('x'.repeat(70_000)).stderr)).toContain('longer than 65536 bytes')
})

test.runIf(existsSync('/proc/self/cmdline'))('an argument that is not UTF-8 is refused', () => {
  const say = (text: string) =>
    spawnSync('sh', [
      '-c',
      `exec "$0" "$1" --data-dir "$2" send --to '#status' "$(printf '${text}')"`,
      process.execPath,
      main,
      sandbox.dataFolder
    ])
  const refused = say('caf\\351')
  expect([refused.status, String(refused.stderr)]).toEqual([2, expect.stringContaining('an argument is not UTF-8')])
  // A replacement character that was typed is a character like any other.
  expect(say('\\357\\277\\275').status).not.toBe(2)
})

test('lines piped into a chat: what is not UTF-8 or too long is named, the rest is sent', async () => {
  await sandbox.run(['init', '--light-kdf'])
  const file = join(sandbox.folder, 'lines')
  writeFileSync(file, Buffer.concat([latin1, Buffer.from(`${'x'.repeat(70_000)}\ncafé\n/quit\n`)]))
  const ended = spawnSync(
    'sh',
    ['-c', '"$0" "$1" --json --data-dir "$2" --password-file "$3" chat --to "#status" < "$4"'].concat([
      process.execPath,
      main,
      sandbox.dataFolder,
      join(sandbox.folder, 'password.txt'),
      file
    ])
  )
  const lines = jsonLines(String(ended.stdout))
  expect(
    lines.filter(({ event }) => event === 'error').map(({ code }) => code),
    String(ended.stderr)
  ).toEqual(['not-utf8', 'too-long'])
  expect(lines.filter(({ event }) => event === 'message').map(({ text }) => text)).toEqual(['café'])
  expect(ended.status).toBe(0)
})
