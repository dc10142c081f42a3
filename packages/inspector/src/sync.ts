import { bytesToHex } from '@status-stack/crypto'
import { decodePayload, groupId, messageId } from '@status-stack/status-sync'
import type { Context } from './context.ts'
import { protobufNodes, type Schema, topFields } from './protobuf.ts'
import { dateText, field, keyText } from './schema-fields.ts'
import { attempt, type Node, refusal } from './tree.ts'
import { inspectWrapper } from './wrapper.ts'

const lists = [5001, 5002, 5003, 5004]

/** Whether bytes are an MVDS payload: protobuf whose fields are its four lists, and not none. */
export function isSync(bytes: Uint8Array): boolean {
  const fields = topFields(bytes)
  return fields !== undefined && fields.length > 0 && fields.every(({ number }) => lists.includes(number))
}

/** An MVDS payload; the bodies of its messages are wrappers. */
export function inspectSync(context: Context, bytes: Uint8Array): Node {
  const { tree } = context
  const payload = attempt(() => decodePayload(bytes)).value
  // Asked for message by message while the tree is made: they come in the same order.
  let index = 0
  const message: Schema = {
    6001: field('groupId', 'bytes', { meaning: (_, id) => groupText(context, id) }),
    6002: field('timestamp', 'int', { meaning: value => dateText(value, 1n) }),
    6003: field('body', 'bytes', { inside: body => [inspectWrapper(context, body)] }),
    6004: field('metadata', 'message', { schema: { 1: field('parents', 'bytes'), 2: field('ephemeral', 'bool') } })
  }
  const id = (what: string) => (_: bigint, content: Uint8Array) =>
    content.length === 32 ? what : `expected 32 bytes, got ${content.length}`
  const schema: Schema = {
    5001: field('ack', 'bytes', { meaning: id('this message arrived') }),
    5002: field('offer', 'bytes', { meaning: id('this message can be requested') }),
    5003: field('request', 'bytes', { meaning: id('please send this message') }),
    5004: field('message', 'message', {
      schema: message,
      judge: () => {
        const each = payload?.messages[index++]
        return each === undefined ? {} : { meaning: `message id 0x${bytesToHex(messageId(each))}` }
      }
    })
  }
  const children = protobufNodes(tree, schema, bytes)
  if (payload === undefined) {
    const why = refusal('malformed-payload', 'no MVDS payload: not protobuf, or none of its four lists in it')
    return tree.layer('sync-payload', bytes.length, { refusal: why, children })
  }
  const { acks, offers, requests, messages } = payload
  if (messages.length === 0) context.reach(acks.length > 0 ? 'acknowledgements' : 'sync records')
  return tree.layer('sync-payload', bytes.length, {
    meaning: `${acks.length} acks, ${offers.length} offers, ${requests.length} requests, ${messages.length} messages`,
    children
  })
}

function groupText({ self, sender }: Context, id: Uint8Array): string | undefined {
  if (self === undefined || sender === undefined) return undefined
  return bytesToHex(groupId(self, sender)) === bytesToHex(id)
    ? `the group of ${keyText(self) ?? ''} and ${keyText(sender) ?? ''}`
    : 'not the group of sender and receiver: a node leaves this message out'
}
