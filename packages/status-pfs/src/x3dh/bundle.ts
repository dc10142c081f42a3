import { concatBytes, equalBytes, isLowS, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import { check } from '../checks.ts'
import { peerError } from '../errors.ts'
import { isInstallationId } from '../installation-id.ts'
import { compress, isCompressedKey } from '../keys.ts'
import { limits } from '../limits.ts'
import type { IdentityKey } from '../ports.ts'
import { byInstallationId } from '../wire/codec.ts'
import type { Bundle, SignedPrekey } from '../wire/messages.ts'
import { splitsUuid } from './reading.ts'

/**
 * What a bundle's signature covers: for each installation in byte order its id, prekey and decimal version, then the
 * decimal timestamp unless it is 0.
 * SPEC: status-go 0.56.10; the written text leaves the timestamp out. Neither identity nor protocol version is covered, and
 * nothing separates the fields: see {@link assertBundle}.
 *
 * @example
 * ```ts
 * const digest = keccak256(bundleMaterial(bundle))
 * ```
 */
export function bundleMaterial(bundle: Pick<Bundle, 'signedPrekeys' | 'timestamp'>): Uint8Array {
  const parts = [...bundle.signedPrekeys]
    .sort(byInstallationId)
    .flatMap(({ installationId, publicKey, version }) => [
      utf8Bytes(installationId),
      publicKey,
      utf8Bytes(String(version))
    ])
  if (bundle.timestamp !== 0n) parts.push(utf8Bytes(bundle.timestamp.toString()))
  return concatBytes(...parts)
}

/**
 * Signs the prekeys of our own installations. `timestamp` is in Unix nanoseconds.
 *
 * @example
 * ```ts
 * const prekey = { installationId, publicKey: pair.publicKey, version: 1, protocolVersion: 1 }
 * const bundle = createBundle(identity, [prekey], BigInt(Date.now()) * 1_000_000n)
 * ```
 */
export function createBundle(identity: IdentityKey, signedPrekeys: readonly SignedPrekey[], timestamp: bigint): Bundle {
  check.object('identity', identity)
  check.array('signedPrekeys', signedPrekeys)
  for (const { publicKey } of signedPrekeys) check.bytes('publicKey', publicKey)
  const sorted = [...signedPrekeys].sort(byInstallationId)
  return {
    identity: compress(identity.publicKey),
    signedPrekeys: sorted,
    signature: identity.sign(keccak256(bundleMaterial({ signedPrekeys: sorted, timestamp }))),
    timestamp
  }
}

function recovered(bundle: Bundle): Uint8Array | undefined {
  try {
    return compress(recoverPublicKey(keccak256(bundleMaterial(bundle)), bundle.signature))
  } catch {
    return undefined
  }
}

const smallestTimestamp = 10n ** 18n
const maxUint32 = 0xffff_ffff

function refuse(what: string): never {
  throw peerError('invalid-bundle', `bundle: ${what}`)
}

/** Everything but the signature itself. */
function assertForm({ identity, signedPrekeys, signature, timestamp }: Bundle): void {
  const count = signedPrekeys.length
  // BOUNDED: maxBundleInstallations
  if (count === 0 || count > limits.maxBundleInstallations) {
    refuse(`expected 1 to ${limits.maxBundleInstallations} installations, got ${count}`)
  }
  // Nineteen digits are the nanoseconds from 2001 to 2286; 0 is a bundle of the time before bundles were dated.
  if (timestamp !== 0n && (timestamp < smallestTimestamp || timestamp >= 10n * smallestTimestamp)) {
    refuse('expected a timestamp of 19 digits, or 0')
  }
  if (!isCompressedKey(identity)) refuse('identity is not a public key')
  for (const { installationId, publicKey, version } of signedPrekeys) {
    if (!isInstallationId(installationId)) refuse('installation id out of range')
    if (!isCompressedKey(publicKey)) refuse('prekey is not a public key')
    if (!Number.isInteger(version) || version < 0 || version > maxUint32) refuse('version out of range')
  }
  if (new Set(signedPrekeys.map(({ installationId }) => installationId)).size !== count) {
    refuse('an installation is listed twice')
  }
  if (splitsUuid(signedPrekeys)) refuse('the digits of a version and of the next installation id are divided wrongly')
  if (signature.length !== 65 || (signature[64] ?? 2) > 1 || !isLowS(signature)) refuse('signature is not canonical')
}

/**
 * Checks all of a bundle that needs no clock: sizes, points, form of ids, versions and timestamp, signature of its own
 * identity.
 *
 * The signature covers the fields without separators, so bytes that one bundle signs could be read as another one. The form
 * leaves one reading of ids, prekeys and timestamp: a prekey begins with byte 2 or 3, which no id contains, and has 33 bytes;
 * the timestamp has 19 digits, or none, where the version in front of it would have more than 10. What remains is the border
 * between a version and digits that begin the next id; UUIDs have one length, which settles it for them, and `readsOneWay`
 * tells the rest. Decision 0164.
 *
 * DEVIATION: status-go stores the prekeys first and verifies later, so that a forged bundle can expire good ones.
 * @throws PfsError `invalid-bundle`
 *
 * @example
 * ```ts
 * try {
 *   assertBundle(bundle)
 * } catch (error) {
 *   if (PfsError.is(error)) console.log(error.code) // 'invalid-bundle'
 * }
 * ```
 */
export function assertBundle(bundle: Bundle): void {
  check.object('bundle', bundle)
  assertForm(bundle)
  const signer = recovered(bundle)
  if (signer === undefined || !equalBytes(signer, bundle.identity)) refuse('not signed by its identity')
}
