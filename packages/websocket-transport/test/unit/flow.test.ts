import { expect, test } from 'vitest'
import { createCreditFlow, createPlainFlow } from '../../src/flow.ts'
import { limits } from '../../src/limits.ts'

const data = (length: number): Uint8Array => new Uint8Array(1 + length)
const credit = (bytes: number): Uint8Array => {
  const message = Uint8Array.of(1, 0, 0, 0, 0)
  new DataView(message.buffer).setUint32(1, bytes)
  return message
}

test('H-4 credit: a sender may be as far ahead as the window, and goes on with what the reader gives back', () => {
  const sender = createCreditFlow()
  const reader = createCreditFlow()
  const piece = new Uint8Array(limits.flowWindowBytes / 4).fill(7)
  const wire = Array.from({ length: 4 }, () => sender.seal(piece))
  expect(sender.credit()).toBe(0)
  for (const message of wire) {
    const opened = reader.open(message)
    const bytes = opened.kind === 'data' ? opened.bytes : new Uint8Array(0)
    expect(bytes.length).toBe(piece.length)
    expect(bytes.every(byte => byte === 7)).toBe(true)
  }
  expect(reader.read(piece.length - 1)).toBeUndefined()
  const given = reader.read(1)
  expect(given).toEqual(credit(piece.length))
  expect(sender.open(given ?? data(0))).toEqual({ kind: 'credit' })
  expect(sender.credit()).toBe(piece.length)
})

test('H-4 a sender ahead of its credit is refused, however the bytes are divided', () => {
  const reader = createCreditFlow()
  reader.open(data(limits.flowWindowBytes))
  expect(() => reader.open(data(1))).toThrow(expect.objectContaining({ code: 'too-large', origin: 'peer' }))
})

test('H-4 credit that no reader would give is refused: none, more than was sent, of another length', () => {
  const sender = createCreditFlow()
  expect(() => sender.open(credit(1))).toThrow('impossible credit')
  sender.seal(new Uint8Array(10))
  expect(() => sender.open(credit(0))).toThrow('impossible credit')
  expect(() => sender.open(credit(11))).toThrow('impossible credit')
  expect(() => sender.open(Uint8Array.of(1, 0, 0, 1))).toThrow('wrong length')
  expect(sender.open(credit(10))).toEqual({ kind: 'credit' })
})

test.each([
  ['of an unknown kind', Uint8Array.of(2, 1)],
  ['without a kind', new Uint8Array(0)],
  ['without bytes', Uint8Array.of(0)]
])('H-4 a message %s is refused', (_, message) => {
  expect(() => createCreditFlow().open(message)).toThrow(expect.objectContaining({ code: 'malformed' }))
})

test('without flow control a message is its bytes, and an empty one is refused', () => {
  const plain = createPlainFlow()
  const bytes = Uint8Array.of(1, 2, 3)
  expect(plain.seal(bytes)).toEqual(bytes)
  expect(plain.open(bytes)).toEqual({ kind: 'data', bytes })
  expect(plain.read(1 << 30)).toBeUndefined()
  expect(() => plain.open(new Uint8Array(0))).toThrow('without bytes')
})
