import {
  aesGcmOpenWithNonce,
  aesGcmSealWithNonce,
  compressPublicKey,
  concatBytes,
  keccak256,
  utf8Bytes
} from '@status-stack/crypto'
import type { IdentityKey, PublicKey, Random } from '@status-stack/interface'
import { check, checkKey, checkRandom, wellFormed } from './arguments.ts'
import { DataError, malformed } from './errors.ts'
import { randomBytesOf } from './ids.ts'
import { type PushNotificationRegistration, pushNotificationRegistration } from './payloads/push.ts'

const nonceLength = 12

function checkAgreement(identity: Pick<IdentityKey, 'ecdhX'>): void {
  check.object('identity', identity)
  check.function('identity.ecdhX', identity.ecdhX)
}

/**
 * The payload of type 16: a registration that only the push server reads. AES-256-GCM under the Diffie-Hellman secret of
 * client and server; the nonce comes first, unlike in the secure transport.
 *
 * @example
 * ```ts
 * const sealed = sealPushRegistration(registration, server, identity, random)
 * ```
 */
export function sealPushRegistration(
  registration: PushNotificationRegistration,
  server: PublicKey,
  identity: IdentityKey,
  random: Random
): Uint8Array {
  check.object('registration', registration)
  checkKey('server', server)
  checkAgreement(identity)
  checkRandom(random)
  const encoded = wellFormed('registration', () => pushNotificationRegistration.encode(registration))
  return aesGcmSealWithNonce(identity.ecdhX(server), randomBytesOf(random, nonceLength), encoded)
}

/**
 * A registration that a client sent us. @throws DataError `malformed` when it was not sealed by that client for us
 *
 * @example
 * ```ts
 * const registration = openPushRegistration(payload.message, client, identity)
 * ```
 */
export function openPushRegistration(
  bytes: Uint8Array,
  client: PublicKey,
  identity: IdentityKey
): PushNotificationRegistration {
  check.bytes('bytes', bytes)
  checkKey('client', client)
  checkAgreement(identity)
  let opened: Uint8Array
  try {
    opened = aesGcmOpenWithNonce(identity.ecdhX(client), bytes)
  } catch {
    throw malformed('push registration', bytes.length)
  }
  return pushNotificationRegistration.decode(opened)
}

/**
 * What a client signs to let a server speak for it, 32 bytes. SPEC: Keccak-256 of both compressed keys and the token.
 * @throws DataError `invalid-argument`
 *
 * @example
 * ```ts
 * const grant = identity.sign(pushGrantDigest(identity.publicKey, server, registration.accessToken))
 * ```
 */
export function pushGrantDigest(client: PublicKey, server: PublicKey, accessToken: string): Uint8Array {
  checkKey('client', client)
  checkKey('server', server)
  check.text('accessToken', accessToken)
  if (accessToken === '') {
    throw new DataError('invalid-argument', 'access token: expected a UUID, got nothing', { origin: 'caller' })
  }
  return keccak256(concatBytes(compressPublicKey(client), compressPublicKey(server), utf8Bytes(accessToken)))
}
