import { isPublicKey } from '@status-stack/crypto'
import {
  assertBundle,
  type DirectEntry,
  decodeBundle,
  decodeDirectEntry,
  decodeProtocolMessage,
  openStatic,
  staticOverhead
} from '@status-stack/status-pfs/primitives'
import type { Context } from './context.ts'
import type { KnownIdentity } from './keyring.ts'
import { protobufNodes, type Schema, topFields } from './protobuf.ts'
import { dateText, field, keyText } from './schema-fields.ts'
import { inspectSync, isSync } from './sync.ts'
import { attempt, type Details, type LayerName, missingKey, type Node, type Refusal, refusal } from './tree.ts'
import { inspectWrapper } from './wrapper.ts'

const key = (name: string) => field(name, 'bytes', { meaning: (_, bytes) => keyText(bytes) ?? 'not a public key' })

/** A bundle with its signature checked. */
const bundle: Schema = {
  1: key('identity'),
  2: field('signedPreKeys', 'message', {
    schema: {
      1: field('installation', 'string'),
      2: field('signedPreKey', 'message', {
        schema: { 1: key('signedPreKey'), 2: field('version', 'uint'), 3: field('protocolVersion', 'uint') }
      })
    }
  }),
  4: field('signature', 'bytes'),
  5: field('timestamp', 'int', { meaning: value => dateText(value, 1_000_000_000n) })
}

const directMessage: Schema = {
  1: field('X3DHHeader', 'message', { schema: { 1: key('ephemeral key'), 4: key('prekey id') } }),
  2: field('DRHeader', 'message', {
    schema: { 1: key('ratchet key'), 2: field('n', 'uint'), 3: field('pn', 'uint'), 4: key('session id') }
  }),
  3: field('payload', 'bytes'),
  101: field('DHHeader', 'message', { schema: { 1: key('ephemeral key') } })
}

/** A ProtocolMessage: bundles verified, every entry for a device opened that the keys open. */
export function inspectProtocolMessage(context: Context, bytes: Uint8Array): Node {
  const { tree } = context
  const message = attempt(() => decodeProtocolMessage(bytes)).value
  let entries = 0
  const opened: Node[] = []
  const schema: Schema = {
    2: field('installationId', 'string', { meaning: () => 'the sending device' }),
    3: field('bundle', 'message', { schema: bundle, judge: content => judgeBundle(context, content) }),
    101: field('directMessage', 'message', {
      schema: { 1: field('installation', 'string'), 2: field('message', 'message', { schema: directMessage }) },
      inside: content => {
        // BOUNDED: entries
        if (entries++ >= tree.limits.entries) return []
        const node = openEntry(context, content)
        opened.push(node)
        return [node]
      }
    }),
    102: field('publicMessage', 'bytes', {
      inside: content => (content.length === 0 ? [] : [inspectPlaintext(context, content)])
    })
  }
  const parts = protobufNodes(tree, schema, bytes)
  const told = message === undefined || opened.some(node => !isRefused(node)) ? undefined : context.opened?.(bytes)
  const children =
    told === undefined
      ? parts
      : [
          ...parts,
          plaintextNode(context, layerOf(message?.entries[0]), told, 'opened with a session that is not in the capture')
        ]
  if (message === undefined) {
    const why = refusal('malformed', 'no ProtocolMessage: not protobuf, or neither a bundle nor a message in it')
    return tree.layer('protocol-message', bytes.length, { refusal: why, children })
  }
  if (message.entries.length === 0 && message.publicMessage.length === 0 && !children.some(isRefused)) {
    context.reach('bundles')
  }
  return tree.layer('protocol-message', bytes.length, {
    ...(message.entries.length > tree.limits.entries
      ? { refusal: refusal('too-many-entries', `more than ${tree.limits.entries} entries: the rest is not opened`) }
      : {}),
    // One of several devices' entries was opened: that the others need keys of theirs is as it should be.
    children: told !== undefined || opened.some(node => !isRefused(node)) ? children.map(withoutMissing) : children
  })
}

