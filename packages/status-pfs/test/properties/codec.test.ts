import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeBundle,
  decodeProtocolMessage,
  encodeBundle,
  encodeProtocolMessage,
  type ProtocolMessage
} from '../../src/primitives.ts'

const bytes = (max: number) => fc.uint8Array({ maxLength: max })
const uint32 = fc.nat({ max: 0xffffffff })
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const prekey = fc.record({ installationId: id, publicKey: bytes(33), version: uint32, protocolVersion: uint32 })

function unique<T extends { installationId: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map(item => [item.installationId, item])).values()]
}

const utf8 = new TextEncoder()
const order = (a: { installationId: string }, b: { installationId: string }) => {
  const [x, y] = [utf8.encode(a.installationId), utf8.encode(b.installationId)]
  const at = x.findIndex((byte, i) => byte !== y[i])
  return at < 0 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1)
}

const bundle = fc.record({
  identity: bytes(33),
  signedPrekeys: fc.array(prekey, { maxLength: 4 }).map(items => unique(items).sort(order)),
  signature: bytes(65),
  timestamp: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
})

const header = fc.record({ key: bytes(33), n: uint32, pn: uint32, id: bytes(33) })
const entry = fc.record(
  {
    installationId: id,
    payload: bytes(80),
    ratchet: header,
    x3dh: fc.record({ key: bytes(33), id: bytes(33) }),
    dhKey: bytes(33)
  },
  { requiredKeys: ['installationId', 'payload'] }
)

const message = fc.record({
  installationId: id,
  bundles: fc.array(bundle, { minLength: 1, maxLength: 2 }),
  entries: fc.array(entry, { maxLength: 3 }).map(unique),
  publicMessage: bytes(40)
})

const sorted = (value: ProtocolMessage) => ({ ...value, entries: [...value.entries].sort(order) })

test('a ProtocolMessage decodes to what was encoded', () => {
  fc.assert(
    fc.property(message, value => {
      const decoded = decodeProtocolMessage(encodeProtocolMessage(value as ProtocolMessage))
      expect(decoded && sorted(decoded)).toEqual(sorted(value as ProtocolMessage))
    }),
    { numRuns: 300 }
  )
})

test('a bundle decodes to what was encoded', () => {
  fc.assert(
    fc.property(bundle, value => {
      expect(decodeBundle(encodeBundle(value))).toEqual(value)
    }),
    { numRuns: 300 }
  )
})

test('any bytes are a message or not, never an exception', () => {
  fc.assert(
    fc.property(bytes(400), value => {
      const decoded = decodeProtocolMessage(value)
      if (decoded === undefined) return
      expect(decodeProtocolMessage(encodeProtocolMessage(decoded))).toEqual(decoded)
    }),
    { numRuns: 2000 }
  )
})
