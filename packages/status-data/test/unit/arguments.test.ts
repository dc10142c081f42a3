import type { GroupEvent } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import type { ReceiveContext } from '../../src/index.ts'
import * as main from '../../src/index.ts'
import * as rules from '../../src/rules.ts'
import * as wire from '../../src/wire.ts'
import { accepted, alice, bob, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { countingRandom } from '../support/people.ts'

const data = { ...main, ...rules, ...wire }

/** Calls an export as JavaScript can: with anything. */
type Loose = (...values: readonly unknown[]) => unknown

const out = data.outgoing(
  { kind: 'one-to-one', publicKey: bob.publicKey },
  { kind: 'text', text: 'x' },
  { identity: alice, nowMs: now }
)
const message = accepted(deliver(out))
const seen: ReceiveContext = {
  transportAuthor: alice.publicKey,
  sentMs: now,
  nowMs: now,
  arrival: { kind: 'identity' },
  self: bob.publicKey
}
const created = event.created(alice, 0)
const written = { clock: 1n, members: [], name: '', type: 4 }
const transaction = {
  id: 'x',
  chatId: 'y',
  author: alice.publicKey,
  content: { kind: 'request-address', value: '1', contract: '' }
}
const times = { sentMs: now, nowMs: now, rules: 'strict' }
const context = { identity: alice, nowMs: now }
const toBob = { kind: 'one-to-one', publicKey: bob.publicKey }
const hash = `0x${'ab'.repeat(32)}`
const hello = { kind: 'text', text: 'x' }

/** Every exported function with good arguments; each of them is replaced by bad ones in turn. */
const functions: Readonly<Record<string, readonly unknown[]>> = {
  admit: [message, { self: bob.publicKey }],
  validatePayload: [message.payload, times],
  bidClock: [0, now],
  deletionClock: [0, now],
  isPossibleClock: [0, now],
  validateClock: [1n, now],
  nextClock: [0, now],
  nextContact: [data.unknownContact, { kind: 'added' }],
  relationOf: [data.unknownContact],
  shownName: [data.unknownContact],
  decode: [out.bytes, seen],
  signChanges: [groupId, [created], [{ kind: 'name-changed', name: 'x' }], alice, { nowMs: now }],
  eventKey: [created],
  openEvent: [groupId, created.bytes],
  openEvents: [groupId, [created.bytes]],
  signEvent: [groupId, written, alice],
  systemMessageId: [created],
  reduceGroup: [groupId, [created]],
  replayGroup: [groupId, [created]],
  isWholeGroup: [groupId, [created]],
  mergeGroup: [groupId, [created], []],
  usableEvents: [[created], data.keyId(alice.publicKey), now],
  systemMessages: [[created]],
  createGroupId: [alice.publicKey, countingRandom()],
  keyId: [alice.publicKey],
  keyOfId: [data.keyId(alice.publicKey)],
  messageIdText: [new Uint8Array(32)],
  contactCodesWanted: [{ self: alice.publicKey, chats: [], contacts: [], groups: [] }],
  sniffAudio: [new Uint8Array(3)],
  sniffImage: [new Uint8Array(3)],
  outgoing: [toBob, hello, context],
  decodePayload: [1, new Uint8Array(0)],
  encodePayload: [message.payload],
  payloadTypeNumber: ['chat-message'],
  openPushRegistration: [new Uint8Array(40), alice.publicKey, bob],
  pushGrantDigest: [alice.publicKey, bob.publicKey, 'token'],
  sealPushRegistration: [{}, bob.publicKey, alice, countingRandom()],
  countReactions: [[]],
  newerReaction: [undefined, { author: alice.publicKey, messageId: hash, emoji: 'love', clock: 1, retracted: false }],
  reactionId: [{ author: alice.publicKey, messageId: hash, emoji: 'love' }],
  validateRemoved: [now, { deletedAtClock: now }, now],
  validateSender: [data.unknownContact, false, { open: false, messages: 0 }, 0],
  ratesOf: [data.unknownContact],
  spendQuota: [undefined, now, data.quotaRates.stranger],
  describeText: ['x'],
  mentionedKeys: ['x'],
  mentionsIn: ['x'],
  nextTransaction: [undefined, transaction],
  paymentDigest: [alice.publicKey, hash],
  paymentSigner: [alice.publicKey, { transactionHash: hash, signature: new Uint8Array(65) }],
  decodeWrapper: [out.bytes],
  encodeWrapper: [data.decodeWrapper(out.bytes)],
  isCanonicalWrapper: [data.decodeWrapper(out.bytes), out.bytes],
  messageIdOf: [out.bytes, alice.publicKey],
  signerOf: [data.decodeWrapper(out.bytes)],
  wrap: [1, new Uint8Array(0), alice]
}

/** Arguments that may be left out, or of which every value is an answer. */
const lenient: Readonly<Record<string, readonly number[]>> = {
  messageIdOf: [1],
  newerReaction: [0],
  nextTransaction: [0],
  spendQuota: [0],
  validateRemoved: [2],
  validateSender: [1]
}
const other: readonly string[] = [
  'DataError',
  'decodeSliced',
  'openEventsSliced',
  'mergeGroupSliced',
  'reduceGroupSliced',
  'isGroupId',
  'isMessageId'
]

const wrong = expect.objectContaining({ name: 'DataError', code: 'invalid-argument', origin: 'caller' })
const bad: readonly unknown[] = [
  undefined,
  null,
  'deadbeef',
  5,
  Number.NaN,
  true,
  new Uint8Array(3),
  [5],
  { kind: 'nonsense' },
  {}
]

/** Bad for an argument: of another type, or a wrong length, than the good one. */
function isBad(value: unknown, good: unknown): boolean {
  if (typeof value === 'object' && typeof good === 'object' && value !== null && good !== null) {
    if (good instanceof Uint8Array || value instanceof Uint8Array) {
      return !(good instanceof Uint8Array && value instanceof Uint8Array)
    }
    return Array.isArray(value) !== Array.isArray(good)
  }
  return typeof value !== typeof good || value === null || Number.isNaN(value)
}

describe('public functions refuse what they cannot use, as a DataError of the caller', () => {
  test('all of them are here', () => {
    const exported = Object.entries(data).filter(([, value]) => typeof value === 'function')
    expect(exported.map(([name]) => name).sort()).toEqual([...Object.keys(functions), ...other].sort())
  })

  test.each(Object.entries(functions))('%s', (name, good) => {
    const call = (data as unknown as Readonly<Record<string, Loose>>)[name] as Loose
    if (!name.startsWith('open') && name !== 'sealPushRegistration') expect(() => call(...good)).not.toThrow()
    good.forEach((value, at) => {
      if (lenient[name]?.includes(at)) return
      for (const instead of bad.filter(one => isBad(one, value))) {
        const values = good.map((one, index) => (index === at ? instead : one))
        expect(() => call(...values), `argument ${at}: ${String(instead)}`).toThrow(wrong)
      }
    })
  })

  test('the asynchronous ones reject', async () => {
    for (const bytes of bad.filter(value => !(value instanceof Uint8Array))) {
      await expect(data.decodeSliced(bytes as Uint8Array, seen)).rejects.toThrow(wrong)
      await expect(data.openEventsSliced(groupId, bytes as Uint8Array[])).rejects.toThrow(wrong)
      await expect(data.mergeGroupSliced(groupId, [], bytes as GroupEvent[])).rejects.toThrow(wrong)
      await expect(data.reduceGroupSliced(groupId, bytes as GroupEvent[])).rejects.toThrow(wrong)
    }
  })

  test('predicates answer for anything', () => {
    for (const value of bad) {
      expect(data.isGroupId(value as string)).toBe(false)
      expect(data.isMessageId(value as string)).toBe(false)
    }
  })

  test('each field of what comes with the bytes', () => {
    const without = (change: object) => () => data.decode(out.bytes, { ...seen, ...change })
    for (const change of [
      { self: new Uint8Array(64) },
      { self: undefined },
      { nowMs: undefined },
      { sentMs: '1' },
      { arrival: undefined },
      { arrival: { kind: 'smoke' } },
      { arrival: { kind: 'public' } },
      { arrival: { kind: 'rendezvous', peer: 'x' } },
      { arrival: { kind: 'contact-code' } },
      { rules: 'lax' },
      { transportAuthor: new Uint8Array(33) },
      { knownEvents: [] }
    ]) {
      expect(without(change), JSON.stringify(change)).toThrow(wrong)
    }
  })

  test('each kind of chat and content', () => {
    const send =
      (chat: object, content: object, more: object = {}) =>
      () =>
        (data.outgoing as unknown as Loose)(chat, content, { ...context, ...more })
    for (const chat of [
      { kind: 'one-to-one' },
      { kind: 'public' },
      { kind: 'group', id: groupId },
      { kind: 'lobby' }
    ]) {
      expect(send(chat, hello), JSON.stringify(chat)).toThrow(wrong)
    }
    for (const kind of [
      ...['text', 'status', 'emoji', 'sticker', 'image', 'audio', 'reaction', 'edit', 'delete', 'pin', 'group-changes'],
      ...['pair', 'sync-contact', 'sync-public-chat', 'request-address', 'accept-request-address', 'send-transaction'],
      ...['decline-request-address', 'request-transaction', 'decline-request-transaction', 'contact-update', 'shout']
    ]) {
      expect(send(toBob, { kind }), kind).toThrow(wrong)
    }
    expect(send(toBob, { kind: 'image', image: 'iVBORw0KGgo=' })).toThrow(wrong)
    expect(send(toBob, { kind: 'reaction', messageId: hash, emoji: 'toString' })).toThrow(wrong)
    const group = { kind: 'group', id: groupId, events: [created] }
    for (const change of [
      { kind: 'created' },
      { kind: 'members-added', members: ['x'] },
      { kind: 'member-removed' },
      5
    ]) {
      expect(send(group, { kind: 'group-changes', changes: [change] })).toThrow(wrong)
    }
    for (const more of [
      { identity: undefined },
      { identity: {} },
      { nowMs: undefined },
      { lastClock: -1 },
      { ensName: 5 }
    ]) {
      expect(send(toBob, hello, more)).toThrow(wrong)
    }
  })
})
