import { ecdhX, generatePrivateKey, publicKeyOf, randomBytes, signDigest } from '@status-stack/crypto'
import type { IdentityKey, Random } from './ports.ts'

/**
 * An identity around a 32-byte private key. The key is copied and stays inside: whoever holds the result can use it,
 * not read it.
 * @throws CryptoError `invalid-private-key`, `invalid-length`
 */
export function createIdentityKey(privateKey: Uint8Array): IdentityKey {
  const secret = Uint8Array.from(privateKey)
  const publicKey = publicKeyOf(secret)
  return Object.freeze({
    // A copy for each reader: nobody can change who we are.
    get publicKey() {
      return Uint8Array.from(publicKey)
    },
    sign: (digest: Uint8Array) => signDigest(digest, secret),
    ecdhX: (other: Uint8Array) => ecdhX(secret, other)
  })
}

/** A fresh key pair. Store the private key encrypted (`encryptKeystore`) and clear it. */
export function generateIdentity(random: Random = { bytes: randomBytes }): {
  readonly privateKey: Uint8Array
  readonly identity: IdentityKey
} {
  const privateKey = generatePrivateKey(random)
  return { privateKey, identity: createIdentityKey(privateKey) }
}
