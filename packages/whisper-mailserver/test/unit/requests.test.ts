import { bytesToHex, concatBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { vectorBytes } from '@status-stack/vectors'
import { createTestKey, createVirtualTime, type VirtualTime } from '@status-stack/whisper/testing'
import {
  decodeEnvelope,
  encodePlainRequest,
  envelopeBloom,
  envelopeHash,
  filterBloom,
  packetCodes,
  sentSeconds,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import { createMailserver, memoryEnvelopeStore } from '../../src/index.ts'
import { mailVectors } from '../support/vectors.ts'
import {
  archived,
  envelope,
  envelopeOf,
  epoch,
  everything,
  fullRequest,
  handPeer,
  key,
  node,
  nothing,
  otherTopic,
  peerIdOf,
  sealRequest,
  topic,
  until,
  type World,
  world
} from '../support/world.ts'

function uint32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  for (const [i, value] of values.entries()) new DataView(bytes.buffer).setUint32(4 * i, value)
  return bytes
}

/** Seven envelopes of seven seconds. */
async function withSeven(
  given: Parameters<typeof world>[0] = {}
): Promise<World & { readonly stored: readonly Uint8Array[] }> {
  const made = await world(given)
  const stored = Array.from({ length: 7 }, (_, i) => envelope(epoch + i))
  await made.put(...stored.map((bytes, i) => archived(bytes, epoch + i)))
  return { ...made, stored }
}

const upper = epoch + 100

/** Comparing megabytes element by element takes minutes. */
function hashes(envelopes: readonly Uint8Array[]): readonly string[] {
  return envelopes.map(bytes => bytesToHex(envelopeHash(bytes)))
}

test('M-4 requests of 5, 6 and 7 elements are answered', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  const bloom = filterBloom([topic])
  const layouts = [
    { items: [epoch, upper, bloom, 3, nothing], packets: [[stored[0]], [stored[1]], [stored[2]]] },
    { items: [epoch, upper, bloom, 3, nothing, true], packets: [stored.slice(0, 2), [stored[2]]] },
    { items: [epoch, upper, bloom, 3, nothing, false], packets: [[stored[0]], [stored[1]], [stored[2]]] },
    { items: [epoch, upper, bloom, [otherTopic], 3, nothing, true], packets: [stored.slice(0, 2), [stored[2]]] },
    { items: [epoch, upper, bloom, [], 3, nothing, false], packets: [[stored[0]], [stored[1]], [stored[2]]] }
  ]
  for (const { items, packets } of layouts) {
    const { bundles, completion } = await client.ask(encodeRlp(items))
    expect(bundles).toEqual(packets)
    expect(completion).toMatchObject({ kind: 'done', lastHash: envelopeHash(stored[2] ?? nothing) })
  }
  await stop()
})

test('M-4 the request payloads and sealed requests of the vectors are answered', async () => {
  const requests = await mailVectors('mailserver_request')
  const { peer, stop } = await world()
  const client = await peer('client')
  for (const vector of requests) {
    const { completion } = await client.ask(vectorBytes(vector['rlp'] ?? ''))
    expect(completion.kind).toBe('done')
  }
  await stop()
})

test('M-5 binary requests of 8, 72 and 76 bytes are answered; 7 and 40 bytes are refused', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  const range = uint32(epoch, epoch + 3)
  const served = async (payload: Uint8Array) => (await client.ask(payload)).bundles.flat()
  expect(await served(range)).toEqual(stored.slice(0, 4))
  expect(await served(concatBytes(range, filterBloom([topic])))).toEqual(stored.slice(0, 4))
  expect(await served(concatBytes(range, filterBloom([otherTopic])))).toEqual([])
  const limited = concatBytes(range, filterBloom([topic]), uint32(2))
  const page = await client.ask(limited)
  // No lists: this form knows no batches.
  expect(page.bundles).toEqual([[stored[0]], [stored[1]]])
  expect(page.completion).toMatchObject({ kind: 'done' })
  const cursor = page.completion.kind === 'done' ? page.completion.cursor : nothing
  expect(await served(concatBytes(limited, cursor))).toEqual(stored.slice(2, 4))
  expect(await served(concatBytes(limited, cursor, topic))).toEqual(stored.slice(2, 4))
  const refused: readonly (readonly [Uint8Array, string])[] = [
    [range.subarray(0, 7), 'Undersized p2p request'],
    [nothing, 'Undersized p2p request'],
    [new Uint8Array(40), 'Undersized bloom filter in p2p request'],
    [new Uint8Array(71), 'Undersized bloom filter in p2p request'],
    [uint32(epoch + 1, epoch), `query range is invalid: from > to (${epoch + 1} > ${epoch})`]
  ]
  for (const [payload, error] of refused) {
    expect((await client.ask(payload)).completion).toMatchObject({ kind: 'failed', error })
  }
  await stop()
})

