import { createVirtualTime } from '@status-stack/interface/testing'
import { delay } from '@status-stack/utils'
import { encodeSyncRequest, packetCodes } from '@status-stack/whisper/wire'
import { describe, expect, test } from 'vitest'
import { createMailserver, type EnvelopeStore, limits, memoryEnvelopeStore } from '../../src/index.ts'
import { createPostgresStore } from '../../src/postgres/index.ts'
import { createCostLimiter } from '../../src/request/cost-limiter.ts'
import { createTurns } from '../../src/serving/turns.ts'
import {
  archived,
  envelope,
  epoch,
  everything,
  type HandPeer,
  sealRequest,
  until,
  type World,
  world
} from '../support/world.ts'

const upper = epoch + 10_000
const many = Array.from({ length: 20 }, (_, i) => archived(envelope(epoch + i), epoch + i))

/** Peers that ask for an answer that does not fit their link, and read nothing. */
async function deafPeers({ peer, time, server }: World, count: number, addressOf: (i: number) => string | undefined) {
  const peers: HandPeer[] = []
  for (let i = 0; i < count; i++) {
    const address = addressOf(i)
    const deaf = await peer(`deaf ${i}`, { capacity: 2, deaf: true, ...(address === undefined ? {} : { address }) })
    await deaf.request({ upper, batch: false })
    peers.push(deaf)
  }
  await until(time, () => server.stats().running >= Math.min(count, 8), 'the answers')
  return peers
}

describe('V-1 places are for those who read', () => {
  test.each([
    ['without addresses', () => undefined],
    ['of loopback', () => '127.0.0.1'],
    ['of as many addresses', (i: number) => `198.51.100.${i}`]
  ])('V-1 64 peers %s that read nothing do not keep others from being served', async (_, addressOf) => {
    const node = await world()
    await node.put(...many)
    const deaf = await deafPeers(node, 64, addressOf)
    await until(node.time, () => node.server.stats().running === 64, 'all places')
    const honest = await node.peer('honest', { address: '203.0.113.5' })
    await honest.request({ upper })
    await node.time.advance(2 * limits.slowReaderMs)
    await until(node.time, () => honest.completions().length === 1, 'the answer')
    expect(honest.completions()).toMatchObject([{ kind: 'done' }])
    expect(honest.bundles().flat()).toHaveLength(20)
    expect(deaf.filter(each => !each.isConnected())).toHaveLength(1)
    expect(node.server.stats().running).toBe(63)
    await node.stop()
  })

  test('V-1 nobody is given up while there is room', async () => {
    const node = await world()
    await node.put(...many)
    const deaf = await deafPeers(node, 10, () => undefined)
    await node.time.advance(10 * limits.slowReaderMs)
    expect(deaf.every(each => each.isConnected())).toBe(true)
    await node.stop()
  })

  test('V-1 a reader that takes little keeps its place as long as others have one, then goes', async () => {
    const node = await world({ options: { maxRequests: 1 } })
    await node.put(...many)
    const trickle = await node.peer('trickle', { capacity: 1, deaf: true })
    await trickle.request({ upper, batch: false })
    const packets = trickle.pair.right.packets()[Symbol.asyncIterator]()
    for (let i = 0; i < 8; i++) {
      await node.time.advance(900)
      await packets.next()
    }
    expect(node.server.stats().running).toBe(1)
    const honest = await node.peer('honest')
    await honest.request({ upper })
    await until(node.time, () => honest.completions().length === 1, 'the answer')
    expect(honest.completions()).toMatchObject([{ kind: 'done' }])
    await node.stop()
  })

  test('V-1 a reader that keeps up has its place for a while, and then as long as others have one', async () => {
    const { clock, scheduler, advance, settle } = createVirtualTime()
    const turns = createTurns({ maxRequests: 2, maxRequestsPerPeer: 1, maxRequestsPerAddress: 2 }, clock, scheduler)
    const given: string[] = []
    const take = async (peerId: string): Promise<boolean> => {
      let end = (): void => undefined
      const giveUp = (): void => {
        given.push(peerId)
        end()
      }
      const place = await turns.take(
        { peerId, address: undefined },
        { give: send => send(), behindMs: () => 0, giveUp }
      )
      place?.run(
        () =>
          new Promise(resolve => {
            end = resolve
          })
      )
      return place !== undefined
    }
    expect([await take('first'), await take('second')]).toEqual([true, true])
    await advance(limits.longestAnswerMs - 2 * limits.slowReaderMs - 1)
    const early = take('early')
    await advance(2 * limits.slowReaderMs)
    expect([await early, given]).toEqual([false, []])
    await advance(1)
    expect([await take('third'), given]).toEqual([true, ['first']])
    // The next one is just as old.
    expect([await take('fourth'), given]).toEqual([true, ['first', 'second']])
    const busy = take('fifth')
    await advance(2 * limits.slowReaderMs)
    expect([await busy, given.length, turns.running()]).toEqual([false, 2, 2])
    await settle()
  })

  test('V-1 a link that ends while it waits for a place takes none', async () => {
    const node = await world({ options: { maxRequests: 1 } })
    await node.put(...many)
    await deafPeers(node, 1, () => undefined)
    const other = await node.peer('other')
    await other.request({ upper })
    await node.time.settle()
    other.pair.cut()
    await node.time.advance(5 * limits.slowReaderMs)
    expect(node.server.stats().running).toBe(0)
    await node.stop()
  })
})

