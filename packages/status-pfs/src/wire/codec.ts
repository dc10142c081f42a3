import { compareBytes, utf8Bytes } from '@status-stack/crypto'
import { bigintOf, longOf, protobuf } from '@status-stack/protobuf'
import { check } from '../checks.ts'
import * as gen from '../gen/protocol.js'
import { limits } from '../limits.ts'
import { countsOf } from './counts.ts'
import type { Bundle, BundleContainer, DirectEntry, ProtocolMessage } from './messages.ts'

const copyBytes = (bytes: Uint8Array | null | undefined): Uint8Array => new Uint8Array(bytes ?? [])

/** An object for keys that a peer chose: it has no prototype, so `__proto__` is a key like any other. */
const map = <T>(): Record<string, T> => Object.create(null) as Record<string, T>

/** Ascending by UTF-8 bytes, the order the network signs in. */
export function byInstallationId(a: { installationId: string }, b: { installationId: string }): number {
  return compareBytes(utf8Bytes(a.installationId), utf8Bytes(b.installationId))
}

function fromBundle(bundle: Bundle): gen.Bundle.$Properties {
  const signedPreKeys = map<gen.SignedPreKey.$Properties>()
  for (const prekey of [...bundle.signedPrekeys].sort(byInstallationId)) {
    signedPreKeys[prekey.installationId] = {
      signedPreKey: prekey.publicKey,
      version: prekey.version,
      protocolVersion: prekey.protocolVersion
    }
  }
  return {
    identity: bundle.identity,
    signedPreKeys,
    signature: bundle.signature,
    timestamp: longOf(bundle.timestamp)
  }
}

function toBundle(bundle: gen.Bundle.$Properties): Bundle {
  return {
    identity: copyBytes(bundle.identity),
    signedPrekeys: Object.entries(bundle.signedPreKeys ?? {})
      .map(([installationId, prekey]) => ({
        installationId,
        publicKey: copyBytes(prekey.signedPreKey),
        version: prekey.version ?? 0,
        protocolVersion: prekey.protocolVersion ?? 0
      }))
      .sort(byInstallationId),
    signature: copyBytes(bundle.signature),
    timestamp: bigintOf(bundle.timestamp)
  }
}

function fromEntry(entry: DirectEntry): gen.DirectMessageProtocol.$Properties {
  const { x3dh, ratchet, dhKey } = entry
  return {
    X3DHHeader: x3dh === undefined ? null : { key: x3dh.key, id: x3dh.id },
    DRHeader: ratchet === undefined ? null : { key: ratchet.key, n: ratchet.n, pn: ratchet.pn, id: ratchet.id },
    payload: entry.payload,
    DHHeader: dhKey === undefined ? null : { key: dhKey }
  }
}

function toEntry(installationId: string, entry: gen.DirectMessageProtocol.$Properties): DirectEntry {
  const { X3DHHeader: x3dh, DRHeader: dr, DHHeader: dh } = entry
  return {
    installationId,
    ...(x3dh == null ? {} : { x3dh: { key: copyBytes(x3dh.key), id: copyBytes(x3dh.id) } }),
    ...(dr == null ? {} : { ratchet: { key: copyBytes(dr.key), n: dr.n ?? 0, pn: dr.pn ?? 0, id: copyBytes(dr.id) } }),
    ...(dh == null ? {} : { dhKey: copyBytes(dh.key) }),
    payload: copyBytes(entry.payload)
  }
}

/**
 * Maps are written in ascending order of their keys; the network gives them no order.
 *
 * @example
 * ```ts
 * const bytes = encodeProtocolMessage({ installationId, bundles: [bundle], entries: [], publicMessage: body })
 * ```
 */
export function encodeProtocolMessage(message: ProtocolMessage): Uint8Array {
  const directMessage = map<gen.DirectMessageProtocol.$Properties>()
  for (const entry of message.entries) directMessage[entry.installationId] = fromEntry(entry)
  const writer = gen.ProtocolMessage.encode({
    installationId: message.installationId,
    bundles: message.bundles.map(fromBundle),
    directMessage,
    publicMessage: message.publicMessage
  })
  return copyBytes(writer.finish())
}

/** The decoder throws several error types of its own for one fact: these bytes are not such a message. */
function tryDecode<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}

