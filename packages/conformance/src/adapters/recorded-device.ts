import { sha256 } from '@status-stack/crypto'
import { createSealer, memorySessionStore, type Sealer } from '@status-stack/status-pfs'
import {
  createBundle,
  type DirectEntry,
  encodeProtocolMessage,
  keyPairOf,
  type SignedPrekey
} from '@status-stack/status-pfs/primitives'
import { vectorBytes, vectorHex } from '@status-stack/vectors'
import { identityOf, type VectorKey } from './support.ts'

/** A key pair that a recorded device generated. */
export interface RecordedPair {
  readonly privateKey: string
  readonly publicKey: string
}

/** Recorded private keys by public key, 33 bytes as hex. */
export type KeyPool = ReadonlyMap<string, Uint8Array>

export function keyPool(pairs: readonly RecordedPair[] | null | undefined): KeyPool {
  for (const { publicKey, privateKey } of pairs ?? []) assertPair(publicKey, privateKey)
  return new Map((pairs ?? []).map(({ publicKey, privateKey }) => [publicKey, vectorBytes(privateKey)]))
}

function assertPair(publicKey: string, privateKey: string): void {
  if (vectorHex(keyPairOf(vectorBytes(privateKey)).publicKey) === publicKey) return
  throw new Error(`key pair ${publicKey}: the private key is another one's`)
}

/** A device of a recording: a sealer that generates the keys which the recorded device generated. */
export interface RecordedDevice {
  readonly name: string
  readonly installationId: string
  readonly identity: VectorKey
  readonly sealer: Sealer
  /** What it draws next; arbitrary bytes once this is empty. */
  readonly draws: Uint8Array[]
  /** Its bundle as it is exchanged out of band: version 1, protocol version 1. */
  readonly announcement: () => Uint8Array
}

/** Fields that devices have in common; files name the prekey differently. */
export interface DeviceVector {
  readonly name: string
  readonly installationId: string
  readonly identityPrivateKey: string
  readonly identityPublicKey: string
  readonly signedPreKey?: string
  readonly privateSignedPreKey?: string
  readonly signedPreKeys?: readonly { readonly privateKey: string; readonly signedPreKey: string }[]
}

export async function recordedDevice(vector: DeviceVector, nowMs: number): Promise<RecordedDevice> {
  const { name, installationId } = vector
  const identity = identityOf(vector.identityPrivateKey)
  if (vectorHex(identity.publicKey) !== vector.identityPublicKey) throw new Error(`device ${name}: not its identity`)
  const prekey = vector.signedPreKeys?.[0]
  const privatePrekey = vector.privateSignedPreKey ?? prekey?.privateKey
  const publicPrekey = vector.signedPreKey ?? prekey?.signedPreKey
  if (privatePrekey !== undefined && publicPrekey !== undefined) assertPair(publicPrekey, privatePrekey)
  const draws: Uint8Array[] = privatePrekey === undefined ? [] : [vectorBytes(privatePrekey)]
  const random = { bytes: drawFrom(draws, `${name} ${installationId}`) }
  const deps = { identity, store: memorySessionStore(), clock: { nowMs: () => nowMs }, random }
  const sealer = await createSealer(deps, { installationId })
  const announcement = (): Uint8Array => {
    if (publicPrekey === undefined) throw new Error(`device ${name} has no signed prekey`)
    const prekeys: SignedPrekey[] = [
      { installationId, publicKey: vectorBytes(publicPrekey), version: 1, protocolVersion: 1 }
    ]
    const bundles = [createBundle(identity, prekeys, 10n ** 18n)]
    return encodeProtocolMessage({ installationId, bundles, entries: [], publicMessage: new Uint8Array() })
  }
  return { name, installationId, identity, sealer, draws, announcement }
}

/** The recorded values first; behind them bytes that no recording holds. */
function drawFrom(draws: Uint8Array[], seed: string): (length: number) => Uint8Array {
  let state = sha256(new TextEncoder().encode(seed))
  return length => {
    const next = draws.shift()
    if (next !== undefined) {
      if (next.length !== length) throw new Error(`random: ${length} bytes asked for, ${next.length} were recorded`)
      return next
    }
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += state.length) {
      state = sha256(state)
      bytes.set(state.subarray(0, length - at), at)
    }
    return bytes
  }
}

/**
 * What the sealer of these entries drew, in its order: ephemeral and first ratchet key of each new session, ephemeral
 * key and nonce of a static-key entry. Keys that are not in the pool were drawn earlier.
 */
export function drawsOf(entries: readonly DirectEntry[], pool: KeyPool): readonly Uint8Array[] {
  const recorded = (key: Uint8Array | undefined): readonly Uint8Array[] => {
    const found = key === undefined ? undefined : pool.get(vectorHex(key))
    return found === undefined ? [] : [found]
  }
  return entries.flatMap(({ x3dh, ratchet, dhKey, payload }) => [
    ...recorded(x3dh?.key),
    ...(x3dh === undefined ? [] : recorded(ratchet?.key)),
    ...recorded(dhKey),
    ...(dhKey === undefined ? [] : [payload.slice(-12)])
  ])
}
