import { encodeStatus, packetCodes } from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import { handled } from './flood.ts'
import { newCaller } from './raw-peer.ts'

const ones = new Uint8Array(64).fill(0xff)

/** Connects and leaves, again and again: each handshake with an open filter asks for the whole pool. */
const reconnecting: Attack = {
  door: 'handshake',
  name: '20 connections that want everything and leave',
  prepare: async (victim, scale) => async () => {
    for (let i = 0; i < 20 * scale; i++) {
      const peer = await victim.join({ bloom: ones })
      await peer.close()
    }
    const last = await victim.join()
    await handled(victim, last)
    await last.close()
    return { bytes: Math.ceil(20 * scale) * 80, outcome: 'served' }
  }
}

/** Links that send `first` instead of a handshake, one after the other; the node closes them, or we do. */
function brokenHandshakes(name: string, first: (() => Uint8Array) | undefined): Attack {
  return {
    door: 'handshake',
    name,
    prepare: async ({ reach, join }, scale) => {
      const payloads = Array.from({ length: Math.ceil(200 * scale) }, () => first?.())
      return async (): Promise<Attacked> => {
        let bytes = 0
        let refused = 0
        for (const payload of payloads) {
          const { link, ended, cut } = await reach.connect(newCaller())
          if (payload !== undefined) {
            bytes += payload.length
            await link.send(packetCodes.status, payload).catch(() => undefined)
          } else cut()
          if ((await ended) !== undefined) refused += 1
          cut()
          // Connections come one after the other; in memory they would all be handled in one turn.
          await new Promise(resolve => setImmediate(resolve))
        }
        const last = await join()
        await handled({ join }, last)
        await last.close()
        return { bytes, outcome: `${refused} of ${payloads.length} refused` }
      }
    }
  }
}

const statusOfAnotherVersion = (): Uint8Array => {
  const bytes = encodeStatus({ minPow: 0, light: false }).slice()
  bytes[1] = 5
  return bytes
}

export const handshakeAttacks: readonly Attack[] = [
  reconnecting,
  brokenHandshakes('200 links with another version', statusOfAnotherVersion),
  brokenHandshakes('200 links with a Status of 100 kB', () => new Uint8Array(100_000).fill(0xc0)),
  brokenHandshakes('200 links that say nothing and end', undefined)
]
