import { limits } from '../limits.ts'
import type { Peer } from './peer.ts'

/** Packets whose envelopes are on their way into the archive. */
export interface Storing {
  /** Follows one more packet of a peer. What it answers is waited for before the next one is read; nothing while there is room. */
  readonly follow: (peer: Peer, bytes: number, stored: Promise<void>) => Promise<void> | undefined
}

interface Waiting {
  packets: number
  bytes: number
  wake: (() => void) | undefined
}

const hasRoom = ({ packets, bytes }: Waiting): boolean => packets < limits.storingPackets && bytes < limits.storingBytes

/**
 * An archive writes many envelopes about as fast as one. So a link goes on reading while what it brought is stored, and what comes
 * meanwhile goes together; a packet is confirmed when its own envelopes are stored.
 */
export function createStoring(): Storing {
  // BOUNDED: maxPeers; limits.storingPackets and limits.storingBytes of each
  const ofPeers = new WeakMap<Peer, Waiting>()
  return {
    follow: (peer, bytes, stored) => {
      const waiting = ofPeers.get(peer) ?? { packets: 0, bytes: 0, wake: undefined }
      ofPeers.set(peer, waiting)
      waiting.packets += 1
      waiting.bytes += bytes
      const done = (): void => {
        waiting.packets -= 1
        waiting.bytes -= bytes
        if (!hasRoom(waiting)) return
        waiting.wake?.()
        waiting.wake = undefined
      }
      stored.then(done, done)
      if (hasRoom(waiting)) return undefined
      // One reader reads a link, so there is one who waits.
      return new Promise(resolve => {
        waiting.wake = resolve
      })
    }
  }
}