describe('V-2 places by address', () => {
  test('V-2 one address holds maxRequestsPerAddress places, whatever identities it has', async () => {
    const node = await world({ options: { maxRequestsPerAddress: 8 } })
    await node.put(...many)
    const deaf = await deafPeers(node, 20, () => '198.51.100.7')
    await node.time.settle()
    expect(node.server.stats().running).toBe(8)
    const honest = await node.peer('honest', { address: '203.0.113.5' })
    expect((await honest.ask({ upper })).completion).toMatchObject({ kind: 'done' })
    for (const each of deaf) each.listen()
    await until(node.time, () => deaf.every(each => each.completions().length === 1), 'the answers')
    const failed = deaf.flatMap(each => each.completions()).filter(({ kind }) => kind === 'failed')
    expect(failed).toHaveLength(12)
    expect(failed[0]).toMatchObject({ error: 'server is busy' })
    await node.stop()
  })
})

describe('V-3 requests by cost', () => {
  const asker = (peerId: string, address?: string) => ({ peerId, address })

  test('V-3 an address spends what it has saved and then waits, whatever identities it has', async () => {
    const { clock, scheduler, advance, settle } = createVirtualTime()
    const costs = createCostLimiter(clock, scheduler)
    let passed = 0
    const flood = (async () => {
      for (let i = 0; i < limits.costSaved + limits.costPerSecond; i++) {
        await costs.wait(asker(`peer ${i}`, '198.51.100.7'))
        passed++
      }
    })()
    await settle()
    expect(passed).toBe(limits.costSaved)
    await costs.wait(asker('other', '203.0.113.5'))
    await advance(500)
    expect(passed).toBe(limits.costSaved + limits.costPerSecond / 2)
    await advance(600)
    await flood
  })

  test('V-3 what an answer sends is paid by later requests; a link that ends waits no longer', async () => {
    const { clock, scheduler, advance } = createVirtualTime()
    const costs = createCostLimiter(clock, scheduler)
    costs.sent(asker('a'), limits.bytesPerCost * (limits.costSaved + limits.costPerSecond))
    const gone = new AbortController()
    let passed = ''
    const waits = [
      costs.wait(asker('a')).then(() => {
        passed += 'a'
      }),
      costs.wait(asker('a'), gone.signal).then(() => {
        passed += 'gone'
      })
    ]
    gone.abort()
    await advance(900)
    expect(passed).toBe('gone')
    await advance(200)
    await Promise.all(waits)
    expect(passed).toBe('gonea')
  })

  test('V-3 the time of a walk that finds nothing is paid by later requests, of history and of sync', async () => {
    const walkMs = 1000
    for (const code of [packetCodes.p2pRequest, packetCodes.p2pSyncRequest]) {
      const walks: number[] = []
      const store: EnvelopeStore = {
        ...memoryEnvelopeStore(),
        // biome-ignore lint/correctness/useYield: a walk that finds nothing
        query: async function* () {
          walks.push(node.time.clock.nowMs())
          await delay(node.time.scheduler, walkMs)
        }
      }
      const node: World = await world({ store, options: { rateLimitSeconds: 0 } })
      const flood = await node.peer('flood', { address: '198.51.100.7' })
      const sync = encodeSyncRequest({ lower: 0, upper, bloom: everything, limit: 1, cursor: new Uint8Array(0) })
      const payload = code === packetCodes.p2pRequest ? await sealRequest({ upper }) : sync
      const sending = (async () => {
        for (let i = 0; i < 20; i++) await flood.send(code, payload)
      })()
      while (walks.length < 20) await node.time.advance(walkMs)
      await sending
      const [first = 0] = walks
      // One after the other they would take the store's whole time; half of it, and what was saved up, is this address's.
      expect((walks.at(-1) ?? 0) - first).toBeGreaterThan(1.7 * 19 * walkMs)
      await node.time.advance(walkMs)
      await node.stop()
    }
  })

  test('V-3 a flood of requests that open with no key waits too', async () => {
    const node = await world()
    const flood = await node.peer('flood', { address: '198.51.100.7' })
    const sealed = await sealRequest({ upper }, { key: { kind: 'symmetric', key: new Uint8Array(32).fill(9) } })
    const sending = (async () => {
      for (let i = 0; i < limits.costSaved + 50; i++) await flood.send(packetCodes.p2pRequest, sealed)
    })()
    await until(node.time, () => flood.completions().length >= limits.costSaved, 'the refusals')
    for (let i = 0; i < 20; i++) await node.time.settle()
    expect(flood.completions()).toHaveLength(limits.costSaved)
    await node.time.advance(1000)
    await sending
    await until(node.time, () => flood.completions().length === limits.costSaved + 50, 'the rest')
    await node.stop()
  })
})