const isRefused = ({ refusal: why }: Node): boolean => why !== undefined

const layerOf = (entry: DirectEntry | undefined): LayerName =>
  entry?.ratchet === undefined ? 'static-plaintext' : 'ratchet-plaintext'

function withoutMissing(node: Node): Node {
  const { refusal: why, ...rest } = node
  const children = node.children?.map(withoutMissing)
  const kept = children === undefined ? {} : { children }
  if (why?.missingKey !== true) return { ...node, ...kept }
  return { ...rest, meaning: `for another device (${why.code})`, ...kept }
}

function judgeBundle({ ring }: Context, content: Uint8Array): Pick<Details, 'meaning' | 'refusal'> {
  const decoded = decodeBundle(content)
  if (decoded === undefined) return { refusal: refusal('malformed', 'no bundle') }
  const { refusal: why } = attempt(() => assertBundle(decoded))
  if (why !== undefined) return { refusal: why }
  ring.meet(decoded.identity)
  return { meaning: `signature of ${keyText(decoded.identity) ?? ''} verified` }
}

/** The entry of one device: the map's key and value. */
function openEntry(context: Context, content: Uint8Array): Node {
  const { tree } = context
  const closed = (why: Refusal): Node => tree.node('closed', 0, 0, { refusal: why })
  const fields = topFields(content) ?? []
  const value = fields.findLast(({ number, content: at }) => number === 2 && at !== undefined)
  const bytes = value === undefined ? new Uint8Array() : content.subarray(value.content, value.end)
  const entry = attempt(() => decodeDirectEntry('', bytes)).value
  if (entry === undefined) return closed(refusal('malformed', 'no DirectMessageProtocol'))
  if (entry.ratchet !== undefined) {
    const result = context.sessions.open(entry, context.sender)
    if ('code' in result) return closed(result)
    const { plaintext, sender, recipient, turn, by } = result
    const meaning = `message ${entry.ratchet.n} of turn ${turn} from ${keyText(sender) ?? ''} to ${keyText(recipient) ?? ''}; forward secret; session known by ${by}`
    return plaintextNode({ ...context, sender, self: recipient }, 'ratchet-plaintext', plaintext, meaning)
  }
  const found = openStaticEntry(context, entry)
  if ('code' in found) return closed(found)
  const { identity, plaintext } = found
  const meaning = `opened with the identity key ${keyText(identity.publicKey) ?? ''}; encrypted, no forward secrecy`
  return plaintextNode({ ...context, self: identity.publicKey }, 'static-plaintext', plaintext, meaning)
}

function openStaticEntry(
  { ring }: Context,
  { dhKey, payload }: DirectEntry
): { readonly identity: KnownIdentity; readonly plaintext: Uint8Array } | Refusal {
  if (dhKey?.length !== 33 || !isPublicKey(dhKey)) {
    return refusal('malformed', 'neither a ratchet header nor an ephemeral key that is a point')
  }
  if (payload.length < staticOverhead) return refusal('malformed', `payload of ${payload.length} bytes is too short`)
  for (const identity of ring.identities) {
    const plaintext = openStatic(identity, dhKey, payload)
    if (plaintext !== undefined) return { identity, plaintext }
  }
  return ring.identities.length === 0
    ? missingKey('no-key', 'no identity key was given')
    : refusal('bad-mac', 'none of the identity keys given opens it')
}

function plaintextNode(context: Context, layer: LayerName, plaintext: Uint8Array, meaning: string): Node {
  const { tree } = context
  if (plaintext.length === 0) context.reach('empty message')
  return tree.layer(layer, plaintext.length, {
    meaning: plaintext.length === 0 ? `${meaning}; empty` : meaning,
    children: plaintext.length === 0 ? [] : [inspectPlaintext(context, plaintext)]
  })
}

/** What the security layer carried: a sync payload, or a wrapper. */
export function inspectPlaintext(context: Context, bytes: Uint8Array): Node {
  return isSync(bytes) ? inspectSync(context, bytes) : inspectWrapper(context, bytes)
}
