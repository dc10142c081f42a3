import { equalBytes, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { createIdentityKey, generateIdentity } from '../../src/index.ts'

const privateKey = new Uint8Array(32).fill(0x11)

describe('createIdentityKey', () => {
  test('signs with the key of its public key', () => {
    const identity = createIdentityKey(privateKey)
    const digest = keccak256(utf8Bytes('a message'))
    expect(equalBytes(recoverPublicKey(digest, identity.sign(digest)), identity.publicKey)).toBe(true)
  })

  test('both sides agree on one secret', () => {
    const a = createIdentityKey(privateKey)
    const b = createIdentityKey(new Uint8Array(32).fill(0x22))
    expect(a.ecdhX(b.publicKey)).toEqual(b.ecdhX(a.publicKey))
  })

  test('hands out no private key, and a changed copy changes nothing inside', () => {
    const given = Uint8Array.from(privateKey)
    const identity = createIdentityKey(given)
    const before = identity.publicKey
    given.fill(0)
    identity.publicKey.fill(0)
    expect(identity.publicKey).toEqual(before)
    expect(Object.keys(identity).sort()).toEqual(['ecdhX', 'publicKey', 'sign'])
    expect(JSON.stringify(identity)).not.toContain('17,17,17')
  })

  test('refuses what is no private key', () => {
    expect(() => createIdentityKey(new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'invalid-private-key' })
    )
  })
})

test('generateIdentity takes its randomness from the port', () => {
  let next = 0
  const random = { bytes: (length: number) => new Uint8Array(length).fill(++next) }
  const { privateKey: made, identity } = generateIdentity(random)
  expect(made).toEqual(new Uint8Array(32).fill(1))
  expect(identity.publicKey).toEqual(createIdentityKey(made).publicKey)
})