test('M-6 a binary range over 24 h is refused, one of exactly 24 h and a longer RLP range are served', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  const day = 24 * 3600
  expect((await client.ask(uint32(epoch, epoch + day))).bundles.flat()).toEqual(stored)
  expect((await client.ask(uint32(epoch, epoch + day + 1))).completion).toMatchObject({
    kind: 'failed',
    error: `query range too big for peer ${client.id}`
  })
  expect((await client.ask({ lower: 0, upper: epoch + 10 * day })).bundles.flat()).toEqual(stored)
  await stop()
})

test('M-7 unsigned, wrongly encrypted and low-PoW requests answer ERROR=', async () => {
  const { peer, stop } = await withSeven()
  const client = await peer('client')
  const wrongKey = { kind: 'symmetric' as const, key: new Uint8Array(32).fill(1) }
  const cases = [
    { sealing: { unsigned: true }, error: 'wrong signature of p2p request' },
    { sealing: { key: wrongKey }, error: 'failed to decrypt p2p request' },
    {
      sealing: { key: { kind: 'asymmetric' as const, publicKey: key(9).publicKey } },
      error: 'failed to decrypt p2p request'
    }
  ]
  for (const { sealing, error } of cases) {
    const { completion, id, bundles } = await client.ask({ upper }, sealing)
    expect(completion).toEqual({ kind: 'failed', requestId: id, error })
    expect(bundles).toEqual([])
  }
  // The whole packet: one byte string ERROR= ‖ id ‖ text.
  const text = new TextEncoder()
  const { id } = await client.ask({ upper }, { unsigned: true })
  await stop()
  expect(client.rawCompletions().at(-1)).toEqual(
    encodeRlp(concatBytes(text.encode('ERROR='), id, text.encode('wrong signature of p2p request')))
  )
})

test('M-7 the PoW is the first check, its minimum an option', async () => {
  const { peer, stop } = await withSeven({ options: { minPow: 1e9 } })
  const client = await peer('client')
  const { completion } = await client.ask({ upper }, { unsigned: true })
  expect(completion).toMatchObject({ kind: 'failed', error: 'PoW() is too low' })
  // A ttl of 0 makes the PoW infinite.
  expect((await client.ask({ upper }, { ttl: 0 })).completion).toMatchObject({ kind: 'done' })
  await stop()
})

test('M-8 a plain request is answered with batch lists; the id is echoed', async () => {
  const { peer, stored, time, stop } = await withSeven()
  const client = await peer('client')
  const id = new Uint8Array(32).fill(0xab)
  const plain = { id, from: epoch, to: upper, limit: 0, cursor: nothing, bloom: filterBloom([topic]) }
  await client.send(packetCodes.p2pRequest, encodePlainRequest(plain))
  await until(time, () => client.completions().length === 1)
  expect(client.bundles()).toEqual([stored])
  expect(client.completions()[0]).toEqual({
    kind: 'done',
    requestId: id,
    lastHash: envelopeHash(stored.at(-1) ?? nothing),
    cursor: nothing
  })
  await stop()
})

