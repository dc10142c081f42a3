import { concatBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { filterBloom } from '../../src/bloom.ts'
import type { HistoryProgress, HistoryQuery } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeRequestComplete, encodeP2pMessages } from '../../src/packets/p2p.ts'
import { decodeSyncRequest } from '../../src/packets/p2p-sync.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { collect, handPeer, key, node, peerIdOf, place, symmetricKey, time, topic } from '../support.ts'
import { archived, cursorOf, handServer, hashOf } from '../support-server.ts'

const server = peerIdOf('server')
const nodeKey = key(0x55)

const query: HistoryQuery = {
  interests: [place().interest],
  fromSeconds: 1000,
  toSeconds: 2000,
  limit: 10,
  signer: nodeKey
}
const request = { fromSeconds: 1000, toSeconds: 2000, topics: [topic], limit: 10, signer: nodeKey }

async function started(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  return { clock, whisper, hand: await handServer(whisper, clock) }
}

const numbers = (deliveries: readonly { readonly payload: Uint8Array }[]) => deliveries.map(({ payload }) => payload[0])

test('M-19 the client parses 32, 64, 100-byte and ERROR= payloads; 31 and 101 bytes are errors', () => {
  const id = new Uint8Array(32).fill(1)
  const last = new Uint8Array(32).fill(2)
  const cursor = new Uint8Array(36).fill(3)
  const decode = (bytes: Uint8Array) => decodeRequestComplete(encodeRlp(bytes))
  const none = new Uint8Array(0)
  expect(decode(id)).toEqual({ kind: 'done', requestId: id, lastHash: new Uint8Array(32), cursor: none })
  expect(decode(concatBytes(id, last))).toEqual({ kind: 'done', requestId: id, lastHash: last, cursor: none })
  expect(decode(concatBytes(id, last, cursor))).toEqual({ kind: 'done', requestId: id, lastHash: last, cursor })
  expect(decode(concatBytes(id, last, cursor.subarray(1)))).toMatchObject({ cursor: none })
  expect(decode(concatBytes(new TextEncoder().encode('ERROR='), id, new TextEncoder().encode('no')))).toEqual({
    kind: 'failed',
    requestId: id,
    error: 'no'
  })
  for (const length of [0, 31, 101]) {
    expect(() => decode(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
  }
  expect(() => decodeRequestComplete(encodeRlp([id, last, cursor]))).toThrow(
    expect.objectContaining({ code: 'invalid-packet' })
  )
})

test('history asks the server and returns its page: opened, in the order of arrival, marked with the server', async () => {
  const { clock, whisper, hand } = await started()
  const pushed = collect(whisper.subscribe(place().interest))
  const asking = whisper.history(server, query)
  const [got] = await hand.requests()
  expect(got?.signer).toEqual(nodeKey.publicKey)
  expect(got?.payload).toMatchObject({ lower: 1000, upper: 2000, limit: 10, batch: true, topics: [] })
  expect(got?.payload.bloom).toEqual(filterBloom([topic]))
  await hand.push(archived(3), archived(1), archived(1, { topic: Uint8Array.of(9, 9, 9, 9) }))
  await hand.push(archived(2))
  await hand.complete(got?.id ?? new Uint8Array(0), cursorOf(0))
  const page = await asking
  expect(numbers(page.deliveries)).toEqual([3, 1, 2])
  expect(page.deliveries[0]).toMatchObject({ source: { mailserver: server }, sentSeconds: 1003 })
  expect(page.cursor).toEqual(cursorOf(0))
  await clock.settle()
  expect(pushed).toEqual([])
  await whisper.stop()
})

test('W-37 a mail request trusts the peer: packets 125 and 127 count from then on', async () => {
  const { whisper, hand } = await started()
  expect(whisper.peers()[0]?.trusted).toBe(false)
  const sent = await whisper.mailserver.request(server, request)
  expect(whisper.peers()[0]?.trusted).toBe(true)
  await hand.complete(sent.requestId, cursorOf(1))
  expect(await sent.completion).toMatchObject({ kind: 'done', cursor: cursorOf(1) })
  await whisper.stop()
})

test('W-37 history trusts the server while it runs, and only then', async () => {
  const { clock, whisper, hand } = await started()
  const id = whisper.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic], allowP2P: true })
  const received = () => whisper.filters.messages(id)?.length
  await hand.push(archived(1))
  await clock.settle()
  expect(received()).toBe(0)
  const asking = whisper.history(server, query)
  const [got] = await hand.requests()
  await hand.push(archived(1))
  await hand.complete(got?.id ?? new Uint8Array(0))
  await asking
  expect(received()).toBe(1)
  await hand.push(archived(2))
  await clock.settle()
  expect(received()).toBe(0)
  await whisper.stop()
})

