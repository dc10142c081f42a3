import type { Chat, Content, Emoji, GroupChange, OutgoingContext } from '@status-stack/interface'
import { check, checkEvents, checkIdentity, checkKey, checkMs } from './arguments.ts'
import { emojis } from './emoji.ts'

type Check = (name: string, value: unknown) => void

const text: Check = (name, value) => check.text(name, value)
const bytes: Check = (name, value) => check.bytes(name, value)
const flag: Check = (name, value) => check.boolean(name, value)
const emoji: Check = (name, value) => check.oneOf<Emoji>(name, value, emojis)
const int32: Check = (name, value) => check.integer(name, value, -(2 ** 31), 2 ** 31 - 1)
const keys: Check = (name, value) => {
  check.array(name, value)
  for (const key of value) checkKey(name, key)
}
const changes: Check = (name, value) => {
  check.array(name, value)
  for (const change of value) checkFields(name, change, changeFields)
}
const optional =
  (inner: Check): Check =>
  (name, value) => {
    if (value !== undefined) inner(name, value)
  }

type Fields = Readonly<Record<string, Check>>

const changeFields: Readonly<Record<GroupChange['kind'], Fields>> = {
  created: { name: text },
  'name-changed': { name: text },
  'members-added': { members: keys },
  'member-joined': {},
  'member-removed': { member: checkKey },
  'admins-added': { members: keys },
  'admin-removed': {}
}

const quoting: Fields = { replyTo: optional(text) }
const profile: Fields = { ensName: text, picture: text }

const contentFields: Readonly<Record<Content['kind'], Fields>> = {
  text: { text, ...quoting },
  status: { text, ...quoting },
  emoji: { text, ...quoting },
  sticker: { hash: text, pack: int32, text: optional(text), ...quoting },
  image: { image: bytes, text: optional(text), ...quoting },
  audio: { audio: bytes, durationMs: optional(checkMs), text: optional(text), ...quoting },
  unsupported: {},
  reaction: { messageId: text, emoji, retracted: optional(flag) },
  edit: { messageId: text, text },
  delete: { messageId: text },
  pin: { messageId: text, pinned: flag },
  'group-changes': { changes },
  'group-update': {},
  pair: { installationId: text, deviceType: text, name: text },
  'sync-contact': { publicKey: checkKey, ...profile },
  'sync-public-chat': { name: text },
  'sync-installation': {},
  'sync-account': {},
  'request-address': { value: text, contract: text },
  'accept-request-address': { id: text, address: text },
  'decline-request-address': { id: text },
  'request-transaction': { value: text, contract: text, address: text },
  'decline-request-transaction': { id: text },
  'send-transaction': { id: text, transactionHash: text, signature: bytes },
  'contact-update': { ...profile, cleared: optional(flag) },
  'contact-code': {},
  push: {},
  unknown: {}
}

const chatFields: Readonly<Record<Chat['kind'], Fields>> = {
  'one-to-one': { publicKey: checkKey },
  public: { name: text },
  group: { id: text, events: checkEvents },
  'own-devices': {}
}

function checkFields(name: string, value: unknown, byKind: Readonly<Record<string, Fields>>): void {
  check.object(name, value)
  const record = value as Readonly<Record<string, unknown>>
  const kind = record['kind']
  check.oneOf(`${name}.kind`, kind, Object.keys(byKind))
  for (const [field, checkField] of Object.entries(byKind[kind] ?? {})) checkField(`${name}.${field}`, record[field])
}

/** The arguments of `outgoing`. @throws DataError `invalid-argument` */
export function checkOutgoing(chat: Chat, content: Content, context: OutgoingContext): void {
  checkFields('chat', chat, chatFields)
  checkFields('content', content, contentFields)
  check.object('context', context)
  checkIdentity('context.identity', context.identity)
  checkMs('context.nowMs', context.nowMs)
  if (context.lastClock !== undefined) checkMs('context.lastClock', context.lastClock)
  if (context.ensName !== undefined) check.text('context.ensName', context.ensName)
}

/** The changes of `signChanges`. @throws DataError `invalid-argument` */
export function checkChanges(value: readonly GroupChange[]): void {
  changes('changes', value)
}
