import { keccak256, randomBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import {
  encodeBatchAcknowledged,
  encodeBloomFilter,
  encodeMessageResponse,
  encodeMessages,
  encodeP2pMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeStatus,
  encodeSyncResponse,
  filterBloom,
  packetCodes
} from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import type { RawPeer } from './raw-peer.ts'
import { freshEnvelope, nowSeconds, sealedFor, type Victim } from './victim.ts'

interface Packet {
  readonly code: number
  readonly payload: Uint8Array
}

/** Longest wait for the node to come through an attack; only broken code needs it. */
const patienceMs = 120_000

/** Waits until the node has handled everything that was sent before: an envelope of our own is relayed to another peer. */
async function handled(victim: Victim, attacker: RawPeer): Promise<void> {
  const topic = randomBytes(4)
  const witness = await victim.join({ bloom: filterBloom([topic]) })
  const data = randomBytes(64)
  const mark = Buffer.from(data.subarray(-16))
  const seen = new Promise<void>(resolve =>
    witness.onPacket((_, payload) => {
      if (Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(mark)) resolve()
    })
  )
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the node did not come through the attack')), patienceMs)
  })
  await attacker.send(packetCodes.messages, encodeMessages([freshEnvelope(topic, data, 60)])).catch(() => undefined)
  await Promise.race([seen, attacker.ended, late])
  clearTimeout(timer)
  await witness.close()
}

interface Prepared {
  readonly attacker: RawPeer
  readonly packets: readonly Packet[]
}

/** An attack that sends packets as fast as the node takes them. */
function attackOf(door: string, name: string, prepare: (victim: Victim, scale: number) => Promise<Prepared>): Attack {
  return {
    door,
    name,
    prepare: async (victim, scale) => {
      const { attacker, packets } = await prepare(victim, scale)
      return async (): Promise<Attacked> => {
        let bytes = 0
        for (const { code, payload } of packets) {
          if (!attacker.isOpen()) break
          bytes += payload.length
          await attacker.send(code, payload).catch(() => undefined)
        }
        await handled(victim, attacker)
        const outcome = attacker.isOpen() ? 'kept' : `closed (${(await attacker.ended) ?? 'done'})`
        await attacker.close()
        return { bytes, outcome }
      }
    }
  }
}

/** Packets over a link of its own. */
function flood(
  code: number,
  name: string,
  make: (victim: Victim, scale: number) => readonly Packet[] | Promise<readonly Packet[]>,
  options: { readonly trusted?: boolean; readonly deaf?: boolean } = {}
): Attack {
  return attackOf(`packet ${code}`, name, async (victim, scale) => ({
    packets: await make(victim, scale),
    attacker: await victim.join(options)
  }))
}

const times = (count: number, make: (at: number) => Packet): readonly Packet[] =>
  Array.from({ length: Math.ceil(count) }, (_, at) => make(at))
const mebibyte = 1024 * 1024

/** Packets of envelopes without work, `total` bytes in all, one MiB a packet. */
function envelopePackets(
  total: number,
  make: () => Uint8Array,
  code: number = packetCodes.messages
): readonly Packet[] {
  const packets: Packet[] = []
  for (let left = total; left > 0; ) {
    const batch: Uint8Array[] = []
    let size = 0
    while (size < Math.min(left, mebibyte - 8192)) {
      const envelope = make()
      batch.push(envelope)
      size += envelope.length
    }
    left -= size
    packets.push({ code, payload: code === packetCodes.messages ? encodeMessages(batch) : encodeP2pMessages(batch) })
  }
  return packets
}

/** A list of `count` items that are no envelopes, ten bytes each. */
const tinyItems = (count: number): Uint8Array =>
  encodeRlp(Array.from({ length: count }, () => [1, 1, new Uint8Array(4), 1, 1]))

const zeros = new Uint8Array(64)
const ones = new Uint8Array(64).fill(0xff)
const { messages, powRequirement, bloomFilter, messageResponse, batchAcknowledged, rateLimits, status } = packetCodes
const { p2pMessage, p2pRequest, p2pRequestComplete, p2pSyncRequest, p2pSyncResponse } = packetCodes

/** The hash of a batch that the node has just sent to the attacker: it waits for a confirmation of it. */
async function batchTo(victim: Victim, attacker: RawPeer, topic: Uint8Array): Promise<Uint8Array> {
  const sent = new Promise<Uint8Array>(resolve =>
    attacker.onPacket((code, payload) => (code === messages ? resolve(keccak256(payload)) : undefined))
  )
  const other = await victim.join()
  await other.send(messages, encodeMessages([freshEnvelope(topic, randomBytes(64), 60)]))
  const batch = await sent
  await other.close()
  return batch
}

/** Confirmations that name a batch which the node really sent: only they are looked at. */
function confirmationFlood(name: string, make: (batch: Uint8Array, scale: number) => readonly Packet[]): Attack {
  return attackOf(`packet ${messageResponse}`, name, async (victim, scale) => {
    const topic = randomBytes(4)
    const attacker = await victim.join({ bloom: filterBloom([topic]) })
    return { attacker, packets: make(await batchTo(victim, attacker, topic), scale) }
  })
}

const errorsOf = (count: number) =>
  Array.from({ length: count }, () => ({ hash: randomBytes(32), code: 37, description: '' }))

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

export const packetAttacks: readonly Attack[] = [
  reconnecting,
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
  flood(powRequirement, '250 changes', (_, scale) =>
    times(250 * scale, at => ({ code: powRequirement, payload: encodePowRequirement(at % 2) }))
  ),
  flood(bloomFilter, '250 changes', (_, scale) =>
    times(250 * scale, at => ({ code: bloomFilter, payload: encodeBloomFilter(at % 2 === 0 ? zeros : ones) }))
  ),
  flood(batchAcknowledged, 'batches that were never sent', (_, scale) =>
    times(5000 * scale, () => ({ code: batchAcknowledged, payload: encodeBatchAcknowledged(randomBytes(32)) }))
  ),
  flood(messageResponse, 'errors for a batch that was never sent', (_, scale) =>
    times(10 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch: randomBytes(32), errors: errorsOf(8000) })
    }))
  ),
  confirmationFlood('thousands of errors for one batch', (batch, scale) =>
    times(10 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch, errors: errorsOf(8000) })
    }))
  ),
  confirmationFlood('one error, again and again', (batch, scale) =>
    times(2000 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch, errors: errorsOf(1) })
    }))
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