test('W-36 W-38 packets 125 and 127 of strangers are ignored; 127 of a trusted peer comes as a list or alone, past every check', async () => {
  const { clock, whisper, hand } = await started({ minPow: 1e6, bloom: 'interests' })
  const id = whisper.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic], allowP2P: true })
  await hand.push(archived(1))
  await hand.send(packetCodes.p2pRequestComplete, Uint8Array.of(0x80))
  await hand.send(packetCodes.p2pMessage, Uint8Array.of(0x80))
  await clock.settle()
  expect(whisper.connected()).toBe(true)
  whisper.trustPeer(server)
  await hand.push(archived(2))
  await hand.push(archived(3), archived(4))
  await hand.send(packetCodes.p2pMessage, encodeP2pMessages([]))
  await clock.settle()
  expect(whisper.filters.messages(id)?.map(({ payload, p2p }) => [payload[0], p2p])).toEqual([
    [2, true],
    [3, true],
    [4, true]
  ])
  expect(whisper.info().messages).toBe(0)
  await hand.send(packetCodes.p2pMessage, encodeRlp([1, 2, 3]))
  await clock.settle()
  expect(await hand.ended).toMatchObject({ origin: 'peer' })
  await whisper.stop()
})

test('M-20 a completion from an untrusted peer, or of a request to somebody else, is ignored', async () => {
  const { clock, whisper, hand } = await started()
  const other = await handServer(whisper, clock, 'other')
  const sent = await whisper.mailserver.request(server, request)
  await other.complete(sent.requestId, cursorOf(9))
  whisper.trustPeer(peerIdOf('other'))
  await other.complete(sent.requestId, cursorOf(8))
  await clock.settle()
  const completed: string[] = []
  whisper.on('mailserverrequestcompleted', fact => completed.push(fact.cursor))
  await hand.complete(sent.requestId, cursorOf(1))
  await hand.complete(sent.requestId, cursorOf(2))
  expect(await sent.completion).toMatchObject({ cursor: cursorOf(1) })
  await clock.settle()
  expect(completed).toHaveLength(1)
  await whisper.stop()
})

test('M-21 a timeout raises expired; a late completion is still reported', async () => {
  const { clock, whisper, hand } = await started({ requestTimeoutMs: 10_000 })
  const events: string[] = []
  whisper.on('mailserverrequestsent', () => events.push('sent'))
  whisper.on('mailserverrequestexpired', () => events.push('expired'))
  whisper.on('mailserverrequestcompleted', fact => events.push(`completed ${fact.late}`))
  const asks: readonly (() => Promise<unknown>)[] = [
    () => whisper.history(server, query),
    async () => (await whisper.mailserver.request(server, request)).completion
  ]
  for (const ask of asks) {
    events.length = 0
    const before = (await hand.requests()).length
    const failed = ask().then(
      () => 'answered',
      error => error.code
    )
    const got = (await hand.requests())[before]
    await clock.advance(10_000)
    expect(await failed).toBe('request-timeout')
    await hand.complete(got?.id ?? new Uint8Array(0))
    await clock.settle()
    expect(events).toEqual(['sent', 'expired', 'completed true'])
  }
  await clock.advance(limits.lateAnswerMs)
  await whisper.stop()
})