/** A reader that gives up after `maxFields` fields at all depths: a field takes two bytes on the wire and a hundred in memory. */
function readerOf(bytes: Uint8Array, maxFields: number): protobuf.Reader {
  const reader = new protobuf.Reader(bytes)
  const { tag } = reader
  let left = maxFields
  reader.tag = () => {
    // BOUNDED: maxFields
    if (left-- === 0) throw new RangeError('too many fields')
    return tag.call(reader)
  }
  return reader
}

/**
 * `undefined` for bytes that are no ProtocolMessage: they do not parse, or hold neither a bundle nor a message.
 * Field lengths are not checked here.
 *
 * @example
 * ```ts
 * const message = decodeProtocolMessage(bytes)
 * const mine = message?.entries.find(entry => entry.installationId === installationId)
 * ```
 */
export function decodeProtocolMessage(bytes: Uint8Array): ProtocolMessage | undefined {
  check.bytes('bytes', bytes)
  const counts = countsOf(bytes)
  if (counts === undefined || counts.bundles + counts.entries + counts.publicMessages === 0) return undefined
  // What this message does not know is skipped and costs nothing; it does not count.
  const maxFields = limits.maxFields + counts.unknown
  const message = tryDecode(() => gen.ProtocolMessage.decode(readerOf(bytes, maxFields)))
  if (message === undefined) return undefined
  const entries = Object.entries(message.directMessage).map(([id, entry]) => toEntry(id, entry))
  const publicMessage = copyBytes(message.publicMessage)
  if (message.bundles.length === 0 && entries.length === 0 && publicMessage.length === 0) return undefined
  return {
    installationId: message.installationId,
    bundles: message.bundles.map(toBundle),
    entries,
    publicMessage
  }
}

/**
 * A bundle as protobuf bytes.
 *
 * @example
 * ```ts
 * const bytes = encodeBundle(createBundle(identity, prekeys, timestamp))
 * ```
 */
export function encodeBundle(bundle: Bundle): Uint8Array {
  return copyBytes(gen.Bundle.encode(fromBundle(bundle)).finish())
}

/**
 * `undefined` for bytes that do not parse. Verify before use.
 *
 * @example
 * ```ts
 * const bundle = decodeBundle(bytes)
 * if (bundle !== undefined) assertBundle(bundle)
 * ```
 */
export function decodeBundle(bytes: Uint8Array): Bundle | undefined {
  check.bytes('bytes', bytes)
  const bundle = tryDecode(() => gen.Bundle.decode(readerOf(bytes, limits.maxFields)))
  return bundle === undefined ? undefined : toBundle(bundle)
}

/**
 * A bundle with its private signed prekey, as protobuf bytes.
 *
 * @example
 * ```ts
 * const bytes = encodeBundleContainer({ bundle, privateSignedPrekey: prekey.privateKey })
 * ```
 */
export function encodeBundleContainer(container: BundleContainer): Uint8Array {
  const writer = gen.BundleContainer.encode({
    bundle: fromBundle(container.bundle),
    privateSignedPreKey: container.privateSignedPrekey
  })
  return copyBytes(writer.finish())
}

/**
 * `undefined` for bytes that do not parse.
 *
 * @example
 * ```ts
 * const container = decodeBundleContainer(bytes)
 * ```
 */
export function decodeBundleContainer(bytes: Uint8Array): BundleContainer | undefined {
  check.bytes('bytes', bytes)
  const container = tryDecode(() => gen.BundleContainer.decode(readerOf(bytes, limits.maxFields)))
  if (container?.bundle == null) return undefined
  return { bundle: toBundle(container.bundle), privateSignedPrekey: copyBytes(container.privateSignedPreKey) }
}

/**
 * One direct_message value, without its map key.
 *
 * @example
 * ```ts
 * const bytes = encodeDirectEntry({ installationId, dhKey: ephemeral.publicKey, payload: sealed })
 * ```
 */
export function encodeDirectEntry(entry: DirectEntry): Uint8Array {
  return copyBytes(gen.DirectMessageProtocol.encode(fromEntry(entry)).finish())
}

/**
 * `undefined` for bytes that do not parse.
 *
 * @example
 * ```ts
 * const entry = decodeDirectEntry(installationId, bytes)
 * ```
 */
export function decodeDirectEntry(installationId: string, bytes: Uint8Array): DirectEntry | undefined {
  check.bytes('bytes', bytes)
  const entry = tryDecode(() => gen.DirectMessageProtocol.decode(readerOf(bytes, limits.maxFields)))
  return entry === undefined ? undefined : toEntry(installationId, entry)
}
