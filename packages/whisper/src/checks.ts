import { isPublicKey } from '@status-stack/crypto'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { invalidArgument, WhisperError } from './errors.ts'
import { isSymmetricKey } from './message/symmetric-key.ts'

/** Refuses what callers give, with `invalid-argument` and the origin `caller`. */
export const check: ArgumentChecks = createArgumentChecks(
  (message, details) => new WhisperError('invalid-argument', message, { origin: 'caller', details })
)

/** Largest number of 32 bits without sign. */
export const maxUint32 = 0xffff_ffff

/** @throws WhisperError `invalid-argument` unless 4 bytes */
export function checkTopic(name: string, topic: unknown): asserts topic is Uint8Array {
  check.bytes(name, topic, 4)
}

/**
 * Refuses what is no list of topics of 4 bytes. @throws WhisperError `invalid-argument` unless an array of topics of 4 bytes each, at least `min` of them
 *
 * @example
 * ```ts
 * checkTopics('topics', options.topics)
 * ```
 */
export function checkTopics(name: string, topics: unknown, min = 1): asserts topics is readonly Uint8Array[] {
  check.array(name, topics)
  if (topics.length < min) throw invalidArgument(`${name}: expected at least ${min} topics, got ${topics.length}`)
  for (const topic of topics) checkTopic(name, topic)
}

/** @throws WhisperError `invalid-argument` unless 65 bytes that are a point of the curve */
export function checkPublicKey(name: string, publicKey: unknown): asserts publicKey is Uint8Array {
  check.bytes(name, publicKey, 65)
  if (!isPublicKey(publicKey)) throw invalidArgument(`${name}: expected a public key of secp256k1`)
}

/** @throws WhisperError `invalid-argument` unless 32 bytes that are not all zero */
export function checkSymmetricKey(name: string, key: unknown): asserts key is Uint8Array {
  check.bytes(name, key, 32)
  if (!isSymmetricKey(key)) throw invalidArgument(`${name}: expected 32 bytes that are not all zero`)
}

/** A key that signs. @throws WhisperError `invalid-argument` */
export function checkSigner(name: string, signer: unknown): void {
  check.object(name, signer)
  check.function(`${name}.sign`, 'sign' in signer ? signer.sign : undefined)
}

/** A key that agrees on secrets. @throws WhisperError `invalid-argument` */
export function checkIdentity(name: string, identity: unknown): void {
  check.object(name, identity)
  checkPublicKey(`${name}.publicKey`, 'publicKey' in identity ? identity.publicKey : undefined)
  check.function(`${name}.ecdhX`, 'ecdhX' in identity ? identity.ecdhX : undefined)
}

/** A key that envelopes are sealed with. @throws WhisperError `invalid-argument` */
export function checkRouteKey(name: string, key: unknown): void {
  check.object(name, key)
  const { kind, key: bytes, publicKey } = key as { kind?: unknown; key?: unknown; publicKey?: unknown }
  check.oneOf(`${name}.kind`, kind, ['symmetric', 'asymmetric'])
  if (kind === 'symmetric') checkSymmetricKey(name === 'key' ? 'symmetric key' : name, bytes)
  else checkPublicKey(`${name}.publicKey`, publicKey)
}

/** A key that opens envelopes. @throws WhisperError `invalid-argument` */
export function checkInterestKey(name: string, key: unknown): void {
  check.object(name, key)
  const { kind, key: bytes, identity } = key as { kind?: unknown; key?: unknown; identity?: unknown }
  check.oneOf(`${name}.kind`, kind, ['symmetric', 'asymmetric'])
  if (kind === 'symmetric') checkSymmetricKey(name, bytes)
  else checkIdentity(`${name}.identity`, identity)
}

/** What to listen for. @throws WhisperError `invalid-argument` */
export function checkInterest(name: string, interest: unknown): void {
  check.object(name, interest)
  const { topics, key, signer } = interest as { topics?: unknown; key?: unknown; signer?: unknown }
  checkTopics(`${name}.topics`, topics)
  checkInterestKey(`${name}.key`, key)
  if (signer !== undefined) checkPublicKey(`${name}.signer`, signer)
}

/** Where to post. @throws WhisperError `invalid-argument` */
export function checkRoute(name: string, route: unknown): void {
  check.object(name, route)
  const { topic, key, pow } = route as { topic?: unknown; key?: unknown; pow?: unknown }
  checkTopic(`${name}.topic`, topic)
  checkRouteKey(`${name}.key`, key)
  if (pow !== undefined) check.function(`${name}.pow`, pow)
}

/** How hard to work on a message. @throws WhisperError `invalid-argument` */
export function checkPow(name: string, pow: unknown): void {
  check.options(name, pow, ['target', 'timeSeconds'])
  const { target, timeSeconds } = pow as { target?: unknown; timeSeconds?: unknown }
  check.number(`${name}.target`, target, -Number.MAX_VALUE, Number.MAX_VALUE)
  check.integer(`${name}.timeSeconds`, timeSeconds, 0, maxUint32)
}
