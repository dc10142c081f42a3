import { describe, expect, test } from 'vitest'
import { PfsError } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import {
  agreedSecret,
  assertBundle,
  type Bundle,
  bundleMaterial,
  createBundle,
  initiateX3dh,
  keyPairOf,
  respondX3dh
} from '../../src/primitives.ts'
import { fakeClock, person } from '../support/sealers.ts'

const now = 1_767_571_200_000_000_000n

const [alice, bob] = [person('alice', fakeClock()), person('bob', fakeClock())]
const prekey = (installationId: string, fill = 9, version = 1) => ({
  installationId,
  publicKey: keyPairOf(new Uint8Array(32).fill(fill)).publicKey,
  version,
  protocolVersion: 1
})
const good = createBundle(bob.identity, [prekey('b1')], now)

const halfOrder = Uint8Array.from(
  '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0'.match(/../g) ?? [],
  byte => Number.parseInt(byte, 16)
)

const refusal = (bundle: Bundle): string => {
  try {
    assertBundle(bundle)
    return 'accepted'
  } catch (error) {
    return PfsError.is(error) ? `${error.code}/${error.origin}` : String(error)
  }
}

test('S-2 both roles agree, and each of the three products matters', () => {
  const [ephemeral, signed] = [keyPairOf(new Uint8Array(32).fill(4)), keyPairOf(new Uint8Array(32).fill(6))]
  const sk = initiateX3dh(alice.identity, ephemeral, { identity: bob.publicKey, prekey: signed.publicKey })
  expect(respondX3dh(bob.identity, signed, { identity: alice.publicKey, ephemeral: ephemeral.publicKey })).toEqual(sk)
  expect(sk.length).toBe(32)
  const other = keyPairOf(new Uint8Array(32).fill(8))
  const variants = [
    initiateX3dh(bob.identity, ephemeral, { identity: bob.publicKey, prekey: signed.publicKey }),
    initiateX3dh(alice.identity, other, { identity: bob.publicKey, prekey: signed.publicKey }),
    initiateX3dh(alice.identity, ephemeral, { identity: alice.publicKey, prekey: signed.publicKey }),
    initiateX3dh(alice.identity, ephemeral, { identity: bob.publicKey, prekey: other.publicKey })
  ]
  for (const variant of variants) expect(variant).not.toEqual(sk)
})

test('S-2 the products are erased once SK is made', () => {
  const products = [1, 2, 3].map(fill => new Uint8Array(32).fill(fill))
  agreedSecret(products[0]!, products[1]!, products[2]!)
  for (const product of products) expect(product).toEqual(new Uint8Array(32))
})

describe('S-3', () => {
  test('S-3 ids are sorted by their UTF-8 bytes, whatever order they came in', () => {
    const prekeys = [prekey('é'), prekey('b'), prekey('a'), prekey('ab'), prekey('\u{1f600}'), prekey('\uffee')]
    const bundle = createBundle(bob.identity, prekeys, now)
    const ids = bundle.signedPrekeys.map(({ installationId }) => installationId)
    expect(ids).toEqual(['a', 'ab', 'b', 'é', '\uffee', '\u{1f600}'])
    expect(bundleMaterial({ ...bundle, signedPrekeys: prekeys })).toEqual(bundleMaterial(bundle))
    expect(refusal({ ...bundle, signedPrekeys: prekeys })).toBe('accepted')
    expect(prekeys[0]?.installationId).toBe('é')
  })

  test('S-3 the timestamp is part of it unless it is 0', () => {
    const text = (bundle: Pick<Bundle, 'signedPrekeys' | 'timestamp'>) =>
      new TextDecoder('latin1').decode(bundleMaterial(bundle))
    const signedPrekeys = [prekey('b1', 9, 12)]
    const key = new TextDecoder('latin1').decode(signedPrekeys[0]!.publicKey)
    expect(text({ signedPrekeys, timestamp: 0n })).toBe(`b1${key}12`)
    expect(text({ signedPrekeys, timestamp: 1546300800000000000n })).toBe(`b1${key}121546300800000000000`)
  })
})

describe('S-4', () => {
  test('S-4 what is good is accepted: one installation, many, timestamp 0', () => {
    expect(refusal(good)).toBe('accepted')
    const many = Array.from({ length: limits.maxBundleInstallations }, (_, i) => prekey(`b${i}`, i + 1))
    expect(refusal(createBundle(bob.identity, many, now))).toBe('accepted')
    expect(refusal(createBundle(bob.identity, [prekey('b1', 9, 0)], 0n))).toBe('accepted')
  })

  const more = Array.from({ length: limits.maxBundleInstallations + 1 }, (_, i) => prekey(`b${i}`, i + 1))
  const signature = (change: (bytes: Uint8Array) => void) => {
    const bytes = good.signature.slice()
    change(bytes)
    return { ...good, signature: bytes }
  }
  const refused: Record<string, Bundle> = {
    'no installation': createBundle(bob.identity, [], now),
    'one installation too many': createBundle(bob.identity, more, now),
    'a timestamp before 1970': createBundle(bob.identity, [prekey('b1')], -1n),
    'an identity that is no point': { ...good, identity: new Uint8Array(33) },
    'an identity of 65 bytes': { ...good, identity: bob.publicKey },
    'an installation id that is reserved': createBundle(bob.identity, [prekey('none')], now),
    'a prekey that is no point': createBundle(bob.identity, [{ ...prekey('b1'), publicKey: new Uint8Array(33) }], now),
    'a second prekey that is no point': createBundle(
      bob.identity,
      [prekey('b1'), { ...prekey('b2'), publicKey: new Uint8Array(33) }],
      now
    ),
    'a signature of another identity': {
      ...good,
      signature: createBundle(alice.identity, [prekey('b1')], now).signature
    },
    'the identity of another': { ...good, identity: createBundle(alice.identity, [prekey('b1')], now).identity },
    'a signature cut short': { ...good, signature: good.signature.slice(0, 64) },
    'a signature with one byte more': { ...good, signature: Uint8Array.of(...good.signature, 0) },
    'recovery id 2': signature(bytes => bytes.fill(2, 64)),
    'the other recovery id': signature(bytes => bytes.fill(1 - (good.signature[64] ?? 0), 64)),
    's just above half the order': signature(bytes => {
      bytes.set(halfOrder, 32)
      bytes[63] = 0xa1
    }),
    's all ones': signature(bytes => bytes.fill(0xff, 32, 64)),
    'r = 0': signature(bytes => bytes.fill(0, 0, 32))
  }
  for (const [name, bundle] of Object.entries(refused)) {
    test(`S-4 refused: ${name}`, () => expect(refusal(bundle)).toBe('invalid-bundle/peer'))
  }

  test('S-4 an s of exactly half the order is canonical: it fails as a signature, not as a form', () => {
    const bytes = good.signature.slice()
    bytes.set(halfOrder, 32)
    expect(() => assertBundle({ ...good, signature: bytes })).toThrow('not signed by its identity')
    bytes[63] = 0xa1
    expect(() => assertBundle({ ...good, signature: bytes })).toThrow('not canonical')
    bytes[32] = 0
    expect(() => assertBundle({ ...good, signature: bytes })).toThrow('not signed by its identity')
  })
})
