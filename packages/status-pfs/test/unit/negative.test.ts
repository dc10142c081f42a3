import { hexToBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { PfsError } from '../../src/index.ts'
import { assertBundle, type Bundle, createBundle, encodeBundle } from '../../src/primitives.ts'
import { conversation, fakeClock, introduce, opened, person, sealed, string } from '../support/sealers.ts'
import { flipped, message, parsed, reasonOf, withEntries } from '../support/wire.ts'

const now = 1_767_571_200_000_000_000n

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const hex = (value: string) => hexToBytes(value.padStart(66, '0'))

/** Encodings of 33 bytes that are no usable point. */
const badPoints: Record<string, Uint8Array> = {
  empty: new Uint8Array(0),
  'all zero': new Uint8Array(33),
  'identity element as one byte': Uint8Array.of(0),
  'identity element padded': hex('00'),
  'off the curve': hex(`02${'00'.repeat(31)}05`),
  'x = p': hex('02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f'),
  'x > p': hex(`02${'ff'.repeat(32)}`),
  'hybrid prefix': hex('0679be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  'x only': hexToBytes('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  '34 bytes': hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179800')
}

async function setting() {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const [a, b] = [await alice.device('a1'), await bob.device('b1')]
  await introduce(b, bob, a)
  return { clock, alice, bob, a, b }
}

describe('S-26', () => {
  test('S-26 payloads that are too short are malformed, at every length', async () => {
    const { alice, bob, a, b } = await setting()
    const [ratchet, fixed] = [await sealed(a, bob.known, 'x'), await sealed(a, bob.any, 'x')]
    for (let length = 0; length < 48; length++) {
      const cut = withEntries(ratchet, entry => ({ ...entry, payload: entry.payload.slice(0, length) }))
      expect(await b.open(cut, { sender: alice.publicKey })).toMatchObject({ reason: 'malformed' })
    }
    for (let length = 0; length < 28; length++) {
      const cut = withEntries(fixed, entry => ({ ...entry, payload: entry.payload.slice(0, length) }))
      expect(await reasonOf(b, cut, alice)).toBe('malformed')
    }
    const garbage = withEntries(fixed, entry => ({ ...entry, payload: new Uint8Array(28) }))
    expect(await reasonOf(b, garbage, alice)).toBe('bad-mac')
    expect(string((await opened(b, ratchet, alice)).bytes)).toBe('x')
  })

  for (const [name, point] of Object.entries(badPoints)) {
    test(`S-26 a header key that is no point is malformed: ${name}`, async () => {
      const { alice, bob, a, b } = await setting()
      const bytes = await sealed(a, bob.known, 'x')
      const fixed = await sealed(a, bob.any, 'x')
      const broken = [
        withEntries(bytes, entry => ({ ...entry, ratchet: { ...entry.ratchet!, key: point } })),
        withEntries(bytes, entry => ({ ...entry, x3dh: { ...entry.x3dh!, key: point } })),
        withEntries(fixed, entry => ({ ...entry, dhKey: point }))
      ]
      for (const forged of broken) expect(await reasonOf(b, forged, alice)).toBe('malformed')
    })

    test(`S-26 a bundle with such a key is refused: ${name}`, () => {
      const bob = person('bob', fakeClock())
      const prekey = { installationId: 'b1', publicKey: point, version: 1, protocolVersion: 1 }
      const bundle = createBundle(bob.identity, [prekey], now)
      expect(() => assertBundle(bundle)).toThrow(PfsError)
      const good = goodBundle()
      expect(() => assertBundle({ ...good, identity: point })).toThrow(PfsError)
    })
  }

  test('S-26 entries without a key, with the wrong prekey id or with both headers astray', async () => {
    const { alice, bob, a, b } = await setting()
    const bytes = await sealed(a, bob.known, 'x')
    const { ratchet, x3dh, payload } = parsed(bytes).entries[0]!
    const entry = (parts: object) => message('a1', { entries: [{ installationId: 'b1', payload, ...parts }] })
    expect(await reasonOf(b, entry({}), alice)).toBe('malformed')
    expect(await reasonOf(b, entry({ x3dh }), alice)).toBe('malformed')
    expect(await reasonOf(b, entry({ ratchet: { ...ratchet!, id: new Uint8Array(5) } }), alice)).toBe('malformed')
    expect(await reasonOf(b, entry({ ratchet, x3dh: { ...x3dh!, id: ratchet!.key } }), alice)).toBe('malformed')
  })

  test('S-26 the sending installation needs an id', async () => {
    const { alice, bob, a, b } = await setting()
    const entries = parsed(await sealed(a, bob.known, 'x')).entries
    for (const id of ['', 'none', 'x'.repeat(129)]) {
      expect(await reasonOf(b, message(id, { entries }), alice)).toBe('malformed')
    }
  })
})

function goodBundle(): Bundle {
  const bob = person('bob', fakeClock())
  const prekey = { installationId: 'b1', publicKey: hex(`02${'00'.repeat(31)}01`), version: 1, protocolVersion: 1 }
  return createBundle(bob.identity, [prekey], now)
}

describe('signatures', () => {
  const good = goodBundle()
  const s = BigInt(`0x${[...good.signature.subarray(32, 64)].map(b => b.toString(16).padStart(2, '0')).join('')}`)
  const highS = hexToBytes((order - s).toString(16).padStart(64, '0'))
  const v = good.signature[64]!
  const signature = (sBytes: Uint8Array, recovery: number) =>
    Uint8Array.of(...good.signature.subarray(0, 32), ...sBytes, recovery)
  const low = good.signature.subarray(32, 64)

  test('the good one is good, and so it is after decoding', () => {
    expect(() => assertBundle(good)).not.toThrow()
    expect(encodeBundle(good).length).toBeGreaterThan(100)
  })

  const bad: Record<string, Uint8Array> = {
    'high s with the other recovery id: the same key comes out': signature(highS, v ^ 1),
    'high s': signature(highS, v),
    'the other recovery id': signature(low, v ^ 1),
    'recovery id 2': signature(low, 2),
    'recovery id + 27 as in Ethereum': signature(low, v + 27),
    'recovery id + 4': signature(low, v + 4),
    'r = 0': Uint8Array.of(...new Uint8Array(32), ...low, v),
    's = 0': signature(new Uint8Array(32), v),
    's = order': signature(hexToBytes(order.toString(16)), v),
    '64 bytes': good.signature.slice(0, 64),
    '66 bytes': Uint8Array.of(...good.signature, 0),
    nothing: new Uint8Array(0)
  }
  for (const [name, bytes] of Object.entries(bad)) {
    test(`refused: ${name}`, () => {
      expect(() => assertBundle({ ...good, signature: bytes })).toThrow(PfsError)
    })
  }
})

describe('bundles', () => {
  const good = goodBundle()
  const [prekey] = good.signedPrekeys

  test('of another identity, replayed under a new one, or without installations', () => {
    const alice = person('alice', fakeClock())
    const mine = createBundle(alice.identity, good.signedPrekeys, now)
    expect(() => assertBundle({ ...good, identity: mine.identity })).toThrow(PfsError)
    expect(() => assertBundle({ ...good, signature: mine.signature })).toThrow(PfsError)
    expect(() => assertBundle(createBundle(alice.identity, [], now))).toThrow(PfsError)
    expect(() => assertBundle(createBundle(alice.identity, good.signedPrekeys, -5n))).toThrow(PfsError)
  })

  for (const installationId of ['none', '', 'x'.repeat(129), '\u00e9'.repeat(65)]) {
    test(`with the installation id "${installationId.slice(0, 8)}" of ${installationId.length}`, () => {
      const bob = person('bob', fakeClock())
      expect(() => assertBundle(createBundle(bob.identity, [{ ...prekey!, installationId }], now))).toThrow(PfsError)
    })
  }

  test('of another identity in a message do not make devices of the sender', async () => {
    const { alice, bob, a, b } = await setting()
    const carol = person('carol', fakeClock())
    const bundle = createBundle(carol.identity, good.signedPrekeys, now)
    await b.open(message('a1', { bundles: [bundle] }), { sender: alice.publicKey })
    expect(await b.devices(alice.publicKey)).toEqual([])
    expect((await b.devices(carol.publicKey)).map(({ installationId }) => installationId)).toEqual(['b1'])
    expect((await a.devices(bob.publicKey)).length).toBe(1)
  })

  test('that repeat a key known to belong to somebody else give no access to that session', async () => {
    const { clock, alice, bob, a, b } = await setting()
    const mallory = person('mallory', clock)
    const m = await mallory.device('m1')
    // Mallory claims bob's prekey as its own: alice would seal to a key that mallory does not have.
    const stolen = parsed(await sealed(b, bob.contactCode, '')).bundles[0]!.signedPrekeys
    const claim = createBundle(mallory.identity, [{ ...stolen[0]!, installationId: 'm1' }], now)
    await a.open(message('m1', { bundles: [claim] }), { sender: mallory.publicKey })
    const toMallory = await sealed(a, mallory.known, 'for mallory')
    expect(await reasonOf(m, toMallory, alice)).toBe('unknown-prekey')
    const relayed = withEntries(toMallory, entry => ({ ...entry, installationId: 'b1' }))
    // Forwarded to bob it does not open either: X3DH binds both identities.
    expect(await reasonOf(b, relayed, alice)).toBe('bad-mac')
  })
})

describe('authentication', () => {
  test('header and payload of two messages do not mix', async () => {
    const { alice, bob, a, b } = await conversation()
    const [one, two] = [await sealed(a, bob.known, 'one'), await sealed(a, bob.known, 'two')]
    const [first] = parsed(one).entries
    const [second] = parsed(two).entries
    const mixed = [
      withEntries(one, entry => ({ ...entry, payload: second!.payload })),
      withEntries(two, entry => ({ ...entry, payload: first!.payload })),
      withEntries(one, entry => ({ ...entry, ratchet: second!.ratchet! })),
      withEntries(one, entry => ({ ...entry, ratchet: { ...first!.ratchet!, pn: 1 } }))
    ]
    for (const bytes of mixed) expect(await reasonOf(b, bytes, alice)).toBe('bad-mac')
    for (const bytes of [two, one]) await opened(b, bytes, alice)
  })

  test('every flipped bit of a payload is noticed', async () => {
    const { alice, bob, a, b } = await conversation()
    for (const to of [bob.known, bob.any]) {
      const bytes = await sealed(a, to, 'short')
      const { length } = parsed(bytes).entries[0]!.payload
      for (let at = 0; at < length; at++) {
        const forged = withEntries(bytes, entry => ({ ...entry, payload: flipped(entry.payload, at) }))
        expect(await reasonOf(b, forged, alice)).toBe('bad-mac')
      }
      expect(string((await opened(b, bytes, alice)).bytes)).toBe('short')
    }
  })

  test('a message under another sender or another device is refused', async () => {
    const { clock, alice, bob, a, b } = await conversation()
    const mallory = person('mallory', clock)
    const bytes = await sealed(a, bob.known, 'by alice')
    expect(await reasonOf(b, bytes, mallory)).toBe('unknown-session')
    const renamed = message('a2', parsed(bytes))
    expect(await reasonOf(b, message('a2', { entries: parsed(renamed).entries }), alice)).toBe('unknown-session')
  })

  test('a first message replayed after its session was pushed out does not start another', async () => {
    const { clock, alice, bob, a, b } = await setting()
    const first = await sealed(a, bob.known, 'first')
    const { receipt } = await opened(b, first, alice)
    await b.confirm(receipt!)
    // Sixteen further sessions of the same device push the first one out.
    for (let count = 0; count < 16; count++) {
      clock.advance(1000)
      const again = await alice.device('a1')
      await introduce(b, bob, again)
      await opened(b, await sealed(again, bob.known, 'again'), alice)
    }
    expect(await reasonOf(b, first, alice)).toBe('replayed')
  })
})
