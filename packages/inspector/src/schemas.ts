import type { FieldSchema, Schema } from './protobuf.ts'
import { dateText, field, keyText } from './schema-fields.ts'

const ms = (value: bigint): string | undefined => dateText(value, 1000n)
const clock = field('clock', 'uint', { meaning: ms })
const names =
  (words: Readonly<Record<number, string>>) =>
  (value: bigint): string =>
    words[Number(value)] ?? 'unknown'

const messageTypeWords = names({ 1: 'one-to-one', 2: 'public', 3: 'group', 4: 'system' })
const contentTypeWords = names({
  1: 'text',
  2: 'sticker',
  3: 'status',
  4: 'emoji',
  5: 'transaction command',
  6: 'system message of a group',
  7: 'image',
  8: 'audio'
})
const emojiWords = names({ 1: 'love', 2: 'thumbs up', 3: 'thumbs down', 4: 'laugh', 5: 'sad', 6: 'angry' })
export const eventTypeWords = names({
  1: 'chat created',
  2: 'name changed',
  3: 'members added',
  4: 'member joined',
  5: 'member removed',
  6: 'admins added',
  7: 'admin removed'
})

const messageType = (at: string): FieldSchema => field(at, 'int', { meaning: messageTypeWords })

const chatMessage: Schema = {
  1: clock,
  2: field('timestamp', 'uint', { meaning: ms }),
  3: field('text', 'string'),
  4: field('responseTo', 'string'),
  5: field('ensName', 'string'),
  6: field('chatId', 'string'),
  7: messageType('messageType'),
  8: field('contentType', 'int', { meaning: contentTypeWords }),
  9: field('sticker', 'message', { schema: { 1: field('hash', 'string'), 2: field('pack', 'int') } }),
  10: field('image', 'message', { schema: { 1: field('payload', 'bytes'), 2: field('type', 'int') } }),
  11: field('audio', 'message', {
    schema: { 1: field('payload', 'bytes'), 2: field('type', 'int'), 3: field('durationMs', 'uint') }
  })
}

const emojiReaction: Schema = {
  1: clock,
  2: field('chatId', 'string'),
  3: field('messageId', 'string'),
  4: messageType('messageType'),
  5: field('type', 'int', { meaning: emojiWords }),
  6: field('retracted', 'bool')
}

/** One event of a group, behind its 65 bytes of signature. */
export const membershipEvent: Schema = {
  1: clock,
  2: field('members', 'string'),
  3: field('name', 'string'),
  4: field('type', 'int', { meaning: eventTypeWords })
}

/** A group update, with a reader for its signed events. */
const membershipUpdate = (inside: FieldSchema['inside']): Schema => ({
  1: field('chatId', 'string'),
  2: field('events', 'bytes', inside === undefined ? {} : { inside }),
  3: field('message', 'message', { schema: chatMessage }),
  4: field('emojiReaction', 'message', { schema: emojiReaction })
})

const contact: Schema = {
  1: clock,
  2: field('id', 'string'),
  3: field('profileImage', 'string'),
  4: field('ensName', 'string'),
  5: field('lastUpdated', 'uint', { meaning: ms }),
  6: field('systemTags', 'string')
}
const publicChat: Schema = { 1: clock, 2: field('id', 'string') }
const account: Schema = {
  1: clock,
  2: field('profileImage', 'string'),
  3: field('lastUpdated', 'uint', { meaning: ms })
}
const decline: Schema = { 1: clock, 2: field('id', 'string') }
const pushInfo: Schema = {
  1: field('accessToken', 'string'),
  2: field('installationId', 'string'),
  3: field('publicKey', 'bytes', { meaning: (_, bytes) => keyText(bytes) }),
  4: field('allowedKeyList', 'bytes'),
  5: field('grant', 'bytes'),
  6: field('version', 'uint'),
  7: field('serverPublicKey', 'bytes', { meaning: (_, bytes) => keyText(bytes) })
}

/** A payload's name and fields by the type number of its wrapper. */
export function payloadSchema(
  type: number,
  inside: FieldSchema['inside']
): { readonly name: string; readonly schema?: Schema } | undefined {
  if (type === 3) return { name: 'membership-update', schema: membershipUpdate(inside) }
  return payloads[type]
}

