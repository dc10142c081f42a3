import { concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { Transaction } from '@status-stack/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeText, keyId, limits, mentionsIn, mimeTypes, sniffAudio, sniffImage } from '../../src/index.ts'
import {
  countReactions,
  newerReaction,
  nextTransaction,
  paymentDigest,
  paymentSigner,
  type Reaction,
  reactionId
} from '../../src/rules.ts'
import { alice, bob, carol } from '../support/chats.ts'
import { messageId } from '../support/payloads.ts'

const reaction = (change: Partial<Reaction> = {}): Reaction => ({
  author: alice.publicKey,
  messageId,
  emoji: 'love',
  clock: 1,
  retracted: false,
  ...change
})

describe('reactions', () => {
  test('P-17 the id is the hash of author, message and emoji as text', () => {
    const wanted = keccak256(utf8Bytes(`${keyId(alice.publicKey)}${messageId}4`))
    expect(reactionId(reaction({ emoji: 'laugh' }))).toEqual(wanted)
    const ids = [reaction(), reaction({ author: bob.publicKey }), reaction({ emoji: 'sad' })].map(each =>
      String(reactionId(each))
    )
    expect(new Set(ids).size).toBe(3)
  })

  test('P-17 the highest clock wins, a retraction too, and a reaction may be given again', () => {
    const given = reaction()
    const taken = reaction({ clock: 2, retracted: true })
    expect(newerReaction(given, taken)).toBe(taken)
    expect(newerReaction(taken, given)).toBe(taken)
    expect(newerReaction(given, reaction({ retracted: true }))).toBe(given)
    expect(countReactions([given, taken]).size).toBe(0)
    expect(countReactions([given, taken, reaction({ clock: 3 })]).get('love')).toEqual([alice.publicKey])
  })

  test('P-17 nobody retracts what another gave', () => {
    const counts = countReactions([reaction(), reaction({ author: bob.publicKey, clock: 9, retracted: true })])
    expect(counts.get('love')).toEqual([alice.publicKey])
  })

  test('the order in which reactions come does not matter', () => {
    const all = [
      reaction(),
      reaction({ clock: 5, retracted: true }),
      reaction({ author: bob.publicKey }),
      reaction({ author: carol.publicKey, emoji: 'sad' })
    ]
    const wanted = new Map([...countReactions(all)].map(([emoji, people]) => [emoji, people.map(keyId).sort()]))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 4 }), order => {
        const counts = new Map([...countReactions(order)].map(([emoji, people]) => [emoji, people.map(keyId).sort()]))
        expect(counts).toEqual(wanted)
      })
    )
  })
})

describe('transactions', () => {
  const open: Transaction = {
    id: messageId,
    chatId: 'chat',
    author: bob.publicKey,
    state: 'requested',
    value: '1',
    contract: '',
    address: '0x01',
    transactionHash: ''
  }
  const hash = `0x${'12'.repeat(32)}`
  const message = (content: Parameters<typeof nextTransaction>[1]['content'], author = alice.publicKey) => ({
    id: 'new',
    chatId: 'chat',
    author,
    content
  })

  test('a request is paid, or declined, by the other side', () => {
    const pay = { kind: 'send-transaction', id: messageId, transactionHash: hash, signature: Uint8Array.of(1) } as const
    expect(nextTransaction(open, message(pay))).toMatchObject({ state: 'pending', transactionHash: hash, value: '1' })
    expect(nextTransaction(open, message(pay, bob.publicKey))).toEqual({
      kind: 'refused',
      reason: 'transaction-wrong-state',
      final: true
    })
    expect(nextTransaction({ ...open, chatId: 'x' }, message(pay))).toEqual({
      kind: 'refused',
      reason: 'transaction-wrong-chat',
      final: true
    })
    expect(nextTransaction(undefined, message(pay))).toEqual({
      kind: 'refused',
      reason: 'transaction-unknown',
      final: true
    })
    expect(nextTransaction(undefined, message({ ...pay, id: '' }))).toMatchObject({ state: 'pending', id: 'new' })
    const decline = { kind: 'decline-request-transaction', id: messageId } as const
    expect(nextTransaction(open, message(decline))).toMatchObject({ state: 'declined' })
    expect(nextTransaction({ ...open, state: 'declined' }, message(decline))).toEqual({
      kind: 'refused',
      reason: 'transaction-wrong-state',
      final: true
    })
  })

  test('an address is asked for, given or refused, and then paid to by who asked', () => {
    const asked = nextTransaction(undefined, message({ kind: 'request-address', value: '2', contract: '0xc' }))
    if ('kind' in asked) throw new Error(asked.reason)
    expect(asked).toMatchObject({ id: 'new', state: 'address-requested', value: '2', contract: '0xc' })
    const decline = { kind: 'decline-request-address', id: 'new' } as const
    expect(nextTransaction(asked, message(decline, bob.publicKey))).toMatchObject({ state: 'address-declined' })
    expect(nextTransaction(asked, message(decline))).toEqual({
      kind: 'refused',
      reason: 'transaction-not-ours',
      final: true
    })
    const given = nextTransaction(
      asked,
      message({ kind: 'accept-request-address', id: 'new', address: '0xb' }, bob.publicKey)
    )
    if ('kind' in given) throw new Error(given.reason)
    expect(given).toMatchObject({ state: 'address-accepted', address: '0xb' })
    const pay = { kind: 'send-transaction', id: 'new', transactionHash: hash, signature: Uint8Array.of(1) } as const
    expect(nextTransaction(given, message(pay))).toMatchObject({ state: 'pending' })
    expect(nextTransaction(given, message(pay, bob.publicKey))).toEqual({
      kind: 'refused',
      reason: 'transaction-wrong-state',
      final: true
    })
    expect(
      nextTransaction(undefined, message({ kind: 'request-transaction', value: '1', contract: '', address: '0x9' }))
    ).toMatchObject({
      state: 'requested',
      address: '0x9'
    })
  })

  test('the wallet that signed a payment, over the payer and the hash', () => {
    const digest = paymentDigest(alice.publicKey, hash)
    expect(digest).toEqual(
      keccak256(
        concatBytes(utf8Bytes('\u0019Ethereum Signed Message:\n97'), alice.publicKey, new Uint8Array(32).fill(0x12))
      )
    )
    const wallet = bob
    const signature = wallet.sign(digest)
    signature[64] = (signature[64] ?? 0) + 27
    expect(paymentSigner(alice.publicKey, { transactionHash: hash, signature })).toEqual(wallet.publicKey)
    expect(paymentSigner(carol.publicKey, { transactionHash: hash, signature })).not.toEqual(wallet.publicKey)
    expect(paymentSigner(alice.publicKey, { transactionHash: hash, signature: wallet.sign(digest) })).toBeUndefined()
    expect(paymentSigner(alice.publicKey, { transactionHash: 'x', signature })).toBeUndefined()
  })
})