test('M-27 the same topics are refused within 3 s unless forced; pages go on', async () => {
  const { clock, whisper } = await started()
  await whisper.mailserver.request(server, request)
  await expect(whisper.mailserver.request(server, { ...request, fromSeconds: 1 })).rejects.toMatchObject({
    code: 'request-too-soon',
    message:
      'another request with the same topics was sent less than 3s ago. Please wait for a bit longer, or set `force` to true in request parameters'
  })
  await whisper.mailserver.request(server, { ...request, topics: [Uint8Array.of(8, 8, 8, 8)] })
  await whisper.mailserver.request(server, { ...request, force: true })
  await whisper.mailserver.request(server, { ...request, cursor: cursorOf(1) })
  await clock.advance(2999)
  await expect(whisper.mailserver.request(server, request)).rejects.toMatchObject({ code: 'request-too-soon' })
  await clock.advance(1)
  await whisper.mailserver.request(server, request)
  await whisper.stop()
})

test('bad requests are refused before anything is sent', async () => {
  const { whisper, hand } = await started()
  const bad = [
    { ...request, limit: 0 },
    { ...request, limit: 1001 },
    { ...request, fromSeconds: 3000 },
    { ...request, toSeconds: -1 },
    { ...request, fromSeconds: 0.5 },
    { ...request, topics: [] }
  ]
  for (const each of bad) {
    await expect(whisper.mailserver.request(server, each)).rejects.toMatchObject({ code: 'invalid-argument' })
  }
  await expect(whisper.mailserver.request(peerIdOf('nobody'), request)).rejects.toMatchObject({ code: 'unknown-peer' })
  await expect(whisper.history(peerIdOf('nobody'), query)).rejects.toMatchObject({ code: 'unknown-peer' })
  expect(await hand.requests()).toEqual([])
  await whisper.stop()
})

test('a refusal and a lost link reject; requests to one server take turns', async () => {
  const { clock, whisper, hand } = await started()
  const first = whisper.history(server, query)
  const second = whisper.history(server, { ...query, fromSeconds: 1500 })
  const outcomes = [first, second].map(page =>
    page.then(
      () => 'page',
      error => error.code
    )
  )
  const [got, none] = await hand.requests()
  expect(none).toBeUndefined()
  await hand.fail(got?.id ?? new Uint8Array(0), 'rate limit exceeded')
  expect(await outcomes[0]).toBe('request-refused')
  expect(await hand.requests()).toHaveLength(2)
  hand.pair.cut()
  await clock.settle()
  expect(await outcomes[1]).toBe('link-closed')
  await whisper.stop()
})

test('a server that pushes more than a page may hold is cut off', async () => {
  const { clock, whisper, hand } = await started({ historyMaxBytes: 2000 })
  const asking = whisper.history(server, query)
  const outcome = asking.then(
    () => 'page',
    error => error.code
  )
  await hand.requests()
  for (let i = 0; i < 20; i++) await hand.push(archived(i))
  await clock.settle()
  expect(await outcome).toBe('response-too-large')
  expect(whisper.info().memory).toBe(0)
  await whisper.stop()
})

test('envelopes outside the range, repeated ones and those of other interests are no deliveries', async () => {
  const { whisper, hand } = await started()
  const asking = whisper.history(server, { ...query, fromSeconds: 1002, toSeconds: 1003 })
  const [got] = await hand.requests()
  const three = archived(3)
  await hand.push(archived(1), archived(2), three, three, archived(4), archived(3, { key: new Uint8Array(32).fill(1) }))
  await hand.complete(got?.id ?? new Uint8Array(0))
  expect(numbers((await asking).deliveries)).toEqual([2, 3])
  await whisper.stop()
})

