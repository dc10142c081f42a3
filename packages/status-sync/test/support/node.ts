import { publicKeyOf } from '@status-stack/crypto'
import type { TimeSlicer } from '@status-stack/utils'
import {
  createSync,
  decodePayload,
  memorySyncStore,
  type Output,
  type OutputResult,
  type Payload,
  type Settlement,
  type Sync,
  type SyncOptions,
  type SyncStore
} from '../../src/index.ts'

export const alice = publicKeyOf(new Uint8Array(32).fill(0x11))
export const bob = publicKeyOf(new Uint8Array(32).fill(0x22))
export const carol = publicKeyOf(new Uint8Array(32).fill(0x33))

/** A small deterministic generator (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface TestClock {
  now: number
  readonly nowMs: () => number
}

export function testClock(now = 1_546_300_800_000): TestClock {
  const clock = { now, nowMs: () => clock.now }
  return clock
}

export interface Sent {
  readonly peer: Uint8Array
  readonly bytes: Uint8Array
  readonly payload: Payload
  readonly contains: readonly string[]
}

export interface TestNode {
  readonly sync: Sync
  readonly clock: TestClock
  readonly store: SyncStore
  readonly sent: Sent[]
  readonly facts: Settlement[]
  readonly warnings: string[]
  /** What `output` answers; replaced by tests. */
  output: Output | undefined
  result: OutputResult
  maxBytes: number
  settled: (fact: Settlement) => Promise<void>
  /** Lets time pass and ticks once. */
  readonly after: (ms: number) => Promise<void>
}

export interface TestNodeSetup {
  readonly self?: Uint8Array
  readonly store?: SyncStore
  readonly clock?: TestClock
  readonly expiryClock?: TestClock
  readonly options?: SyncOptions
  readonly seed?: number
  readonly isKnown?: (peer: Uint8Array) => boolean
  readonly slicer?: TimeSlicer
  readonly bodyOf?: (tracking: string) => Promise<Uint8Array | undefined>
}

export function testNode(setup: TestNodeSetup = {}): TestNode {
  const {
    self = alice,
    store = memorySyncStore(),
    clock = testClock(),
    expiryClock,
    options = {},
    seed = 1,
    isKnown,
    slicer,
    bodyOf
  } = setup
  const next = seeded(seed)
  const sent: Sent[] = []
  const facts: Settlement[] = []
  const warnings: string[] = []
  const sync = createSync(
    {
      self,
      store,
      clock,
      expiryClock,
      isKnown,
      slicer,
      bodyOf,
      random: { bytes: length => Uint8Array.from({ length }, () => Math.floor(next() * 256)) },
      logger: { warn: message => void warnings.push(message) },
      output: async (peer, bytes, about) => {
        if (node.output !== undefined) return node.output(peer, bytes, about)
        if (node.result !== 'sent') return node.result
        record(node, peer, bytes, about.contains)
        return 'sent'
      },
      settled: async fact => {
        await node.settled(fact)
        facts.push(fact)
      },
      maxBytes: async () => node.maxBytes
    },
    options
  )
  const node: TestNode = {
    sync,
    clock,
    store,
    sent,
    facts,
    warnings,
    output: undefined,
    result: 'sent',
    maxBytes: 1_000_000,
    settled: async () => {},
    after: async ms => {
      clock.now += ms
      await sync.tick()
    }
  }
  return node
}

export function record(node: TestNode, peer: Uint8Array, bytes: Uint8Array, contains: readonly string[]): void {
  const payload = decodePayload(bytes)
  if (payload === undefined) throw new Error('a node sent bytes that are no payload')
  node.sent.push({ peer, bytes, payload, contains })
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

export function read(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Lengths of the four lists of a payload. */
export function counts({ acks, offers, requests, messages }: Payload): {
  acks: number
  offers: number
  requests: number
  messages: number
} {
  return { acks: acks.length, offers: offers.length, requests: requests.length, messages: messages.length }
}

/** Bodies handed up by a `receive`. */
export async function bodiesOf(received: ReturnType<Sync['receive']>): Promise<readonly string[]> {
  const result = await received
  return result.kind === 'payload' ? result.bodies.map(({ body }) => read(body)) : ['not-sync']
}

/** Receives and accepts everything at once, as an application that handles each message does. */
export async function receiveAndAccept(sync: Sync, peer: Uint8Array, bytes: Uint8Array): Promise<readonly string[]> {
  const result = await sync.receive(peer, bytes)
  if (result.kind !== 'payload') return ['not-sync']
  await sync.accept(
    peer,
    result.bodies.map(({ id }) => id)
  )
  return result.bodies.map(({ body }) => read(body))
}

/** Lets everything run that is ready to. */
export function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}