test('M-8 plain requests can be refused', async () => {
  const { peer, time, stop } = await withSeven({ options: { plainRequests: 'refuse' } })
  const client = await peer('client')
  const id = new Uint8Array(32).fill(0xab)
  const plain = { id, from: epoch, to: upper, limit: 0, cursor: nothing, bloom: filterBloom([topic]) }
  await client.send(packetCodes.p2pRequest, encodePlainRequest(plain))
  await until(time, () => client.completions().length === 1)
  expect(client.completions()).toEqual([{ kind: 'failed', requestId: id, error: 'plain requests are not served' }])
  expect(client.bundles()).toEqual([])
  await stop()
})

test('M-9 an undecodable packet 126 disconnects; without a mailserver it is ignored', async () => {
  const garbage = [
    Uint8Array.of(0xff),
    encodeRlp([1, 2]),
    encodeRlp('text'),
    encodeRlp([1, 2, 3, 4, 5, 6, 7, 8]),
    nothing
  ]
  for (const [index, payload] of garbage.entries()) {
    const { peer, stop } = await world()
    const client = await peer(`client ${index}`)
    await client.send(packetCodes.p2pRequest, payload)
    expect(await client.ended).toMatchObject({ code: 'invalid-packet', origin: 'peer' })
    await stop()
  }
  const time = createVirtualTime()
  const whisper = node(time, 'relay')
  await whisper.start()
  const client = await handPeer(time, whisper, 'client')
  for (const payload of garbage) await client.send(packetCodes.p2pRequest, payload)
  await time.settle()
  expect(client.isConnected()).toBe(true)
  await whisper.stop()
})

test('M-10 lower > upper, an empty bloom and limit 1001 answer ERROR= in every form', async () => {
  const { peer, time, stop } = await withSeven()
  const client = await peer('client')
  const good = { id: new Uint8Array(32).fill(1), from: epoch, to: upper, limit: 10, cursor: nothing, bloom: everything }
  const plain = [
    { ...good, from: upper, to: epoch },
    { ...good, bloom: nothing },
    { ...good, limit: 1001 },
    { ...good, bloom: new Uint8Array(63) }
  ]
  for (const request of plain) await client.send(packetCodes.p2pRequest, encodePlainRequest(request))
  await until(time, () => client.completions().length === plain.length)
  expect(client.completions().map(completion => (completion.kind === 'failed' ? completion.error : ''))).toEqual([
    'request is invalid: query range is invalid: lower > upper',
    'request is invalid: bloom filter is empty',
    'request is invalid: limit exceeds the maximum allowed value',
    'request is invalid: bloom filter has 63 bytes, expected 64'
  ])
  const sealed = [
    { payload: { lower: upper, upper: epoch }, error: 'query range is invalid: lower > upper' },
    { payload: { upper, bloom: nothing }, error: 'request is invalid: bloom filter is empty' },
    { payload: { upper, limit: 1001 }, error: 'request is invalid: limit exceeds the maximum allowed value' },
    { payload: { lower: epoch + 3600 }, error: 'request is invalid: query range is invalid: lower > upper' }
  ]
  for (const { payload, error } of sealed) {
    expect((await client.ask(payload)).completion).toMatchObject({ kind: 'failed', error })
  }
  const malformed = await client.ask(encodeRlp([1, 2, 3]))
  expect(malformed.completion).toMatchObject({
    kind: 'failed',
    error: expect.stringMatching(/^failed to decode data: /)
  })
  await stop()
})

test('M-11 limit 0 means 1000, upper 0 means now + 60', async () => {
  const { peer, put, time, stop } = await world()
  const many = Array.from({ length: 1003 }, (_, i) => archived(envelope(epoch - 500, { nonce: i }), epoch - 500))
  await put(...many)
  const late = [59, 60, 61].map(second => archived(envelope(epoch + second), epoch + second))
  await put(...late)
  const client = await peer('client')
  const first = await client.ask({ lower: 0, upper: 0, limit: 0 })
  expect(first.bundles.flat()).toHaveLength(1000)
  expect(first.completion.kind === 'done' && first.completion.cursor.length).toBe(36)
  const open = await client.ask({ lower: epoch, upper: 0 })
  expect(open.bundles.flat()).toEqual(late.slice(0, 2).map(({ bytes }) => bytes))
  await time.advance(1000)
  expect((await client.ask({ lower: epoch, upper: 0 })).bundles.flat()).toHaveLength(3)
  await stop()
})

