import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { programs, startDatabase } from './database.js'
import { catchUp, say } from './person.js'

if (programs === undefined) console.warn('PostgreSQL is not installed: the fleet was not started')
const program = fileURLToPath(new URL('../src/relay.js', import.meta.url))

/** @type {Awaited<ReturnType<typeof startDatabase>> | undefined} */
let database
const folder = mkdtempSync(join(tmpdir(), 'fleet-relays-'))
beforeAll(async () => {
  if (programs !== undefined) database = await startDatabase(programs)
})
afterAll(async () => {
  await database?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(/** @type {string} */ name) {
  const relay = spawn(process.execPath, [program, join(folder, name), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: database?.url }
  })
  const ended = once(relay, 'close')
  let said = ''
  await new Promise((resolve, reject) => {
    relay.stdout.on('data', chunk => {
      said += chunk
      if (/enode:.*\n/.test(said)) resolve(undefined)
    })
    ended.then(() => reject(new Error(`the relay ended: ${said}`)))
  })
  return {
    enode: /enode:\S+/.exec(said)?.[0] ?? '',
    stop: async () => {
      relay.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
  }
}

test.skipIf(programs === undefined)(
  'what one relay archived, another serves, also when the first is gone',
  async () => {
    const [first, second] = [await start('first'), await start('second')]
    expect(second.enode).not.toBe(first.enode)
    await say(first.enode, 'to the first')
    await say(second.enode, 'to the second')
    expect((await catchUp(first.enode)).sort()).toEqual(['to the first', 'to the second'])
    await first.stop()
    expect((await catchUp(second.enode)).sort()).toEqual(['to the first', 'to the second'])
    await second.stop()
  }
)

test('without a database the relay says what it needs', () => {
  const { DATABASE_URL: _, ...env } = process.env
  const { status, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toBe('DATABASE_URL: expected the URL of a PostgreSQL database\n')
})
