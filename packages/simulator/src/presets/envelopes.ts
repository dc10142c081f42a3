import { encodeEnvelope } from '@status-stack/whisper/wire'
import type { SimulatedRandom } from '../random.ts'
import type { Simulation } from '../simulation.ts'

/** Milliseconds after which every node knows what its new peers want. */
export const handshakeMs = 2000

/** Seconds that the envelopes of the experiments live. */
const ttlSeconds = 3600

/** Nonces of four bytes: all envelopes are then of one length. */
const firstNonce = 2n ** 24n

/** A route with a fixed key: what is inside matters to nobody here. */
export const routeOf = (topic: Uint8Array) => ({
  topic,
  key: { kind: 'symmetric' as const, key: new Uint8Array(32).fill(9) },
  guarantee: 'group-readable' as const,
  ttlSeconds,
  pow: () => ({ target: 0, timeSeconds: 0 })
})

/** Makes envelopes of exactly `bytes` bytes whose content is noise: relays look at the header only. */
export function envelopeMaker(simulation: Simulation, random: SimulatedRandom, bytes: number) {
  let nonce = firstNonce
  const encode = (topic: Uint8Array, data: Uint8Array): Uint8Array => {
    nonce += 1n
    const expiry = Math.floor(simulation.clock.nowMs() / 1000) + ttlSeconds
    return encodeEnvelope({ expiry, ttl: ttlSeconds, topic, data, nonce })
  }
  const overhead = encode(new Uint8Array(4), new Uint8Array(bytes)).length - bytes
  const data = random.bytes(bytes - overhead)
  return (topic: Uint8Array): Uint8Array => encode(topic, data)
}
