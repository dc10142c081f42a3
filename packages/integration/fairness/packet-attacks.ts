import { randomBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import {
  encodeBloomFilter,
  encodeMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeStatus,
  encodeSyncResponse,
  packetCodes
} from '@status-stack/whisper/wire'
import type { Attack } from './attacks.ts'
import { envelopePackets, flood, mebibyte, times, tinyItems } from './flood.ts'
import { freshEnvelope, nowSeconds, sealedFor, sealedForStranger } from './victim.ts'

const zeros = new Uint8Array(64)
const ones = new Uint8Array(64).fill(0xff)
const { messages, powRequirement, bloomFilter, rateLimits, status } = packetCodes
const { p2pMessage, p2pRequest, p2pRequestComplete, p2pSyncRequest, p2pSyncResponse } = packetCodes

/** Packets of every code but confirmations. */
export const packetAttacks: readonly Attack[] = [
  flood(status, 'a second Status, then more', (_, scale) =>
    times(100 * scale, () => ({ code: status, payload: encodeStatus({ minPow: 0, light: false }) }))
  ),
  flood(messages, 'empty packets', (_, scale) =>
    times(5000 * scale, () => ({ code: messages, payload: encodeMessages([]) }))
  ),
  flood(messages, 'items of ten bytes, 1 MB', (_, scale) =>
    times(scale, () => ({ code: messages, payload: tinyItems(100_000) }))
  ),
  flood(messages, 'envelopes without work, unknown topics, 1 MB', (_, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(randomBytes(4), randomBytes(32)))
  ),
  flood(messages, 'envelopes without work to a topic with a filter, 1 MB', ({ ownTopic }, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(ownTopic, randomBytes(64)))
  ),
  flood(messages, 'envelopes that the filter opens, 1 MB', ({ ownTopic, ownKey }, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(ownTopic, sealedFor(ownKey)))
  ),
  flood(messages, '100 envelopes to a topic that many filters share', ({ sharedTopic }, scale) =>
    times(scale, () => ({
      code: messages,
      payload: encodeMessages(Array.from({ length: 100 }, () => freshEnvelope(sharedTopic, randomBytes(540))))
    }))
  ),
  flood(messages, 'the same envelope again and again, 1 MB', (_, scale) => {
    const envelope = freshEnvelope(randomBytes(4), randomBytes(64))
    return envelopePackets(mebibyte * scale, () => envelope)
  }),
  flood(messages, 'expired envelopes, 1 MB', (_, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(randomBytes(4), randomBytes(64), 10, nowSeconds() - 3600))
  ),
  flood(messages, 'ttl 0, 1 MB', (_, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(randomBytes(4), randomBytes(64), 0))
  ),
  flood(messages, 'single envelopes, 5 000 packets', (_, scale) =>
    times(5000 * scale, () => ({
      code: messages,
      payload: encodeMessages([freshEnvelope(randomBytes(4), randomBytes(32))])
    }))
  ),
  flood(messages, 'one envelope of almost 1 MiB', (_, scale) =>
    times(scale, () => ({
      code: messages,
      payload: encodeMessages([freshEnvelope(randomBytes(4), randomBytes(mebibyte - 64))])
    }))
  ),
  flood(messages, '1 000 envelopes to a public key, sealed for another', ({ identityTopic }, scale) => {
    const sealed = sealedForStranger()
    return times(scale, () => ({
      code: messages,
      payload: encodeMessages(
        Array.from({ length: 1000 }, (_, at) => {
          const data = sealed.slice()
          new DataView(data.buffer).setUint32(data.length - 4, at)
          return freshEnvelope(identityTopic, data)
        })
      )
    }))
  }),
  flood(powRequirement, '250 changes', (_, scale) =>
    times(250 * scale, at => ({ code: powRequirement, payload: encodePowRequirement(at % 2) }))
  ),
  flood(bloomFilter, '250 changes', (_, scale) =>
    times(250 * scale, at => ({ code: bloomFilter, payload: encodeBloomFilter(at % 2 === 0 ? zeros : ones) }))
  ),
  flood(rateLimits, 'changing limits', (_, scale) =>
    times(2000 * scale, at => ({
      code: rateLimits,
      payload: encodeRateLimits({ address: BigInt(at), peer: BigInt(at), topic: 1n })
    }))
  ),
  flood(p2pMessage, 'from a stranger, 1 MB', (_, scale) =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(randomBytes(4), randomBytes(32)), p2pMessage)
  ),
  flood(
    p2pMessage,
    'from a trusted peer, to a topic with a filter, 1 MB',
    ({ ownTopic }, scale) =>
      envelopePackets(mebibyte * scale, () => freshEnvelope(ownTopic, randomBytes(32)), p2pMessage),
    { trusted: true }
  ),
  flood(
    p2pMessage,
    'items of ten bytes from a trusted peer, 1 MB',
    (_, scale) => times(scale, () => ({ code: p2pMessage, payload: tinyItems(100_000) })),
    { trusted: true }
  ),
  flood(p2pRequestComplete, 'answers that no request waits for', (_, scale) =>
    times(2000 * scale, () => ({ code: p2pRequestComplete, payload: encodeRlp(randomBytes(100)) }))
  ),
  flood(p2pRequest, 'requests that no key opens, 200', (_, scale) =>
    times(200 * scale, () => ({ code: p2pRequest, payload: freshEnvelope(new Uint8Array(4), randomBytes(2000), 50) }))
  ),
  flood(p2pRequest, 'requests that no key opens, 60 kB each, 50', (_, scale) =>
    times(50 * scale, () => ({ code: p2pRequest, payload: freshEnvelope(new Uint8Array(4), randomBytes(60_000), 50) }))
  ),
  flood(p2pRequest, 'bytes that are no request', (_, scale) =>
    times(1000 * scale, () => ({ code: p2pRequest, payload: encodeRlp(randomBytes(1000)) }))
  ),
  flood(p2pSyncRequest, 'bytes that are no request', (_, scale) =>
    times(1000 * scale, () => ({ code: p2pSyncRequest, payload: encodeRlp(randomBytes(1000)) }))
  ),
  flood(
    p2pSyncResponse,
    'envelopes that were not asked for, 1 MB',
    (_, scale) =>
      times(scale, () => ({
        code: p2pSyncResponse,
        payload: encodeSyncResponse({
          envelopes: Array.from({ length: 8000 }, () => freshEnvelope(randomBytes(4), randomBytes(80))),
          cursor: new Uint8Array(0),
          final: true,
          error: ''
        })
      })),
    { trusted: true }
  ),
  flood(90, 'codes that nothing knows, 1 MB', (_, scale) =>
    times(16 * scale, () => ({ code: 90, payload: randomBytes(65_536) }))
  )
]
