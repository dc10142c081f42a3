import { isPublicKey } from '@status-stack/crypto'
import { callerError, check } from '../errors.ts'
import { limits } from '../limits.ts'
import type { OutgoingCommand, OutgoingContent, SendOptions } from '../message-types.ts'
import type { HistoryQuery, MessagesQuery, SearchQuery } from '../queries.ts'
import type { ChatRef, PolicyLevel } from '../types.ts'
import type { ComposeDeps } from './deps.ts'

/** What callers pass, checked where it enters. Each throws ClientError `invalid-argument`, origin `caller`. */

/** Longest id, name or other short text that is looked at. */
const shortText = 1024

export function checkText(name: string, value: unknown): asserts value is string {
  check.text(name, value, shortText)
}

function optional<T>(value: T | undefined, assert: (value: T) => void): void {
  if (value !== undefined) assert(value)
}

export function checkPublicKey(name: string, value: unknown): asserts value is Uint8Array {
  check.bytes(name, value, 65)
  if (!isPublicKey(value)) throw callerError('invalid-argument', `${name}: expected a point on the curve`)
}

export function checkChat(chat: unknown): asserts chat is ChatRef {
  check.object('chat', chat)
  const { kind, publicKey, name, id } = chat as Partial<Record<string, unknown>>
  check.oneOf('chat.kind', kind, ['one-to-one', 'public', 'group'])
  if (kind === 'one-to-one') checkPublicKey('chat.publicKey', publicKey)
  if (kind === 'group') checkText('chat.id', id)
  if (kind === 'public') checkChannel('chat.name', name)
}

export function checkChannel(label: string, name: unknown): asserts name is string {
  check.text(label, name)
  if (name.length === 0 || name.length > 255) {
    throw callerError('invalid-argument', `${label}: expected 1…255 characters, got ${name.length}`)
  }
}

/** A picture or a text of our own profile, a group's name: bounded by the data layer, where it is sent. */
export function checkOptionalText(name: string, value: unknown): void {
  optional(value, given => check.text(name, given))
}

export function checkOptionalId(name: string, value: unknown): void {
  optional(value, given => checkText(name, given))
}

export function checkContent(content: unknown): asserts content is OutgoingContent {
  check.options('content', content, ['text', 'image', 'audio', 'durationMs', 'sticker', 'style', 'replyTo'])
  const { text, image, audio, durationMs, sticker, style, replyTo } = content as Partial<Record<string, unknown>>
  checkOptionalId('content.replyTo', replyTo)
  optional(style, given => check.oneOf('content.style', given, ['plain', 'status', 'emoji']))
  if (image !== undefined) check.bytes('content.image', image, { min: 1 })
  else if (audio !== undefined) {
    check.bytes('content.audio', audio, { min: 1 })
    check.number('content.durationMs', durationMs, 0, Number.MAX_SAFE_INTEGER)
  } else if (sticker !== undefined) {
    check.object('content.sticker', sticker)
    const { hash, pack } = sticker as Partial<Record<string, unknown>>
    checkText('content.sticker.hash', hash)
    check.integer('content.sticker.pack', pack, -0x8000_0000, 0x7fff_ffff)
  } else {
    check.text('content.text', text)
    return
  }
  checkOptionalText('content.text', text)
}

export function checkCommand(command: unknown): asserts command is OutgoingCommand {
  check.object('command', command)
  const { kind, signature, ...texts } = command as Partial<Record<string, unknown>>
  checkText('command.kind', kind)
  for (const name of ['id', 'value', 'contract', 'address', 'transactionHash']) {
    checkOptionalId(`command.${name}`, texts[name])
  }
  const needed = commandFields[kind]
  if (needed === undefined) throw callerError('invalid-argument', 'command.kind: expected a kind of OutgoingCommand')
  for (const name of needed) checkText(`command.${name}`, texts[name])
  if (kind === 'send-transaction') check.bytes('command.signature', signature)
}

const commandFields: Readonly<Record<string, readonly string[] | undefined>> = {
  'request-address': ['value', 'contract'],
  'accept-request-address': ['id', 'address'],
  'decline-request-address': ['id'],
  'request-transaction': ['value', 'contract', 'address'],
  'decline-request-transaction': ['id'],
  'send-transaction': ['id', 'transactionHash']
} satisfies Readonly<Record<OutgoingCommand['kind'], readonly string[]>>

