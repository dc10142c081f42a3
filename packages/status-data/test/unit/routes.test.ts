import type { Chat, Content } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { outgoing } from '../../src/index.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, png } from '../support/payloads.ts'

const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const cats: Chat = { kind: 'public', name: 'cats' }
const devices: Chat = { kind: 'own-devices' }
const events = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const trip: Chat = { kind: 'group', id: groupId, events }
const reaction: Content = { kind: 'reaction', messageId, emoji: 'love' }
const profile: Content = { kind: 'contact-update', ensName: '', picture: '' }

const send = (chat: Chat, content: Content, identity = alice) => outgoing(chat, content, { identity, nowMs: now + 30 })
const routeOf = (chat: Chat, content: Content) => {
  const out = send(chat, content)
  return out.reliability === 'reliable' ? [out.reliability, out.to, out.ownCopies] : [out.reliability, out.to]
}
const refusal = (reason: string) => expect.objectContaining({ code: 'not-sendable', details: { reason } })
const wrongChat = expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })

describe('the way of a message', () => {
  const anyDevice = { kind: 'own-devices', reach: 'any-device' }
  const knownDevices = { kind: 'own-devices', reach: 'known-devices' }
  const known = (people: readonly { readonly publicKey: Uint8Array }[]) =>
    people.map(({ publicKey }) => ({ kind: 'identity', publicKey, reach: 'known-devices' }))
  const pair: Content = { kind: 'pair', installationId: 'i', deviceType: 'd', name: 'n' }
  const synced: Content = { kind: 'sync-contact', publicKey: bob.publicKey, ensName: '', picture: '' }

  test.each([
    [
      'pairing goes once to all our devices, whose bundles we may not have',
      devices,
      pair,
      ['best-effort', [anyDevice]]
    ],
    ['what our devices are told goes to them alone', devices, synced, ['reliable', [], true]],
    ['our profile goes to our devices', devices, profile, ['reliable', [], true]],
    ['our profile goes to a person', toBob, profile, ['reliable', [bob.publicKey], true]],
    ['a reaction to a person goes once', toBob, reaction, ['best-effort', [...known([bob]), knownDevices]]],
    ['a reaction in public goes to everyone', cats, reaction, ['best-effort', [{ kind: 'public', name: 'cats' }]]],
    ['a reaction in a group goes once', trip, reaction, ['best-effort', [...known([bob, carol]), knownDevices]]],
    [
      'a history goes to all members',
      trip,
      { kind: 'group-update' },
      ['reliable', [bob.publicKey, carol.publicKey], true]
    ],
    [
      'an edit in public goes to everyone',
      cats,
      { kind: 'edit', messageId, text: 'x' },
      ['best-effort', [{ kind: 'public', name: 'cats' }]]
    ]
  ] as const)('%s', (_, chat, content, route) => {
    expect(routeOf(chat, content)).toEqual(route)
  })

  test('P-23 in a group only who has joined says something; who was invited hands its history on', () => {
    for (const content of [{ kind: 'text', text: 'hi' }, reaction] as const) {
      expect(() => send(trip, content, carol)).toThrow(refusal('not-a-member'))
      expect(send(trip, content, bob).local).toMatchObject({ effects: [{ events }], content: { kind: content.kind } })
    }
    expect(send(trip, { kind: 'group-update' }, carol).local.effects).toMatchObject([{ events }])
  })

  test.each([
    ['a profile in public', cats, profile],
    ['a profile to a group', trip, profile],
    ['a request for money to our devices', devices, { kind: 'request-address', value: '1', contract: '' }],
    ['a request for money to a group', trip, { kind: 'request-address', value: '1', contract: '' }],
    ['what our devices are told, to a person', toBob, synced],
    ['an edit to our devices', devices, { kind: 'edit', messageId, text: 'x' }],
    ['a deletion to our devices', devices, { kind: 'delete', messageId }],
    ['a pin to our devices', devices, { kind: 'pin', messageId, pinned: true }],
    ['a reaction to our devices', devices, reaction]
  ] as const)('%s is sent nowhere', (_, chat, content) => {
    expect(() => send(chat, content)).toThrow(wrongChat)
  })
})

describe('the words of a message', () => {
  const textOf = (content: Content) => accepted(deliver(send(toBob, content), { nowMs: now + 30 })).content

  test('what is written below a picture, a sound or a sticker, and words in its place where nothing is', () => {
    const audio = Uint8Array.of(0xff, 0xf1, 2)
    for (const [content, fallback] of [
      [{ kind: 'image', image: png }, 'Image'],
      [{ kind: 'audio', audio }, 'Audio message'],
      [{ kind: 'sticker', hash: 'e3', pack: 1 }, 'Sticker']
    ] as const) {
      expect(textOf({ ...content, text: 'the trip' })).toMatchObject({ kind: content.kind, text: 'the trip' })
      expect(textOf(content)).toMatchObject({ kind: content.kind, text: fallback })
    }
  })

  test('a reaction is given unless it says that it is taken back', () => {
    expect(textOf(reaction)).toMatchObject({ retracted: false })
    expect(textOf({ ...reaction, retracted: true })).toMatchObject({ retracted: true })
  })

  test('a synced contact has no tags: status-go keeps whom it blocked and added in them', () => {
    const out = send(devices, { kind: 'sync-contact', publicKey: bob.publicKey, ensName: '', picture: '' })
    expect(out.local.payload.message).toMatchObject({ systemTags: [], lastUpdated: 0n })
  })
})
