import { RlpError } from '@status-stack/rlp'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bloomAdmits, envelopeBloom, filterBloom } from '../../src/bloom.ts'
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../src/envelope.ts'
import { WhisperError } from '../../src/errors.ts'
import { decodeRequestPayload, encodeRequestPayload } from '../../src/mailserver/request.ts'
import { decodePlaintext } from '../../src/message/layout.ts'
import { encodePlaintext, openMessage, sealMessage } from '../../src/message/wrap.ts'
import {
  decodeBatchAcknowledged,
  decodeMessageResponse,
  encodeMessageResponse
} from '../../src/packets/confirmations.ts'
import { decodeMessages, encodeMessages, splitBatches } from '../../src/packets/messages.ts'
import {
  decodeHistoryRequest,
  decodeP2pMessages,
  decodeRequestComplete,
  encodePlainRequest,
  encodeRequestComplete
} from '../../src/packets/p2p.ts'
import {
  decodeSyncRequest,
  decodeSyncResponse,
  encodeSyncRequest,
  encodeSyncResponse
} from '../../src/packets/p2p-sync.ts'
import { decodeRateLimits } from '../../src/packets/rate-limits.ts'
import { decodeBloomFilter, decodePowRequirement, encodePowRequirement } from '../../src/packets/requirements.ts'
import { decodeStatus, encodeStatus } from '../../src/packets/status.ts'
import { envelopePow, envelopePowOfBytes } from '../../src/pow.ts'
import { createPool, entryOverheadBytes, type Pool } from '../../src/relay/pool.ts'
import { createPooledEnvelope, type PooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { createSeededRandom, createTestKey } from '../../src/testing/index.ts'

const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const topic = bytes(4)
const envelope: fc.Arbitrary<Envelope> = fc.record({
  expiry: uint32,
  ttl: uint32,
  topic,
  data: fc.uint8Array({ maxLength: 400 }),
  nonce: uint64
})
const pow = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })

test('an envelope comes back as it was, and its PoW is the same from fields and from bytes', () => {
  fc.assert(
    fc.property(envelope, fc.integer({ min: 0, max: 20 }), (given, future) => {
      const encoded = encodeEnvelope(given)
      expect(decodeEnvelope(encoded)).toEqual(given)
      expect(envelopePowOfBytes(encoded, given, future)).toBe(envelopePow(given, future))
    })
  )
})

test('any bytes decode to a value or to an error of the peer', () => {
  const decoders: readonly ((payload: Uint8Array) => unknown)[] = [
    decodeEnvelope,
    decodeMessages,
    decodeStatus,
    decodePowRequirement,
    decodeBloomFilter,
    decodeBatchAcknowledged,
    decodeMessageResponse,
    decodeRateLimits,
    decodeP2pMessages,
    decodeRequestComplete,
    decodeHistoryRequest,
    decodeSyncRequest,
    decodeSyncResponse,
    decodeRequestPayload,
    decodePlaintext
  ]
  const lists = fc.uint8Array({ maxLength: 60 }).map(body => Uint8Array.of(0xc0 + Math.min(55, body.length), ...body))
  const damaged = fc.tuple(envelope, fc.nat(), fc.nat(255)).map(([given, at, byte]) => {
    const encoded = encodeMessages([encodeEnvelope(given)])
    encoded[at % encoded.length] = byte
    return encoded
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), lists, damaged), payload => {
      for (const decode of decoders) {
        try {
          decode(payload)
        } catch (error) {
          expect(WhisperError.is(error) && !RlpError.is(error)).toBe(true)
          expect(error).toMatchObject({ origin: 'peer' })
        }
      }
    }),
    { numRuns: 500 }
  )
})

test('packets come back as they were', () => {
  const cursor = fc.uint8Array({ maxLength: 40 })
  fc.assert(
    fc.property(
      envelope,
      pow,
      fc.option(bytes(64)),
      fc.boolean(),
      cursor,
      uint32,
      (given, minPow, bloom, flag, at, n) => {
        const encoded = encodeEnvelope(given)
        expect(decodeMessages(encodeMessages([encoded, encoded]))).toEqual([encoded, encoded])
        expect(decodePowRequirement(encodePowRequirement(minPow))).toBe(minPow)
        const status = { minPow, bloom: bloom ?? undefined, light: flag, confirmations: flag }
        expect(decodeStatus(encodeStatus(status))).toMatchObject({ minPow, light: flag, confirmations: flag })
        const id = new Uint8Array(32).fill(n & 255)
        const response = { batch: id, errors: [{ hash: id, code: n, description: 'text ✓' }] }
        expect(decodeMessageResponse(encodeMessageResponse(response))).toEqual(response)
        const sync = { lower: n, upper: n, bloom: bloom ?? new Uint8Array(0), limit: n, cursor: at }
        expect(decodeSyncRequest(encodeSyncRequest(sync))).toEqual(sync)
        const answer = { envelopes: [encoded], cursor: at, final: flag, error: flag ? '' : 'no' }
        expect(decodeSyncResponse(encodeSyncResponse(answer))).toEqual(answer)
        const plain = { id, from: n, to: n, limit: n, cursor: at, bloom: id }
        expect(decodeHistoryRequest(encodePlainRequest(plain))).toEqual({ kind: 'plain', ...plain })
        const failed = { kind: 'failed' as const, requestId: id, error: 'text' }
        expect(decodeRequestComplete(encodeRequestComplete(failed))).toEqual(failed)
        const request = {
          lower: n,
          upper: n,
          bloom: new Uint8Array(64),
          topics: [given.topic],
          limit: n,
          cursor: at,
          batch: flag
        }
        expect(decodeRequestPayload(encodeRequestPayload(request))).toEqual(request)
      }
    )
  )
})