export function checkSendOptions(options: unknown): asserts options is SendOptions {
  check.options('options', options, ['signal', 'clientTag'])
  const { signal, clientTag } = options as Partial<Record<string, unknown>>
  check.signal('signal', signal)
  if (clientTag === undefined) return
  check.text('clientTag', clientTag)
  if (clientTag.length === 0 || clientTag.length > limits.clientTagCharacters) {
    throw callerError('invalid-argument', `clientTag: expected 1…${limits.clientTagCharacters} characters`)
  }
}

export function checkMessagesQuery(query: unknown): asserts query is MessagesQuery {
  check.options('query', query, ['before', 'after', 'limit'])
  const { before, after, limit } = query as Partial<Record<string, unknown>>
  checkOptionalId('before', before)
  if (after !== null) checkOptionalId('after', after)
  optional(limit, given => check.integer('limit', given, 1, 1000))
}

export function checkSearchQuery(query: unknown): asserts query is SearchQuery {
  check.options('query', query, ['before', 'signal'])
  const { before, signal } = query as Partial<Record<string, unknown>>
  checkOptionalId('before', before)
  check.signal('signal', signal)
}

export function checkHistoryQuery(query: unknown): asserts query is HistoryQuery {
  check.options('query', query, ['mailserver', 'chats', 'fromSeconds', 'toSeconds', 'signal'])
  const { mailserver, chats, fromSeconds, toSeconds, signal } = query as Partial<Record<string, unknown>>
  checkOptionalId('mailserver', mailserver)
  for (const [name, value] of [
    ['fromSeconds', fromSeconds],
    ['toSeconds', toSeconds]
  ] as const)
    optional(value, given => check.integer(name, given, 0, 0xffff_ffff))
  optional(chats, given => {
    check.array('chats', given)
    given.forEach(checkChat)
  })
  check.signal('signal', signal)
}

export function checkPeople(name: string, people: unknown): asserts people is readonly Uint8Array[] {
  check.array(name, people)
  for (const person of people) checkPublicKey(name, person)
}

const levels: readonly PolicyLevel[] = ['auto', 'forward-secret', 'static-key', 'any']

export function checkPolicy(policy: unknown): void {
  check.options('policy', policy, ['minimum', 'pfs'])
  const { minimum, pfs } = policy as Partial<Record<string, unknown>>
  optional(minimum, given => check.oneOf('policy.minimum', given, levels))
  optional(pfs, given => check.oneOf('policy.pfs', given, ['on', 'off']))
}

/** The collaborators of a client. */
export function checkDeps(deps: unknown): asserts deps is ComposeDeps {
  check.object('deps', deps)
  const { identity, database, storageKey, nodeKey, scaleImage } = deps as Partial<Record<string, unknown>>
  checkIdentity('identity', identity)
  check.object('database', database)
  check.function('database.sublevel', (database as Partial<Record<string, unknown>>)['sublevel'])
  check.bytes('storageKey', storageKey, 32)
  optional(nodeKey, given => checkIdentity('nodeKey', given))
  optional(scaleImage, given => check.function('scaleImage', given))
  check.ports(deps, {
    clock: ['nowMs'],
    scheduler: ['after'],
    random: ['bytes'],
    logger: ['debug', 'warn', 'error'],
    lock: ['acquire'],
    names: ['publicKeyOf']
  })
}

function checkIdentity(name: string, identity: unknown): void {
  check.object(name, identity)
  const { publicKey, sign, ecdhX } = identity as Partial<Record<string, unknown>>
  checkPublicKey(`${name}.publicKey`, publicKey)
  check.function(`${name}.sign`, sign)
  check.function(`${name}.ecdhX`, ecdhX)
}

/** A text of at most so many UTF-16 units. @throws ClientError `invalid-argument`, `too-large` */
export function checkBounded(name: string, text: unknown, limit: number): asserts text is string {
  check.text(name, text)
  const got = text.length
  if (got > limit) throw callerError('too-large', `${name}: at most ${limit} UTF-16 units, got ${got}`, { limit, got })
}
