import { bytesToHex } from '@status-stack/crypto'
import { archiveKey, cursorOfArchiveKey, envelopeBloom } from '@status-stack/whisper/wire'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EnvelopeStore, StoreQuery } from '../../src/index.ts'
import { createPostgresStore } from '../../src/postgres/index.ts'
import { envelopeStoreCases } from '../../src/testing/index.ts'
import { type Postgres, postgresBinaries, startPostgres } from '../support/postgres.ts'
import { archived, envelope, epoch, everything, nothing, topic, world } from '../support/world.ts'

if (postgresBinaries === undefined) console.log('skipped: no PostgreSQL here (Debian: apt-get install postgresql)')

describe.skipIf(postgresBinaries === undefined)('PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres(postgresBinaries ?? '')
  }, 120_000)
  afterAll(() => postgres?.stop(), 60_000)

  const uris = new WeakMap<EnvelopeStore, string>()
  const openAt = async (uri: string): Promise<EnvelopeStore> => {
    const store = createPostgresStore({ uri })
    uris.set(store, uri)
    await store.open()
    return store
  }
  const factory = {
    create: async () => openAt(await postgres.fresh()),
    reopen: (closed: EnvelopeStore) => openAt(uris.get(closed) ?? '')
  }

  for (const { name, run } of envelopeStoreCases(factory)) test(name, run)

  const query = async (uri: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: uri })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  const found = async (store: EnvelopeStore, rest: Partial<StoreQuery> = {}): Promise<string[]> => {
    const all: string[] = []
    const asked = { lower: 0, upper: 0xffff_ffff, bloom: everything, limit: 1000, ...rest }
    for await (const chunk of store.query(asked)) all.push(...chunk.map(({ bytes }) => bytesToHex(bytes)))
    return all
  }
  const tables = async (uri: string): Promise<string[]> =>
    (
      await query(
        uri,
        "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass('envelopes') ORDER BY 1"
      )
    ).map(({ name }) => String(name))

  test('M-2 the row is that of status-go: key, RLP, topic, bloom with the first bit of each byte in front, once', async () => {
    const uri = await postgres.fresh()
    const store = await openAt(uri)
    const bytes = envelope(epoch)
    await store.put([archived(bytes, epoch)])
    await store.put([{ ...archived(bytes, epoch), bytes: envelope(epoch, { nonce: 9 }) }])
    const rows = await query(uri, 'SELECT id, data, topic, bloom::text FROM envelopes')
    expect(rows).toHaveLength(1)
    const [row] = rows
    expect(bytesToHex(row?.['id'] as Uint8Array)).toBe(bytesToHex(archiveKey(archived(bytes, epoch))))
    // What was there stays: ON CONFLICT DO NOTHING.
    expect(bytesToHex(row?.['data'] as Uint8Array)).toBe(bytesToHex(bytes))
    expect(bytesToHex(row?.['topic'] as Uint8Array)).toBe(bytesToHex(topic))
    const bits = [...envelopeBloom(topic)].map(byte => byte.toString(2).padStart(8, '0')).join('')
    expect(row?.['bloom']).toBe(bits)
    expect(await query(uri, 'SELECT version::text, dirty FROM schema_migrations')).toEqual([
      { version: '1557732988', dirty: false }
    ])
    await store.close()
  })

  test("status-go's own table is used as it is", async () => {
    const uri = await postgres.fresh()
    await query(
      uri,
      `CREATE TABLE envelopes (id BYTEA NOT NULL UNIQUE, data BYTEA NOT NULL, topic BYTEA NOT NULL, bloom BIT(512) NOT NULL);
       CREATE INDEX id_bloom_idx ON envelopes (id DESC, bloom); CREATE INDEX id_topic_idx ON envelopes (id DESC, topic)`
    )
    const store = await openAt(uri)
    await store.put([archived(envelope(epoch), epoch), archived(envelope(epoch + 1), epoch + 1)])
    expect(await found(store)).toEqual([epoch + 1, epoch].map(sent => bytesToHex(envelope(sent))))
    expect(await store.deleteOlderThan(epoch + 1, 10)).toBe(1)
    expect((await store.size()).envelopes).toBe(1)
    expect(await tables(uri)).toEqual([])
    await store.close()
  })

  test('today and tomorrow have partitions, whatever strangers say about when an envelope was sent', async () => {
    const uri = await postgres.fresh()
    let now = epoch
    const store = createPostgresStore({ uri, clock: { nowMs: () => now * 1000 } })
    await store.open()
    const day = Math.floor(epoch / 86_400)
    await store.put(Array.from({ length: 300 }, (_, i) => archived(envelope(i * 86_400 * 3 + 5), i * 86_400 * 3 + 5)))
    expect(await tables(uri)).toEqual([`envelopes_d${day}`, `envelopes_d${day + 1}`, 'envelopes_default'])
    now += 86_400
    await store.put([archived(envelope(now), now), archived(envelope(now - 86_400), now - 86_400)])
    expect(await tables(uri)).toEqual([...[0, 1, 2].map(i => `envelopes_d${day + i}`), 'envelopes_default'])
    // An envelope of the day after tomorrow lies in the default partition: that day never gets its own.
    const future = (day + 3) * 86_400
    await store.put([archived(envelope(future), future)])
    now += 86_400
    await store.put([archived(envelope(now), now)])
    now += 86_400
    await store.put([archived(envelope(future + 9), future + 9)])
    expect(await tables(uri)).toEqual([...[0, 1, 2, 4].map(i => `envelopes_d${day + i}`), 'envelopes_default'])
    expect((await found(store, { lower: future })).length).toBe(2)
    await store.close()
  })

  test('retention drops whole days and deletes the rest in steps', async () => {
    const uri = await postgres.fresh()
    let now = epoch
    const store = createPostgresStore({ uri, clock: { nowMs: () => now * 1000 } })
    await store.open()
    const day = Math.floor(epoch / 86_400)
    const at = (days: number, i: number) => {
      const sent = (day + days) * 86_400 + i
      return archived(envelope(sent), sent)
    }
    for (let days = 0; days < 3; days++) {
      now = epoch + days * 86_400
      await store.put(Array.from({ length: 25 }, (_, i) => at(days, i)))
    }
    await store.put(Array.from({ length: 25 }, (_, i) => at(-40, i)))
    const steps: number[] = []
    for (let step = -1; step !== 0; ) {
      step = await store.deleteOlderThan((day + 2) * 86_400 + 5, 10)
      steps.push(step)
      expect(steps.length).toBeLessThan(20)
    }
    expect(steps).toEqual([25, 25, 10, 10, 10, 0])
    expect((await store.size()).envelopes).toBe(20)
    expect(await tables(uri)).not.toContain(`envelopes_d${day}`)
    await store.close()
  })

  test('several servers share one archive: the same envelopes at once, pages of one at the other', async () => {
    const uri = await postgres.fresh()
    const servers = await Promise.all([openAt(uri), openAt(uri), openAt(uri)])
    const all = Array.from({ length: 600 }, (_, i) => archived(envelope(epoch + i), epoch + i))
    await Promise.all(
      servers.flatMap((store, i) => {
        const mixed = i % 2 === 0 ? all : [...all].reverse()
        return [store.put(mixed.slice(0, 400)), store.put(mixed.slice(200)), store.put(mixed)]
      })
    )
    const [one, two] = servers
    if (one === undefined || two === undefined) throw new Error('no servers')
    expect((await one.size()).envelopes).toBe(600)
    const first = await found(one, { limit: 100 })
    const cursor = cursorOfArchiveKey(archiveKey(all[500] ?? archived(nothing, 0)))
    expect(first.at(-1)).toBe(bytesToHex(envelope(epoch + 500)))
    expect((await found(two, { limit: 500, cursor }))[0]).toBe(bytesToHex(envelope(epoch + 499)))
    // Two retention passes side by side delete each envelope once.
    const deleted = await Promise.all([one, two].map(store => store.deleteOlderThan(epoch + 300, 200)))
    expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(600 - (await one.size()).envelopes)
    await Promise.all(servers.map(store => store.close()))
  })

  test('a connection that the server ends does not end the process, and the store goes on', async () => {
    const uri = await postgres.fresh()
    const store = await openAt(uri)
    await store.put([archived(envelope(epoch), epoch)])
    await query(
      uri,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'postgres'"
    )
    await expect
      .poll(
        () =>
          found(store).then(
            all => all.length,
            () => 0
          ),
        { timeout: 10_000 }
      )
      .toBe(1)
    await store.close()
  })

  test('M-15 a mailserver on it pages newest first, cursors included', async () => {
    const store = await openAt(await postgres.fresh())
    const { put, peer, stop } = await world({ store })
    const stored = Array.from({ length: 7 }, (_, i) => envelope(epoch + i))
    await put(...stored.map((bytes, i) => archived(bytes, epoch + i)))
    const client = await peer('client')
    const got: Uint8Array[][] = []
    let cursor: Uint8Array = nothing
    for (let page = 0; page < 3; page++) {
      const { bundles, completion } = await client.ask({ lower: epoch, upper: epoch + 100, limit: 3, cursor })
      got.push(bundles.flat())
      cursor = completion.kind === 'done' ? completion.cursor : nothing
    }
    const newest = [...stored].reverse()
    expect(got).toEqual([newest.slice(0, 3), newest.slice(3, 6), newest.slice(6)])
    expect(cursor).toEqual(nothing)
    await stop()
  })
})

test('a wrong URI is refused, one where nobody listens fails at the opening and can be tried again', async () => {
  expect(() => createPostgresStore({ uri: '' })).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  expect(() => createPostgresStore({ uri: 'postgresql://x', maxConnections: 0 })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' })
  )
  expect(() => createPostgresStore({ uri: 'postgresql://x', statementTimeoutMs: 0 })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' })
  )
  const store = createPostgresStore({
    uri: `postgresql://nobody@/none?host=${encodeURIComponent('/nonexistent/socket')}`
  })
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(store.open()).rejects.toMatchObject({ code: 'store-failed', origin: 'environment' })
  await expect(store.put([archived(envelope(epoch), epoch)])).rejects.toMatchObject({ code: 'not-running' })
  await store.close()
})
