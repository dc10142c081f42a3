import { check, checkBytes } from '../case.ts'
import { acquaint, open, type SecurityClause, seal, textOf, to } from './fixture.ts'

/** Messages between two people: how well they are protected, in which order they open, and how often. */
export const messageClauses: readonly SecurityClause[] = [
  [
    'a first message opens, with the protection that sealing named',
    async ({ alice, bob, aliceKey, bobKey }) => {
      const sealed = await seal(alice, textOf('hello'), to(bobKey))
      const opened = await open(bob, sealed.bytes, aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('hello'))
      check(opened.protection === sealed.protection, `protection ${sealed.protection}, got ${opened.protection}`)
    }
  ],
  [
    'messages between people who know each other are as well protected as the layer promises',
    async fixture => {
      const { forwardSecret } = fixture
      await acquaint(fixture)
      const sealed = await seal(fixture.alice, textOf('again'), to(fixture.bobKey))
      const opened = await open(fixture.bob, sealed.bytes, fixture.aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('again'))
      const expected = forwardSecret ? 'forward-secret' : 'none'
      check(
        sealed.protection === expected && opened.protection === expected,
        `protection ${expected}, got ${sealed.protection}`
      )
      if (forwardSecret) {
        check(opened.strongest === 'forward-secret', 'the strongest protection to be remembered')
        check(opened.receipt !== undefined, 'a receipt for the message key')
        check(!includes(sealed.bytes, textOf('again')), 'sealed bytes that do not hold the text')
      }
    }
  ],
  [
    'many messages at once open, in any order',
    async fixture => {
      await acquaint(fixture)
      const { alice, bob, aliceKey, bobKey } = fixture
      const sealed = await Promise.all(
        Array.from({ length: 8 }, (_, i) => seal(alice, textOf(`message ${i}`), to(bobKey)))
      )
      const opened: string[] = []
      for (const { bytes } of [...sealed].reverse())
        opened.push(new TextDecoder().decode((await open(bob, bytes, aliceKey)).bytes))
      check(
        opened.sort().join() === Array.from({ length: 8 }, (_, i) => `message ${i}`).join(),
        'eight different messages'
      )
    }
  ],
  [
    'a changed message does not open, and the genuine one still does',
    async fixture => {
      const { forwardSecret } = fixture
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('genuine'), to(fixture.bobKey))
      for (let at = 0; forwardSecret && at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 16))) {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        const opened = await fixture.bob.open(changed, { sender: fixture.aliceKey })
        check(
          opened.kind !== 'message' || opened.protection !== 'forward-secret' || equal(opened.bytes, textOf('genuine')),
          'no other message'
        )
        if (opened.kind === 'message' && opened.protection === 'forward-secret') return
      }
      checkBytes('the bytes', (await open(fixture.bob, bytes, fixture.aliceKey)).bytes, textOf('genuine'))
    }
  ],
  [
    'confirm is idempotent, and a confirmed message does not open again',
    async fixture => {
      const { forwardSecret } = fixture
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('once'), to(fixture.bobKey))
      const { receipt } = await open(fixture.bob, bytes, fixture.aliceKey)
      if (receipt === undefined) return check(!forwardSecret, 'a receipt')
      await fixture.bob.confirm(receipt)
      await fixture.bob.confirm(JSON.parse(JSON.stringify(receipt)))
      check(
        (await fixture.bob.open(bytes, { sender: fixture.aliceKey })).kind === 'unreadable',
        'a replay to be unreadable'
      )
    }
  ],
  [
    'an unconfirmed message opens again',
    async fixture => {
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('twice'), to(fixture.bobKey))
      await open(fixture.bob, bytes, fixture.aliceKey)
      checkBytes('the bytes', (await open(fixture.bob, bytes, fixture.aliceKey)).bytes, textOf('twice'))
    }
  ]
]

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (equal(bytes.subarray(at, at + part.length), part)) return true
  return false
}
