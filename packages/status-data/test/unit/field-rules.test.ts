import { describe, expect, test } from 'vitest'
import { limits, type RefusalCode, type Rules } from '../../src/index.ts'
import { validatePayload } from '../../src/rules.ts'
import type { Payload } from '../../src/wire.ts'
import { now } from '../support/chats.ts'
import { aac, png, valid } from '../support/payloads.ts'

const go = 'status-go-0.56.10'

function judge(name: keyof typeof valid, change: object, rules: Rules = 'strict'): RefusalCode | undefined {
  const payload = { name, message: { ...valid[name], ...change } } as unknown as Payload
  return validatePayload(payload, { sentMs: now, nowMs: now, rules })
}

describe('P-8 fields by themselves', () => {
  const long = 'a'.repeat(limits.fieldBytes + 1)
  test.each([
    ['accept-request-address-for-transaction', { id: long }],
    ['accept-request-address-for-transaction', { address: long }],
    ['decline-request-address-for-transaction', { id: long }],
    ['decline-request-transaction', { id: long }],
    ['send-transaction', { id: long }],
    ['send-transaction', { transactionHash: long }],
    ['request-transaction', { contract: long }],
    ['request-address-for-transaction', { contract: long }],
    ['chat-message', { responseTo: long }],
    ['chat-message', { contentType: 2, sticker: { hash: long, pack: 1 } }],
    ['chat-message', { ensName: 'a'.repeat(limits.nameBytes + 1) }],
    ['pair-installation', { deviceType: 'a'.repeat(limits.nameBytes + 1) }],
    ['pair-installation', { installationId: 'a'.repeat(limits.nameBytes + 1) }],
    ['sync-installation-contact', { ensName: 'a'.repeat(limits.nameBytes + 1) }]
  ] as const)('P-8 %s with a field too long is refused by strict rules only', (name, change) => {
    expect(judge(name, change)).toBe('field-too-long')
    expect(judge(name, change, go)).toBeUndefined()
  })

  test('P-8 a sound is of the format that it says, not of another one', () => {
    const sound = (type: number, payload = aac) => ({ contentType: 8, audio: { payload, type, durationMs: 0n } })
    const amr = Uint8Array.from(Buffer.from('#!AMR\n'))
    expect([judge('chat-message', sound(1)), judge('chat-message', sound(2, amr))]).toEqual([undefined, undefined])
    for (const wrong of [sound(2), sound(1, amr), sound(3), sound(3, png)]) {
      expect(judge('chat-message', wrong)).toBe('audio-invalid')
      expect(judge('chat-message', wrong, go)).toBeUndefined()
    }
    expect(judge('chat-message', sound(0), go)).toBe('audio-invalid')
  })

  test('P-8 a picture of no format that we know is refused, also when its type has no name', () => {
    const picture = (type: number, payload = png) => ({ contentType: 7, image: { payload, type } })
    expect(judge('chat-message', picture(1))).toBeUndefined()
    for (const wrong of [picture(5, aac), picture(5), picture(2)])
      expect(judge('chat-message', wrong)).toBe('image-invalid')
    expect(judge('chat-message', picture(0), go)).toBe('image-invalid')
  })

  test('P-8 a chat id is bounded by strict rules', () => {
    const chatId = 'a'.repeat(limits.nameBytes)
    expect(judge('chat-message', { chatId })).toBeUndefined()
    expect(judge('chat-message', { chatId: `${chatId}a` })).toBe('chat-id-invalid')
    expect(judge('chat-message', { chatId: `${chatId}a` }, go)).toBeUndefined()
  })

  test('P-8 numbers below zero are no types', () => {
    expect(judge('chat-message', { messageType: -1 })).toBe('message-type')
    expect(judge('chat-message', { messageType: 5 })).toBe('message-type')
    expect(judge('chat-message', { messageType: -1 }, go)).toBeUndefined()
    expect(judge('emoji-reaction', { type: -1 })).toBe('emoji-invalid')
    expect(judge('emoji-reaction', { type: -1 }, go)).toBeUndefined()
    expect(judge('emoji-reaction', { type: 6 })).toBeUndefined()
  })

  test('P-8 a reaction of message type 0 is refused under both rules', () => {
    expect(judge('emoji-reaction', { messageType: 0 })).toBe('message-type')
    expect(judge('emoji-reaction', { messageType: 0 }, go)).toBe('message-type')
  })

  test('P-8 of a blank amount and a blank address the amount is named, as status-go does', () => {
    for (const rules of ['strict', go] as const) {
      expect(judge('request-transaction', { value: ' ', address: '' }, rules)).toBe('value-not-a-number')
      expect(judge('request-transaction', { value: 'x', address: '' }, rules)).toBe('address-blank')
    }
  })
})