test('M-12 both bounds are inclusive; upper 2^32 − 1 is no empty range', async () => {
  const { peer, put, stored, stop } = await withSeven()
  const client = await peer('client')
  const got = async (lower: number, end: number) => (await client.ask({ lower, upper: end })).bundles.flat()
  expect(await got(epoch + 2, epoch + 4)).toEqual(stored.slice(2, 5))
  expect(await got(epoch + 2, epoch + 2)).toEqual(stored.slice(2, 3))
  expect(await got(epoch, 0xffff_ffff)).toEqual(stored)
  const last = envelope(0xffff_fff0, { ttl: 15 })
  await put(archived(last, 0xffff_fff0, topic, 15))
  expect(await got(0xffff_fff0, 0xffff_ffff)).toEqual([last])
  await stop()
})

test('M-13 OR-built and overwriting-built request blooms both find a topic with two bits in one byte', async () => {
  const { peer, put, stop } = await world()
  const crowded = Uint8Array.of(0x10, 0x11, 0x80, 0)
  expect(envelopeBloom(crowded)).not.toEqual(filterBloom([crowded]))
  const wanted = envelope(epoch, { topic: crowded })
  await put(
    archived(wanted, epoch, crowded),
    archived(envelope(epoch + 1, { topic: otherTopic }), epoch + 1, otherTopic)
  )
  const client = await peer('client')
  for (const bloom of [filterBloom([crowded]), envelopeBloom(crowded)]) {
    expect((await client.ask({ bloom, upper })).bundles.flat()).toEqual([wanted])
  }
  expect((await client.ask({ bloom: filterBloom([Uint8Array.of(77, 78, 79, 0)]), upper })).bundles).toEqual([])
  await stop()
})

test('M-14 limit N returns exactly N and a 36-byte cursor, also when nothing is left', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  const pages = []
  let cursor: Uint8Array = nothing
  for (let page = 0; page < 3; page++) {
    const { bundles, completion } = await client.ask({ limit: 3, upper, cursor })
    pages.push(bundles)
    if (completion.kind === 'done') cursor = completion.cursor
  }
  // The limit-th envelope stands in a bundle of its own, as status-go sends it.
  expect(pages).toEqual([
    [stored.slice(0, 2), stored.slice(2, 3)],
    [stored.slice(3, 5), stored.slice(5, 6)],
    [stored.slice(6, 7)]
  ])
  expect(cursor).toEqual(nothing)
  const whole = await client.ask({ limit: 7, upper })
  expect(whole.bundles.flat()).toEqual(stored)
  const end = whole.completion.kind === 'done' ? whole.completion.cursor : nothing
  expect(end).toHaveLength(36)
  const after = await client.ask({ limit: 7, upper, cursor: end })
  expect(after).toMatchObject({ bundles: [], completion: { kind: 'done', cursor: nothing } })
  const one = await client.ask({ limit: 1, upper })
  expect(one.bundles).toEqual([[stored[0]]])
  await stop()
})

test('M-16 a cursor of another length is ignored', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  for (const length of [1, 35, 37, 40, 1000]) {
    const { bundles } = await client.ask({ upper, cursor: new Uint8Array(length).fill(0xff) })
    expect(bundles.flat()).toEqual(stored)
  }
  await stop()
})

