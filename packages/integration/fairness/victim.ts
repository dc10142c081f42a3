import { randomBytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { encodeEnvelope, encodeMessages, packetCodes, sealMessage } from '@status-stack/whisper/wire'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { createRpc } from '@status-stack/whisper-rpc'
import { attachRawPeer, type RawPeer, type RawPeerOptions } from './raw-peer.ts'
import { type Attachable, type Reachable, reachOf } from './reach.ts'

/** How much the attacked node holds. The table is made with the full size, the tests with a smaller one. */
export interface VictimSize {
  readonly envelopes: number
  readonly filters: number
  /** Filters that share one topic, each with a key of its own. */
  readonly sharedTopicFilters: number
  readonly peers: number
  readonly archived: number
}

export const fullSize: VictimSize = {
  envelopes: 28_000,
  filters: 10_000,
  sharedTopicFilters: 1000,
  peers: 25,
  archived: 20_000
}
export const smallSize: VictimSize = {
  envelopes: 2000,
  filters: 500,
  sharedTopicFilters: 100,
  peers: 5,
  archived: 2000
}

/** What an attack knows of a node: topics with filters on them. */
export interface NodeFacts {
  /** A topic that many filters share. */
  readonly sharedTopic: Uint8Array
  /** A topic with one filter, and its key. */
  readonly ownTopic: Uint8Array
  readonly ownKey: Uint8Array
  /** A topic with one filter for messages to a public key. */
  readonly identityTopic: Uint8Array
}

/** A node as an operator and a user run one, with everything on it that a stranger can reach; in this process or in another. */
export interface Victim extends NodeFacts {
  readonly reach: Reachable
  /** Connects one more peer, which hears nothing unless its options say so. */
  readonly join: (options?: RawPeerOptions) => Promise<RawPeer>
  /** A text of a JSON-RPC client, and the answer. */
  readonly call: (text: string) => Promise<string | undefined>
  readonly stop: () => Promise<void>
}

/** A node of this process. */
export interface OwnVictim extends Victim {
  readonly node: Attachable
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

const everything = new Uint8Array(64).fill(0xff)

let envelopes = 0

/** An envelope without work; each is another one. */
export function freshEnvelope(topic: Uint8Array, data: Uint8Array, ttl = 300, sent = nowSeconds()): Uint8Array {
  envelopes += 1
  return encodeEnvelope({ expiry: sent + ttl, ttl, topic, data, nonce: BigInt(envelopes) })
}

/** Data of an envelope that only `key` opens. */
export function sealedFor(key: Uint8Array, payload = randomBytes(200)): Uint8Array {
  return sealMessage({ payload, key: { kind: 'symmetric', key } }, { bytes: randomBytes })
}

/** Data that is sealed to a public key which nobody here has. */
export function sealedForStranger(): Uint8Array {
  const { publicKey } = createIdentityKey(randomBytes(32))
  return sealMessage({ payload: randomBytes(200), key: { kind: 'asymmetric', publicKey } }, { bytes: randomBytes })
}

/** Sends envelopes in packets of at most 500 000 bytes. */
export async function sendEnvelopes(peer: RawPeer, all: readonly Uint8Array[]): Promise<void> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const envelope of all) {
    batch.push(envelope)
    bytes += envelope.length
    if (bytes < 500_000) continue
    await peer.send(packetCodes.messages, encodeMessages(batch))
    batch = []
    bytes = 0
  }
  if (batch.length > 0) await peer.send(packetCodes.messages, encodeMessages(batch))
}

/** Waits for what something under way will make true. The bound is a watchdog. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 120_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not happen`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** Waits until a count has stopped rising. */
export async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count()
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

function addFilters(whisper: Whisper, size: VictimSize): NodeFacts {
  const [sharedTopic, ownTopic, ownKey, identityTopic] = [4, 4, 32, 4].map(randomBytes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array
  ]
  const listen = (topic: Uint8Array, key: Uint8Array): string =>
    whisper.filters.add({ key: { kind: 'symmetric', key }, topics: [topic], onMessage: () => undefined })
  listen(ownTopic, ownKey)
  const identity = createIdentityKey(randomBytes(32))
  whisper.filters.add({ key: { kind: 'asymmetric', identity }, topics: [identityTopic], onMessage: () => undefined })
  for (let i = 1; i < size.filters - size.sharedTopicFilters; i++) listen(randomBytes(4), randomBytes(32))
  for (let i = 0; i < size.sharedTopicFilters; i++) listen(sharedTopic, randomBytes(32))
  return { sharedTopic, ownTopic, ownKey, identityTopic }
}

/** Connects peers that want everything, and waits until each was sent the whole pool, before anything is measured. */
export async function joinCrowd(join: Victim['join'], count: number): Promise<void> {
  let received = 0
  for (let i = 0; i < count; i++) {
    const peer = await join({ bloom: everything })
    peer.onPacket((_, payload) => {
      received += payload.length
    })
  }
  await settled(() => received)
}

/** Starts a node, fills its pool, its filters and its archive, and connects its peers. */
export async function startVictim(size: VictimSize): Promise<OwnVictim> {
  const store = memoryEnvelopeStore()
  const whisper = createWhisper({}, { minPow: 0, powWorkers: 0, poolMaxBytes: 256 * 1024 * 1024, rateLimitPerPeer: 0 })
  const mailserver = createMailserver({ store }, { minPow: 0, bindSigner: false })
  await mailserver.start()
  await whisper.start()
  const rpc = createRpc({ whisper })
  const reach = reachOf(whisper)
  const join: Victim['join'] = options => attachRawPeer(reach, options)
  const facts = addFilters(whisper, size)
  const feeder = await join()
  await sendEnvelopes(
    feeder,
    Array.from({ length: size.envelopes }, () => freshEnvelope(randomBytes(4), randomBytes(540), 3600))
  )
  await until(() => whisper.info().messages >= size.envelopes, 'a full pool')
  await feeder.close()
  whisper.serve(mailserver.port)
  await mailserver.port.archive.accept(archivedEnvelopes(size.archived))
  await joinCrowd(join, size.peers)
  return {
    ...facts,
    node: whisper,
    reach,
    join,
    call: text => rpc.call(text),
    stop: async () => {
      await rpc.stop()
      await whisper.stop()
      await mailserver.stop()
    }
  }
}

/** Envelopes of an hour that ended an hour ago. */
function archivedEnvelopes(count: number) {
  const sent = nowSeconds() - 7200
  return Array.from({ length: count }, (_, i) => ({
    bytes: freshEnvelope(randomBytes(4), randomBytes(500), 60, sent + (i % 3600)),
    hash: randomBytes(32),
    topic: randomBytes(4),
    sentSeconds: sent + (i % 3600),
    expirySeconds: sent + 60
  }))
}
