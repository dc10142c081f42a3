import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import type {
  Chat,
  ChatRef,
  ClientEvents,
  Contact,
  DeviceInfo,
  LedgerEntry,
  Message,
  MessageContent,
  PublicKey,
  SendResult,
  ShownProtection
} from '@status-stack/status-client'
import { deliveryMark, deliveryWords, messageBody, reactionsText } from './marks.ts'
import { type JsonEvent, printable } from './output.ts'

/** One fact in both faces: the object for `--json` and the line for people. Every command prints through these. */
export interface View {
  readonly event: JsonEvent
  readonly text: string
}

/** What each protection is called in front of people. */
export const protectionWords: Readonly<Record<ShownProtection, string>> = Object.freeze({
  'forward-secret': 'forward secret',
  'static-key': 'encrypted, no forward secrecy',
  'transport-only': 'transport only (PFS off)',
  public: 'public'
})

export const hexKey = (publicKey: PublicKey): string => `0x${bytesToHex(publicKey)}`

/** `zQ3sh…` cut to what tells people apart in a conversation. */
export function shortKey(publicKey: PublicKey): string {
  const text = encodeKeyText(publicKey)
  return `${text.slice(0, 8)}…${text.slice(-6)}`
}

export function chatJson(chat: ChatRef): Readonly<Record<string, string>> {
  return chat.kind === 'one-to-one' ? { kind: chat.kind, publicKey: hexKey(chat.publicKey) } : chat
}

export function chatName(chat: ChatRef): string {
  if (chat.kind === 'public') return `#${chat.name}`
  return chat.kind === 'one-to-one' ? shortKey(chat.publicKey) : `group ${chat.id.slice(0, 8)}`
}

/** Text for people: safe for a terminal, with mentions as short keys. */
export function readable(text: string): string {
  return printable(text).replace(/@0x(04[0-9a-f]{128})/g, (_, hex: string) => {
    try {
      return `@${shortKey(hexToBytes(hex))}`
    } catch {
      // Not a point of the curve: a mention of no person stays as it was written.
      return `@0x${hex}`
    }
  })
}

/** `1 peer`, `2 peers`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

export function clockTime(ms: number): string {
  const date = new Date(ms)
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** What a message holds beside its text; the file itself comes with `attachment`. */
function attachmentJson(content: MessageContent): Readonly<Record<string, unknown>> {
  switch (content.kind) {
    case 'image':
      return { attachment: { kind: 'image', type: content.type, bytes: content.bytes.length } }
    case 'audio': {
      const { type, bytes, durationMs } = content
      return { attachment: { kind: 'audio', type, bytes: bytes.length, durationMs } }
    }
    case 'sticker':
      return { sticker: { hash: content.hash, pack: content.pack } }
    default:
      return {}
  }
}

/** What was made of a message that is on its way. */
export function sentView({ messageId, clock, protection }: SendResult, chat: ChatRef): View {
  return {
    event: { event: 'sent', messageId, clock, protection },
    text: `sent to ${chatName(chat)}  [${protectionWords[protection]}]\n${messageId}`
  }
}

/** A change of a message that is on its way; `change` is the id of what was sent for it. */
export function changedView(
  event: 'reacted' | 'edited' | 'deleted',
  messageId: string,
  chat: ChatRef,
  sent: SendResult,
  about: Readonly<Record<string, string | boolean>>
): View {
  const what = about['emoji'] === undefined ? '' : ` ${about['on'] === false ? 'no longer ' : ''}${about['emoji']}`
  return {
    event: { event, messageId, ...about, change: sent.messageId, protection: sent.protection },
    text: `${event}${what} ${messageId.slice(0, 10)}… in ${chatName(chat)}  [${protectionWords[sent.protection]}]`
  }
}

export function messageView(message: Message): View {
  const author = message.outgoing ? 'me' : shortKey(message.author)
  const where = message.chat.kind === 'one-to-one' ? '' : `${chatName(message.chat)} `
  const reactions = reactionsText(message)
  return {
    event: {
      event: 'message',
      messageId: message.messageId,
      chat: chatJson(message.chat),
      author: hexKey(message.author),
      outgoing: message.outgoing,
      kind: message.content.kind,
      text: message.text,
      clock: message.clock,
      protection: message.protection,
      source: message.source,
      timestampMs: message.timestampMs,
      seen: message.seen,
      deleted: message.deleted,
      reactions: message.reactions.map(({ emoji, author: by }) => ({ emoji, author: hexKey(by) })),
      ...(message.editedMs === undefined ? {} : { editedMs: message.editedMs }),
      ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
      ...(message.old === true ? { old: true } : {}),
      ...attachmentJson(message.content)
    },
    text: `${clockTime(message.timestampMs)} ${where}${author}: ${readable(messageBody(message))}${message.content.kind === 'system' ? '' : `  [${protectionWords[message.protection]}]`}${reactions === '' ? '' : `  {${reactions}}`}`
  }
}

export function deliveryView(fact: ClientEvents['delivery']): View {
  const to = fact.recipient === undefined ? '' : ` for ${shortKey(fact.recipient)}`
  return {
    event: {
      event: 'delivery',
      messageId: fact.messageId,
      chat: chatJson(fact.chat),
      state: fact.state,
      ...(fact.recipient === undefined ? {} : { recipient: hexKey(fact.recipient) }),
      ...(fact.reason === undefined ? {} : { reason: fact.reason }),
      ...(fact.protection === undefined ? {} : { protection: fact.protection }),
      ...(fact.by === undefined ? {} : { by: fact.by })
    },
    text: `  ${fact.messageId.slice(0, 10)}… ${deliveryWords[fact.state]}${to}${fact.reason === undefined ? '' : ` (${fact.reason})`}${fact.by === undefined ? '' : ` by ${fact.by.slice(0, 8)}…`}${fact.protection === undefined ? '' : `  [${protectionWords[fact.protection]}]`}`
  }
}

