import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { joinList, topicSetOf } from '@status-stack/whisper/relay'
import { filterBloom, powToBits } from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import { capability, createWaku } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import {
  decodeStatusOptions,
  decodeStatusV0,
  encodeStatusOptions,
  encodeStatusV0,
  optionsOf,
  packetCodes,
  statusOf,
  updateOf
} from '../../src/wire.ts'
import { countedTopics, handPeer, otherTopic, started, topic } from '../support.ts'

const none = { address: 0n, peer: 0n, topic: 0n }
const hex = (options: RlpInput): string => bytesToHex(encodeRlp(options))
const decoded = (...options: RlpInput[]) => decodeStatusOptions(encodeRlp(options))
const invalid = expect.objectContaining({ code: 'invalid-packet', origin: 'peer' })

test('K-1 the node announces waku/1 with 128 codes', () => {
  expect(createWaku().capability).toEqual({ name: 'waku', version: 1, length: 128 })
  expect(capability).toEqual(createWaku().capability)
})

test('K-2 Status equals the example bytes for the same options', async () => {
  const all = encodeStatusOptions({
    powBits: powToBits(0.002),
    light: false,
    confirmations: true,
    packetLimits: none,
    topics: [topic],
    byteLimits: { address: 1_048_576n, peer: 0n, topic: 0n }
  })
  expect(bytesToHex(all)).toBe('e8ca80883f60624dd2f1a9fcc20280c20301c504c3808080c705c58401020304c806c6831000008080')
  const { time, waku } = await started({ minPow: 0.000002, confirmations: false })
  const peer = await handPeer(time, waku)
  expect(peer.received.map(({ code, payload }) => [code, bytesToHex(payload)])).toEqual([
    [0, 'ddca80883ec0c6f7a0b5ed8dc20280c20380c504c3808080c506c3808080']
  ])
  expect(bytesToHex(encodeStatusOptions({ powBits: 0n }))).toBe('c3c28080')
  expect(bytesToHex(encodeStatusOptions({ topics: [] }))).toBe('c3c205c0')
  expect(bytesToHex(encodeStatusOptions({ bloom: new Uint8Array(0) }))).toBe('c3c20180')
  expect(bytesToHex(encodeStatusOptions({}))).toBe('c0')
  await waku.stop()
})

test('K-3 a Status without options is accepted and has the defaults', async () => {
  const { time, waku } = await started()
  await handPeer(time, waku, Uint8Array.of(0xc0))
  expect(waku.peers()).toMatchObject([{ minPow: 0.001, fullNode: true, light: false, confirmations: false }])
  expect(statusOf({})).toEqual({
    minPow: 0.001,
    light: false,
    confirmations: false,
    rateLimits: none,
    byteLimits: none
  })
  await waku.stop()
})

test('K-4 options come in any order, and of a repeated key the last one counts, also an empty one', () => {
  expect(decoded([5, [topic]], [3, 1], [0, powToBits(0.5)])).toEqual({
    topics: [topic],
    confirmations: true,
    powBits: powToBits(0.5)
  })
  expect(decoded([5, [topic, otherTopic]], [5, [otherTopic]]).topics).toEqual([otherTopic])
  expect(decoded([5, [topic, otherTopic]], [5, []]).topics).toEqual([])
  // Only the last value has to be right.
  expect(updateOf(decoded([1, new Uint8Array(63)], [1, new Uint8Array(64)])).failure).toBeUndefined()
})

test('K-5 an unknown key first, in the middle or last, with any value, is skipped and the others apply', () => {
  const known: RlpInput[] = [
    [0, powToBits(0.5)],
    [3, 1]
  ]
  for (const unknown of [
    [7, 'new'],
    [1000, [topic, [topic]]],
    [48, []],
    [2n ** 64n - 1n, 1]
  ] as RlpInput[][]) {
    for (const at of [0, 1, 2]) {
      const options = decoded(...known.slice(0, at), unknown, ...known.slice(at))
      expect(options).toEqual({ powBits: powToBits(0.5), confirmations: true })
    }
  }
})

test('K-6 what is no list of options is refused, and so are values of another type or length', () => {
  const bad = [
    '80',
    '01',
    '83010203',
    'c101',
    'c1c0',
    'c2c107',
    'c4c3030101',
    'c4c3070102',
    'c3c20001',
    'c3c20200',
    'c3c20202',
    'c4c302820100',
    'c5c404c20102',
    'c7c604c401020304',
    'c9c805c6850102030405',
    'c8c705c5830102030405',
    'c7c6058401020304',
    'c3c20501',
    'cccb8901000000000000000001',
    'c3c2c001',
    'c4c300820001',
    'cbca80883f60624dd2f1a9',
    ''
  ]
  for (const text of bad) expect(() => decodeStatusOptions(hexToBytes(text)), text).toThrow(invalid)
  for (const pow of [0x7ff8000000000001n, 0x7ff0000000000000n, 0xbff0000000000000n]) {
    expect(updateOf({ powBits: pow }).failure).toEqual(invalid)
  }
  expect(updateOf({ powBits: 0x8000000000000000n })).toEqual({ minPow: -0 })
  for (const length of [1, 63, 65]) expect(updateOf({ bloom: new Uint8Array(length) }).failure).toEqual(invalid)
  expect(() => statusOf({ bloom: new Uint8Array(63) })).toThrow(invalid)
})