test('M-17 bundles stay below 1 MiB, a single envelope goes bare, batch false gives one per packet', async () => {
  const { peer, put, time, stop } = await world()
  const size = (1024 * 1024) / 8
  // Raw sizes that fill a bundle to the last byte but for the list's header.
  const big = Array.from({ length: 20 }, (_, i) => envelope(epoch + i, { bytes: size - 30 - i }))
  const exact = envelope(epoch + 20, { bytes: 700_000 })
  const rest = envelope(epoch + 21, { bytes: 1024 * 1024 - 4 - exact.length - 26 })
  const all = [...big, exact, rest]
  await put(...all.map((bytes, i) => archived(bytes, epoch + i)))
  const client = await peer('client')
  const { bundles } = await client.ask({ upper })
  expect(hashes(bundles.flat())).toEqual(hashes(all))
  const packets = () =>
    client.received.filter(({ code }) => code === packetCodes.p2pMessage).map(({ payload }) => payload)
  expect(Math.max(...packets().map(({ length }) => length))).toBeLessThan(1024 * 1024)
  // No bundle could have taken the first of the next.
  for (const [i, bundle] of bundles.entries()) {
    const next = bundles[i + 1]?.[0]?.length ?? Number.POSITIVE_INFINITY
    const bytes = bundle.reduce((sum, { length }) => sum + length, 0)
    expect(bytes).toBeLessThan(1024 * 1024 - 4)
    expect(bytes + next).toBeGreaterThanOrEqual(1024 * 1024 - 4)
  }
  const before = packets().length
  const bare = await client.ask({ lower: epoch + 20, upper: epoch + 20 })
  expect(bare.bundles.map(hashes)).toEqual([hashes([exact])])
  expect(hashes([packets()[before] ?? nothing])).toEqual(hashes([exact]))
  const single = await client.ask({ upper, batch: false })
  expect(single.bundles.map(hashes)).toEqual(all.map(each => hashes([each])))
  expect(time.clock.nowMs()).toBe(epoch * 1000)
  await stop()
})

test('M-17 a bundle takes what keeps its packet below 1 MiB, and not a byte more', async () => {
  for (const [more, bundles] of [
    [-1, 1],
    [0, 2]
  ] as const) {
    const { peer, put, stop } = await world()
    const sizes = [600_000, 1024 * 1024 - 4 - 600_000 + more]
    const stored = sizes.map((size, i) => envelopeOf(size, epoch + i))
    expect(stored.map(({ length }) => length)).toEqual(sizes)
    await put(...stored.map((bytes, i) => archived(bytes, epoch + i)))
    const client = await peer('client')
    const answer = await client.ask({ upper })
    expect(answer.bundles).toHaveLength(bundles)
    const packets = client.received.filter(({ code }) => code === packetCodes.p2pMessage)
    expect(Math.max(...packets.map(({ payload }) => payload.length))).toBeLessThan(1024 * 1024)
    await stop()
  }
})

test('M-17 an envelope that alone fills a packet is still sent', async () => {
  const { peer, put, stop } = await world()
  const huge = envelope(epoch, { bytes: 1024 * 1024 - 40 })
  expect(huge.length).toBeGreaterThan(1024 * 1024 - 40)
  const small = envelope(epoch + 1)
  await put(archived(huge, epoch), archived(small, epoch + 1))
  const client = await peer('client')
  expect((await client.ask({ upper })).bundles.map(hashes)).toEqual([hashes([huge]), hashes([small])])
  await stop()
})

test('M-18 packet 125 has 64 or 100 bytes, the zero hash when nothing matched', async () => {
  const { peer, stored, stop } = await withSeven()
  const client = await peer('client')
  const id = (await client.ask({ upper })).id
  const page = await client.ask({ upper, limit: 2 })
  const none = await client.ask({ upper, bloom: filterBloom([otherTopic]) })
  const [whole, first, empty] = client.rawCompletions()
  expect(whole).toEqual(encodeRlp(concatBytes(id, envelopeHash(stored[6] ?? nothing))))
  const second = stored[1] ?? nothing
  const cursor = concatBytes(uint32(sentSeconds(decodeEnvelope(second))), envelopeHash(second))
  expect(first).toEqual(encodeRlp(concatBytes(page.id, envelopeHash(second), cursor)))
  expect(empty).toEqual(encodeRlp(concatBytes(none.id, new Uint8Array(32))))
  await stop()
})

