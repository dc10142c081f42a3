import { concatBytes, equalBytes, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import { refused } from '../errors.ts'
import { compress, isCompressedKey } from '../keys.ts'
import { limits } from '../limits.ts'
import { isInstallationId } from '../options.ts'
import type { IdentityKey } from '../ports.ts'
import { type Bundle, byInstallationId, type SignedPrekey } from '../wire/codec.ts'

/**
 * What a bundle's signature covers: for each installation in byte order its id, prekey and decimal version, then the
 * decimal timestamp unless it is 0.
 * SPEC: status-go 0.56.10; the written text leaves the timestamp out. Neither identity nor protocol version is covered.
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

/** Signs the prekeys of our own installations. */
export function createBundle(identity: IdentityKey, signedPrekeys: readonly SignedPrekey[], timestamp: bigint): Bundle {
  const sorted = [...signedPrekeys].sort(byInstallationId)
  return {
    identity: compress(identity.publicKey),
    signedPrekeys: sorted,
    signature: identity.sign(keccak256(bundleMaterial({ signedPrekeys: sorted, timestamp }))),
    timestamp
  }
}

/** The group order divided by two, big-endian: a larger s is a second spelling of the same signature. */
const halfOrder = Uint8Array.of(
  ...[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ...[0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0]
)

function isLowS(signature: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (signature[32 + i] ?? 0) - (halfOrder[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}

function recovered(bundle: Bundle): Uint8Array | undefined {
  try {
    return compress(recoverPublicKey(keccak256(bundleMaterial(bundle)), bundle.signature))
  } catch {
    return undefined
  }
}

/**
 * Checks a bundle completely: sizes, points, versions, signature of its own identity.
 * DEVIATION: status-go stores the prekeys first and verifies later, so that a forged bundle can expire good ones.
 * @throws PfsError `invalid-bundle`
 */
export function assertBundle(bundle: Bundle): void {
  const count = bundle.signedPrekeys.length
  // BOUNDED: maxBundleInstallations
  if (count === 0 || count > limits.maxBundleInstallations) {
    throw refused(
      'invalid-bundle',
      `bundle: expected 1 to ${limits.maxBundleInstallations} installations, got ${count}`
    )
  }
  if (bundle.timestamp < 0n) throw refused('invalid-bundle', 'bundle: timestamp before 1970')
  if (!isCompressedKey(bundle.identity)) throw refused('invalid-bundle', 'bundle: identity is not a public key')
  for (const { installationId, publicKey } of bundle.signedPrekeys) {
    if (!isInstallationId(installationId)) throw refused('invalid-bundle', 'bundle: installation id out of range')
    if (!isCompressedKey(publicKey)) throw refused('invalid-bundle', 'bundle: prekey is not a public key')
  }
  const { signature } = bundle
  if (signature.length !== 65 || (signature[64] ?? 2) > 1 || !isLowS(signature)) {
    throw refused('invalid-bundle', 'bundle: signature is not canonical')
  }
  const signer = recovered(bundle)
  if (signer === undefined || !equalBytes(signer, bundle.identity)) {
    throw refused('invalid-bundle', 'bundle: not signed by its identity')
  }
}
