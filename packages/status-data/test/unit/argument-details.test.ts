import { concatBytes, recoverPublicKey } from '@status-stack/crypto'
import type { Content } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { createGroupId, describeText, isGroupId, isMessageId, limits, outgoing } from '../../src/index.ts'
import { countReactions, signEvent, validateClock, validatePayload } from '../../src/rules.ts'
import {
  decodePayload,
  decodeWrapper,
  encodePayload,
  encodeWrapper,
  isCanonicalWrapper,
  messageIdOf,
  type Payload,
  pushGrantDigest,
  signerOf
} from '../../src/wire.ts'
import { alice, bob, carol, now } from '../support/chats.ts'
import { groupId } from '../support/groups.ts'
import { messageId, valid, wrapped } from '../support/payloads.ts'
import { smallPoint } from '../support/signatures.ts'

const wrong = expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })
const naming = (argument: string) =>
  expect.objectContaining({
    code: 'invalid-argument',
    origin: 'caller',
    details: expect.objectContaining({ argument })
  })
const context = { identity: alice, nowMs: now }

describe('a wrong argument is named', () => {
  const times = { sentMs: now, nowMs: now, rules: 'strict' } as const
  const message = (change: object) =>
    ({ name: 'chat-message', message: { ...valid['chat-message'], ...change } }) as Payload

  test('by itself, or as the message that has a wrong field', () => {
    expect(() => validateClock(1 as unknown as bigint, now)).toThrow(naming('clock'))
    expect(() => validatePayload(message({ clock: 1 }), times)).toThrow(naming('payload.message.clock'))
    expect(() => validatePayload(message({ text: null }), times)).toThrow(naming('payload.message.text'))
    expect(() => encodePayload(message({ clock: 1 }))).toThrow(naming('payload.message.clock'))
    const nameless = { name: 'shout', message: {} } as unknown as Payload
    expect(() => validatePayload(nameless, times)).toThrow(naming('payload.name'))
    const extended = { signature: new Uint8Array(65), payload: new Uint8Array(0), type: 1, unknownFields: [5] as never }
    expect(() => encodeWrapper(extended)).toThrow(naming('wrapper'))
    const event = { clock: 1n, members: [], name: '', type: 1, unknownFields: 5 as never }
    expect(() => signEvent(groupId, event, alice)).toThrow(naming('event'))
  })

  const image = { payload: new Uint8Array(1), type: 1 }
  const info = {
    accessToken: '',
    installationId: '',
    publicKey: new Uint8Array(1),
    allowedKeyList: [new Uint8Array(1)],
    grant: new Uint8Array(0),
    version: 1n,
    serverPublicKey: new Uint8Array(1)
  }
  const key = new Uint8Array(1)
  const account = { clock: 1n, profileImage: '', lastUpdated: 1n }
  const report = { success: true, error: 0, publicKey: key, installationId: '' }
  const request = { accessToken: '', chatId: '', publicKey: key, installationId: '', message: key }
  const whole: { readonly [K in Payload['name']]: Extract<Payload, { name: K }>['message'] } = {
    ...valid,
    'chat-message': {
      ...valid['chat-message'],
      image,
      sticker: { hash: '', pack: 1 },
      audio: { ...image, durationMs: 1n },
      unknownFields: [Uint8Array.of(0x78, 1)]
    },
    'membership-update': {
      chatId: groupId,
      events: [new Uint8Array(1)],
      message: valid['chat-message'],
      emojiReaction: valid['emoji-reaction']
    },
    'sync-installation-contact': { ...valid['sync-installation-contact'], systemTags: [''] },
    'sync-installation-account': account,
    'sync-installation': {
      contacts: [valid['sync-installation-contact']],
      publicChats: [valid['sync-installation-public-chat']],
      account
    },
    'contact-code-advertisement': { pushNotificationInfo: [info] },
    'push-notification-registration': key,
    'push-notification-registration-response': { success: true, error: 0, requestId: key },
    'push-notification-query': { publicKeys: [key] },
    'push-notification-query-response': { info: [info], messageId: key, success: true },
    'push-notification-request': { requests: [request], messageId: key },
    'push-notification-response': { messageId: key, reports: [report] },
    unknown: key
  }
  const others = [5, 1.5, 2 ** 32, -1n, 1n << 64n, 'text', true, new Uint16Array(1), [], {}, null, undefined]
  const shape = (value: unknown): string =>
    value instanceof Uint8Array ? 'bytes' : Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
  const isMisfit = (good: unknown, other: unknown): boolean =>
    shape(other) !== shape(good) || typeof other === 'bigint' || (typeof other === 'number' && other !== 5)
  const absent = new Set(['image', 'sticker', 'audio', 'message', 'emojiReaction', 'account', 'unknownFields'])

  /** Every value of a payload, replaced by what it cannot be, with its path. */
  function* misfits(good: unknown, path = ''): Generator<readonly [string, unknown]> {
    for (const other of others) if (isMisfit(good, other)) yield [path, other]
    if (shape(good) !== 'object' && shape(good) !== 'list') return
    for (const [field, value] of Object.entries(good as object)) {
      const below = Array.isArray(good) ? `${path}[${field}]` : `${path}.${field}`
      for (const [where, other] of misfits(value, below)) {
        if (other === undefined && where === below && absent.has(field)) continue
        const copy = Array.isArray(good) ? [...good] : { ...(good as object) }
        ;(copy as Record<string, unknown>)[field] = other
        yield [where, copy]
      }
    }
  }

  test.each(Object.entries(whole))('each field of a %s', (name, message) => {
    const given = (changed: unknown) => ({ name, message: changed }) as Payload
    expect(() => validatePayload(given(message), times)).not.toThrow()
    expect(() => encodePayload(given(message))).not.toThrow()
    let count = 0
    for (const [path, changed] of misfits(message)) {
      count += 1
      const named = naming(`payload.message${path}`)
      expect(() => validatePayload(given(changed), times), path).toThrow(named)
      expect(() => encodePayload(given(changed)), path).toThrow(named)
    }
    expect(count).toBeGreaterThan(5)
  })

  test('with the place where it is in what is sent', () => {
    const send =
      (content: object, chat: object = { kind: 'one-to-one', publicKey: bob.publicKey }) =>
      () =>
        outgoing(chat as never, content as Content, context)
    const group = { kind: 'group', id: groupId, events: [] }
    for (const [content, argument, chat] of [
      [{ kind: 'text', text: 'x', replyTo: 5 }, 'content.replyTo'],
      [{ kind: 'image', image: new Uint8Array(0), text: 5 }, 'content.text'],
      [{ kind: 'audio', audio: new Uint8Array(0), durationMs: '1' }, 'content.durationMs'],
      [{ kind: 'reaction', messageId, emoji: 'love', retracted: 1 }, 'content.retracted'],
      [{ kind: 'group-changes', changes: [{ kind: 'members-added', members: 5 }] }, 'content.changes.members', group],
      [{ kind: 'group-changes', changes: [{ kind: 'members-added', members: [5] }] }, 'content.changes.members', group],
      [{ kind: 'group-changes', changes: 5 }, 'content.changes', group]
    ] as const) {
      expect(send(content, chat), argument).toThrow(naming(argument))
    }
    for (const more of [{ lastClock: 'x' }, { ensName: 5 }]) {
      expect(() =>
        outgoing({ kind: 'public', name: 'x' }, { kind: 'text', text: 'x' }, { ...context, ...more } as never)
      ).toThrow(naming(`context.${Object.keys(more)[0]}`))
    }
  })

  test('as the fault of the caller: random bytes of another number, an empty token', () => {
    for (const length of [0, 15, 17]) {
      expect(() => createGroupId(alice.publicKey, { bytes: () => new Uint8Array(length) })).toThrow(wrong)
    }
    expect(() => pushGrantDigest(alice.publicKey, bob.publicKey, '')).toThrow(wrong)
    expect(() => messageIdOf(new Uint8Array(1), alice.publicKey.slice(0, 33))).toThrow(wrong)
  })
})

