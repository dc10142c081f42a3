import { bytesToHex, publicKeyOf } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { describe, expect, test } from 'vitest'
import type { ChatFact, ContactFact } from '../../src/methods.ts'
import { chatFact } from '../../src/testing/index.ts'
import { groupsCalled, peopleCalled } from '../../src/words/index.ts'

const keyOf = (n: number) => publicKeyOf(new Uint8Array(32).fill(n))
const person = (n: number, known: Partial<ContactFact>): ContactFact => ({
  event: 'contact',
  publicKey: `0x${bytesToHex(keyOf(n))}`,
  text: encodeKeyText(keyOf(n)),
  name: '',
  added: true,
  requestReceived: false,
  blocked: false,
  ensName: '',
  ensVerified: false,
  picture: '',
  minimum: 'auto',
  pfs: 'on',
  safetyText: '',
  ...known
})

const bob = person(1, { name: 'Bob from Work' })
const carol = person(2, { ensName: 'carol.eth', ensVerified: true })
const liar = person(3, { ensName: 'dave.eth', ensVerified: false })
const everyone = [bob, carol, liar]

describe('people by name', () => {
  test.each([
    ['Bob from Work', bob],
    ['bob FROM work', bob],
    ['bob-from-work', bob],
    ['  Bob from Work ', bob],
    ['carol.eth', carol]
  ])('%j', (typed, { publicKey }) => {
    expect(peopleCalled(everyone, typed)).toEqual([publicKey])
  })

  test.each(['', ' ', '-', 'bob', 'dave.eth', 'you', bob.text.slice(0, 8)])('%j is nobody', typed => {
    expect(peopleCalled(everyone, typed)).toEqual([])
  })

  test('the name that the user gave hides the ENS name; two of one name are both found', () => {
    const named = person(2, { name: 'Carol', ensName: 'carol.eth', ensVerified: true })
    expect(peopleCalled([named], 'carol.eth')).toEqual([])
    expect(peopleCalled([bob, person(4, { name: 'bob-from-work' })], 'Bob from Work')).toHaveLength(2)
  })

  test('one letter in two ways of writing it is one name', () => {
    expect(peopleCalled([person(5, { name: 'Zo\u00eb' })], 'zoe\u0308')).toHaveLength(1)
  })
})

test('groups by name: only those that were joined', () => {
  const group = (id: string, name: string): ChatFact => chatFact({ kind: 'group', id }, 0, name)
  const invited = group('b', 'hikers')
  const chats = [
    group('a', 'Hikers'),
    { ...invited, group: { name: 'hikers', joined: false, member: true, members: [] } },
    group('c', 'hikers '),
    chatFact({ kind: 'public', name: 'hikers' })
  ]
  expect(groupsCalled(chats, 'hikers')).toEqual(['a', 'c'])
  expect(groupsCalled(chats, '')).toEqual([])
})
