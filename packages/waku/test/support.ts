import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { createTimeSlicer, type TimeSlicer } from '@status-stack/utils'
import type { Interest, PeerLink, Route, Whisper, WhisperOptions } from '@status-stack/whisper'
import { createPowSearcher, createWhisper } from '@status-stack/whisper'
import {
  createLinkPair,
  createSeededRandom,
  createTestKey,
  createVirtualTime,
  type LinkPair,
  type VirtualTime
} from '@status-stack/whisper/testing'
import { decodeMessages, encodeEnvelope, encodeMessages, envelopePow } from '@status-stack/whisper/wire'
import { createWaku, type Waku, type WakuOptions } from '../src/index.ts'
import { decodeStatusOptions, packetCodes } from '../src/wire.ts'

export const symmetricKey = new Uint8Array(32).fill(7)
export const topic = Uint8Array.of(1, 2, 3, 4)
export const otherTopic = Uint8Array.of(0xde, 0xad, 0xbe, 0xef)
/** Same bloom as {@link twin}: two bits of one byte overwrite each other. */
export const collider = Uint8Array.of(0, 1, 2, 0)
export const twin = Uint8Array.of(0, 0, 2, 0)

export const key = (byte: number) => createTestKey(new Uint8Array(32).fill(byte))
const peerIdOf = (name: string): string => name.padEnd(64, '0')

/** Never asks for a pause: what a test sees does not depend on how busy the machine is. */
const unhurried: TimeSlicer = createTimeSlicer({ budgetMs: Number.POSITIVE_INFINITY })

function depsOf(time: VirtualTime, name: string, slicer: TimeSlicer = unhurried) {
  return {
    slicer,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(name),
    pow: createPowSearcher(time.clock, 0)
  }
}

export async function wakuNode(time: VirtualTime, name = 'node', options: WakuOptions = {}): Promise<Waku> {
  const waku = createWaku(depsOf(time, name), { minPow: 0, ...options })
  await waku.start()
  return waku
}

export async function whisperNode(time: VirtualTime, name: string, options: WhisperOptions = {}): Promise<Whisper> {
  const whisper = createWhisper(depsOf(time, name), { minPow: 0, ...options })
  await whisper.start()
  return whisper
}

/** A started node on a clock of its own. */
export async function started(options: WakuOptions = {}) {
  const time = createVirtualTime()
  return { time, waku: await wakuNode(time, 'node', options) }
}

/** Links two nodes of one protocol. */
export async function connect(
  time: VirtualTime,
  [left, leftName]: readonly [Whisper, string],
  [right, rightName]: readonly [Whisper, string]
): Promise<void> {
  const pair = createLinkPair({ left: peerIdOf(leftName), right: peerIdOf(rightName) })
  left.attach(pair.left).catch(() => undefined)
  right.attach(pair.right).catch(() => undefined)
  await time.settle()
}

/** The other end of a link, played by the test. */
export interface HandPeer {
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  readonly received: { readonly code: number; readonly payload: Uint8Array }[]
  readonly pair: LinkPair
  /** How the link ended: `undefined` for well. */
  readonly ended: Promise<unknown>
}

/** A peer that has sent this Status; none: it has sent nothing. */
export async function handPeer(
  time: VirtualTime,
  node: Whisper,
  status: Uint8Array | undefined = Uint8Array.of(0xc0),
  options: { readonly name?: string; readonly address?: string; readonly flags?: PeerLink['flags'] } = {}
): Promise<HandPeer> {
  const pair = createLinkPair({
    left: peerIdOf('node'),
    right: peerIdOf(options.name ?? 'peer'),
    ...(options.address === undefined ? {} : { rightAddress: options.address }),
    ...(options.flags === undefined ? {} : { flags: options.flags })
  })
  const received: { code: number; payload: Uint8Array }[] = []
  void (async () => {
    for await (const packet of pair.right.packets()) received.push(packet)
  })()
  const ended = node.attach(pair.left).then(
    () => undefined,
    error => error
  )
  const send = async (code: number, payload: Uint8Array): Promise<void> => {
    await pair.right.send(code, payload)
    await time.settle()
  }
  if (status !== undefined && status.length > 0) await send(packetCodes.status, status)
  return { send, received, pair, ended }
}

/** No Status from this peer. */
export const silent = new Uint8Array(0)

/** The hashes of the envelopes that a peer got. */
export function envelopesOf(peer: HandPeer): string[] {
  return peer.received
    .filter(({ code }) => code === packetCodes.messages)
    .flatMap(({ payload }) => decodeMessages(payload))
    .map(bytes => bytesToHex(keccak256(bytes)))
}

/** What a peer was told in updates. */
export function updatesOf(peer: HandPeer) {
  return peer.received
    .filter(({ code }) => code === packetCodes.statusUpdate)
    .map(({ payload }) => decodeStatusOptions(payload))
}

/** An envelope of no meaning; its PoW is whatever the nonce has. */
export function rawEnvelope(time: VirtualTime, nonce: number, at: Uint8Array = topic, ttl = 50): Uint8Array {
  const now = Math.floor(time.clock.nowMs() / 1000)
  return encodeEnvelope({ expiry: now + ttl, ttl, topic: at, data: new Uint8Array(9).fill(1), nonce: BigInt(nonce) })
}

/** An envelope whose PoW is at least, or below, this much. */
export function envelopeOfPow(
  time: VirtualTime,
  isEnough: (pow: number) => boolean,
  at: Uint8Array = topic
): Uint8Array {
  const now = Math.floor(time.clock.nowMs() / 1000)
  for (let nonce = 0n; ; nonce += 1n) {
    const envelope = { expiry: now + 50, ttl: 50, topic: at, data: new Uint8Array(9).fill(1), nonce }
    if (isEnough(envelopePow(envelope))) return encodeEnvelope(envelope)
  }
}

export const hashOf = (envelope: Uint8Array): string => bytesToHex(keccak256(envelope))
export const messages = (...envelopes: readonly Uint8Array[]): Uint8Array => encodeMessages(envelopes)

/** A route and an interest for one symmetric place. */
export function place(at: Uint8Array = topic): { readonly route: Route; readonly interest: Interest } {
  const shared = { key: { kind: 'symmetric' as const, key: symmetricKey }, guarantee: 'group-readable' as const }
  return {
    route: { topic: at, ...shared, ttlSeconds: 10, pow: () => ({ target: 0, timeSeconds: 0 }) },
    interest: { topics: [at], ...shared, arrival: { kind: 'public', name: 'test' } }
  }
}

export function collect<T>(items: AsyncIterable<T>): T[] {
  const got: T[] = []
  void (async () => {
    for await (const item of items) got.push(item)
  })()
  return got
}

/** Topics 00000000, 00000001, … */
export function countedTopics(count: number, from = 0): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const counted = new Uint8Array(4)
    new DataView(counted.buffer).setUint32(0, from + i)
    return counted
  })
}
