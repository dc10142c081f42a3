import { randomBytes, utf8Bytes } from '@status-stack/crypto'
import { createLinkPair } from '@status-stack/interface/testing'
import { createBridge, createWaku } from '@status-stack/waku'
import { encodePlainRequest, encodeStatusOptions } from '@status-stack/waku/wire'
import { createWhisper, decodeEnvelope, type Packet, type PeerLink, type Whisper } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { createTestKey } from '@status-stack/whisper/testing'
import {
  decodeMessages,
  decodeRequestComplete,
  encodeEnvelope,
  filterBloom,
  openMessage,
  sealMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { afterEach, expect, test } from 'vitest'
import { patience, until } from '../support/until.ts'

const key = (byte: number) => createTestKey(new Uint8Array(32).fill(byte))
const chat = { kind: 'public', name: 'archive-of-both' } as const
const server = 'f'.repeat(64)

const running: { readonly stop: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop()
})

async function start<T extends { readonly start: () => Promise<void>; readonly stop: () => Promise<unknown> }>(
  each: T
): Promise<T> {
  await each.start()
  running.push(each)
  return each
}

async function join(relay: Whisper, member: Whisper, id: string): Promise<void> {
  const pair = createLinkPair({ left: server, right: id.padEnd(64, '0') })
  relay.attach(pair.left).catch(() => undefined)
  member.attach(pair.right).catch(() => undefined)
  await until('both to be connected', () => member.connected() && relay.connected())
}

/** One node in both networks, with a bridge and one archive. */
async function relayOfBoth() {
  const options = { powWorkers: 0 }
  const whisper = await start(createWhisper({}, options))
  const waku = await start(createWaku({}, options))
  const bridge = createBridge({ whisper, waku })
  const mailserver = await start(createMailserver({ store: memoryEnvelopeStore() }))
  const detach = [mailserver.attach(whisper), mailserver.attach(waku)]
  return { whisper, waku, bridge, mailserver, detach }
}

test('one mailserver serves both networks from one archive: what was posted on one is fetched on the other', {
  timeout: 2 * patience
}, async () => {
  const { whisper, waku, bridge, mailserver, detach } = await relayOfBoth()
  const alice = await start(createWhisper({}, { powWorkers: 0 }))
  const bob = await start(createWaku({}, { powWorkers: 0, interest: 'topics' }))
  await join(whisper, alice, 'a')
  const route = await planRoute(chat)
  await alice.post({ route, payload: utf8Bytes('from Whisper'), signer: key(1) })
  await bridge.idle()
  // Bob was away, and asks for what he missed in his own protocol.
  await join(waku, bob, 'b')
  const interests = [await planInterest(key(2), chat)]
  const ask = async (member: Whisper, signer: number) => {
    const now = Math.floor(Date.now() / 1000)
    const query = { interests, fromSeconds: now - 100, toSeconds: now + 100, limit: 10, signer: key(signer) }
    const { deliveries } = await member.history(server, query)
    return deliveries.map(({ payload }) => new TextDecoder().decode(payload))
  }
  expect(await ask(bob, 2)).toEqual(['from Whisper'])
  await bob.post({ route, payload: utf8Bytes('from Waku'), signer: key(2) })
  await until('the bridge to carry it back', () => whisper.info().messages === 2)
  await bridge.idle()
  expect((await ask(alice, 1)).sort()).toEqual(['from Waku', 'from Whisper'])
  // Each envelope reached the archive from both sides and is there once.
  expect(mailserver.stats().archivedEnvelopes).toBe(4)
  expect((await ask(bob, 3)).sort()).toEqual(['from Waku', 'from Whisper'])
  for (const end of detach) end()
  bridge.stop()
})

/** A peer of Waku by hand. */
async function handPeer(waku: Whisper): Promise<{ readonly link: PeerLink; readonly received: Packet[] }> {
  const pair = createLinkPair({ left: server, right: 'c'.repeat(64) })
  const received: Packet[] = []
  void (async () => {
    for await (const packet of pair.right.packets()) received.push(packet)
  })()
  waku.attach(pair.left).catch(() => undefined)
  await pair.right.send(0, encodeStatusOptions({ powBits: 0n, topics: [] }))
  await until('the peer to be connected', () => waku.connected())
  return { link: pair.right, received }
}

test('K-20 over Waku the plain form of 7 elements is answered in lists, and the binary form is not', {
  timeout: 2 * patience
}, async () => {
  const waku = await start(createWaku({}, { powWorkers: 0, minPow: 0 }))
  const mailserver = await start(createMailserver({ store: memoryEnvelopeStore() }, { minPow: 0 }))
  mailserver.attach(waku)
  const interest = await planInterest(key(2), chat)
  const [topic = new Uint8Array(4)] = interest.topics
  const route = await planRoute(chat)
  await waku.post({ route: { ...route, pow: () => ({ target: 0, timeSeconds: 0 }) }, payload: utf8Bytes('kept') })
  const { link, received } = await handPeer(waku)
  const now = Math.floor(Date.now() / 1000)
  const request = {
    id: new Uint8Array(32).fill(9),
    from: now - 100,
    to: now + 100,
    limit: 10,
    cursor: new Uint8Array(0),
    bloom: filterBloom([topic]),
    topics: []
  }
  // An id of another length cannot be answered, and costs nothing.
  await link.send(126, encodePlainRequest({ ...request, id: new Uint8Array(5) }))
  await link.send(126, encodePlainRequest(request))
  await until('the answer', () => received.some(({ code }) => code === 125))
  const page = received.find(({ code }) => code === 127)
  const [envelope] = decodeMessages(page?.payload ?? new Uint8Array())
  const opened = openMessage(decodeEnvelope(envelope ?? new Uint8Array()).data, interest.key)
  expect(typeof opened === 'string' ? opened : new TextDecoder().decode(opened.payload)).toBe('kept')
  const done = decodeRequestComplete(received.find(({ code }) => code === 125)?.payload ?? new Uint8Array())
  expect(done).toMatchObject({ kind: 'done', requestId: request.id })

  // lower, upper and a bloom filter, one behind the other: the form from before RLP.
  const binary = new Uint8Array(72)
  new DataView(binary.buffer).setUint32(0, now - 100)
  new DataView(binary.buffer).setUint32(4, now + 100)
  binary.set(request.bloom, 8)
  const password = { kind: 'symmetric' as const, key: await symmetricKeyFromPassword('status-offline-inbox') }
  const data = sealMessage({ payload: binary, key: password, signer: key(5) }, { bytes: randomBytes })
  const sealed = encodeEnvelope({ expiry: now + 50, ttl: 50, topic: new Uint8Array(4), data, nonce: 0n })
  received.length = 0
  await link.send(126, sealed)
  await until('the refusal', () => received.some(({ code }) => code === 125))
  const refused = decodeRequestComplete(received.find(({ code }) => code === 125)?.payload ?? new Uint8Array())
  expect(refused).toMatchObject({ kind: 'failed', error: expect.stringContaining('failed to decode data') })
  expect(waku.connected()).toBe(true)
})
