import { concatBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import type { RefusalCode, Rules } from '../../src/index.ts'
import { limits } from '../../src/index.ts'
import { validatePayload } from '../../src/rules.ts'
import type { Payload, PayloadName } from '../../src/wire.ts'
import { accepted, alice, deliver, now } from '../support/chats.ts'
import { aac, png, valid, wrapped } from '../support/payloads.ts'

type Checked = keyof typeof valid
const names = Object.keys(valid) as Checked[]
const fromSelf: readonly Checked[] = ['pair-installation', 'sync-installation-contact', 'sync-installation-public-chat']
/** Device messages come from ourselves; everything else from Alice to Bob. */
const to = (name: Checked) => (fromSelf.includes(name) ? { to: alice } : {})

function judge(name: Checked, change: object, rules: Rules = 'strict', times: object = {}): RefusalCode | 'accepted' {
  const message = { ...valid[name], ...change } as Extract<Payload, { name: PayloadName }>['message']
  const result = deliver(wrapped(name, message as never), { ...to(name), rules, ...times })
  return result.kind === 'refused' ? result.reason : 'accepted'
}

const both: readonly Rules[] = ['status-go-0.56.10', 'strict']

describe('the drop table', () => {
  test.each(names)('P-8 %s without a fault is accepted under both rules', name => {
    for (const rules of both) expect(judge(name, {}, rules)).toBe('accepted')
  })

  const unclocked: readonly Checked[] = ['contact-update', 'sync-installation-contact', 'sync-installation-public-chat']

  test.each(names)('P-5 %s: clock 0 and clocks more than 120 s ahead are refused', name => {
    const clocks: readonly [bigint, RefusalCode | 'accepted'][] = [
      [0n, 'clock-zero'],
      [1n, 'accepted'],
      [BigInt(now) + 120_000n, 'accepted'],
      [BigInt(now) + 120_001n, 'clock-ahead'],
      [2n ** 64n - 1n, 'clock-ahead']
    ]
    for (const [clock, outcome] of clocks) {
      expect(judge(name, { clock }), `clock ${clock}`).toBe(outcome)
      const go = unclocked.includes(name) ? 'accepted' : outcome
      expect(judge(name, { clock }, 'status-go-0.56.10'), `clock ${clock}`).toBe(go)
    }
  })

  test('P-5 the reference is when the envelope was sent, for reactions the present', () => {
    const week = 7 * 24 * 3600 * 1000
    const late = { sentMs: now, nowMs: now + week }
    const ahead = { clock: BigInt(now + 120_001) }
    expect(judge('chat-message', ahead, 'strict', late)).toBe('clock-ahead')
    expect(judge('emoji-reaction', ahead, 'strict', late)).toBe('accepted')
  })

  test('P-5 the time of an envelope from the future gives its clocks no more room', () => {
    const future = { sentMs: now + 10 ** 9, nowMs: now }
    const clock = (ahead: number) => ({ clock: BigInt(now + ahead) })
    for (const sentMs of [now + 9000, now + 10 ** 9]) {
      expect(judge('chat-message', clock(120_000), 'strict', { ...future, sentMs })).toBe('accepted')
      expect(judge('chat-message', clock(120_001), 'strict', { ...future, sentMs })).toBe('clock-ahead')
      expect(judge('chat-message', clock(120_001), 'status-go-0.56.10', { ...future, sentMs })).toBe('accepted')
    }
  })

  test('P-5 a clock ahead is not refused for good: it is judged again when it comes again', () => {
    const bytes = wrapped('chat-message', { ...valid['chat-message'], clock: BigInt(now) + 130_000n })
    expect(deliver(bytes)).toEqual({ kind: 'refused', reason: 'clock-ahead', final: false })
    expect(deliver(bytes, { sentMs: now + 10_000, nowMs: now + 10_000 })).toMatchObject({ kind: 'accepted' })
    const zero = wrapped('chat-message', { ...valid['chat-message'], clock: 0n })
    expect(deliver(zero)).toEqual({ kind: 'refused', reason: 'clock-zero', final: true })
  })

  test('a picture beyond limits.pictureBytes is left out, and the rest of the profile stands', () => {
    const profileImage = 'a'.repeat(limits.pictureBytes + 1)
    for (const name of ['contact-update', 'sync-installation-contact'] as const) {
      const result = accepted(deliver(wrapped(name, { ...valid[name], ensName: 'x.eth', profileImage }), to(name)))
      expect(result.content).toMatchObject({ ensName: 'x.eth', picture: '' })
      expect(result.effects).toMatchObject([{ ensName: 'x.eth', picture: '' }])
    }
  })

  const sticker = { contentType: 2 }
  const image = { contentType: 7 }
  const audio = { contentType: 8 }
  const rows: readonly [Checked, string, object, RefusalCode][] = [
    ['chat-message', 'timestamp 0', { timestamp: 0n }, 'timestamp-zero'],
    ['chat-message', 'no text', { text: '' }, 'text-blank'],
    ['chat-message', 'blank text', { text: ' \n\t\u00a0\u3000' }, 'text-blank'],
    ['chat-message', 'no chat id', { chatId: '' }, 'chat-id-empty'],
    ['chat-message', 'message type 0', { messageType: 0 }, 'message-type'],
    ['chat-message', 'message type 4', { messageType: 4 }, 'message-type'],
    ['chat-message', 'content type 0', { contentType: 0 }, 'content-type'],
    ['chat-message', 'content type 5', { contentType: 5 }, 'content-type'],
    ['chat-message', 'a sticker without one', sticker, 'sticker-invalid'],
    ['chat-message', 'a sticker without a hash', { ...sticker, sticker: { hash: '', pack: 1 } }, 'sticker-invalid'],
    ['chat-message', 'an image without one', image, 'image-invalid'],
    ['chat-message', 'an empty image', { ...image, image: { payload: new Uint8Array(0), type: 1 } }, 'image-invalid'],
    ['chat-message', 'an image of type 0', { ...image, image: { payload: png, type: 0 } }, 'image-invalid'],
    ['chat-message', 'an image of type 5', { ...image, image: { payload: png, type: 5 } }, 'image-invalid'],
    ['chat-message', 'a sound without one', audio, 'audio-invalid'],
    [
      'chat-message',
      'an empty sound',
      { ...audio, audio: { payload: new Uint8Array(0), type: 1, durationMs: 0n } },
      'audio-invalid'
    ],
    [
      'chat-message',
      'a sound of type 0',
      { ...audio, audio: { payload: aac, type: 0, durationMs: 0n } },
      'audio-invalid'
    ],
    [
      'chat-message',
      'a sound of type 3',
      { ...audio, audio: { payload: aac, type: 3, durationMs: 0n } },
      'audio-invalid'
    ],
    ['chat-message', 'a sound that is an image', { ...audio, image: { payload: png, type: 1 } }, 'audio-invalid'],
    ['emoji-reaction', 'no message id', { messageId: '' }, 'message-id-invalid'],
    ['emoji-reaction', 'no chat id', { chatId: '' }, 'chat-id-empty'],
    ['emoji-reaction', 'type 0', { type: 0 }, 'emoji-invalid'],
    ['emoji-reaction', 'message type 0', { messageType: 0 }, 'message-type'],
    ['pair-installation', 'a blank name', { name: ' ' }, 'name-blank'],
    ['pair-installation', 'a blank device type', { deviceType: '' }, 'device-type-blank'],
    ['pair-installation', 'a blank installation id', { installationId: '\t' }, 'installation-id-blank'],
    ['sync-installation-contact', 'an id that is no key', { id: '0x04' }, 'contact-id-invalid'],
    ['request-address-for-transaction', 'a blank value', { value: ' ' }, 'value-not-a-number'],
    ['request-address-for-transaction', 'a value that is no number', { value: '1,5' }, 'value-not-a-number'],
    ['request-transaction', 'a blank value', { value: '' }, 'value-not-a-number'],
    ['request-transaction', 'a value that is no number', { value: '1e999' }, 'value-not-a-number'],
    ['request-transaction', 'a blank address', { address: ' ' }, 'address-blank'],
    ['accept-request-address-for-transaction', 'no id', { id: '' }, 'id-empty'],
    ['accept-request-address-for-transaction', 'a blank address', { address: '' }, 'address-blank'],
    ['decline-request-address-for-transaction', 'no id', { id: '' }, 'id-empty'],
    ['decline-request-transaction', 'no id', { id: '' }, 'id-empty'],
    ['send-transaction', 'a blank hash', { transactionHash: ' ' }, 'hash-blank'],
    ['send-transaction', 'no signature', { signature: new Uint8Array(0) }, 'signature-missing'],
    ['pin-message', 'no message id', { messageId: '' }, 'message-id-invalid'],
    ['delete-message', 'no chat id', { chatId: '' }, 'chat-id-empty'],
    ['edit-message', 'blank text', { text: ' ' }, 'text-blank'],
    ['edit-message', 'a message id that is none', { messageId: '0xab' }, 'message-id-invalid']
  ]

  test.each(rows)('P-8 %s with %s is refused under both rules', (name, _, change, reason) => {
    // Chat id and message type are looked at first to find the chat, so either reason may be given.
    const placed: readonly RefusalCode[] = ['chat-id-empty', 'message-type']
    for (const rules of both) {
      const outcome = judge(name, change, rules)
      if (placed.includes(reason)) expect([...placed, 'recipient-mismatch', 'chat-id-invalid']).toContain(outcome)
      else expect(outcome).toBe(reason)
    }
  })

  const padded = (start: Uint8Array, size: number) => concatBytes(start, new Uint8Array(size - start.length))
  const atTheLimit: readonly [Checked, string, object][] = [
    ['chat-message', 'imageBytes', { ...image, image: { payload: padded(png, limits.imageBytes), type: 1 } }],
    [
      'chat-message',
      'audioBytes',
      { ...audio, audio: { payload: padded(aac, limits.audioBytes), type: 1, durationMs: 0n } }
    ],
    ['chat-message', 'nameBytes', { ensName: 'a'.repeat(limits.nameBytes) }],
    ['chat-message', 'fieldBytes', { responseTo: 'a'.repeat(limits.fieldBytes) }],
    ['contact-update', 'pictureBytes', { profileImage: 'a'.repeat(limits.pictureBytes) }],
    ['sync-installation-public-chat', 'nameBytes', { id: 'a'.repeat(limits.nameBytes) }],
    ['request-transaction', 'fieldBytes', { contract: 'é'.repeat(limits.fieldBytes / 2) }]
  ]

  test.each(atTheLimit)('P-8 %s of exactly limits.%s is accepted', (name, _, change) => {
    expect(judge(name, change)).toBe('accepted')
  })

  test('P-8 the validator of status-go takes picture types without a name; its display does not', () => {
    const odd = { ...valid['chat-message'], ...image, image: { payload: png, type: 5 } }
    const times = { sentMs: now, nowMs: now }
    const payload = { name: 'chat-message', message: odd } as const
    expect(validatePayload(payload, { ...times, rules: 'status-go-0.56.10' })).toBeUndefined()
    expect(validatePayload(payload, { ...times, rules: 'strict' })).toBe('image-invalid')
    expect(judge('chat-message', odd, 'status-go-0.56.10')).toBe('image-invalid')
  })

  const strictRows: readonly [Checked, string, object, RefusalCode][] = [
    ['chat-message', 'an image that is no PNG', { ...image, image: { payload: aac, type: 1 } }, 'image-invalid'],
    [
      'chat-message',
      'a sound that is no AAC',
      { ...audio, audio: { payload: png, type: 1, durationMs: 0n } },
      'audio-invalid'
    ],
    [
      'chat-message',
      'an image beyond limits.imageBytes',
      { ...image, image: { payload: concatBytes(png, new Uint8Array(limits.imageBytes)), type: 1 } },
      'image-too-large'
    ],
    [
      'chat-message',
      'a sound beyond limits.audioBytes',
      {
        ...audio,
        audio: { payload: concatBytes(aac, new Uint8Array(limits.audioBytes)), type: 1, durationMs: 0n }
      },
      'audio-too-large'
    ],
    ['chat-message', 'a negative content type', { contentType: -1 }, 'content-type'],
    ['chat-message', 'a name beyond limits.nameBytes', { ensName: 'a'.repeat(257) }, 'field-too-long'],
    ['chat-message', 'a quote beyond limits.fieldBytes', { responseTo: 'a'.repeat(1025) }, 'field-too-long'],
    ['contact-update', 'a name beyond limits.nameBytes', { ensName: 'é'.repeat(129) }, 'field-too-long'],
    ['pair-installation', 'a name beyond limits.nameBytes', { name: 'a'.repeat(257) }, 'field-too-long'],
    ['sync-installation-public-chat', 'an empty name', { id: '' }, 'chat-id-empty'],
    ['request-transaction', 'a negative amount', { value: '-1' }, 'value-not-a-number'],
    ['request-transaction', 'an endless amount', { value: 'Inf' }, 'value-not-a-number'],
    ['request-transaction', 'an address beyond limits.fieldBytes', { address: 'a'.repeat(1025) }, 'field-too-long'],
    ['emoji-reaction', 'type 7', { type: 7 }, 'emoji-invalid'],
    ['emoji-reaction', 'a message id that is none', { messageId: 'x' }, 'message-id-invalid']
  ]

  test.each(strictRows)('P-8 %s with %s is refused by strict rules only', (name, _, change, reason) => {
    expect(judge(name, change)).toBe(reason)
    expect(judge(name, change, 'status-go-0.56.10')).toBe('accepted')
  })

  test('P-8 reactions of message types without a chat: strict rules refuse them, the validator of status-go does not', () => {
    for (const messageType of [4, 99]) {
      const payload = { name: 'emoji-reaction', message: { ...valid['emoji-reaction'], messageType } } as const
      expect(validatePayload(payload, { sentMs: now, nowMs: now, rules: 'strict' })).toBe('message-type')
      expect(validatePayload(payload, { sentMs: now, nowMs: now, rules: 'status-go-0.56.10' })).toBeUndefined()
    }
  })

  test('P-7 text is at most 4096 bytes of UTF-8, and blank text is refused whatever the content type', () => {
    for (const rules of both) {
      expect(judge('chat-message', { text: 'a'.repeat(4096) }, rules)).toBe('accepted')
      expect(judge('chat-message', { text: 'a'.repeat(4097) }, rules)).toBe('text-too-long')
      expect(judge('chat-message', { text: '日'.repeat(1365) }, rules)).toBe('accepted')
      expect(judge('chat-message', { text: '日'.repeat(1366) }, rules)).toBe('text-too-long')
      for (const contentType of [1, 2, 3, 4, 7, 8]) {
        expect(judge('chat-message', { text: '\u2003', contentType }, rules)).toBe('text-blank')
      }
    }
    // Go does not count U+FEFF as space; JavaScript's trim does.
    expect(judge('chat-message', { text: '\ufeff' })).toBe('accepted')
    expect(judge('chat-message', { text: '\u0085' })).toBe('text-blank')
  })

  test('P-9 content types 5 and 6 and message type 4 are never accepted', () => {
    expect(judge('chat-message', { contentType: 5 })).toBe('content-type')
    expect(judge('chat-message', { contentType: 6 })).toBe('content-type')
    expect(judge('chat-message', { messageType: 4 })).toBe('message-type')
    expect(judge('edit-message', { messageType: 4 })).toBe('message-type')
    expect(judge('emoji-reaction', { messageType: 4 })).toBe('message-type')
  })

  test('P-10 content types of later releases are kept as unsupported, with their text', () => {
    for (const contentType of [9, 10, 11, 14, 99]) {
      const result = deliver(wrapped('chat-message', { ...valid['chat-message'], contentType }))
      expect(result).toMatchObject({ content: { kind: 'unsupported', contentType, text: 'hello' } })
    }
  })
})
