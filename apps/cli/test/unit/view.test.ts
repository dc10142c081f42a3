import { AccountError, deliveryWords, heldWords } from '@status-stack/account-rpc'
import { jsonFormat, versioned } from '@status-stack/account-rpc/methods'
import { keyHex, shortKey } from '@status-stack/account-rpc/targets'
import { deliveryView, protectionWords } from '@status-stack/account-rpc/words'
import { publicKeyOf } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { ClientError, type DeliveryState, type HeldReason, type ShownProtection } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { createOutput } from '../../src/output.ts'

const recipient = publicKeyOf(new Uint8Array(32).fill(7))
const messageId = `0x${'3e'.repeat(32)}`

test('every state of a delivery says the same in both faces', () => {
  for (const state of Object.keys(deliveryWords) as DeliveryState[]) {
    for (const protection of Object.keys(protectionWords) as ShownProtection[]) {
      const reason: HeldReason = 'offline'
      const by = 'ab'.repeat(32)
      const { event, text } = deliveryView({
        event: 'delivery',
        messageId,
        chat: { kind: 'one-to-one', publicKey: keyHex(recipient) },
        state,
        recipient: keyHex(recipient),
        reason,
        protection,
        by
      })
      expect(event).toMatchObject({ event: 'delivery', messageId, state, reason, protection, by })
      for (const fact of [
        messageId.slice(0, 10),
        deliveryWords[state],
        shortKey(recipient),
        heldWords[reason],
        protectionWords[protection],
        by.slice(0, 8)
      ]) {
        expect(text).toContain(fact)
      }
    }
  }
})

test('a short key begins and ends as the whole one', () => {
  const [begin = '', end = ''] = shortKey(recipient).split('…')
  const whole = encodeKeyText(recipient)
  expect(whole.startsWith(begin) && whole.endsWith(end)).toBe(true)
})

test('the format stands first in every line, on whichever way it is printed', () => {
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text) > 0 } as never
  const output = createOutput({ json: true, verbose: true, stdout: stream, stderr: stream })
  output.data({ event: 'ready' }, 'text')
  output.note({ event: 'ready' }, 'text')
  output.hint('for people only')
  expect(lines).toEqual([`{"format":${jsonFormat},"event":"ready"}\n`, `{"format":${jsonFormat},"event":"ready"}\n`])
  expect(Object.keys(versioned({ event: 'ready', code: 'x' }))).toEqual(['format', 'event', 'code'])
})

test('whatever is thrown becomes one sentence', () => {
  const refused = Object.assign(new Error('EACCES: permission denied, open /x'), { code: 'EACCES', path: '/x' })
  expect(describeError(refused)).toMatchObject({ code: 'EACCES', message: '/x: permission was denied', exitCode: 1 })
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', address: '127.0.0.1', port: 30303 })
  expect(describeError(taken).message).toBe('127.0.0.1:30303: another process is already listening there')
  expect(describeError(new Error('one\n  two')).message).toBe('one; two')
  expect(describeError(AbortSignal.abort().reason)).toMatchObject({ code: 'interrupted', exitCode: 130 })
  for (const value of [undefined, null, '', 0, {}, new Error()]) expect(describeError(value).message).not.toBe('')
})

test('a refusal says what to do, whether the account is in this process or behind a daemon', () => {
  const hint = expect.stringContaining('status-stack devices')
  const behind = new AccountError('unknown-device', 'there is no such device')
  const here = new ClientError('unknown-device', 'there is no such device', { origin: 'caller' })
  expect(describeError(behind)).toEqual({ code: 'unknown-device', message: behind.message, hint, exitCode: 1 })
  expect(describeError(here)).toEqual(describeError(behind))
  // What the account itself advises is better known there.
  expect(describeError(new AccountError('blocked', 'no', 'ask them')).hint).toBe('ask them')
})