test('a number of the wire has 32 bits', () => {
  const sticker = (pack: number) => () =>
    outgoing({ kind: 'public', name: 'x' }, { kind: 'sticker', hash: 'e3', pack }, context)
  const event = (type: number) => () => signEvent(groupId, { clock: 1n, members: [], name: '', type }, alice)
  const wrapper = (type: number) => () =>
    encodeWrapper({ signature: new Uint8Array(0), payload: new Uint8Array(0), type })
  const payload = (type: number) => () => decodePayload(type, new Uint8Array(0))
  for (const number of [sticker, event, wrapper, payload]) {
    expect(number(2 ** 31 - 1)).not.toThrow()
    expect(number(2 ** 31)).toThrow(wrong)
  }
})

test('an id is a text: a list that reads like one is none', () => {
  expect([isMessageId(messageId), isGroupId(groupId)]).toEqual([true, true])
  expect([isMessageId([messageId] as never), isGroupId([groupId] as never)]).toEqual([false, false])
})

describe('a wrapper', () => {
  const bytes = wrapped('chat-message', valid['chat-message'])

  test('P-1 with an empty list of unknown fields has none', () => {
    expect(isCanonicalWrapper({ ...decodeWrapper(bytes), unknownFields: [] }, bytes)).toBe(true)
  })

  test('P-3 has a signature with v 0 or 1, though a key can be recovered for others', () => {
    const signature = concatBytes(smallPoint, Uint8Array.of(2))
    expect(recoverPublicKey(new Uint8Array(32), signature)).toHaveLength(65)
    expect(signerOf({ ...decodeWrapper(bytes), signature })).toBe('invalid')
    expect(signerOf({ ...decodeWrapper(bytes), signature: signature.slice(0, 64) })).toBe('invalid')
  })
})

test('a text is looked at up to limits.textBytes', () => {
  expect(describeText('🚀'.repeat(limits.textBytes / 2))).toMatchObject({ emojiOnly: true })
  expect(describeText(`${'🚀'.repeat(limits.textBytes / 2)} `)).toMatchObject({ emojiOnly: false })
  const before = 'a '.repeat(limits.textBytes / 2 - 2)
  expect(describeText(`${before}#tag #late`).tags).toEqual(['tag'])
})

test('P-17 reactions are counted in the order of the protocol, whoever reacted first', () => {
  const people = [alice, bob, carol]
  const reactions = (['angry', 'love', 'laugh', 'thumbs-up'] as const).map((emoji, at) => ({
    author: (people[at % 3] as typeof alice).publicKey,
    messageId,
    emoji,
    clock: 1,
    retracted: false
  }))
  expect([...countReactions(reactions).keys()]).toEqual(['love', 'thumbs-up', 'laugh', 'angry'])
  expect([...countReactions([...reactions].reverse()).keys()]).toEqual(['love', 'thumbs-up', 'laugh', 'angry'])
})
