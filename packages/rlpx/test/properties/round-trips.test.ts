import { bytesToHex, createKeccak256, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import fc from 'fast-check'
import { compress, uncompress } from 'snappyjs'
import { expect, test } from 'vitest'
import { formatEnode, parseEnode } from '../../src/enode.ts'
import { createFrameSealer } from '../../src/frame/frame.ts'
import { createFrameReader } from '../../src/frame/reader.ts'
import { decompress } from '../../src/p2p/snappy.ts'
import { compressed } from '../../src/p2p/snappy-compress.ts'
import { addressBytes, addressText } from '../../src/peers/address.ts'
import { winsDuplicate } from '../../src/peers/admission.ts'
import { noise } from '../../src/testing/index.ts'

const secrets = () => ({
  aes: new Uint8Array(32).fill(1),
  mac: new Uint8Array(32).fill(2),
  egress: createKeccak256(),
  ingress: createKeccak256()
})

test('any messages cut into any chunks come out as they went in', () => {
  const message = fc.record({ id: fc.integer({ min: 0, max: 0xffff }), payload: fc.uint8Array({ maxLength: 600 }) })
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 40 }),
      (messages, cuts) => {
        const sealer = createFrameSealer(secrets())
        const wire = messages.map(({ id, payload }) => sealer.seal(id, payload))
        const bytes = Uint8Array.from(wire.flatMap(frame => [...frame]))
        const reader = createFrameReader(secrets())
        const got: { id: number; payload: string }[] = []
        let at = 0
        const take = (count: number): void => {
          reader.push(bytes.slice(at, at + count))
          at += count
          for (let m = reader.next(0xffffff); m !== undefined; m = reader.next(0xffffff)) {
            got.push({ id: m.id, payload: bytesToHex(m.payload) })
          }
        }
        for (const cut of cuts) take(cut)
        take(bytes.length)
        expect(got).toEqual(messages.map(({ id, payload }) => ({ id, payload: bytesToHex(payload) })))
        expect(reader.bufferedBytes()).toBe(0)
      }
    ),
    { numRuns: 150 }
  )
})

test('a frame with any bit flipped is never taken for another', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), (payload, bit) => {
      const frame = createFrameSealer(secrets()).seal(17, payload)
      const at = bit % (frame.length * 8)
      frame[at >> 3] = (frame[at >> 3] ?? 0) ^ (1 << (at & 7))
      const reader = createFrameReader(secrets())
      reader.push(frame)
      expect(() => reader.next(0xffffff)).toThrow('MAC')
    }),
    { numRuns: 200 }
  )
})

test('Snappy: what is compressed opens to the same, compressible or not', () => {
  const repetitive = fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5000 }))
    .map(([part, count]) =>
      Uint8Array.from({ length: Math.min(part.length * count, 70_000) }, (_, i) => part[i % part.length] ?? 0)
    )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), repetitive), bytes => {
      const opened = decompress(compressed(bytes))
      expect(bytesToHex(opened)).toBe(bytesToHex(bytes))
      if (bytes.length > 0) expect(() => decompress(compressed(bytes), bytes.length - 1)).toThrow('at most')
    }),
    { numRuns: 100 }
  )
})

test('Snappy: our decoder and the library agree on whatever either side wrote; large noise is stored as it is', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 3000 }))
      .map(([byte, count]) => new Uint8Array(count).fill(byte))
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
      const bytes = Uint8Array.from(pieces.flatMap(part => [...part]))
      const block = compress(bytes)
      expect(bytesToHex(decompress(block))).toBe(bytesToHex(bytes))
      expect(bytesToHex(uncompress(compressed(bytes)))).toBe(bytesToHex(bytes))
    }),
    { numRuns: 60 }
  )
  for (const length of [32_767, 32_768, 65_535, 65_536, 65_537, 200_000]) {
    const random = noise(length)
    const block = compressed(random)
    expect(Buffer.compare(uncompress(block), random)).toBe(0)
    expect(Buffer.compare(decompress(block), random)).toBe(0)
    expect(block.length).toBeLessThan(length + 32)
    // Half of it compressible is worth compressing.
    const half = new Uint8Array(length)
    half.set(random.subarray(0, length >> 1))
    expect(compressed(half).length).toBeLessThan(length * 0.6)
    expect(Buffer.compare(decompress(compressed(half)), half)).toBe(0)
  }
})

test('enode URLs and addresses survive being written and read', () => {
  const key = generatePrivateKey()
  const publicKey = publicKeyOf(key)
  const address = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 })
  )
  const port = fc.integer({ min: 0, max: 65_535 })
  fc.assert(
    fc.property(address, port, port, (bytes, tcpPort, udpPort) => {
      const host = addressText(bytes)
      // IPv4 mapped into IPv6 is read as IPv4: one spelling for one address.
      const read = addressBytes(host) ?? new Uint8Array(0)
      expect(addressText(read)).toBe(addressText(addressBytes(addressText(read)) ?? read))
      const node = { publicKey, host, tcpPort, udpPort }
      expect(parseEnode(formatEnode(node))).toEqual(node)
    }),
    { numRuns: 200 }
  )
})

test('of two connections exactly one wins at both ends, whatever the ids', () => {
  const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex)
  fc.assert(
    fc.property(id, id, (a, b) => {
      fc.pre(a !== b)
      // Connection 1 is dialed by a, connection 2 by b; each end may meet them in either order.
      const keepsSecond = (own: string, other: string, second: 'inbound' | 'outbound'): boolean =>
        winsDuplicate(own, other, second, second === 'inbound' ? 'outbound' : 'inbound')
      const keptAtA = keepsSecond(a, b, 'inbound') ? 2 : 1
      const keptAtAOther = keepsSecond(a, b, 'outbound') ? 1 : 2
      const keptAtB = keepsSecond(b, a, 'outbound') ? 2 : 1
      const keptAtBOther = keepsSecond(b, a, 'inbound') ? 1 : 2
      expect(new Set([keptAtA, keptAtAOther, keptAtB, keptAtBOther]).size).toBe(1)
    }),
    { numRuns: 200 }
  )
})

test('Snappy: what is too short for a search is stored so that the library reads it, at every length', () => {
  for (let length = 0; length < 100; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 41 + length)
    const block = compressed(bytes)
    expect(decompress(block)).toEqual(bytes)
    if (length > 0) expect(new Uint8Array(uncompress(block))).toEqual(bytes)
  }
})
