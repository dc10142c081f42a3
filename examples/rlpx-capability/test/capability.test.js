import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { encodeRlp } from '@status-stack/rlp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeServer } from '../src/store-protocol.js'

const program = (/** @type {string} */ name) => fileURLToPath(new URL(`../src/${name}.js`, import.meta.url))
const client = async (/** @type {string[]} */ ...args) =>
  (await promisify(execFile)(process.execPath, [program('client'), ...args])).stdout.trim()

/** @type {import('node:child_process').ChildProcess} */
let server
let enode = ''
beforeAll(async () => {
  server = spawn(process.execPath, [program('server')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const failed = once(server, 'close').then(() => Promise.reject(new Error('the server ended')))
  if (server.stdout !== null) enode = String((await Promise.race([once(server.stdout, 'data'), failed]))[0]).trim()
  failed.catch(() => undefined)
})
afterAll(async () => {
  server.kill('SIGTERM')
  expect(await once(server, 'close')).toEqual([0, null])
})

test('what one process puts, another gets', async () => {
  expect(enode).toMatch(/^enode:\/\/[0-9a-f]{128}@127\.0\.0\.1:\d+/)
  expect(await client(enode, 'greeting', 'hello')).toBe('hello')
  expect(await client(enode, 'greeting')).toBe('hello')
  expect(await client(enode, 'nothing')).toBe('')
})

test('a message of another form is refused as such', async () => {
  const broken = {
    peerId: 'a'.repeat(64),
    flags: { static: false, trusted: false },
    packets: async function* () {
      yield { code: 0, payload: encodeRlp(['a key and nothing else']) }
    },
    send: async () => undefined,
    close: async () => undefined
  }
  await expect(storeServer().run(broken)).rejects.toMatchObject({ code: 'invalid-message' })
})
