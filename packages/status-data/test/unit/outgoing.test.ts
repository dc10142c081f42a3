import type { Chat, Content } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { createGroupId, keyId, outgoing } from '../../src/index.ts'
import { mergeGroup } from '../../src/rules.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { countingRandom } from '../support/people.ts'

const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const status: Chat = { kind: 'public', name: 'status' }
const context = { identity: alice, nowMs: now }

describe('outgoing and decode', () => {
  test('a 1:1 message says to the other what it said to us', () => {
    const out = outgoing(toBob, { kind: 'text', text: 'hello' }, context)
    expect(out).toMatchObject({ reliability: 'reliable', to: [bob.publicKey], ownCopies: true })
    const received = accepted(deliver(out))
    expect(received.messageId).toEqual(out.messageId)
    expect(received).toMatchObject({
      author: alice.publicKey,
      signed: true,
      fromSelf: false,
      content: { kind: 'text', text: 'hello' },
      chat: { kind: 'one-to-one', id: keyId(alice.publicKey) },
      clock: now,
      timestamp: now,
      effects: []
    })
    expect(out.local).toMatchObject({ fromSelf: true, chat: { id: keyId(bob.publicKey) }, clock: now })
  })

  test('P-31 our own copy on another device lands in the chat it was sent to, as ours', () => {
    const out = outgoing(toBob, { kind: 'text', text: 'hello' }, context)
    expect(accepted(deliver(out, { to: alice }))).toEqual(out.local)
  })

  test('P-4 a public message is a bare wrapper for everyone', () => {
    const out = outgoing(status, { kind: 'text', text: 'hello' }, context)
    expect(out).toMatchObject({ reliability: 'best-effort', to: [{ kind: 'public', name: 'status' }] })
    const arrival = { kind: 'public', name: 'status' } as const
    expect(accepted(deliver(out, { arrival }))).toMatchObject({
      chat: { kind: 'public', id: 'status' },
      fromSelf: false
    })
    expect(accepted(deliver(out, { to: alice, arrival }))).toEqual(out.local)
  })

  test('half a surrogate pair, which UTF-8 does not have, is sent and kept as U+FFFD: Go readers refuse a message for it', () => {
    const out = outgoing(toBob, { kind: 'text', text: 'cut \ud83d' }, context)
    expect(out.local.content).toMatchObject({ text: 'cut \ufffd' })
    expect(accepted(deliver(out)).content).toMatchObject({ text: 'cut \ufffd' })
    expect(Buffer.from(out.bytes).includes(Buffer.from('cut \ufffd'))).toBe(true)
  })

  test('the same arguments give the same bytes', () => {
    const once = outgoing(toBob, { kind: 'text', text: 'hello' }, context)
    expect(outgoing(toBob, { kind: 'text', text: 'hello' }, context)).toEqual(once)
  })

  test('P-6 the clock is above the last one of the chat and not below now', () => {
    const clock = (lastClock: number) =>
      outgoing(toBob, { kind: 'text', text: 'x' }, { ...context, lastClock }).local.clock
    expect(clock(0)).toBe(now)
    expect(clock(now - 1)).toBe(now)
    expect(clock(now)).toBe(now + 1)
    expect(clock(now + 5000)).toBe(now + 5001)
  })

  const contents: readonly Content[] = [
    { kind: 'text', text: 'a reply', replyTo: `0x${'ab'.repeat(32)}` },
    { kind: 'status', text: 'waves' },
    { kind: 'emoji', text: '🚀' },
    { kind: 'sticker', hash: 'e301', pack: 7, text: 'Sticker' },
    { kind: 'image', image: Uint8Array.of(0xff, 0xd8, 0xff, 1), format: 'jpeg', text: 'Image' },
    { kind: 'audio', audio: Uint8Array.of(0xff, 0xf1, 2), format: 'aac', durationMs: 1500, text: 'Audio message' },
    { kind: 'reaction', messageId: `0x${'cd'.repeat(32)}`, emoji: 'laugh', retracted: false },
    { kind: 'edit', messageId: `0x${'cd'.repeat(32)}`, text: 'better' },
    { kind: 'delete', messageId: `0x${'cd'.repeat(32)}` },
    { kind: 'pin', messageId: `0x${'cd'.repeat(32)}`, pinned: true },
    { kind: 'contact-update', ensName: 'alice.eth', picture: 'data:image/png;base64,AAAA' },
    { kind: 'request-address', value: '0.5', contract: '0x01' },
    { kind: 'accept-request-address', id: '0x02', address: '0x03' },
    { kind: 'decline-request-address', id: '0x02' },
    { kind: 'request-transaction', value: '1', contract: '', address: '0x03' },
    { kind: 'decline-request-transaction', id: '0x02' },
    { kind: 'send-transaction', id: '', transactionHash: '0x04', signature: Uint8Array.of(1, 2) }
  ]

  test.each(contents)('content of kind $kind comes in as it went out', content => {
    expect(accepted(deliver(outgoing(toBob, content, context))).content).toEqual(content)
  })

  const deviceContents: readonly Content[] = [
    { kind: 'pair', installationId: 'i', deviceType: 'desktop', name: 'n' },
    { kind: 'sync-contact', publicKey: bob.publicKey, ensName: '', picture: '' },
    { kind: 'sync-public-chat', name: 'status' }
  ]

  test.each(deviceContents)('content of kind $kind reaches our other devices', content => {
    const out = outgoing({ kind: 'own-devices' }, content, context)
    expect(accepted(deliver(out, { to: alice })).content).toEqual(content)
  })

  test('a group: created, joined, spoken in', () => {
    const id = createGroupId(alice.publicKey, countingRandom())
    const created = outgoing(
      { kind: 'group', id, events: [] },
      {
        kind: 'group-changes',
        changes: [
          { kind: 'created', name: 'trip' },
          { kind: 'members-added', members: [bob.publicKey, carol.publicKey] }
        ]
      },
      context
    )
    expect(created).toMatchObject({ reliability: 'reliable', to: [bob.publicKey, carol.publicKey], ownCopies: true })
    const [effect] = accepted(deliver(created)).effects
    if (effect?.kind !== 'group-events') throw new Error('no events')
    const atBob = mergeGroup(id, [], effect.events)
    if (atBob.kind !== 'merged') throw new Error(atBob.reason)
    expect(atBob.state).toMatchObject({ name: 'trip', joined: [keyId(alice.publicKey)] })
    expect(atBob.state.members).toHaveLength(3)

    const chat: Chat = { kind: 'group', id, events: atBob.events }
    const bobs = { identity: bob, nowMs: now, lastClock: atBob.state.lastClock }
    expect(() => outgoing(chat, { kind: 'text', text: 'too early' }, bobs)).toThrow(
      expect.objectContaining({ code: 'not-sendable', details: { reason: 'not-a-member' } })
    )
    const joined = outgoing(chat, { kind: 'group-changes', changes: [{ kind: 'member-joined' }] }, bobs)
    const [both] = joined.local.effects
    if (both?.kind !== 'group-events') throw new Error('no events')
    const said = outgoing({ ...chat, events: both.events }, { kind: 'text', text: 'hi all' }, bobs)
    expect(said).toMatchObject({ to: [alice.publicKey, carol.publicKey] })
    expect(accepted(deliver(said, { from: bob, to: carol }))).toMatchObject({
      content: { kind: 'text', text: 'hi all' },
      chat: { kind: 'group', id },
      author: bob.publicKey
    })
  })
})