test('live deliveries of a range wait while it is open, over its pages, and then come', async () => {
  const { clock, whisper, hand } = await started({ historyHoldMs: 10_000 })
  const { route, interest } = place()
  const other = place(Uint8Array.of(7, 7, 7, 0))
  const live = collect(whisper.subscribe(interest))
  const elsewhere = collect(whisper.subscribe(other.interest))
  const ask = async (cursor: Uint8Array | undefined, answer: Uint8Array | undefined) => {
    const before = (await hand.requests()).length
    const asking = whisper.history(server, { ...query, ...(cursor === undefined ? {} : { cursor }) })
    const got = (await hand.requests())[before]
    await whisper.post({ route, payload: Uint8Array.of(before) })
    await whisper.post({ route: other.route, payload: Uint8Array.of(before) })
    await clock.settle()
    await hand.push(archived(before))
    await hand.complete(got?.id ?? new Uint8Array(0), answer)
    return asking
  }
  const first = await ask(undefined, cursorOf(0))
  await clock.settle()
  expect([numbers(live), numbers(elsewhere)]).toEqual([[], [0]])
  await ask(first.cursor, undefined)
  await clock.settle()
  expect(numbers(live)).toEqual([0, 1])
  await ask(undefined, cursorOf(1))
  await clock.advance(9999)
  expect(numbers(live)).toEqual([0, 1])
  await clock.advance(1)
  expect(numbers(live)).toEqual([0, 1, 2])
  await whisper.stop()
})

test('without a hold a server that takes its time for a page withholds no live delivery', async () => {
  const { clock, whisper, hand } = await started()
  const { route, interest } = place()
  const live = collect(whisper.subscribe(interest))
  const asking = whisper.history(server, query)
  const [got] = await hand.requests()
  await whisper.post({ route, payload: Uint8Array.of(1) })
  await clock.settle()
  expect(numbers(live)).toEqual([1])
  await hand.push(archived(2))
  await hand.complete(got?.id ?? new Uint8Array(0), cursorOf(0))
  await asking
  await whisper.post({ route, payload: Uint8Array.of(3) })
  await clock.settle()
  expect(numbers(live)).toEqual([1, 3])
  await whisper.stop()
})

test('range pages with progress, and a resume goes on where it stopped', async () => {
  const { whisper, hand } = await started()
  hand.serve([[archived(1), archived(2)], [archived(3)], [archived(4)]])
  const range = { interests: query.interests, fromSeconds: 1000, toSeconds: 2000, signer: nodeKey }
  const seen: HistoryProgress[] = []
  for await (const progress of whisper.mailserver.range([server], range)) {
    seen.push(progress)
    if (seen.length === 2) break
  }
  expect(seen.map(({ deliveries, received, page }) => [numbers(deliveries), received, page])).toEqual([
    [[1, 2], 2, 1],
    [[3], 3, 2]
  ])
  const resume = seen[1]?.resume
  expect(resume).toEqual({ server, cursor: cursorOf(1), toSeconds: 2000 })
  if (resume === undefined) throw new Error('no resume')
  const rest: HistoryProgress[] = []
  for await (const progress of whisper.mailserver.range([peerIdOf('x'), server], { ...range, resume }))
    rest.push(progress)
  expect(rest.map(({ deliveries }) => numbers(deliveries))).toEqual([[4]])
  expect(rest[0]?.resume).toBeUndefined()
  expect((await hand.requests()).map(({ payload }) => payload.cursor)).toEqual([
    new Uint8Array(0),
    cursorOf(0),
    cursorOf(1)
  ])
  await whisper.stop()
})

test('range leaves a server that fails and starts again at the next, without repeating what it gave', async () => {
  const { clock, whisper, hand } = await started()
  const next = await handServer(whisper, clock, 'next')
  const [one, two] = [archived(1), archived(2)]
  hand.serve([[one], []])
  next.serve([[one, two]])
  const range = { interests: query.interests, fromSeconds: 1000, toSeconds: 2000, signer: nodeKey }
  const seen: HistoryProgress[] = []
  for await (const progress of whisper.mailserver.range([peerIdOf('gone'), server, peerIdOf('next')], range)) {
    seen.push(progress)
    if (seen.length === 1) hand.pair.cut()
  }
  expect(seen.map(({ server: from, deliveries }) => [from[0], numbers(deliveries)])).toEqual([
    ['s', [1]],
    ['n', [2]]
  ])
  expect((await next.requests())[0]?.payload.cursor).toEqual(new Uint8Array(0))
  await expect(
    (async () => {
      for await (const _ of whisper.mailserver.range([peerIdOf('gone')], range));
    })()
  ).rejects.toMatchObject({ code: 'unknown-peer' })
  await whisper.stop()
})

