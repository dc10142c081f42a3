import {
  compressPublicKey,
  ecdhX,
  equalBytes,
  isLowS,
  isPublicKey,
  keccak256,
  publicKeyOf,
  recoverPublicKey,
  utf8Bytes
} from '@status-stack/crypto'
import type { IdentityKey } from '@status-stack/interface'
import { type ComplianceCase, check } from '@status-stack/interface/testing'

/**
 * The contract of IdentityKey, for keys that live elsewhere too: in a keycard, an agent, another process.
 * `create` gives the same identity each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of identityKeyCases(async () => createIdentityKey(privateKey))) test(name, run)
 * ```
 */
export function identityKeyCases(create: () => Promise<IdentityKey>): readonly ComplianceCase[] {
  const digests = ['', 'a', 'another message'].map(text => keccak256(utf8Bytes(text)))
  const peerKey = new Uint8Array(32).fill(0x5a)
  const peer = publicKeyOf(peerKey)
  const cases: Readonly<Record<string, (identity: IdentityKey) => void>> = {
    'the public key is 65 bytes and on the curve': ({ publicKey }) => {
      check(publicKey.length === 65 && isPublicKey(publicKey), 'publicKey to be an uncompressed point')
    },
    'a signature recovers the public key': ({ publicKey, sign }) => {
      for (const digest of digests) {
        const signature = sign(digest)
        check(signature.length === 65, 'a signature of 65 bytes')
        check(equalBytes(recoverPublicKey(digest, signature), publicKey), 'a signature that recovers the public key')
      }
    },
    'v is 0 or 1 and s is low': ({ sign }) => {
      for (const digest of digests) {
        const signature = sign(digest)
        check((signature[64] ?? 255) <= 1, 'v 0 or 1')
        check(isLowS(signature), 'a low s')
      }
    },
    'signing is deterministic': ({ sign }) => {
      for (const digest of digests) check(equalBytes(sign(digest), sign(digest)), 'one signature for one digest')
    },
    'a digest that is not 32 bytes is refused': ({ sign }) => {
      for (const length of [0, 31, 33]) {
        let refused = false
        try {
          sign(new Uint8Array(length))
        } catch {
          refused = true
        }
        check(refused, `sign to refuse a digest of ${length} bytes`)
      }
    },
    'both sides of a Diffie-Hellman agree, whatever form the key has': identity => {
      const wanted = ecdhX(peerKey, identity.publicKey)
      check(equalBytes(identity.ecdhX(peer), wanted), 'both sides of ecdhX to agree')
      check(equalBytes(identity.ecdhX(compressPublicKey(peer)), wanted), 'both forms of a key to give one secret')
    },
    'a key that is no point is refused': ({ ecdhX: agree }) => {
      const bad = Uint8Array.from(peer)
      bad[64] = (bad[64] ?? 0) ^ 1
      for (const key of [bad, new Uint8Array(65), new Uint8Array(0)]) {
        let refused = false
        try {
          agree(key)
        } catch {
          refused = true
        }
        check(refused, 'ecdhX to refuse what is no point')
      }
    },
    'no member holds the private key': identity => {
      check(
        Object.keys(identity).sort().join() === 'ecdhX,publicKey,sign',
        'no members beside publicKey, sign and ecdhX'
      )
    }
  }
  return Object.entries(cases).map(([name, run]) => ({ name, run: async () => run(await create()) }))
}
