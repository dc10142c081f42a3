import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytesToHex } from '@status-stack/crypto'
import { build } from 'tsup'
import { beforeAll, expect, test } from 'vitest'
import { createLevelStore } from '../../src/level/index.ts'
import { folder, openLevel } from '../support/level.ts'
import { archived, envelope, epoch, everything } from '../support/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const outDir = join(root, 'node_modules', '.cache', 'processes')

beforeAll(async () => {
  await build({
    config: false,
    silent: true,
    entry: { writer: join(root, 'test/processes/writer.ts') },
    outDir,
    format: ['esm'],
    platform: 'node',
    target: 'node20',
    dts: false,
    noExternal: [/^@status-stack\//, /^@noble\//],
    external: ['classic-level', 'secp256k1'],
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: options => {
      options.conditions = ['status-stack-source', 'node', 'import', 'module', 'default']
    }
  })
}, 60_000)

/** Batches by number, each with the envelopes of it that are there. */
async function batchesOf(location: string): Promise<Map<number, number>> {
  const store = await openLevel(location)
  const batches = new Map<number, number>()
  let cursor: Uint8Array | undefined
  for (;;) {
    const query = {
      lower: 0,
      upper: 0xffff_ffff,
      bloom: everything,
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor })
    }
    let count = 0
    for await (const chunk of store.query(query)) {
      for (const { key } of chunk) {
        const batch = new DataView(key.buffer, key.byteOffset).getUint32(4)
        batches.set(batch, (batches.get(batch) ?? 0) + 1)
        cursor = key.slice(0, 36)
        count += 1
      }
    }
    if (count < 1000) break
  }
  await store.close()
  return batches
}

/** Resolves once the writer has acknowledged so many more batches. */
function acknowledged(child: ChildProcess, count: number, seen: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const end = seen.length + count
    child.stdout?.on('data', data => {
      text += String(data)
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      seen.push(...lines.map(Number))
      if (seen.length >= end) resolve()
    })
    child.once('exit', () => reject(new Error('the writer ended')))
  })
}

test('kill -9 during writes loses nothing that was acknowledged, and shows no half batch', async () => {
  const location = await folder()
  const size = 20
  const seen: number[] = []
  for (const count of [1, 7, 40]) {
    const child = spawn(
      process.execPath,
      [join(outDir, 'writer.mjs'), location, String(seen.length + 100 * count), String(size)],
      {
        stdio: ['ignore', 'pipe', 'inherit']
      }
    )
    await acknowledged(child, count, seen)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const batches = await batchesOf(location)
    for (const batch of seen) expect(batches.get(batch)).toBe(size)
    expect([...batches.values()].every(count => count === size)).toBe(true)
  }
}, 60_000)

test('stopped in the middle of its k-th write, the archive holds the writes before it, whole', async () => {
  const location = await folder()
  const store = await openLevel(location)
  const sizes: number[] = []
  const logOf = async (path: string) => join(path, (await readdir(path)).find(name => name.endsWith('.log')) ?? '')
  const log = await logOf(location)
  const writes = 12
  for (let k = 0; k < writes; k++) {
    const batch = Array.from({ length: 5 }, (_, i) => {
      const bytes = envelope(epoch + k, { nonce: i, bytes: 50 + 10 * k })
      return archived(bytes, epoch + k)
    })
    await store.put(batch)
    sizes.push((await stat(log)).size)
  }
  await store.close()
  for (let k = 0; k < writes; k++) {
    const before = sizes[k - 1] ?? 0
    const after = sizes[k] ?? 0
    for (const length of [before + 1, before + ((after - before) >> 1), after - 1, after]) {
      const copy = await folder()
      await cp(location, copy, { recursive: true })
      await truncate(await logOf(copy), length)
      const cut = await openLevel(copy)
      expect((await cut.size()).envelopes).toBe(5 * (length === after ? k + 1 : k))
      // It goes on from there.
      await cut.put([archived(envelope(epoch + 100), epoch + 100)])
      await cut.close()
    }
  }
}, 60_000)

test('an archive whose database is damaged is repaired at the next opening', async () => {
  for (const damage of ['MANIFEST', 'CURRENT']) {
    const location = await folder()
    const store = await openLevel(location)
    const all = Array.from({ length: 500 }, (_, i) => archived(envelope(epoch + i, { bytes: 500 }), epoch + i))
    await store.put(all)
    await store.close()
    // What was only in the log goes into a table.
    await (await openLevel(location)).close()
    const name = (await readdir(location)).find(file => file.startsWith(damage)) ?? ''
    const content = await readFile(join(location, name))
    await writeFile(join(location, name), content.fill(0x55))
    const repaired = await openLevel(location)
    expect((await repaired.size()).envelopes).toBe(500)
    const found = []
    for await (const chunk of repaired.query({ lower: epoch, upper: epoch + 5, bloom: everything, limit: 10 }))
      found.push(...chunk)
    expect(found.map(({ bytes }) => bytesToHex(bytes))).toEqual(all.slice(0, 6).map(({ bytes }) => bytesToHex(bytes)))
    await repaired.close()
  }
})

test('an archive that is in use does not open, is not repaired, and opens later', async () => {
  const location = await folder()
  const store = await openLevel(location)
  await store.put([archived(envelope(epoch), epoch)])
  const second = createLevelStore({ location })
  await expect(second.open()).rejects.toMatchObject({ code: 'store-failed' })
  expect((await store.size()).envelopes).toBe(1)
  await store.close()
  await second.open()
  expect((await second.size()).envelopes).toBe(1)
  await second.close()
})

test('with fsync every envelope is stored as well', async () => {
  const location = await folder()
  const store = await openLevel(location, { fsync: true })
  await store.put([archived(envelope(epoch), epoch)])
  await store.close()
  expect((await batchesOf(location)).size).toBe(1)
})