test('range tries a page again before it gives a server up', async () => {
  const { clock, whisper, hand } = await started()
  const range = { interests: query.interests, fromSeconds: 1000, toSeconds: 0, signer: nodeKey, timeoutMs: 1000 }
  const reading = (async () => {
    const all: HistoryProgress[] = []
    for await (const progress of whisper.mailserver.range([server], range)) all.push(progress)
    return all
  })()
  expect(await hand.requests()).toHaveLength(1)
  await clock.advance(1000)
  const again = (await hand.requests())[1]
  expect(again?.payload.upper).toBe(1_600_000_000)
  await hand.push(archived(5))
  await hand.complete(again?.id ?? new Uint8Array(0))
  expect((await reading).map(({ deliveries }) => numbers(deliveries))).toEqual([[5]])
  await whisper.stop()
})

test('open requests are bounded: the oldest gives way', async () => {
  const { whisper } = await started()
  const outcomes: string[] = []
  for (let i = 0; i <= limits.openRequests; i++) {
    const sent = await whisper.mailserver.request(server, {
      ...request,
      topics: [Uint8Array.of(1, 1, i >> 8, i & 255)]
    })
    sent.completion.catch(error => outcomes.push(error.code))
  }
  await Promise.resolve()
  expect(outcomes).toEqual(['request-timeout'])
  await whisper.stop()
  expect(hashOf(archived(1))).toHaveLength(32)
})

test('requests do not take the place of a page of history', async () => {
  const { whisper, hand } = await started()
  const asking = whisper.history(server, query)
  const [page] = await hand.requests()
  for (let i = 0; i <= limits.openRequests; i++) {
    const sent = await whisper.mailserver.request(server, {
      ...request,
      topics: [Uint8Array.of(1, 1, i >> 8, i & 255)]
    })
    sent.completion.catch(() => undefined)
  }
  await hand.push(archived(3))
  await hand.complete(page?.id ?? new Uint8Array(0))
  expect(numbers((await asking).deliveries)).toEqual([3])
  await whisper.stop()
})

test('a sync request trusts the source and goes out as packet 123', async () => {
  const { clock, whisper, hand } = await started()
  const sync = { lower: 1, upper: 2, bloom: new Uint8Array(64), limit: 5, cursor: new Uint8Array(0) }
  await whisper.mailserver.sync(server, sync)
  await clock.settle()
  expect(whisper.peers()[0]?.trusted).toBe(true)
  const packet = hand.received.find(({ code }) => code === packetCodes.p2pSyncRequest)
  expect(decodeSyncRequest(packet?.payload ?? new Uint8Array(0))).toEqual(sync)
  for (const bad of [{ limit: 0 }, { limit: 1001 }, { lower: 9 }]) {
    await expect(whisper.mailserver.sync(server, { ...sync, ...bad })).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  }
  await whisper.stop()
})

test('post to one peer goes as packet 127 to it alone, past our minimum PoW', async () => {
  const { clock, whisper, hand } = await started({ minPow: 1e6 })
  const other = handPeer(whisper, 'other')
  await other.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await clock.settle()
  const posted = await whisper.post({ route: place().route, payload: Uint8Array.of(1), targetPeer: server })
  await clock.settle()
  expect(posted.sentTo).toEqual([server])
  for await (const _ of posted.confirmations) throw new Error('nobody confirms it')
  expect(hand.received.map(({ code }) => code)).toEqual([0, 127])
  expect(other.received.map(({ code }) => code)).toEqual([0])
  expect(whisper.info().messages).toBe(0)
  await whisper.stop()
})

test('trust for a late answer ends after its time', async () => {
  const { clock, whisper, hand } = await started({ requestTimeoutMs: 1000 })
  const id = whisper.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic], allowP2P: true })
  const failed = whisper.history(server, query).catch(error => error.code)
  await hand.requests()
  await clock.advance(1000)
  expect(await failed).toBe('request-timeout')
  await hand.push(archived(1))
  await clock.advance(limits.lateAnswerMs - 1)
  expect(whisper.filters.messages(id)).toHaveLength(1)
  await clock.advance(1)
  await hand.push(archived(2))
  await clock.settle()
  expect(whisper.filters.messages(id)).toHaveLength(0)
  await whisper.stop()
})