describe('V-4 a cursor leads on', () => {
  test('V-4 every page with a cursor brings something, also when nothing is left behind it', async () => {
    const node = await world()
    await node.put(...many)
    const client = await node.peer('client')
    let cursor = new Uint8Array(0)
    const seen: string[] = []
    for (let pages = 0; pages < 10; pages++) {
      const { bundles, completion } = await client.ask({ upper, limit: 5, cursor })
      if (completion.kind !== 'done') throw new Error('refused')
      seen.push(`${bundles.flat().length}/${completion.cursor.length}`)
      if (completion.cursor.length === 0) break
      expect(completion.cursor).not.toEqual(cursor)
      cursor = completion.cursor.slice()
    }
    expect(seen).toEqual(['5/36', '5/36', '5/36', '5/36', '0/0'])
    await node.stop()
  })

  test('V-4 a store that goes in circles ends the paging', async () => {
    const inner = memoryEnvelopeStore()
    const store: EnvelopeStore = {
      ...inner,
      query: ({ cursor: _, ...query }) => inner.query({ ...query, limit: 1 })
    }
    const node = await world({ store })
    await node.put(...many)
    const client = await node.peer('client')
    const first = (await client.ask({ upper, limit: 1 })).completion
    if (first.kind !== 'done') throw new Error('refused')
    expect(first.cursor).toHaveLength(36)
    const second = (await client.ask({ upper, limit: 1, cursor: first.cursor })).completion
    expect(second).toMatchObject({ kind: 'done', cursor: new Uint8Array(0) })
    await node.stop()
  })
})

describe('V-5 wrong arguments are the mistake of the caller', () => {
  const mistake = expect.objectContaining({ name: 'MailserverError', code: 'invalid-argument', origin: 'caller' })

  test.each([
    'nonsense',
    'postgres',
    'postgresql://',
    'http://localhost/db',
    'host=localhost dbname=x',
    'postgresql://localhost:99999/db',
    'postgresql://local host/db',
    'postgresql://%zz/db',
    'postgresql://user:%zz@localhost/db',
    '@/',
    'postgresql://@'
  ])('V-5 a PostgreSQL URI that is none: %s', uri => {
    expect(() => createPostgresStore({ uri })).toThrow(mistake)
  })

  test.each([
    'postgresql://user:pass@localhost:5432/db',
    'postgres://localhost/db',
    'postgresql:///db?host=/tmp',
    'postgresql://user:pa%20ss@/db?host=/tmp',
    'postgresql://[::1]:5432/db',
    'postgres://%2Ftmp/db',
    '/tmp db'
  ])('V-5 one that the driver takes passes: %s', uri => {
    createPostgresStore({ uri })
  })

  test('V-5 no word of a wrong URI is repeated', () => {
    expect(() => createPostgresStore({ uri: 'mysql://user:secret@host/db' })).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/secret|mysql/) })
    )
  })

  test('V-5 a mailserver without a store, a store of another shape, a sync without a range', async () => {
    const store = memoryEnvelopeStore()
    for (const deps of [undefined, null, {}, { store: {} }, { store: { ...store, query: undefined } }] as never[]) {
      expect(() => createMailserver(deps)).toThrow(mistake)
    }
    expect(() => createMailserver({ store }, null as never)).toThrow(mistake)
    expect(() => memoryEnvelopeStore('sideways' as never)).toThrow(mistake)
    const server = createMailserver({ store })
    await server.start()
    const client = { sync: async () => undefined }
    const range = { fromSeconds: 0, toSeconds: 1 }
    for (const args of [
      [undefined, 'a', range],
      [client, undefined, range],
      [client, 'a', undefined],
      [client, 'a', { fromSeconds: '0', toSeconds: 1 }],
      [client, 'a', { ...range, bloom: 'ff' }],
      [client, 'a', { ...range, bloom: new Uint8Array(63) }],
      [client, 'a', { ...range, pageLimit: 0 }],
      [client, 'a', { ...range, cursor: 'aa' }]
    ] as never[][]) {
      await expect((server.sync as (...args: unknown[]) => Promise<unknown>)(...args)).rejects.toEqual(mistake)
    }
    await server.stop()
  })
})
