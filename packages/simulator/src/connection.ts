import type { Packet, PeerLink } from '@status-stack/interface'
import { whenAborted } from '@status-stack/utils'
import { SimulatorError } from './errors.ts'
import { limits } from './limits.ts'
import type { SimulatedRandom } from './random.ts'
import type { SimulatedTime } from './time.ts'

/** How a link behaves, the same both ways. All optional. */
export interface LinkConditions {
  /** Milliseconds that a packet takes at least. @default 50 */
  readonly latencyMs?: number | undefined
  /** Up to so many milliseconds more, evenly spread. Packets stay in order. @default 0 */
  readonly jitterMs?: number | undefined
  /** Share of packets that never arrive, 0…1: what a real link, which repeats, loses when an end goes away in between. @default 0 */
  readonly lossRate?: number | undefined
  /** What one direction carries; packets wait for their turn. @default as fast as they come */
  readonly bytesPerSecond?: number | undefined
  /** Both ends are static, trusted peers: a client and its mailserver. @default false */
  readonly trusted?: boolean | undefined
}

/** Who sends to whom, and what is told of it. */
export interface Direction {
  readonly sent: (packet: Packet) => void
  readonly lost: (packet: Packet) => void
  readonly delivered: (packet: Packet) => void
}

/** One direction: packets that are under way, and those that wait for the reader. */
export interface Channel {
  readonly put: (packet: Packet, signal: AbortSignal | undefined) => Promise<void>
  readonly next: () => Promise<IteratorResult<Packet>>
  readonly end: () => void
}

const closed = (): SimulatorError => new SimulatorError('link-closed', 'link: closed', { origin: 'environment' })

export function createChannel(
  time: SimulatedTime,
  random: SimulatedRandom,
  conditions: LinkConditions,
  tell: Direction
): Channel {
  const { latencyMs = 50, jitterMs = 0, lossRate = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = conditions
  // BOUNDED: limits.windowBytes and one packet.
  const ready: Packet[] = []
  const readers: ((result: IteratorResult<Packet>) => void)[] = []
  const senders: (() => void)[] = []
  let isOpen = true
  let heldBytes = 0
  let freeAtMs = 0
  let lastAtMs = 0
  const costOf = (packet: Packet): number => packet.payload.length + limits.packetOverheadBytes
  const release = (packet: Packet): void => {
    heldBytes -= costOf(packet)
    senders.shift()?.()
  }
  const arrive = (packet: Packet): void => {
    if (!isOpen) return
    tell.delivered(packet)
    const reader = readers.shift()
    if (reader === undefined) {
      ready.push(packet)
      return
    }
    release(packet)
    reader({ done: false, value: packet })
  }
  const room = async (signal: AbortSignal | undefined): Promise<void> => {
    while (isOpen && signal?.aborted !== true && heldBytes > limits.windowBytes) {
      await new Promise<void>(resolve => {
        const callOff = whenAborted(signal, resolve)
        senders.push(() => {
          callOff()
          resolve()
        })
      })
    }
    signal?.throwIfAborted()
    if (!isOpen) throw closed()
  }
  return {
    put: async (packet, signal) => {
      if (heldBytes > limits.windowBytes || signal?.aborted === true) await room(signal)
      if (!isOpen) throw closed()
      tell.sent(packet)
      const bytes = costOf(packet)
      heldBytes += bytes
      freeAtMs = Math.max(time.now(), freeAtMs) + (bytes / bytesPerSecond) * 1000
      const isLost = lossRate > 0 && random.chance(lossRate)
      lastAtMs = Math.max(lastAtMs, freeAtMs + latencyMs + (jitterMs > 0 ? random.next() * jitterMs : 0))
      time.scheduler.after(lastAtMs - time.now(), () => {
        if (!isLost) {
          arrive(packet)
          return
        }
        release(packet)
        tell.lost(packet)
      })
    },
    next: () => {
      const packet = ready.shift()
      if (packet !== undefined) {
        release(packet)
        return Promise.resolve({ done: false, value: packet })
      }
      if (!isOpen) return Promise.resolve({ done: true, value: undefined })
      return new Promise(resolve => readers.push(resolve))
    },
    end: () => {
      isOpen = false
      for (const reader of readers.splice(0)) reader({ done: true, value: undefined })
      for (const sender of senders.splice(0)) sender()
    }
  }
}

/** One end of a connection, as a node holds it. */
export function linkOf(
  peerId: string,
  trusted: boolean,
  into: Channel,
  from: Channel,
  close: (reason: string) => void
): PeerLink {
  return {
    peerId,
    flags: { static: trusted, trusted },
    packets: () => ({ [Symbol.asyncIterator]: () => ({ next: from.next }) }),
    send: (code, payload, { signal, isConstant = false } = {}) =>
      into.put({ code, payload: isConstant ? payload : Uint8Array.from(payload) }, signal),
    close: async reason => close(reason)
  }
}
