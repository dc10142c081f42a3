import { bytesToHex } from '@status-stack/crypto'
import { decode } from '@status-stack/status-data'
import { openEvent, validatePayload } from '@status-stack/status-data/rules'
import { decodePayload, decodeWrapper, messageIdOf, type Payload, signerOf } from '@status-stack/status-data/wire'
import type { Context } from './context.ts'
import { protobufNodes, type Schema } from './protobuf.ts'
import { field, keyText } from './schema-fields.ts'
import { eventTypeWords, membershipEvent, payloadSchema } from './schemas.ts'
import { attempt, type Node, type Refusal, refusal } from './tree.ts'

const sentences: Readonly<Record<string, string>> = {
  'wrapper-signature': 'bad signature: no key can be recovered from it (65 bytes r‖s‖v, v 0 or 1)',
  'wrapper-unsigned': 'carries no signature: nobody vouches for it',
  'clock-zero': 'the clock is 0',
  'clock-ahead': 'the clock is more than two minutes ahead',
  'type-unknown': 'type 0 is no payload',
  'author-mismatch': 'its author is not the signer of the envelope'
}

function refused(code: string): Refusal {
  return refusal(code, sentences[code] ?? code.replaceAll('-', ' '))
}

/** An ApplicationMetadataMessage: signature, type and payload, judged as a client judges it. */
export function inspectWrapper(context: Context, bytes: Uint8Array): Node {
  const { tree } = context
  const { value: wrapper, refusal: malformed } = attempt(() => decodeWrapper(bytes))
  const signer = wrapper === undefined ? undefined : signerOf(wrapper)
  const author = signer === 'invalid' ? undefined : signer
  const type = wrapper?.type ?? 0
  const schema: Schema = {
    1: field('signature', 'bytes', {
      judge: () =>
        signer === 'invalid'
          ? { refusal: refused('wrapper-signature') }
          : author === undefined
            ? {}
            : { meaning: `signed by ${keyText(author) ?? ''}` }
    }),
    2: field('payload', 'bytes', { inside: payload => [inspectPayload(context, type, payload)] }),
    3: field('type', 'int', { meaning: value => payloadSchema(Number(value), undefined)?.name ?? 'unknown type' })
  }
  const children = protobufNodes(tree, schema, bytes)
  if (wrapper === undefined) {
    return tree.layer('wrapper', bytes.length, { refusal: malformed ?? refused('wrapper-malformed'), children })
  }
  const verdict = signer === 'invalid' ? undefined : judge(context, bytes, author, type, wrapper.payload)
  const id = `message id 0x${bytesToHex(messageIdOf(bytes, author))}`
  if (signer !== 'invalid' && verdict === undefined) context.reach(payloadSchema(type, undefined)?.name ?? 'payload')
  return tree.layer('wrapper', bytes.length, {
    meaning: id,
    ...(verdict === undefined ? {} : { refusal: refused(verdict) }),
    children
  })
}

/** The refusal code of a client: the whole pipeline where the envelope is known, else what the bytes alone can tell. */
function judge(
  context: Context,
  bytes: Uint8Array,
  author: Uint8Array | undefined,
  type: number,
  payload: Uint8Array
): string | undefined {
  const { sender, self, arrival, nowMs, sentMs = nowMs } = context
  if (sender !== undefined && self !== undefined && arrival !== undefined) {
    const result = decode(bytes, { transportAuthor: sender, self, arrival, nowMs, sentMs })
    return result.kind === 'refused' ? result.reason : undefined
  }
  if (author === undefined) return 'wrapper-unsigned'
  if (type === 0) return 'type-unknown'
  const decoded = attempt(() => decodePayload(type, payload)).value
  if (decoded === undefined) return 'payload-malformed'
  return validatePayload(decoded, { nowMs, sentMs: Math.min(sentMs, nowMs), rules: 'strict' })
}

function inspectPayload({ tree }: Context, type: number, bytes: Uint8Array): Node {
  const chatId = groupOf(type, bytes)
  const event = (content: Uint8Array, at: number): readonly Node[] => {
    const opened = openEvent(chatId, content)
    const signature = tree.node('event signature', at, at + Math.min(65, content.length), {
      ...(typeof opened === 'string'
        ? { refusal: refused(opened) }
        : { meaning: `${eventTypeWords(BigInt(opened.type))}, signed by ${opened.author.slice(0, 12)}…` })
    })
    if (content.length <= 65) return [signature]
    return [signature, ...protobufNodes(tree, membershipEvent, bytes, at + 65, at + content.length)]
  }
  const known = payloadSchema(type, event)
  if (known?.schema === undefined) {
    const value = tree.node('bytes', 0, bytes.length, { meaning: known?.name ?? `type ${type} has no known fields` })
    return tree.layer('payload', bytes.length, { children: [value] }, known?.name ?? 'payload')
  }
  const { refusal: malformed } = attempt(() => decodePayload(type, bytes))
  return tree.layer(
    'payload',
    bytes.length,
    {
      ...(malformed === undefined ? {} : { refusal: malformed }),
      children: protobufNodes(tree, known.schema, bytes)
    },
    known.name
  )
}

/** The group that events are signed for. */
function groupOf(type: number, bytes: Uint8Array): string {
  const payload: Payload | undefined = type === 3 ? attempt(() => decodePayload(type, bytes)).value : undefined
  return payload?.name === 'membership-update' ? payload.message.chatId : ''
}
