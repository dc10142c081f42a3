import { aesGcmOpen, aesGcmSeal, compressPublicKey, concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import { DataError, malformed } from './errors.ts'
import { type PushNotificationRegistration, pushNotificationRegistration } from './payloads/push.ts'
import type { IdentityKey, PublicKey, Random } from './ports.ts'

const nonceLength = 12

/**
 * The payload of type 16: a registration that only the push server reads. AES-256-GCM under the Diffie-Hellman secret of
 * client and server; the nonce comes first, unlike in the secure transport.
 */
export function sealPushRegistration(
  registration: PushNotificationRegistration,
  server: PublicKey,
  identity: IdentityKey,
  random: Random
): Uint8Array {
  const nonce = random.bytes(nonceLength)
  return concatBytes(
    nonce,
    aesGcmSeal(identity.ecdhX(server), nonce, pushNotificationRegistration.encode(registration))
  )
}

/** A registration that a client sent us. @throws DataError `malformed` when it was not sealed by that client for us */
export function openPushRegistration(
  bytes: Uint8Array,
  client: PublicKey,
  identity: IdentityKey
): PushNotificationRegistration {
  let opened: Uint8Array
  try {
    opened = aesGcmOpen(identity.ecdhX(client), bytes.slice(0, nonceLength), bytes.slice(nonceLength))
  } catch {
    throw malformed('push registration', bytes.length)
  }
  return pushNotificationRegistration.decode(opened)
}

/**
 * What a client signs to let a server speak for it, 32 bytes. SPEC: Keccak-256 of both compressed keys and the token.
 * @throws DataError `invalid-argument`
 */
export function pushGrantDigest(client: PublicKey, server: PublicKey, accessToken: string): Uint8Array {
  if (accessToken === '') {
    throw new DataError('invalid-argument', 'access token: expected a UUID, got nothing', { origin: 'caller' })
  }
  return keccak256(concatBytes(compressPublicKey(client), compressPublicKey(server), utf8Bytes(accessToken)))
}