describe('texts', () => {
  const a = keyId(alice.publicKey)

  test('mentions are an @ and a valid key', () => {
    expect(mentionsIn(`hi @${a}, and @${a}`)).toEqual([
      { start: 3, end: 3 + 133, id: a },
      { start: 142, end: 142 + 133, id: a }
    ])
    expect(mentionsIn(`@${a}0`)).toEqual([])
    expect(mentionsIn(`@0x04${'00'.repeat(64)} @${a.toUpperCase()} ${a}`)).toEqual([])
  })

  test('mentions beyond limits.mentions stay text', () => {
    expect(mentionsIn(`@${a} `.repeat(limits.mentions + 1))).toHaveLength(limits.mentions)
  })

  test.each([
    ['one line', { lineCount: 1, rightToLeft: false, emojiOnly: false }],
    ['two\nlines', { lineCount: 2 }],
    ['שלום', { rightToLeft: true }],
    ['مرحبا', { rightToLeft: true }],
    ['\u200fhi', { rightToLeft: true }],
    ['hi שלום', { rightToLeft: false }],
    ['🚀', { emojiOnly: true }],
    ['👩‍👩‍👧 🇨🇭 👍🏽 ❤️', { emojiOnly: true }],
    ['🚀 go', { emojiOnly: false }],
    ['123', { emojiOnly: false }],
    [' ', { emojiOnly: false }],
    ['join #status and #crypto-talk, not foo#bar', { tags: ['status', 'crypto-talk'] }]
  ])('the shape of %j', (text, shape) => {
    expect(describeText(text)).toMatchObject(shape)
  })

  test('hostile texts have no slow match: one that doubled with each character would never end', () => {
    const units = ['🚀', '🚀\u200d', '👍🏽', '@0x04', '#', '#a', '\u200d', '🇨', '1\ufe0f\u20e3', ' ']
    for (const unit of units) {
      for (const end of ['x', '', '\u200d']) {
        const shape = describeText(unit.repeat(4096 / unit.length) + end)
        if (end === 'x') expect(shape.emojiOnly).toBe(false)
      }
    }
    expect(describeText('🚀'.repeat(2000))).toMatchObject({ emojiOnly: true })
    expect(describeText('🚀'.repeat(2000000))).toMatchObject({ emojiOnly: false })
  })
})

describe('formats', () => {
  test.each([
    ['png', [0x89, 0x50, 0x4e, 0x47]],
    ['jpeg', [0xff, 0xd8, 0xff]],
    ['gif', [0x47, 0x49, 0x46, 0x38]],
    ['webp', [0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]]
  ] as const)('%s is known by its first bytes', (format, bytes) => {
    expect(sniffImage(Uint8Array.from(bytes))).toBe(format)
    expect(sniffImage(Uint8Array.from(bytes.slice(0, -1)))).not.toBe(format === 'gif' ? 'x' : format)
    expect(mimeTypes[format]).toBe(`image/${format}`)
  })

  test('sounds are known by their first bytes, and nothing else is known', () => {
    expect(sniffAudio(Uint8Array.of(0xff, 0xf1))).toBe('aac')
    expect(sniffAudio(Uint8Array.of(0xff, 0xf9))).toBe('aac')
    expect(sniffAudio(utf8Bytes('#!AMR\n'))).toBe('amr')
    for (const bytes of [new Uint8Array(0), utf8Bytes('#!AMR'), utf8Bytes('<svg'), Uint8Array.of(0xff)]) {
      expect(sniffAudio(bytes)).toBeUndefined()
      expect(sniffImage(bytes)).toBeUndefined()
    }
  })
})
