import { describe, expect, test } from 'vitest'
import { createIdentityKey, type IdentityKey } from '../../src/index.ts'
import { identityKeyCases } from '../../src/testing/index.ts'

const good = createIdentityKey(new Uint8Array(32).fill(0x11))
const withChange = (change: Partial<IdentityKey> & Record<string, unknown>): IdentityKey => ({
  publicKey: good.publicKey,
  sign: good.sign,
  ecdhX: good.ecdhX,
  ...change
})

describe('IdentityKey', () => {
  for (const { name, run } of identityKeyCases(async () => good)) test(name, run)
})

/** Identities that break one rule each: the suite must notice. */
const broken: Readonly<Record<string, IdentityKey>> = {
  'a compressed public key': withChange({ publicKey: new Uint8Array(33) }),
  'the public key of somebody else': withChange({
    publicKey: createIdentityKey(new Uint8Array(32).fill(0x12)).publicKey
  }),
  'v 27': withChange({
    sign: digest => {
      const signature = good.sign(digest)
      signature[64] = (signature[64] ?? 0) + 27
      return signature
    }
  }),
  'a signature cut short': withChange({ sign: digest => good.sign(digest).slice(0, 64) }),
  'any digest': withChange({ sign: digest => good.sign(new Uint8Array(32).fill(digest.length)) }),
  'a padded secret': withChange({ ecdhX: other => Uint8Array.of(0, ...good.ecdhX(other)) }),
  'any peer': withChange({ ecdhX: () => good.ecdhX(good.publicKey) }),
  'its private key': withChange({ privateKey: new Uint8Array(32) })
}

test.each(Object.entries(broken))('the suite rejects an identity with %s', async (_, identity) => {
  const results = await Promise.allSettled(identityKeyCases(async () => identity).map(({ run }) => run()))
  expect(results.some(({ status }) => status === 'rejected')).toBe(true)
})
