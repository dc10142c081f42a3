import { ecdhX, generatePrivateKey, publicKeyOf, randomBytes, signDigest } from '@status-stack/crypto'
import { check } from './checks.ts'
import type { IdentityKey, Random } from './ports.ts'

/**
 * An identity around a 32-byte private key. The key is copied and stays inside: holders of the result can use it, not read it.
 * @throws CryptoError `invalid-private-key`, `invalid-length`; AccountsError `invalid-argument`
 *
 * @example
 * ```ts
 * const identity = createIdentityKey(privateKey)
 * privateKey.fill(0)
 * ```
 */
export function createIdentityKey(privateKey: Uint8Array): IdentityKey {
  check.bytes('private key', privateKey)
  const secret = Uint8Array.from(privateKey)
  const publicKey = publicKeyOf(secret)
  return Object.freeze({
    // A copy for each reader: no reader can change who we are.
    get publicKey() {
      return Uint8Array.from(publicKey)
    },
    sign: (digest: Uint8Array) => signDigest(digest, secret),
    ecdhX: (other: Uint8Array) => ecdhX(secret, other)
  })
}

/**
 * A fresh key pair. Store the private key encrypted (`encryptKeystore`) and clear it.
 *
 * @example
 * ```ts
 * const { privateKey, identity } = generateIdentity()
 * const file = await encryptKeystore({ privateKey }, password)
 * privateKey.fill(0)
 * ```
 */
export function generateIdentity(random: Random = { bytes: randomBytes }): {
  readonly privateKey: Uint8Array
  readonly identity: IdentityKey
} {
  check.object('random', random)
  check.function('random.bytes', random.bytes)
  const privateKey = generatePrivateKey(random)
  return { privateKey, identity: createIdentityKey(privateKey) }
}
