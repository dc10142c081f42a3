import { equalBytes, isPublicKey, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { IdentityKey, Random } from '@status-stack/interface'
import { type ComplianceCase, check } from '@status-stack/interface/testing'
import { createGroupId, isGroupId, keyId } from '../ids.ts'
import { decodeWrapper, signerOf, wrap } from '../wrapper.ts'

/**
 * What this package asks of an IdentityKey: that what it signs is what readers take for its own, every time.
 *
 * @example
 * ```ts
 * for (const { name, run } of signerCases(async () => identity)) test(name, run)
 * ```
 */
export function signerCases(create: () => Promise<IdentityKey>): readonly ComplianceCase[] {
  const payload = utf8Bytes('a payload')
  return [
    {
      name: 'the public key is an uncompressed point, the same each time it is read',
      run: async () => {
        const identity = await create()
        check(
          identity.publicKey.length === 65 && isPublicKey(identity.publicKey),
          'publicKey to be 65 bytes of an uncompressed point'
        )
        check(equalBytes(identity.publicKey, identity.publicKey), 'publicKey to stay the same')
      }
    },
    {
      name: 'readers find the identity as the signer of a wrapper',
      run: async () => {
        const identity = await create()
        const signer = signerOf(decodeWrapper(wrap(1, payload, identity)))
        check(
          signer instanceof Uint8Array && equalBytes(signer, identity.publicKey),
          'readers to find the identity as signer'
        )
      }
    },
    {
      name: 'signing is deterministic: else a message had another id for each recipient',
      run: async () => {
        const identity = await create()
        const digest = keccak256(payload)
        check(equalBytes(identity.sign(digest), identity.sign(digest)), 'one signature of one digest')
      }
    }
  ]
}

/**
 * What this package asks of a Random: as many bytes as asked for, and never the same group id twice.
 *
 * @example
 * ```ts
 * for (const { name, run } of randomCases(async () => random, identity.publicKey)) test(name, run)
 * ```
 */
export function randomCases(create: () => Promise<Random>, creator: Uint8Array): readonly ComplianceCase[] {
  return [
    {
      name: 'gives as many bytes as asked for',
      run: async () => {
        const random = await create()
        for (const length of [0, 1, 16, 33]) check(random.bytes(length).length === length, `bytes to give ${length}`)
      }
    },
    {
      name: 'gives group ids that are valid and differ',
      run: async () => {
        const random = await create()
        const ids = Array.from({ length: 50 }, () => createGroupId(creator, random))
        check(
          ids.every(id => isGroupId(id) && id.endsWith(keyId(creator))),
          'group ids to be valid'
        )
        check(new Set(ids).size === ids.length, 'group ids to differ')
      }
    }
  ]
}