export function refusedView(fact: ClientEvents['refused']): View {
  const from = fact.author === undefined ? '' : ` from ${shortKey(fact.author)}`
  return {
    event: {
      event: 'refused',
      layer: fact.layer,
      reason: fact.reason,
      final: fact.final,
      expected: fact.expected,
      ...(fact.author === undefined ? {} : { author: hexKey(fact.author) })
    },
    text: `  not shown${from}: ${fact.reason} (${fact.layer})`
  }
}

export function chatView(chat: Chat): View {
  const { group } = chat
  const members = group?.members.map(({ publicKey, admin, joined }) => ({
    publicKey: hexKey(publicKey),
    admin,
    joined
  }))
  const about = [
    ...(chat.active ? [] : ['not active']),
    ...(chat.unread > 0 ? [`${chat.unread} unread`] : []),
    ...(chat.unreadMentions > 0 ? [`${chat.unreadMentions} that mention you`] : []),
    ...(chat.request ? ['message request'] : []),
    ...(group === undefined
      ? []
      : [
          counted(group.members.length, 'member'),
          ...(group.member ? (group.joined ? [] : ['invited']) : ['not a member'])
        ])
  ]
  return {
    event: {
      event: 'chat',
      chat: chatJson(chat.chat),
      id: chat.id,
      active: chat.active,
      request: chat.request,
      unread: chat.unread,
      unreadMentions: chat.unreadMentions,
      ...(group === undefined
        ? {}
        : { group: { name: group.name, joined: group.joined, member: group.member, members } })
    },
    text: `${group === undefined ? chatName(chat.chat) : `${printable(group.name)} (${chat.id})`}${about.length === 0 ? '' : `  ${about.join(', ')}`}`
  }
}

export function deviceView(device: DeviceInfo, change?: ClientEvents['device']['change']): View {
  return {
    event: { event: 'device', ...device, ...(change === undefined ? {} : { change }) },
    text: [
      device.installationId,
      [printable(device.name || '(no name)'), printable(device.deviceType)].filter(part => part !== '').join(' '),
      device.enabled ? 'enabled' : 'not enabled',
      ...(change === undefined ? [] : [change])
    ].join('  ')
  }
}

export function contactView(contact: Contact): View {
  const about = [
    contact.added ? 'added' : 'not added',
    ...(contact.requestReceived ? ['has added you'] : []),
    ...(contact.blocked ? ['blocked'] : []),
    ...(contact.minimum === 'auto' ? [] : [`at least ${contact.minimum}`]),
    ...(contact.pfs === 'on' ? [] : ['PFS off'])
  ]
  const { publicKey, ...rest } = contact
  return {
    event: { event: 'contact', publicKey: hexKey(publicKey), text: encodeKeyText(publicKey), ...rest },
    text: `${encodeKeyText(publicKey)}  ${contact.ensVerified ? `${printable(contact.ensName)}  ` : ''}${about.join(', ')}`
  }
}

export function groupView(chat: Chat): View {
  const { event, text } = chatView(chat)
  const members = chat.group?.members.map(
    ({ publicKey, admin, joined }) =>
      `  ${encodeKeyText(publicKey)}${admin ? '  admin' : ''}${joined ? '' : '  invited'}`
  )
  return { event: { ...event, event: 'group' }, text: [text, ...(members ?? [])].join('\n') }
}

/** What became of a message; `mark` is how the full screen sums it up. */
export function ledgerView(entry: LedgerEntry, self: PublicKey): View {
  const mark = deliveryMark(entry, self)
  const legs = entry.legs.map(leg => ({
    ...leg,
    ...(leg.recipient === undefined ? {} : { recipient: hexKey(leg.recipient) })
  }))
  const lines = entry.legs.flatMap(leg => [
    `  ${leg.recipient === undefined ? 'all recipients' : shortKey(leg.recipient)}: ${deliveryWords[leg.state]}${leg.reason === undefined ? '' : ` (${leg.reason})`}, ${counted(leg.attempts, 'attempt')}${leg.protection === undefined ? '' : `, ${protectionWords[leg.protection]}`}${leg.acknowledgedBy === undefined ? '' : `, received by device ${leg.acknowledgedBy}`}`,
    ...leg.envelopes.map(
      envelope =>
        `    envelope ${envelope.hash.slice(0, 16)}…: until ${clockTime(envelope.expiry * 1000)}, to ${counted(envelope.sentTo.length, 'peer')}, confirmed by ${envelope.confirmedBy.length}, archived by ${envelope.archivedBy.length}`
    )
  ])
  return {
    event: {
      event: 'ledger',
      messageId: entry.messageId,
      chat: chatJson(entry.chat),
      queuedMs: entry.queuedMs,
      complete: entry.complete,
      mark: { sign: mark.sign, words: mark.words },
      legs
    },
    text: [
      `${entry.messageId} to ${chatName(entry.chat)}: ${mark.sign} ${mark.words}`,
      `  queued ${clockTime(entry.queuedMs)}`,
      ...lines
    ].join('\n')
  }
}
