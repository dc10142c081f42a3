import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { destinationOf, recipientOf } from '../../src/sending/recipients.ts'
import { createSendQueue } from '../../src/sending/send-queue.ts'
import { identityOf } from '../support/world.ts'

interface Item {
  readonly chat: string
  readonly number: number
  readonly bytes: number
}

function filled(...items: readonly (readonly [chat: string, count: number, bytes?: number])[]) {
  const queue = createSendQueue<Item>()
  for (const [chat, count, bytes = 1] of items) {
    for (let number = 0; number < count; number++) queue.push({ chat, number, bytes })
  }
  return queue
}

const namesOf = (items: readonly Item[]): readonly string[] => items.map(({ chat, number }) => `${chat}${number}`)

test('chats take turns, and each keeps its order', () => {
  const queue = filled(['a', 3], ['b', 1], ['c', 2])
  expect(queue.isEmpty()).toBe(false)
  expect(namesOf(queue.take())).toEqual(['a0', 'b0', 'c0', 'a1', 'c1', 'a2'])
  expect(queue.isEmpty()).toBe(true)
  expect(queue.take()).toEqual([])
})

test('what comes while a chat waits stays behind what it has, and a chat that is done begins anew', () => {
  const queue = filled(['a', 1])
  queue.push({ chat: 'b', number: 0, bytes: 1 })
  queue.push({ chat: 'a', number: 1, bytes: 1 })
  expect(namesOf(queue.take())).toEqual(['a0', 'b0', 'a1'])
  queue.push({ chat: 'a', number: 2, bytes: 1 })
  expect(namesOf(queue.take())).toEqual(['a2'])
})

test('sentAtOnce: no more are taken together, and the next take goes on with the turns', () => {
  const queue = filled(['a', limits.sentAtOnce + 1], ['b', 2])
  const first = namesOf(queue.take())
  expect(first).toHaveLength(limits.sentAtOnce)
  expect(first.slice(0, 4)).toEqual(['a0', 'b0', 'a1', 'b1'])
  expect(namesOf(queue.take())).toEqual(
    [limits.sentAtOnce - 2, limits.sentAtOnce - 1, limits.sentAtOnce].map(at => `a${at}`)
  )
})

test.each([
  ['as many bytes as the limit go together', limits.sentAtOnceBytes / 2, ['a0', 'b0']],
  ['one byte more does not', limits.sentAtOnceBytes / 2 + 1, ['a0']],
  ['what is larger than the limit goes alone', limits.sentAtOnceBytes + 1, ['a0']]
])('sentAtOnceBytes: %s', (_, bytes, taken) => {
  const queue = filled(['a', 1, bytes], ['b', 1, bytes])
  expect(namesOf(queue.take())).toEqual(taken)
  expect(namesOf(queue.take())).toEqual(taken.length === 2 ? [] : ['b0'])
})

test('sentAtOnce: of more chats than that each has its turn before any has a second', () => {
  const chats = Array.from({ length: limits.sentAtOnce + 8 }, (_, at) => `${at} `)
  const queue = filled(...chats.map(chat => [chat, 2] as const))
  const taken: Item[] = []
  while (!queue.isEmpty()) taken.push(...queue.take())
  expect(taken.map(({ chat }) => chat)).toEqual([...chats, ...chats])
})

test('what is small waits for one picture at most', () => {
  const queue = filled(['p', 2, limits.sentAtOnceBytes + 1], ['s', 1, 0])
  expect([queue.take(), queue.take(), queue.take()].map(namesOf)).toEqual([['p0'], ['s0'], ['p1']])
})

const [me, friend] = [identityOf('me').publicKey, identityOf('friend').publicKey]

test.each([
  [
    'our own devices where we are',
    { kind: 'own-devices', reach: 'any-device' },
    { kind: 'identity', publicKey: me },
    me
  ],
  [
    'a person where they are',
    { kind: 'identity', publicKey: friend, reach: 'any-device' },
    { kind: 'identity', publicKey: friend },
    friend
  ],
  [
    'a public chat by its name, and no person',
    { kind: 'public', name: 'room' },
    { kind: 'public', name: 'room' },
    undefined
  ],
  [
    'readers of a contact code by whose it is, and no person',
    { kind: 'contact-code', owner: me },
    { kind: 'contact-code', owner: me },
    undefined
  ]
] as const)('an audience is found: %s', (_, audience, destination, recipient) => {
  expect(destinationOf(audience, me)).toEqual(destination)
  expect(recipientOf(audience, me)).toEqual(recipient)
})
