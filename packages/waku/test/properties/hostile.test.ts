import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { createVirtualTime } from '@status-stack/whisper/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import {
  decodeHistoryRequest,
  decodeStatusOptions,
  decodeStatusV0,
  encodeStatusOptions,
  optionsOf,
  packetCodes,
  statusOf,
  updateOf
} from '../../src/wire.ts'
import {
  countedTopics,
  envelopesOf,
  handPeer,
  hashOf,
  messages,
  rawEnvelope,
  started,
  topic,
  wakuNode
} from '../support.ts'

const byPeer = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'origin' in error && error.origin === 'peer'

/** RLP of any shape, more often than chance nearly right. */
const rlp: fc.Arbitrary<RlpInput> = fc.letrec<{ item: RlpInput }>(tie => ({
  item: fc.oneof(
    { depthSize: 'small' },
    fc.uint8Array({ maxLength: 70 }),
    fc.integer({ min: 0, max: 8 }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.array(tie('item'), { maxLength: 4 })
  )
})).item

const optionList = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), rlp), { maxLength: 8 })

test('any bytes give options or a typed refusal of the peer', () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    rlp.map(item => encodeRlp(item)),
    optionList.map(options => encodeRlp(options))
  )
  fc.assert(
    fc.property(payload, bytes => {
      for (const read of [decodeStatusOptions, decodeStatusV0, decodeHistoryRequest]) {
        try {
          const got = read(bytes)
          if (read === decodeStatusOptions) updateOf(got as ReturnType<typeof decodeStatusOptions>)
        } catch (error) {
          if (!byPeer(error)) throw error
        }
      }
    }),
    { numRuns: 3000 }
  )
})

const topicBytes = fc.uint8Array({ minLength: 4, maxLength: 4 })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const rateLimits = fc.record({ address: uint64, peer: uint64, topic: uint64 })

test('options come back as they were written', () => {
  const options = fc.record(
    {
      powBits: uint64,
      bloom: fc.uint8Array({ minLength: 0, maxLength: 64 }),
      light: fc.boolean(),
      confirmations: fc.boolean(),
      packetLimits: rateLimits,
      topics: fc.array(topicBytes, { maxLength: 50 }),
      byteLimits: rateLimits
    },
    { requiredKeys: [] }
  )
  fc.assert(
    fc.property(options, given => {
      expect(decodeStatusOptions(encodeStatusOptions(given))).toEqual(given)
    })
  )
})

test('what a node says of itself is what a peer understands, whatever the topics', () => {
  fc.assert(
    fc.property(fc.array(topicBytes, { maxLength: 40 }), topicBytes, (topics, other) => {
      const { topics: understood } = statusOf(decodeStatusOptions(encodeStatusOptions({ topics })))
      if (understood === undefined) throw new Error('no topics')
      const names = new Set(topics.map(bytes => bytes.join()))
      expect(understood.size).toBe(names.size)
      const back = optionsOf({ interest: { topics: understood } }, 'status').topics ?? []
      expect(new Set(back.map(bytes => bytes.join()))).toEqual(names)
      const number = new DataView(other.buffer, other.byteOffset, 4).getInt32(0)
      expect(understood.has(number)).toBe(names.has(other.join()))
    })
  )
})

test('any packets keep a node working: others are served meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 127 }),
          fc.oneof(
            fc.uint8Array({ maxLength: 100 }),
            rlp.map(item => encodeRlp(item))
          )
        ),
        {
          maxLength: 30
        }
      ),
      async packets => {
        const { time, waku } = await started()
        waku.serve({ request: async () => undefined })
        const hostile = await handPeer(time, waku, Uint8Array.of(0xc0), { name: 'hostile' })
        waku.trustPeer(hostile.pair.left.peerId)
        const honest = await handPeer(time, waku, encodeStatusOptions({ powBits: 0n }), { name: 'honest' })
        for (const [code, payload] of packets) await hostile.send(code, payload)
        // Bad packets cost no link, whatever they are.
        expect(waku.peers()).toHaveLength(2)
        const envelope = rawEnvelope(time, 1)
        await waku.exchange.offer(envelope)
        await time.settle()
        expect(envelopesOf(honest)).toContain(hashOf(envelope))
        await waku.stop()
      }
    ),
    { numRuns: 40 }
  )
})

test('a flood of updates with the longest lists: the last one counts, and others get their envelopes', async () => {
  const time = createVirtualTime()
  const waku = await wakuNode(time)
  const hostile = await handPeer(time, waku, Uint8Array.of(0xc0), { name: 'hostile' })
  const honest = await handPeer(time, waku, encodeStatusOptions({ powBits: 0n, topics: [topic] }), { name: 'honest' })
  for (let nonce = 0; nonce < 200; nonce++) await waku.exchange.offer(rawEnvelope(time, nonce))
  const lists = [0, 1].map(at => encodeStatusOptions({ topics: countedTopics(limits.topicInterest, at) }))
  for (let i = 0; i < 100; i++) {
    await hostile.pair.right.send(packetCodes.statusUpdate, lists[i % 2] ?? new Uint8Array(0))
  }
  await hostile.pair.right.send(packetCodes.statusUpdate, encodeStatusOptions({ powBits: 0n, topics: [topic] }))
  await hostile.pair.right.send(packetCodes.messages, messages())
  await time.advance(10_000)
  expect(waku.connected()).toBe(true)
  expect(envelopesOf(honest)).toHaveLength(200)
  expect(envelopesOf(hostile)).toHaveLength(200)
  await waku.stop()
})