test('K-6 10 000 topics are accepted, repeats counted, and 10 001 are not', () => {
  const most = countedTopics(limits.topicInterest)
  expect(decodeStatusOptions(encodeStatusOptions({ topics: most })).topics).toHaveLength(limits.topicInterest)
  const repeated = [...most.slice(1), topic, topic]
  expect(() => decodeStatusOptions(encodeStatusOptions({ topics: repeated }))).toThrow(/invalid topic interest: 10001/)
})

test('the options of one list are bounded', () => {
  const options = (count: number) => encodeRlp(Array.from({ length: count }, () => [9, 1]))
  expect(decodeStatusOptions(options(limits.options))).toEqual({})
  expect(() => decodeStatusOptions(options(limits.options + 1))).toThrow(invalid)
})

test('of an option that is no pair no more is read than shows it, whatever its length', () => {
  let views = 0
  class Counted extends Uint8Array {
    override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
      views += 1
      return super.subarray(begin, end)
    }
  }
  const parts = encodeRlp(Array.from({ length: 100_000 }, () => 1))
  for (const read of [decodeStatusOptions, decodeStatusV0]) {
    expect(() => read(Counted.from(joinList([parts])))).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
    expect(() => read(Counted.from(parts))).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
  }
  expect(views).toBeLessThan(100)
})

test('K-7 topics beat a bloom filter in one packet, even a bad one', () => {
  expect(updateOf(decoded([1, new Uint8Array(63)], [5, [topic]]))).toEqual({
    interest: { topics: expect.objectContaining({ size: 1 }) }
  })
  expect(statusOf(decoded([5, [topic]], [1, filterBloom([otherTopic])]))).not.toHaveProperty('bloom')
})

test('K-9 an update has only the options that it names', () => {
  expect(updateOf({})).toEqual({})
  expect(updateOf(decoded([2, 1]))).toEqual({ light: true })
  expect(updateOf(decoded([6, [1, 2, 3]]))).toEqual({ byteLimits: { address: 1n, peer: 2n, topic: 3n } })
})

test('K-27 bytes behind the list are ignored', () => {
  expect(decodeStatusOptions(hexToBytes('cbca80883fe00000000000000102'))).toEqual({ powBits: powToBits(0.5) })
})

test('what a node says is what its options are, in Status and in an update', () => {
  const topics = topicSetOf([otherTopic, topic, topic])
  expect(optionsOf({ interest: { topics } }, 'status')).toEqual({ topics: [topic, otherTopic] })
  expect(optionsOf({ interest: {} }, 'status')).toEqual({})
  // Everything again: an empty filter says so, saying nothing would change nothing.
  expect(optionsOf({ interest: {} }, 'update')).toEqual({ bloom: new Uint8Array(0) })
  expect(optionsOf({ minPow: 0.5, light: true }, 'update')).toEqual({ powBits: powToBits(0.5), light: true })
})

test('the Status of waku/0 has a version, and characters as keys', () => {
  const options = { powBits: powToBits(0.002), confirmations: true }
  expect(bytesToHex(encodeStatusV0({}))).toBe('c280c0')
  expect(decodeStatusV0(encodeStatusV0(options))).toEqual(options)
  expect(decodeStatusV0(hexToBytes('c580c3c20301'))).toEqual({})
  for (const bad of ['c180', 'c380c080', 'c201c0', '80']) {
    expect(() => decodeStatusV0(hexToBytes(bad))).toThrow(invalid)
  }
  expect(hex([0, []])).toBe('c280c0')
})

test('options of a node are checked', () => {
  const refused = expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })
  expect(() => createWaku({}, { interest: 'everything' } as never)).toThrow(refused)
  expect(() => createWaku({}, { byteLimitPerPeer: -1 })).toThrow(refused)
  expect(() => createWaku({}, { minPow: Number.NaN })).toThrow(refused)
  expect(() => createWaku({}, null as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('arguments of the codec are checked', () => {
  expect(() => encodeStatusOptions({ bloom: 'x' } as never)).toThrow(/bloom/)
  expect(() => encodeStatusOptions({ topics: [Uint8Array.of(1)] })).toThrow(/topics/)
  expect(() => encodeStatusOptions({ light: 1 } as never)).toThrow(/light/)
  expect(() => decodeStatusOptions('c0' as never)).toThrow(/payload/)
  expect(packetCodes.statusUpdate).toBe(22)
})
