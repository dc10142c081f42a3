import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'status-stack-relay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = (/** @type {string} */ name) => fileURLToPath(new URL(`../src/${name}.js`, import.meta.url))
const run = async (/** @type {string} */ name, /** @type {string[]} */ ...args) =>
  (await promisify(execFile)(process.execPath, [program(name), ...args])).stdout.trim()

/** Starts the relay; answers its address and how to end it. */
async function start(/** @type {string} */ port) {
  const relay = spawn(process.execPath, [program('relay'), folder, port], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(relay, 'close')
  const failed = ended.then(() => Promise.reject(new Error('the relay ended')))
  failed.catch(() => undefined)
  const [line] = await Promise.race([once(relay.stdout, 'data'), failed])
  return {
    enode: String(line).trim(),
    stop: async () => {
      relay.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
  }
}

const said = ['bring the map', 'see you at eight']
/** What was said in the chat. An archive knows the second of an envelope, and has no order within one. */
const caughtUp = async (/** @type {string} */ enode) => (await run('catch-up', enode, 'status')).split('\n').sort()

test('who comes later reads what was said before, also after a restart of the relay', async () => {
  const first = await start('0')
  expect(await run('say', first.enode, 'status', 'see you at eight')).toMatch(/^archived by [0-9a-f]{8}…$/)
  expect(await run('say', first.enode, 'status', 'bring the map')).toMatch(/^archived by/)
  expect(await run('say', first.enode, 'other', 'not for you')).toMatch(/^archived by/)
  expect(await caughtUp(first.enode)).toEqual(said)
  await first.stop()

  const port = new URL(first.enode.replace('enode:', 'http:')).port
  const second = await start(port)
  expect(second.enode).toBe(first.enode)
  expect(await caughtUp(second.enode)).toEqual(said)
  await second.stop()
  expect(statSync(join(folder, 'node-key')).mode & 0o777).toBe(0o600)
})
