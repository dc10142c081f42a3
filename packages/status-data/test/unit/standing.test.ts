import type { Chat, Contact, Content, Group, Known } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { admit, keyId, outgoing } from '../../src/index.ts'
import { unknownContact, validateSender } from '../../src/rules.ts'
import { wrap } from '../../src/wire.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, valid, wrapped } from '../support/payloads.ts'

const known: Known = { self: bob.publicKey }
const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const received = (content: Content, chat: Chat = toBob) =>
  accepted(deliver(outgoing(chat, content, { identity: alice, nowMs: now })))
const hello = received({ kind: 'text', text: 'hello' })
const person = (change: Partial<Contact>): Contact => ({ ...unknownContact, ...change })

describe('how a message of a person is taken', () => {
  const none = { open: false, messages: 0 }

  test.each([
    [{ added: true }, false, 'message'],
    [{ added: true, requestReceived: true }, false, 'message'],
    [{ requestReceived: true }, false, 'request'],
    [{}, true, 'message'],
    [{}, false, 'request']
  ] as const)('from %j, answered %j, as a %s', (change, answered, kind) => {
    expect(validateSender(person(change), answered, none, 0)).toMatchObject({ kind })
  })

  test('P-15 from one who is blocked, in no way, though we have answered once', () => {
    for (const answered of [true, false]) {
      expect(validateSender(person({ blocked: true }), answered, none, 0)).toMatchObject({ reason: 'author-blocked' })
    }
  })

  test('what is shown pushes out no request', () => {
    expect(admit(hello, { ...known, contact: person({ added: true }), requestsWaiting: 10 ** 6 })).toMatchObject({
      as: 'message',
      evictsRequest: false
    })
  })
})

describe('what needs nothing that is stored', () => {
  test('is admitted: what our devices tell of chats, and types of later releases', () => {
    const chat = wrapped('sync-installation-public-chat', valid['sync-installation-public-chat'])
    for (const bytes of [chat, wrap(5, new Uint8Array(0), alice), wrap(99, Uint8Array.of(1), alice)]) {
      expect(admit(accepted(deliver(bytes, { to: alice })), { self: alice.publicKey })).toEqual({
        kind: 'admitted',
        as: 'message',
        evictsRequest: false
      })
    }
  })

  test('a device is paired by the first message of all, whatever its clock', () => {
    const bytes = wrapped('pair-installation', { ...valid['pair-installation'], clock: 1n })
    const first = accepted(deliver(bytes, { to: alice }))
    expect(admit(first, { self: alice.publicKey, installationKnown: true })).toMatchObject({ kind: 'admitted' })
  })

  test('a time that is none is a wrong argument, also where no rule asks for it', () => {
    for (const nowMs of [-1, Number.NaN]) {
      expect(() => admit(hello, { ...known, seen: true, nowMs })).toThrow(
        expect.objectContaining({ code: 'invalid-argument' })
      )
    }
  })
})

test('P-23 a reaction in a group may be the first that we hear of it, and opens its chat', () => {
  const people = [alice, bob, carol].map(({ publicKey }) => keyId(publicKey))
  const group: Group = { id: groupId, name: 'g', members: people, joined: people, admins: [], lastClock: 1 }
  const events = [event.created(alice, 0), event.added(alice, 1, bob, carol), event.joined(bob, 2)]
  const reaction = received({ kind: 'reaction', messageId, emoji: 'love' }, { kind: 'group', id: groupId, events })
  expect(admit(reaction, { ...known, group })).toMatchObject({ kind: 'admitted', createsChat: 'active' })
})