const payloads: Readonly<Record<number, { readonly name: string; readonly schema?: Schema }>> = {
  1: { name: 'chat-message', schema: chatMessage },
  2: {
    name: 'contact-update',
    schema: { 1: clock, 2: field('ensName', 'string'), 3: field('profileImage', 'string') }
  },
  4: {
    name: 'pair-installation',
    schema: {
      1: clock,
      2: field('installationId', 'string'),
      3: field('deviceType', 'string'),
      4: field('name', 'string')
    }
  },
  5: {
    name: 'sync-installation',
    schema: {
      1: field('contacts', 'message', { schema: contact }),
      2: field('publicChats', 'message', { schema: publicChat }),
      3: field('account', 'message', { schema: account })
    }
  },
  6: {
    name: 'request-address-for-transaction',
    schema: { 1: clock, 2: field('value', 'string'), 3: field('contract', 'string') }
  },
  7: {
    name: 'accept-request-address-for-transaction',
    schema: { 1: clock, 2: field('id', 'string'), 3: field('address', 'string') }
  },
  8: { name: 'decline-request-address-for-transaction', schema: decline },
  9: {
    name: 'request-transaction',
    schema: { 1: clock, 2: field('address', 'string'), 3: field('value', 'string'), 4: field('contract', 'string') }
  },
  10: {
    name: 'send-transaction',
    schema: {
      1: clock,
      2: field('id', 'string'),
      3: field('transactionHash', 'string'),
      4: field('signature', 'bytes')
    }
  },
  11: { name: 'decline-request-transaction', schema: decline },
  12: { name: 'sync-installation-contact', schema: contact },
  13: { name: 'sync-installation-account', schema: account },
  14: { name: 'sync-installation-public-chat', schema: publicChat },
  15: {
    name: 'contact-code-advertisement',
    schema: { 1: field('pushNotificationInfo', 'message', { schema: pushInfo }) }
  },
  // Encrypted to a push server: bytes to everybody else.
  16: { name: 'push-notification-registration' },
  17: {
    name: 'push-notification-registration-response',
    schema: { 1: field('success', 'bool'), 2: field('error', 'int'), 3: field('requestId', 'bytes') }
  },
  18: { name: 'push-notification-query', schema: { 1: field('publicKeys', 'bytes') } },
  19: {
    name: 'push-notification-query-response',
    schema: {
      1: field('info', 'message', { schema: pushInfo }),
      2: field('messageId', 'bytes'),
      3: field('success', 'bool')
    }
  },
  20: {
    name: 'push-notification-request',
    schema: {
      1: field('requests', 'message', {
        schema: {
          1: field('accessToken', 'string'),
          2: field('chatId', 'string'),
          3: field('publicKey', 'bytes'),
          4: field('installationId', 'string'),
          5: field('message', 'bytes')
        }
      }),
      2: field('messageId', 'bytes')
    }
  },
  21: {
    name: 'push-notification-response',
    schema: {
      1: field('messageId', 'bytes'),
      2: field('reports', 'message', {
        schema: {
          1: field('success', 'bool'),
          2: field('error', 'int'),
          3: field('publicKey', 'bytes'),
          4: field('installationId', 'string')
        }
      })
    }
  },
  22: { name: 'emoji-reaction', schema: emojiReaction },
  28: {
    name: 'pin-message',
    schema: {
      1: clock,
      2: field('messageId', 'string'),
      3: field('chatId', 'string'),
      4: field('pinned', 'bool'),
      5: messageType('messageType')
    }
  },
  29: {
    name: 'edit-message',
    schema: {
      1: clock,
      2: field('text', 'string'),
      3: field('chatId', 'string'),
      4: field('messageId', 'string'),
      5: field('grant', 'bytes'),
      6: messageType('messageType'),
      7: field('contentType', 'int', { meaning: contentTypeWords })
    }
  },
  31: {
    name: 'delete-message',
    schema: {
      1: clock,
      2: field('chatId', 'string'),
      3: field('messageId', 'string'),
      4: field('grant', 'bytes'),
      5: messageType('messageType'),
      6: field('deletedBy', 'string')
    }
  }
}
