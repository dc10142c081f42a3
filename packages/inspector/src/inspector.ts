import type { Clock } from '@status-stack/interface'
import { decodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import type { Context } from './context.ts'
import { inspectEnvelope } from './envelope.ts'
import { check } from './errors.ts'
import { checkKeys, createKeyring, type Keys } from './keyring.ts'
import { type BlobKind, blobKinds } from './kinds.ts'
import { limits as defaults, type InspectLimits } from './limits.ts'
import { frameId, inspectFrame, inspectPacket, isEnvelope } from './packet.ts'
import { topFields } from './protobuf.ts'
import { inspectProtocolMessage } from './protocol-message.ts'
import { createSessions } from './sessions.ts'
import { inspectSync, isSync } from './sync.ts'
import {
  createTree,
  type LayerName,
  layersOf,
  type Node,
  type Refusal,
  refusal,
  refusalsOf,
  shownBytes
} from './tree.ts'
import { inspectWrapper } from './wrapper.ts'

/** What is known of one blob. */
export interface Inspection {
  /** Bytes of the blob. */
  readonly length: number
  /** What it was taken for; `unknown` when nothing reads it. */
  readonly kind: Exclude<BlobKind, 'auto'> | 'unknown'
  /** Every layer that was read, outermost first. */
  readonly layers: readonly LayerName[]
  /** The innermost things that were read, such as `chat-message`; empty when a refusal stands before them. */
  readonly innermost: readonly string[]
  /** What could not be read, in the order of the tree: at which layer, and the path of names to it. */
  readonly refusals: readonly (Refusal & { readonly layer: LayerName; readonly at: string })[]
  /** The whole blob; its parts are children. */
  readonly tree: Node
}

/** Takes recorded bytes apart, one capture after the other. */
export interface Inspector {
  /**
   * Blobs of one capture, in its order: sessions and people met in one are known in the next. Never rejects because of what is in the bytes;
   * with InspectorError `invalid-argument` for what is none, such as their hex digits, see {@link hexOf}.
   */
  readonly inspect: (bytes: Uint8Array, kind?: BlobKind) => Promise<Inspection>
}

/** What an inspector needs from outside. */
export interface InspectorDeps {
  /** What may be opened with; nothing of them is in what comes out. @default none: what everybody can read */
  readonly keys?: Keys | undefined
  /** What clocks of messages are held against. @default the system clock */
  readonly clock?: Clock | undefined
  /** Bounds of one blob. @default `limits` */
  readonly limits?: InspectLimits | undefined
  /**
   * What a program that has the sessions found inside a ProtocolMessage: asked for what the keys do not open, so that a running
   * messenger can be inspected without giving its session keys away. @default nothing is known
   */
  readonly opened?: ((protocolMessage: Uint8Array) => Uint8Array | undefined) | undefined
}

/**
 * Takes bytes apart with the keys that it is given.
 *
 * @throws InspectorError `invalid-argument`
 * @example
 * ```ts
 * const inspector = createInspector({ keys: { chats: ['status'] } })
 * const { kind, innermost, refusals } = await inspector.inspect(bytes)
 * ```
 */
export function createInspector(deps: InspectorDeps = {}): Inspector {
  check.options('deps', deps, ['keys', 'clock', 'limits', 'opened'])
  check.ports(deps, { clock: ['nowMs'] })
  const { keys = {}, clock = { nowMs: () => Date.now() }, limits = defaults, opened } = deps
  checkKeys(keys)
  check.options('limits', limits, Object.keys(defaults))
  for (const [name, most] of Object.entries(limits)) check.integer(`limits.${name}`, most, 0, Number.MAX_SAFE_INTEGER)
  if (opened !== undefined) check.function('opened', opened)
  const ring = createKeyring(keys, limits)
  const sessions = createSessions(ring, limits)
  return {
    inspect: async (input, wanted = 'auto') => {
      check.bytes('bytes', input)
      check.oneOf('kind', wanted, blobKinds)
      // A plain view: what is cut from a Buffer would be a Buffer.
      const bytes = new Uint8Array(input.buffer, input.byteOffset, input.length)
      const tree = createTree(limits)
      const innermost: string[] = []
      sessions.nextBlob()
      const context: Context = {
        tree,
        ring,
        sessions,
        nowMs: clock.nowMs(),
        opened,
        reach: what => innermost.push(what)
      }
      const kind = wanted === 'auto' ? recognise(bytes) : wanted
      const root = await read(context, kind, bytes)
      return {
        length: bytes.length,
        kind,
        layers: layersOf(root),
        innermost: [...new Set(innermost)],
        refusals: refusalsOf(root),
        tree: root
      }
    }
  }
}

async function read(context: Context, kind: Inspection['kind'], bytes: Uint8Array): Promise<Node> {
  switch (kind) {
    case 'envelope':
      return inspectEnvelope(context, bytes)
    case 'packet':
      return inspectPacket(context, bytes)
    case 'frame':
      return inspectFrame(context, bytes)
    case 'protocol-message':
      return inspectProtocolMessage(context, bytes)
    case 'sync':
      return inspectSync(context, bytes)
    case 'wrapper':
      return inspectWrapper(context, bytes)
    case 'unknown':
      return context.tree.layer('unknown', bytes.length, {
        refusal: refusal('unrecognised', 'neither frame, packet, envelope, ProtocolMessage, sync payload nor wrapper'),
        children: [context.tree.node('bytes', 0, bytes.length, { value: shownBytes(bytes, context.tree.limits) })]
      })
  }
}

/**
 * What bytes look like, the most telling shapes first.
 *
 * @example
 * ```ts
 * recognise(bytes) // 'envelope', 'wrapper', … or 'unknown'
 * ```
 */
export function recognise(bytes: Uint8Array): Inspection['kind'] {
  check.bytes('bytes', bytes)
  if (bytes.length === 0) return 'unknown'
  if (isSync(bytes)) return 'sync'
  const first = bytes[0] ?? 0
  // A list: an envelope begins with its expiry, a packet of several with another list.
  if (first >= 0xc0) return isEnvelope(bytes) || !startsWithList(bytes) ? listKind(bytes) : 'packet'
  if (isWrapper(bytes)) return 'wrapper'
  if (decodeProtocolMessage(bytes) !== undefined) return 'protocol-message'
  const id = frameId(bytes)?.id
  if (id !== undefined && (id <= 3 || (id >= 16 && id < 16 + 128)) && bytes.length > 1) return 'frame'
  return first >= 0x80 ? 'packet' : 'unknown'
}

/** Where the content of a list begins. */
function startsWithList(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0
  const at = first > 0xf7 ? first - 0xf7 + 1 : 1
  return (bytes[at] ?? 0) >= 0xc0
}

/** The version of a Status packet and the lists of other packets are short numbers; an expiry has four bytes. */
function listKind(bytes: Uint8Array): 'envelope' | 'packet' {
  if (isEnvelope(bytes)) return 'envelope'
  const first = bytes[0] ?? 0
  const next = bytes[first > 0xf7 ? first - 0xf7 + 1 : 1] ?? 0
  return bytes.length > 1 && next < 0x80 ? 'packet' : 'envelope'
}

/** Protobuf with the fields of a wrapper and their types: signature, payload, type. */
function isWrapper(bytes: Uint8Array): boolean {
  const fields = topFields(bytes)
  return (
    fields?.some(({ number, wireType }) => number === 3 && wireType === 0) === true &&
    fields.some(({ number }) => number < 3) &&
    fields.every(({ number, wireType }) => number > 2 || wireType === 2)
  )
}
