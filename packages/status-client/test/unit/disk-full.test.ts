import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from '@status-stack/crypto'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, isDiskFull } from '../../src/index.ts'
import { openKeyValue } from '../../src/storage/stores/key-value.ts'
import { identityOf, storageKey } from '../support/world.ts'

const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const folder = mkdtempSync(join(tmpdir(), 'status-client-full-'))
const filler = join(folder, 'filler')
let mounted = false
let count = 0

beforeAll(() => {
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0
})
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
})

/** Takes all the room that is left, to the byte. */
function fill(): void {
  for (const size of [65_536, 1024, 1]) {
    try {
      for (;;) appendFileSync(filler, new Uint8Array(size))
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }
}
const makeRoom = (): void => rmSync(filler, { force: true })

async function disk() {
  count += 1
  makeRoom()
  const path = join(folder, String(count))
  mkdirSync(path)
  const database = new ClassicLevel<string, Uint8Array>(path, encodings)
  await database.open()
  return { path, database }
}

const full = { code: 'disk-full', origin: 'environment', message: expect.stringContaining('the disk is full') }

/** Only who may mount has a small disk to fill: root, as in CI. */
const onSmallDisk = (title: string, run: () => Promise<void>): void => {
  test(title, async ({ skip }) => {
    if (!mounted) skip('no file system can be mounted here: run as root')
    try {
      await run()
    } finally {
      makeRoom()
    }
  })
}

onSmallDisk(
  'a full disk is called that by everything that writes, and what was confirmed before is there afterwards',
  async () => {
    const { path, database } = await disk()
    const open = (level: ClassicLevel<string, Uint8Array>): Promise<Client> =>
      createClient({ identity: identityOf('alice'), database: level, storageKey, whisper: { powWorkers: 0 } })
    const client = await open(database)
    await client.joinPublic('before')
    fill()
    const fillLog = async (): Promise<void> => {
      for (let room = 0; room < 200; room += 1) await client.joinPublic(`room-${room}`)
    }
    await expect(fillLog()).rejects.toMatchObject(full)
    await expect(client.addContact(identityOf('bob').publicKey)).rejects.toMatchObject(full)
    await client.stop().catch(error => expect(error).toMatchObject(full))
    await database.close()
    const again = new ClassicLevel<string, Uint8Array>(path, encodings)
    await expect(open(again)).rejects.toMatchObject(full)
    makeRoom()
    const later = await open(again)
    expect((await later.chats()).map(({ id }) => id)).toContain('before')
    await later.stop()
    await again.close()
  }
)

onSmallDisk('what is written once there is room again survives the next start', async () => {
  const { path, database } = await disk()
  const kv = await openKeyValue(database)
  const confirmed = new Map<string, Uint8Array>()
  const write = async (key: string): Promise<void> => {
    const value = randomBytes(1000)
    await kv.write([{ type: 'put', key, value }])
    confirmed.set(key, value)
  }
  const writeUntilFull = async (): Promise<void> => {
    for (let index = 0; index < 1000; index += 1) await write(`full ${index}`)
  }
  await write('before')
  fill()
  await expect(writeUntilFull()).rejects.toMatchObject(full)
  await expect(kv.erase({ gte: 'a', lt: 'z' })).rejects.toMatchObject(full)
  makeRoom()
  for (let index = 0; index < 30; index += 1) await write(`after ${index}`)
  await database.close()
  const again = new ClassicLevel<string, Uint8Array>(path, encodings)
  for (const [key, value] of confirmed) {
    expect(Buffer.compare((await again.get(key)) ?? new Uint8Array(), value), key).toBe(0)
  }
  await again.close()
})

test('errors of browsers and of the platform count as a full disk too, other failures do not', async () => {
  const causes: readonly (readonly [error: unknown, full: boolean])[] = [
    [Object.assign(new Error('quota'), { name: 'QuotaExceededError' }), true],
    [Object.assign(new Error('write failed'), { code: 'ENOSPC' }), true],
    [new Error('failed', { cause: new Error('IO error: x.log: No space left on device') }), true],
    [new Error('IO error: x.log: Disk quota exceeded'), true],
    [new Error('Corruption: bad block'), false],
    [undefined, false],
    ['ENOSPC', false]
  ]
  for (const [error, expected] of causes) {
    expect(isDiskFull(error)).toBe(expected)
    const database = Object.assign(new MemoryLevel<string, Uint8Array>(), { batch: () => Promise.reject(error) })
    const kv = await openKeyValue(database)
    const code = expected ? 'disk-full' : 'store-failed'
    await expect(kv.write([{ type: 'del', key: 'x' }])).rejects.toMatchObject({ code, origin: 'environment' })
  }
  const loop = new Error('leads to itself')
  expect(isDiskFull(Object.assign(loop, { cause: loop }))).toBe(false)
})
