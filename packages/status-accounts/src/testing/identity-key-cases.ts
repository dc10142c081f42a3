import {
  compressPublicKey,
  ecdhX,
  equalBytes,
  isPublicKey,
  keccak256,
  publicKeyOf,
  recoverPublicKey,
  utf8Bytes
} from '@status-stack/crypto'
import type { IdentityKey } from '../ports.ts'

/** One rule of a contract. `run` rejects, saying what was expected, when the implementation breaks it. */
export interface ComplianceCase {
  readonly name: string
  readonly run: () => Promise<void>
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message)
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const bigOf = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)

/**
 * The contract of IdentityKey, for keys that live elsewhere too: in a keycard, an agent, another process.
 * `create` gives the same identity each time.
 */
export function identityKeyCases(create: () => Promise<IdentityKey>): readonly ComplianceCase[] {
  const digests = ['', 'a', 'another message'].map(text => keccak256(utf8Bytes(text)))
  const peerKey = new Uint8Array(32).fill(0x5a)
  const peer = publicKeyOf(peerKey)
  const cases: Readonly<Record<string, (identity: IdentityKey) => void>> = {
    'the public key is 65 bytes and on the curve': ({ publicKey }) => {
      check(publicKey.length === 65 && isPublicKey(publicKey), 'publicKey: expected an uncompressed point')
    },
    'a signature recovers the public key': ({ publicKey, sign }) => {
      for (const digest of digests) {
        const signature = sign(digest)
        check(signature.length === 65, 'sign: expected 65 bytes')
        check(equalBytes(recoverPublicKey(digest, signature), publicKey), 'sign: another key is recovered')
      }
    },
    'v is 0 or 1 and s is low': ({ sign }) => {
      for (const digest of digests) {
        const signature = sign(digest)
        check((signature[64] ?? 255) <= 1, 'sign: expected v 0 or 1')
        check(bigOf(signature.subarray(32, 64)) <= halfOrder, 'sign: expected a low s')
      }
    },
    'signing is deterministic': ({ sign }) => {
      for (const digest of digests) check(equalBytes(sign(digest), sign(digest)), 'sign: two signatures of one digest')
    },
    'a digest that is not 32 bytes is refused': ({ sign }) => {
      for (const length of [0, 31, 33]) {
        let refused = false
        try {
          sign(new Uint8Array(length))
        } catch {
          refused = true
        }
        check(refused, `sign: took ${length} bytes`)
      }
    },
    'both sides of a Diffie-Hellman agree, whatever form the key has': identity => {
      const wanted = ecdhX(peerKey, identity.publicKey)
      check(equalBytes(identity.ecdhX(peer), wanted), 'ecdhX: the sides differ')
      check(equalBytes(identity.ecdhX(compressPublicKey(peer)), wanted), 'ecdhX: the forms differ')
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
        check(refused, 'ecdhX: took what is no point')
      }
    },
    'no member holds the private key': identity => {
      check(Object.keys(identity).sort().join() === 'ecdhX,publicKey,sign', 'identity: more members than the three')
    }
  }
  return Object.entries(cases).map(([name, run]) => ({ name, run: async () => run(await create()) }))
}
