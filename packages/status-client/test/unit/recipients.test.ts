import { expect, test } from 'vitest'
import { destinationOf, recipientOf } from '../../src/sending/recipients.ts'
import { somebody } from '../support/core.ts'

const [self, alice] = [somebody(), somebody()] as const

test('people are found where they are, our own devices where we are, and others by their names', () => {
  const code = { kind: 'contact-code', owner: alice } as const
  const room = { kind: 'public', name: 'room' } as const
  expect(destinationOf({ kind: 'identity', publicKey: alice, reach: 'any-device' }, self)).toStrictEqual({
    kind: 'identity',
    publicKey: alice
  })
  expect(destinationOf({ kind: 'own-devices', reach: 'any-device' }, self)).toStrictEqual({
    kind: 'identity',
    publicKey: self
  })
  expect([destinationOf(code, self), destinationOf(room, self)]).toEqual([code, room])
})

test('a public chat and a contact code stand for nobody', () => {
  expect(recipientOf({ kind: 'identity', publicKey: alice, reach: 'any-device' }, self)).toBe(alice)
  expect(recipientOf({ kind: 'own-devices', reach: 'any-device' }, self)).toBe(self)
  expect(recipientOf({ kind: 'public', name: 'room' }, self)).toBeUndefined()
  expect(recipientOf({ kind: 'contact-code', owner: alice }, self)).toBeUndefined()
})
