import type { Packet, PeerLink } from '../ports.ts'

/** What a memory link tells about its two ends. */
export interface LinkPairOptions {
  /** Peer ids that the ends see: `left` is what the right end calls its peer. @default 64 × '1' and 64 × '2' */
  readonly left?: string
  readonly right?: string
  readonly leftAddress?: string
  readonly rightAddress?: string
  readonly flags?: PeerLink['flags']
  /** Packets on their way in each direction before `send` waits. @default 1024 */
  readonly capacity?: number
}

/** Two ends of one link in memory, and a knife. */
export interface LinkPair {
  /** What the left node attaches. */
  readonly left: PeerLink
  /** What the right node attaches. */
  readonly right: PeerLink
  /** Cuts the link without a word: both ends just end. */
  readonly cut: () => void
  /** Why the ends were closed, as far as they were. */
  readonly closedBy: () => { readonly left: string | undefined; readonly right: string | undefined }
}

interface Channel {
  readonly packets: Packet[]
  readonly readers: ((result: IteratorResult<Packet>) => void)[]
  readonly senders: (() => void)[]
}

const defaultLeft = '1'.repeat(64)
const defaultRight = '2'.repeat(64)

/** An in-memory {@link PeerLink} pair: ordered, with back-pressure, ended by either side. */
export function createLinkPair(options: LinkPairOptions = {}): LinkPair {
  const { left = defaultLeft, right = defaultRight, capacity = 1024 } = options
  const channel = (): Channel => ({ packets: [], readers: [], senders: [] })
  const toRight = channel()
  const toLeft = channel()
  const reasons: { left: string | undefined; right: string | undefined } = { left: undefined, right: undefined }
  let open = true

  const cut = (): void => {
    if (!open) return
    open = false
    for (const { readers, senders } of [toRight, toLeft]) {
      for (const reader of readers.splice(0)) reader({ done: true, value: undefined })
      for (const sender of senders.splice(0)) sender()
    }
  }

  const receive = (from: Channel): Promise<IteratorResult<Packet>> => {
    const packet = from.packets.shift()
    if (packet !== undefined) {
      from.senders.shift()?.()
      return Promise.resolve({ done: false, value: packet })
    }
    if (!open) return Promise.resolve({ done: true, value: undefined })
    return new Promise(resolve => from.readers.push(resolve))
  }

  const send = async (into: Channel, packet: Packet, signal: AbortSignal | undefined): Promise<void> => {
    while (open && signal?.aborted !== true && into.packets.length >= capacity) {
      await new Promise<void>(resolve => {
        const go = (): void => {
          signal?.removeEventListener('abort', go)
          resolve()
        }
        into.senders.push(go)
        signal?.addEventListener('abort', go, { once: true })
      })
    }
    signal?.throwIfAborted()
    if (!open) throw new Error('link: closed')
    const reader = into.readers.shift()
    if (reader !== undefined) reader({ done: false, value: packet })
    else into.packets.push(packet)
  }

  const end = (
    side: 'left' | 'right',
    peerId: string,
    remoteAddress: string | undefined,
    into: Channel,
    from: Channel
  ): PeerLink => ({
    peerId,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    flags: options.flags ?? { static: false, trusted: false },
    packets: () => ({ [Symbol.asyncIterator]: () => ({ next: () => receive(from) }) }),
    // A copy, as a socket would make: neither end can change what the other reads.
    send: (code, payload, { signal } = {}) => send(into, { code, payload: payload.slice() }, signal),
    close: async reason => {
      reasons[side] ??= reason
      cut()
    }
  })

  return {
    left: end('left', right, options.rightAddress, toRight, toLeft),
    right: end('right', left, options.leftAddress, toLeft, toRight),
    cut,
    closedBy: () => ({ ...reasons })
  }
}