test('M-22 a second request inside the rate is refused, others are not; a refused one does not count', async () => {
  const { peer, time, stop } = await withSeven({ options: { rateLimitSeconds: 10 } })
  const client = await peer('client')
  const other = await peer('other')
  const kinds = async (from: typeof client) => {
    const { completion } = await from.ask({ upper })
    return completion.kind === 'done' ? 'done' : completion.error
  }
  // An invalid request is refused before the rate is looked at.
  expect((await client.ask({ upper, limit: 1001 })).completion).toMatchObject({ error: expect.stringMatching(/limit/) })
  expect(await kinds(client)).toBe('done')
  expect(await kinds(client)).toBe('rate limit exceeded')
  expect(await kinds(other)).toBe('done')
  await time.advance(9000)
  expect(await kinds(client)).toBe('rate limit exceeded')
  await time.advance(1000)
  expect(await kinds(client)).toBe('rate limit exceeded')
  await time.advance(1)
  expect(await kinds(client)).toBe('done')
  expect(client.isConnected()).toBe(true)
  await stop()
})

test('M-22 a clock that is set back refuses nobody for longer than the rate', async () => {
  let backMs = 0
  const clock = (time: VirtualTime) => ({ nowMs: () => time.clock.nowMs() - backMs })
  const { peer, time, stop } = await withSeven({ options: { rateLimitSeconds: 10 }, clock })
  const client = await peer('client')
  expect((await client.ask({ upper })).completion.kind).toBe('done')
  backMs = 3_600_000
  expect((await client.ask({ upper })).completion.kind).toBe('failed')
  await time.advance(10_001)
  expect((await client.ask({ upper })).completion.kind).toBe('done')
  await stop()
})

test('M-26 the password key is that of the vectors; the asymmetric key is tried first', async () => {
  const password = await symmetricKeyFromPassword('status-offline-inbox')
  const tried: string[] = []
  const identity = key(3)
  const watched = {
    ...identity,
    ecdhX: (publicKey: Uint8Array) => {
      tried.push('asymmetric')
      return identity.ecdhX(publicKey)
    }
  }
  const { peer, stop } = await withSeven({ identity: watched })
  const client = await peer('client')
  const kind = async (sealing: Parameters<typeof client.ask>[1]) =>
    (await client.ask({ upper }, sealing)).completion.kind
  expect(await kind({ key: { kind: 'asymmetric', publicKey: identity.publicKey } })).toBe('done')
  expect(tried).toHaveLength(1)
  expect(await kind({ key: { kind: 'symmetric', key: password } })).toBe('done')
  expect(await kind({ key: { kind: 'asymmetric', publicKey: key(4).publicKey } })).toBe('failed')
  for (const vector of await mailVectors('mailserver_request_envelope')) {
    const privateKey = vector['mailserverPrivateKey']
    const server = await withSeven(
      privateKey === undefined
        ? { identity }
        : { identity: createTestKey(vectorBytes(privateKey)), options: { password: false } }
    )
    const asker = await server.peer('client')
    await asker.send(packetCodes.p2pRequest, vectorBytes(vector['rlp'] ?? ''))
    await until(server.time, () => asker.completions().length === 1)
    expect(asker.completions()[0]).toMatchObject({ kind: 'done', requestId: vectorBytes(vector['requestId'] ?? '') })
    await server.stop()
  }
  await stop()
})

test('the signer can be bound to the peer', async () => {
  const { peer, stop } = await withSeven({ options: { bindSigner: true } })
  const honest = await peer('honest', { peerId: peerIdOf(key(5).publicKey) })
  expect((await honest.ask({ upper })).completion.kind).toBe('done')
  expect((await honest.ask({ upper }, { signer: key(6) })).completion).toMatchObject({
    kind: 'failed',
    error: 'wrong signature of p2p request'
  })
  await stop()
})

test('a mailserver that is not running answers nothing and keeps the link', async () => {
  const time = createVirtualTime()
  const whisper = node(time, 'server')
  await whisper.start()
  const server = createMailserver({ store: memoryEnvelopeStore(), clock: time.clock, scheduler: time.scheduler })
  whisper.serve(server.port)
  const client = await handPeer(time, whisper, 'client')
  await client.send(packetCodes.p2pRequest, await sealRequest(fullRequest()))
  await time.settle()
  expect(client.completions()).toEqual([])
  expect(client.isConnected()).toBe(true)
  await whisper.stop()
})
