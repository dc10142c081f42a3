import { describe, expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { keyPairOf } from '../../src/keys.ts'
import { associatedData } from '../../src/ratchet/cipher.ts'
import { decryptMessage } from '../../src/ratchet/decrypt.ts'
import { findMessageKey } from '../../src/ratchet/message-keys.ts'
import { encryptMessage, initiatorRatchet, responderRatchet } from '../../src/ratchet/ratchet.ts'
import { conversation, day, hour, opened, sealed, seededRandom, string } from '../support/sealers.ts'
import { flipped, reasonOf, withEntries } from '../support/wire.ts'

const secret = new Uint8Array(32).fill(7)
const random = seededRandom('receiving')
const prekey = keyPairOf(new Uint8Array(32).fill(3))
const context = { random, nowMs: 0 }

function ratchets() {
  const alice = initiatorRatchet(secret, prekey.publicKey, keyPairOf(new Uint8Array(32).fill(5)))
  return { alice, bob: responderRatchet(secret, prekey) }
}

/** `count` messages of one chain. */
function chain(count: number) {
  let { alice } = ratchets()
  return Array.from({ length: count }, (_, i) => {
    const out = encryptMessage(alice, Uint8Array.of(i & 255, i >> 8))
    alice = out.state
    return out
  })
}

test('S-12 AD is exactly the 41-byte little-endian header', () => {
  const key = Uint8Array.from({ length: 33 }, (_, i) => i + 1)
  const ad = associatedData({ key, n: 0x01020304, pn: 0x0a0b0c0d })
  expect([...ad]).toEqual([4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a, ...key])
})

describe('S-14', () => {
  const messages = chain(limits.maxSkip + 3)

  test('S-14 1000 skipped messages are bridged, and each of them opens later', () => {
    const { bob } = ratchets()
    const far = messages[limits.maxSkip]!
    const opened = decryptMessage(bob, far.header, far.payload, context)
    if (!opened.ok) return expect.fail(opened.reason)
    expect(opened.state.messageKeys.length).toBe(limits.maxSkip + 1)
    for (const at of [0, 499, 999]) {
      const { header, payload } = messages[at]!
      const late = decryptMessage(opened.state, header, payload, context)
      expect(late.ok && [...late.plaintext]).toEqual([at & 255, at >> 8])
    }
  })

  test('S-14 message 1001 fails and leaves the state as it was', () => {
    const { bob } = ratchets()
    const far = messages[limits.maxSkip + 1]!
    const before = structuredClone(bob)
    expect(decryptMessage(bob, far.header, far.payload, context)).toEqual({ ok: false, reason: 'too-many-skipped' })
    expect(bob).toEqual(before)
  })

  test('S-14 the same bound holds for what the previous chain left over', () => {
    const first = decryptMessage(ratchets().bob, messages[0]!.header, messages[0]!.payload, context)
    if (!first.ok) return expect.fail(first.reason)
    const reply = encryptMessage(first.state, secret)
    // Alice turned after sending 1002 messages of which bob saw one: 1001 are missing.
    const turned = decryptMessage(messages.at(-2)!.state, reply.header, reply.payload, context)
    if (!turned.ok) return expect.fail(turned.reason)
    const next = encryptMessage(turned.state, secret)
    expect(next.header.pn).toBe(limits.maxSkip + 2)
    expect(decryptMessage(reply.state, next.header, next.payload, context)).toMatchObject({
      reason: 'too-many-skipped'
    })
  })
})

test('S-15 a failed decrypt leaves the store byte for byte as it was', async () => {
  const { alice, bob, a, b, stores } = await conversation()
  // The cooldown is stored on the first failure; from then on nothing changes at all.
  const bytes = await sealed(a, bob.known, 'genuine')
  await reasonOf(
    b,
    withEntries(bytes, entry => ({ ...entry, payload: flipped(entry.payload, 20) })),
    alice
  )
  const before = await stores.b.all()
  for (let at = 0; at < 90; at += 3) {
    const forged = withEntries(bytes, entry => ({
      ...entry,
      payload: flipped(entry.payload, at % entry.payload.length)
    }))
    expect(await reasonOf(b, forged, alice)).toBe('bad-mac')
  }
  for (const change of [{ n: 7 }, { pn: 9 }, { n: 2000 }, { key: prekey.publicKey }]) {
    const forged = withEntries(bytes, entry => ({ ...entry, ratchet: { ...entry.ratchet!, ...change } }))
    expect(['bad-mac', 'too-many-skipped', 'already-used']).toContain(await reasonOf(b, forged, alice))
  }
  expect(await stores.b.all()).toEqual(before)
  expect(string((await opened(b, bytes, alice)).bytes)).toBe('genuine')
})

test('S-16 a session never holds more than 2000 message keys, and one message adds at most 2001', () => {
  let { alice, bob } = ratchets()
  const turn = () => {
    const reply = encryptMessage(bob, secret)
    bob = reply.state
    const heard = decryptMessage(alice, reply.header, reply.payload, context)
    if (heard.ok) alice = heard.state
  }
  for (let round = 0; round < 5; round++) {
    for (let skip = 0; skip < limits.maxSkip; skip++) alice = encryptMessage(alice, secret).state
    const out = encryptMessage(alice, secret)
    alice = out.state
    const heard = decryptMessage(bob, out.header, out.payload, context)
    if (!heard.ok) return expect.fail(heard.reason)
    bob = heard.state
    expect(bob.messageKeys.length).toBe(Math.min((round + 1) * 1001, limits.maxMessageKeysPerSession))
    expect(findMessageKey(bob.messageKeys, out.header.key, out.header.n)?.opened).toBe(true)
    turn()
  }
})

describe('S-17', () => {
  test('S-17 a message opens again until it is confirmed, then its replay is refused', async () => {
    const { alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'once')
    const first = await opened(b, bytes, alice)
    const again = await opened(b, bytes, alice)
    expect([again.bytes, again.receipt]).toEqual([first.bytes, first.receipt])
    // A receipt is plain data: it survives JSON.
    await b.confirm(JSON.parse(JSON.stringify(first.receipt)))
    expect(await b.open(bytes, { sender: alice.publicKey })).toEqual({
      kind: 'unreadable',
      reason: 'replayed',
      effects: []
    })
    await b.confirm(first.receipt!)
    expect(await reasonOf(b, bytes, alice)).toBe('replayed')
    expect(string((await opened(b, await sealed(a, bob.known, 'next'), alice)).bytes)).toBe('next')
  })

  test('S-17 confirmation works after a restart, and out of order', async () => {
    const { alice, bob, a, b, stores } = await conversation()
    const sent = [await sealed(a, bob.known, '0'), await sealed(a, bob.known, '1'), await sealed(a, bob.known, '2')]
    const late = await opened(b, sent[2]!, alice)
    const restarted = await bob.device('b1', stores.b)
    await restarted.confirm(late.receipt!)
    expect(await reasonOf(restarted, sent[2]!, alice)).toBe('replayed')
    for (const at of [0, 1]) {
      const { receipt, bytes } = await opened(restarted, sent[at]!, alice)
      expect(string(bytes)).toBe(String(at))
      await restarted.confirm(receipt!)
      expect(await reasonOf(restarted, sent[at]!, alice)).toBe('replayed')
    }
  })

  test('S-17 a receipt made up does not delete the key of a message that is still awaited', async () => {
    const { alice, bob, a, b } = await conversation()
    const awaited = await sealed(a, bob.known, 'awaited')
    const { receipt } = await opened(b, await sealed(a, bob.known, 'seen'), alice)
    await b.confirm({ ...receipt!, n: receipt!.n - 1 })
    expect(string((await opened(b, awaited, alice)).bytes)).toBe('awaited')
    for (const broken of [{ identity: 'xyz' }, { bundleId: '00'.repeat(33) }, { ratchetKey: 5 as never }]) {
      await expect(b.confirm({ ...receipt!, ...broken })).rejects.toMatchObject({ code: 'invalid-receipt' })
    }
  })

  test('S-17 the key of a message that nobody confirms ages out', async () => {
    const { clock, alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'unconfirmed')
    await opened(b, bytes, alice)
    clock.advance(48 * hour)
    await opened(b, bytes, alice)
    clock.advance(1)
    expect(await reasonOf(b, bytes, alice)).toBe('replayed')
  })

  test('the key of a message that never came ages out after 30 days', async () => {
    const { clock, alice, bob, a, b } = await conversation()
    const lost = [await sealed(a, bob.known, 'late'), await sealed(a, bob.known, 'too late')]
    await opened(b, await sealed(a, bob.known, 'next'), alice)
    clock.advance(30 * day)
    expect(string((await opened(b, lost[0]!, alice)).bytes)).toBe('late')
    clock.advance(1)
    expect(await reasonOf(b, lost[1]!, alice)).toBe('already-used')
  })
})