test('a message comes back with payload, padding and signer; with any bit changed it does not', () => {
  const signer = createTestKey(new Uint8Array(32).fill(5))
  const key = { kind: 'symmetric' as const, key: new Uint8Array(32).fill(1) }
  const random = createSeededRandom('properties')
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.nat(),
      (payload, padding, at) => {
        const data = sealMessage({ payload, key, padding, signer }, random)
        const opened = openMessage(data, key)
        expect(opened).toMatchObject({ payload, signer: signer.publicKey })
        if (padding.length > 0) expect(opened).toMatchObject({ padding })
        const changed = data.slice()
        changed[at % data.length] = (changed[at % data.length] ?? 0) ^ (1 << (at % 8))
        expect(openMessage(changed, key)).toBe('decrypt-error')
      }
    ),
    { numRuns: 40 }
  )
})

test('plaintexts are multiples of 256 and lay out without loss', () => {
  const random = createSeededRandom('layout')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), payload => {
      const plaintext = encodePlaintext({ payload }, random)
      expect(plaintext.length % 256).toBe(0)
      expect(decodePlaintext(plaintext)?.payload).toEqual(payload)
    })
  )
})

test('an advertised filter admits its topics in either variant', () => {
  fc.assert(
    fc.property(fc.array(topic, { minLength: 1, maxLength: 8 }), topics => {
      const filter = filterBloom(topics)
      for (const each of topics) {
        expect(bloomAdmits(filter, envelopeBloom(each))).toBe(true)
        expect(bloomAdmits(filter, filterBloom([each]))).toBe(true)
        expect(bloomAdmits(filterBloom([each]), envelopeBloom(each))).toBe(true)
      }
    })
  )
})

test('batches keep every envelope that fits a packet, in order, and none is too large', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 10, max: 400 }), { maxLength: 60 }), sizes => {
      const envelopes = sizes.map((size, i) => new Uint8Array(size).fill(i))
      const batches = splitBatches(envelopes, 200, 300)
      for (const batch of batches) {
        const length = encodeMessages(batch).length
        expect(length).toBeLessThanOrEqual(batch.length === 1 ? 300 : 200)
      }
      expect(batches.flat()).toEqual(envelopes.filter(each => encodeMessages([each]).length <= 300))
    })
  )
})

function entry(name: number, worth: number, expiry: number, size: number): PooledEnvelope {
  const bytes = new Uint8Array(size)
  return createPooledEnvelope({ id: String(name), bytes, topic: 0, expiry, ttl: 10, pow: worth, own: false })
}

function expireAll(pool: Pool, nowSeconds: number): PooledEnvelope[] {
  const gone: PooledEnvelope[] = []
  for (let next = pool.expireNext(nowSeconds); next !== undefined; next = pool.expireNext(nowSeconds)) gone.push(next)
  return gone
}

test('the pool behaves like a sorted list with a bound', () => {
  const add = fc.record({ worth: fc.nat(5), expiry: fc.nat(20), size: fc.nat(300) })
  const command = fc.oneof(
    add.map(value => ({ add: value })),
    fc.nat(20).map(value => ({ expire: value }))
  )
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), commands => {
      const most = 3000
      const cost = (each: PooledEnvelope) => each.bytes.length + entryOverheadBytes
      const pool = createPool(most)
      let model: PooledEnvelope[] = []
      let names = 0
      for (const each of commands) {
        if ('expire' in each) {
          const gone = expireAll(pool, each.expire).map(({ id }) => id)
          expect(gone.sort()).toEqual(
            model
              .filter(e => e.expiry < each.expire)
              .map(e => e.id)
              .sort()
          )
          model = model.filter(e => e.expiry >= each.expire)
        } else {
          const next = entry(names++, each.add.worth, each.add.expiry, each.add.size)
          const order = (a: PooledEnvelope, b: PooledEnvelope) => a.pow - b.pow || a.expiry - b.expiry
          const worse = [...model].sort(order).filter(e => order(e, next) < 0)
          let free = most - model.reduce((sum, e) => sum + cost(e), 0)
          let victims = 0
          while (free < cost(next) && victims < worse.length) free += cost(worse[victims++] as PooledEnvelope)
          const { added, evicted } = pool.add(next)
          expect(added).toBe(free >= cost(next))
          expect(evicted).toHaveLength(added ? victims : 0)
          if (added) model = [...model.filter(e => !evicted.includes(e)), next]
        }
        expect(pool.size()).toBe(model.length)
        expect(pool.bytes()).toBe(model.reduce((sum, e) => sum + cost(e), 0))
        expect(pool.bytes()).toBeLessThanOrEqual(most)
      }
    })
  )
})
