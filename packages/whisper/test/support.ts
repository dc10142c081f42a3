import { createTimeSlicer, type TimeSlicer } from '@status-stack/utils'
import type { ReceivedMessage, Whisper } from '../src/index.ts'
import { createWhisper } from '../src/node.ts'
import type { WhisperOptions } from '../src/options.ts'
import type { PeerLink } from '../src/ports.ts'
import type { Interest, Route } from '../src/route.ts'
import { createInThreadSearcher } from '../src/search/in-thread.ts'
import {
  createLinkPair,
  createSeededRandom,
  createTestKey,
  createVirtualTime,
  type LinkPair,
  type VirtualTime
} from '../src/testing/index.ts'

export const symmetricKey = new Uint8Array(32).fill(7)
export const topic = Uint8Array.of(1, 2, 3, 4)

export function key(byte: number): ReturnType<typeof createTestKey> {
  return createTestKey(new Uint8Array(32).fill(byte))
}

export function peerIdOf(name: string): string {
  return name.padEnd(64, '0')
}

/** A route and an interest for one symmetric place, without the 65 356 rounds. */
export function place(
  at: Uint8Array = topic,
  symmetric: Uint8Array = symmetricKey
): { route: Route; interest: Interest } {
  const shared = { key: { kind: 'symmetric' as const, key: symmetric }, guarantee: 'group-readable' as const }
  return {
    route: { topic: at, ...shared, ttlSeconds: 10, pow: () => ({ target: 0, timeSeconds: 0 }) },
    interest: { topics: [at], ...shared, arrival: { kind: 'public', name: 'test' } }
  }
}

/** Never asks for a pause: what a test sees does not depend on how busy the machine is. */
export const unhurried = createTimeSlicer({ budgetMs: Number.POSITIVE_INFINITY })

/** Asks for a pause at every item, and counts the pauses. */
export function stepSlicer(): TimeSlicer & { readonly pauses: () => number } {
  let pauses = 0
  const pause = async (signal?: AbortSignal): Promise<void> => {
    pauses += 1
    await new Promise<void>(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  return {
    due: () => true,
    pause,
    yielded: pause,
    get background() {
      return this
    },
    pauses: () => pauses
  }
}

export function node(
  time: VirtualTime,
  name: string,
  options: WhisperOptions = {},
  slicer: TimeSlicer = unhurried
): Whisper {
  return createWhisper(
    {
      slicer,
      clock: time.clock,
      scheduler: time.scheduler,
      random: createSeededRandom(name),
      pow: createInThreadSearcher(time.clock)
    },
    { minPow: 0, ...options }
  )
}

export interface Connection {
  readonly pair: LinkPair
  /** How each end's `attach` ended: `undefined` for well. */
  readonly left: Promise<unknown>
  readonly right: Promise<unknown>
}

function outcome(attached: Promise<void>): Promise<unknown> {
  return attached.then(
    () => undefined,
    error => error
  )
}

/** Links two nodes; both have finished the handshake when it resolves. */
export async function connect(
  time: VirtualTime,
  [left, leftName]: readonly [Whisper, string],
  [right, rightName]: readonly [Whisper, string]
): Promise<Connection> {
  const pair = createLinkPair({ left: peerIdOf(leftName), right: peerIdOf(rightName) })
  const ends = { left: outcome(left.attach(pair.left)), right: outcome(right.attach(pair.right)) }
  await time.settle()
  return { pair, ...ends }
}

/** What a subscription has delivered so far. */
export function collect(subscription: AsyncIterable<ReceivedMessage>): ReceivedMessage[] {
  const got: ReceivedMessage[] = []
  void (async () => {
    for await (const delivery of subscription) got.push(delivery)
  })()
  return got
}

/** The other end of a link, played by the test: packets by hand. */
export interface HandPeer {
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  /** Packets received so far. */
  readonly received: { readonly code: number; readonly payload: Uint8Array }[]
  readonly link: PeerLink
  readonly pair: LinkPair
  readonly ended: Promise<unknown>
}

export function handPeer(
  whisper: Whisper,
  name: string,
  options: { readonly address?: string; readonly flags?: PeerLink['flags'] } = {}
): HandPeer {
  const pair = createLinkPair({
    left: peerIdOf('node'),
    right: peerIdOf(name),
    ...(options.address === undefined ? {} : { rightAddress: options.address }),
    ...(options.flags === undefined ? {} : { flags: options.flags })
  })
  const received: { code: number; payload: Uint8Array }[] = []
  void (async () => {
    for await (const packet of pair.right.packets()) received.push(packet)
  })()
  return {
    send: (code, payload) => pair.right.send(code, payload),
    received,
    link: pair.right,
    pair,
    ended: outcome(whisper.attach(pair.left))
  }
}

export function time(): VirtualTime {
  return createVirtualTime()
}
