import type { Packet, PeerLink } from '../link.ts'

/**
 * What a test does to packets on their way: returns whether the packet goes through now. A dropped packet can still be
 * forwarded later, once or more often.
 */
export type PacketFilter = (packet: Packet, forward: () => void) => boolean

/** Facts about a pair of links; all optional. */
export interface LinkPairOptions {
  /** Peer ids of the nodes that hold the ends: `left` is what the right end calls its peer. @default 64 × '1' and 64 × '2' */
  readonly left?: string
  /** What the left end calls its peer. */
  readonly right?: string
  /** Addresses of the nodes that hold the ends. */
  readonly leftAddress?: string
  /** What the left end says as `remoteAddress`. @default none */
  readonly rightAddress?: string
  /** Of both ends. @default neither static nor trusted */
  readonly flags?: PeerLink['flags']
  /** Packets on their way in each direction before `send` waits. @default 1024 */
  readonly capacity?: number
  /** Message ids of the capability; others are refused. @default 128 */
  readonly codes?: number
  /** Packets on their way to the left or right end pass here first. @default all pass */
  readonly filterToLeft?: PacketFilter | undefined
  /** Sees every packet on its way to the right end first. @default all pass */
  readonly filterToRight?: PacketFilter | undefined
}

/** Two ends of one link in memory, plus `cut()`. */
export interface LinkPair {
  /** What the left node attaches. */
  readonly left: PeerLink
  /** What the right node attaches. */
  readonly right: PeerLink
  /** Ends both directions without a goodbye, as a broken connection does. */
  readonly cut: () => void
  /** Why the ends were closed, as far as they were. */
  readonly closedBy: () => { readonly left: string | undefined; readonly right: string | undefined }
}

const defaultLeft = '1'.repeat(64)
const defaultRight = '2'.repeat(64)

/** One direction: a bounded queue between one writer and one reader. */
interface Channel {
  readonly put: (packet: Packet, signal: AbortSignal | undefined) => Promise<void>
  /** Beside the queue's bound: for packets that a filter held back. */
  readonly force: (packet: Packet) => void
  readonly next: () => Promise<IteratorResult<Packet>>
  readonly end: () => void
}

function createChannel(capacity: number): Channel {
  const packets: Packet[] = []
  const readers: ((result: IteratorResult<Packet>) => void)[] = []
  const senders: (() => void)[] = []
  let open = true
  const push = (packet: Packet): void => {
    const reader = readers.shift()
    if (reader !== undefined) reader({ done: false, value: packet })
    else packets.push(packet)
  }
  return {
    put: async (packet, signal) => {
      signal?.throwIfAborted()
      while (open && signal?.aborted !== true && packets.length >= capacity) {
        await new Promise<void>(resolve => {
          const go = (): void => {
            signal?.removeEventListener('abort', go)
            resolve()
          }
          senders.push(go)
          signal?.addEventListener('abort', go, { once: true })
        })
      }
      signal?.throwIfAborted()
      if (!open) throw new Error('link: closed')
      push(packet)
    },
    force: packet => {
      if (open) push(packet)
    },
    next: () => {
      const packet = packets.shift()
      if (packet !== undefined) {
        senders.shift()?.()
        return Promise.resolve({ done: false, value: packet })
      }
      if (!open) return Promise.resolve({ done: true, value: undefined })
      return new Promise(resolve => readers.push(resolve))
    },
    end: () => {
      open = false
      for (const reader of readers.splice(0)) reader({ done: true, value: undefined })
      for (const sender of senders.splice(0)) sender()
    }
  }
}

/**
 * An in-memory pair of links with the contract of real ones: ordered, with back-pressure, ended by either side.
 *
 * @example
 * ```ts
 * const { left, right } = createLinkPair()
 * await left.send(1, Uint8Array.of(42))
 * for await (const { code, payload } of right.packets()) console.log(code, payload)
 * ```
 */
export function createLinkPair(options: LinkPairOptions = {}): LinkPair {
  const { left = defaultLeft, right = defaultRight, capacity = 1024, codes = 128 } = options
  const toRight = createChannel(capacity)
  const toLeft = createChannel(capacity)
  const reasons: { left: string | undefined; right: string | undefined } = { left: undefined, right: undefined }
  const cut = (): void => {
    toRight.end()
    toLeft.end()
  }
  const end = (
    side: 'left' | 'right',
    peer: { readonly id: string; readonly address: string | undefined },
    into: Channel,
    from: Channel,
    filter: PacketFilter | undefined
  ): PeerLink => ({
    peerId: peer.id,
    ...(peer.address === undefined ? {} : { remoteAddress: peer.address }),
    flags: options.flags ?? { static: false, trusted: false },
    packets: () => ({ [Symbol.asyncIterator]: () => ({ next: from.next }) }),
    send: async (code, payload, { signal } = {}) => {
      if (!(Number.isInteger(code) && code >= 0 && code < codes))
        throw new RangeError(`code: expected 0 … ${codes - 1}, got ${code}`)
      // A copy, as a socket would make: neither end can change what the other reads.
      const packet = { code, payload: Uint8Array.from(payload) }
      if (filter === undefined || filter(packet, () => into.force(packet))) await into.put(packet, signal)
    },
    close: async reason => {
      reasons[side] ??= reason
      cut()
    }
  })
  return {
    left: end('left', { id: right, address: options.rightAddress }, toRight, toLeft, options.filterToRight),
    right: end('right', { id: left, address: options.leftAddress }, toLeft, toRight, options.filterToLeft),
    cut,
    closedBy: () => ({ ...reasons })
  }
}
