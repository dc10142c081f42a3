import { CryptoError } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import {
  associatedData,
  type DecryptContext,
  type Decrypted,
  decryptMessage,
  decryptWithKey,
  encryptMessage,
  encryptWithKey,
  initiatorRatchet,
  keyPairOf,
  type RatchetState,
  responderRatchet,
  withoutMessageKey
} from '../../src/primitives.ts'
import { findMessageKey, ratchetLimits, trimMessageKeys } from '../../src/ratchet/message-keys.ts'
import { seededRandom } from '../support/sealers.ts'

const secret = new Uint8Array(32).fill(7)
const prekey = keyPairOf(new Uint8Array(32).fill(3))
const first = keyPairOf(new Uint8Array(32).fill(5))
const random = seededRandom('ratchet')
const context: DecryptContext = { random, nowMs: 1000 }

const start = () => ({
  alice: initiatorRatchet(secret, prekey.publicKey, first),
  bob: responderRatchet(secret, prekey)
})

const bytes = (...values: number[]) => Uint8Array.from(values)

function good(result: Decrypted) {
  return result.ok ? result : expect.fail(result.reason)
}

/** `count` messages one after the other, and the state after them. */
function send(from: RatchetState, count: number) {
  let state = from
  const messages = Array.from({ length: count }, (_, i) => {
    const out = encryptMessage(state, bytes(i))
    state = out.state
    return out
  })
  return { state, messages }
}

describe('start', () => {
  test('the sides hold copies of SK: erasing it does not harm them', () => {
    const shared = secret.slice()
    const pair = keyPairOf(new Uint8Array(32).fill(3))
    const sides = { alice: initiatorRatchet(shared, pair.publicKey, first), bob: responderRatchet(shared, pair) }
    shared.fill(0)
    pair.privateKey.fill(0)
    expect(sides).toEqual(start())
  })

  test('the initiator turns at once, the responder with the first message', () => {
    const { alice, bob } = start()
    expect(alice.remote).toEqual(prekey.publicKey)
    expect(alice.recvChainKey).toEqual(secret)
    expect(alice.sendChainKey).not.toEqual(secret)
    expect(bob.remote).toBeUndefined()
    expect([bob.rootKey, bob.sendChainKey, bob.recvChainKey]).toEqual([secret, secret, secret])
    const out = encryptMessage(alice, bytes(1))
    const { state } = good(decryptMessage(bob, out.header, out.payload, context))
    expect(state.remote).toEqual(first.publicKey)
    expect(state.self.publicKey).not.toEqual(prekey.publicKey)
  })

  test('states are never changed in place', () => {
    const { alice, bob } = start()
    const before = structuredClone({ alice, bob })
    const out = encryptMessage(alice, bytes(1))
    decryptMessage(bob, out.header, out.payload, context)
    expect({ alice, bob }).toEqual(before)
  })
})

describe('cipher', () => {
  const key = new Uint8Array(32).fill(1)
  const ad = associatedData({ key: first.publicKey, n: 1, pn: 2 })

  test('an empty plaintext is 48 bytes, and anything shorter is refused', () => {
    const payload = encryptWithKey(key, bytes(), ad)
    expect(payload.length).toBe(48)
    expect(decryptWithKey(key, payload, ad)).toEqual(bytes())
    for (const length of [0, 16, 32, 47]) expect(decryptWithKey(key, payload.slice(0, length), ad)).toBeUndefined()
  })

  test('tag, IV, ciphertext, header and key are all bound', () => {
    const payload = encryptWithKey(key, bytes(1, 2, 3), ad)
    for (let at = 0; at < payload.length; at++) {
      const forged = payload.slice()
      forged[at] = (forged[at] ?? 0) ^ 0x80
      expect(decryptWithKey(key, forged, ad)).toBeUndefined()
    }
    const other = associatedData({ key: first.publicKey, n: 2, pn: 2 })
    expect(decryptWithKey(key, payload, other)).toBeUndefined()
    expect(decryptWithKey(new Uint8Array(32), payload, ad)).toBeUndefined()
  })

  test('the message key that was given is left as it is', () => {
    const given = key.slice()
    decryptWithKey(given, encryptWithKey(given, bytes(1), ad), ad)
    expect(given).toEqual(key)
  })
})

describe('skipping', () => {
  const { messages } = send(start().alice, 4)
  const limits = { maxSkip: 2, maxKeep: 100, maxMessageKeysPerSession: 100 }

  test('as many as allowed, not one more; what lies behind the last message is used up', () => {
    const { bob } = start()
    const far = { ...context, limits }
    expect(decryptMessage(bob, messages[3]!.header, messages[3]!.payload, far)).toEqual({
      ok: false,
      reason: 'too-many-skipped'
    })
    const third = good(decryptMessage(bob, messages[2]!.header, messages[2]!.payload, far))
    expect(third.state.recvN).toBe(3)
    expect(third.state.messageKeys.map(({ n, seq, opened, atMs }) => [n, seq, opened, atMs])).toEqual([
      [0, 0, false, 1000],
      [1, 1, false, 1000],
      [2, 2, true, 1000]
    ])
    const without = { ...third.state, messageKeys: withoutMessageKey(third.state.messageKeys, first.publicKey, 1) }
    expect(without.messageKeys.map(({ n }) => n)).toEqual([0, 2])
    expect(decryptMessage(without, messages[1]!.header, messages[1]!.payload, far)).toEqual({
      ok: false,
      reason: 'already-used'
    })
  })

  test('the bound counts what is missing, not how far the chain has come', () => {
    const { messages: six } = send(start().alice, 6)
    const far = { ...context, limits }
    let { bob } = start()
    for (const at of [0, 1, 2, 5]) {
      bob = good(decryptMessage(bob, six[at]!.header, six[at]!.payload, far)).state
    }
    expect([bob.recvN, bob.keysCount]).toEqual([6, 6])
  })

  test('a late message marks its key as opened, at its time, and opens again', () => {
    const third = good(decryptMessage(start().bob, messages[2]!.header, messages[2]!.payload, context)).state
    const late = good(decryptMessage(third, messages[0]!.header, messages[0]!.payload, { ...context, nowMs: 5000 }))
    expect(late.state.messageKeys.map(({ n, opened, atMs }) => [n, opened, atMs])).toEqual([
      [0, true, 5000],
      [1, false, 1000],
      [2, true, 1000]
    ])
    const again = good(
      decryptMessage(late.state, messages[0]!.header, messages[0]!.payload, { ...context, nowMs: 9000 })
    )
    expect(again.state).toEqual(late.state)
    expect(again.plaintext).toEqual(bytes(0))
  })

  test('a forged message under a stored key is a bad tag and changes nothing', () => {
    const third = good(decryptMessage(start().bob, messages[2]!.header, messages[2]!.payload, context)).state
    const forged = messages[0]!.payload.map(byte => byte ^ 1)
    expect(decryptMessage(third, messages[0]!.header, forged, context)).toEqual({ ok: false, reason: 'bad-mac' })
  })

  test('a forged message of the current chain and of a new one is a bad tag', () => {
    const { alice, bob } = start()
    const out = encryptMessage(alice, bytes(1))
    const broken = out.payload.map(byte => byte ^ 1)
    expect(decryptMessage(bob, out.header, broken, context)).toEqual({ ok: false, reason: 'bad-mac' })
    const { state } = good(decryptMessage(bob, out.header, out.payload, context))
    const next = encryptMessage(out.state, bytes(2))
    const worse = next.payload.map(byte => byte ^ 1)
    expect(decryptMessage(state, next.header, worse, context)).toEqual({ ok: false, reason: 'bad-mac' })
  })

  test('what a chain left over is stored under its own ratchet key when the other side turns', () => {
    const { alice, bob } = start()
    const sent = send(alice, 3)
    const heard = good(decryptMessage(bob, sent.messages[0]!.header, sent.messages[0]!.payload, context)).state
    const reply = encryptMessage(heard, bytes(9))
    const turned = good(decryptMessage(sent.state, reply.header, reply.payload, context)).state
    expect([turned.pn, turned.sendN]).toEqual([3, 0])
    const after = encryptMessage(turned, bytes(10))
    expect(after.header.pn).toBe(3)
    const { state } = good(decryptMessage(reply.state, after.header, after.payload, context))
    expect(state.messageKeys.map(({ ratchetKey, n, opened }) => [ratchetKey, n, opened])).toEqual([
      [first.publicKey, 0, true],
      [first.publicKey, 1, false],
      [first.publicKey, 2, false],
      [after.header.key, 0, true]
    ])
    for (const at of [2, 1]) {
      const { header, payload } = sent.messages[at]!
      expect(good(decryptMessage(state, header, payload, context)).plaintext).toEqual(bytes(at))
    }
    const short = { ...after.header, pn: 0 }
    expect(decryptMessage(reply.state, short, after.payload, context)).toEqual({ ok: false, reason: 'already-used' })
  })

  test('a responder that heard nothing ignores what a header says of earlier chains', () => {
    const { alice, bob } = start()
    const out = encryptMessage(alice, bytes(1))
    expect(decryptMessage(bob, { ...out.header, pn: 5000 }, out.payload, context)).toEqual({
      ok: false,
      reason: 'bad-mac'
    })
  })

  test('a ratchet key that is no point throws before anything else', () => {
    const { alice, bob } = start()
    const out = encryptMessage(alice, bytes(1))
    expect(() => decryptMessage(bob, { ...out.header, key: new Uint8Array(33) }, out.payload, context)).toThrow(
      CryptoError
    )
  })

  test('the bounds of a session are those of the network unless told otherwise', () => {
    expect(ratchetLimits).toMatchObject({ maxSkip: 1000, maxKeep: 3000, maxMessageKeysPerSession: 2000 })
    const { alice, bob } = start()
    const { messages: many } = send(alice, 1002)
    expect(decryptMessage(bob, many[1001]!.header, many[1001]!.payload, context)).toMatchObject({ ok: false })
    const far = good(decryptMessage(bob, many[1000]!.header, many[1000]!.payload, context))
    expect([far.state.messageKeys.length, far.state.keysCount]).toEqual([1001, 1001])
  })
})

describe('message keys', () => {
  const keys = [0, 1, 2, 3].map(seq => ({
    ratchetKey: seq < 2 ? first.publicKey : prekey.publicKey,
    n: seq % 2,
    key: bytes(seq),
    seq,
    atMs: 0,
    opened: false
  }))

  test('a key is named by ratchet key and number together', () => {
    expect(findMessageKey(keys, prekey.publicKey, 1)?.seq).toBe(3)
    expect(findMessageKey(keys, prekey.publicKey, 2)).toBeUndefined()
    expect(withoutMessageKey(keys, first.publicKey, 1).map(({ seq }) => seq)).toEqual([0, 2, 3])
  })

  test('the newest are kept, by number and by distance', () => {
    const bounds = (maxMessageKeysPerSession: number, maxKeep: number) => ({
      maxSkip: 1,
      maxKeep,
      maxMessageKeysPerSession
    })
    const kept = (count: number, a: number, b: number) =>
      trimMessageKeys(keys, count, bounds(a, b)).map(({ seq }) => seq)
    expect(kept(4, 100, 100)).toEqual([0, 1, 2, 3])
    expect(kept(4, 3, 100)).toEqual([1, 2, 3])
    expect(kept(4, 4, 100)).toEqual([0, 1, 2, 3])
    expect(kept(4, 100, 3)).toEqual([2, 3])
    expect(kept(4, 1, 3)).toEqual([3])
  })
})

describe('the budget of chain steps', () => {
  test('is charged for what is taken, allows exactly itself, and never more than maxSkip', () => {
    const { alice, bob } = start()
    const { messages } = send(alice, 6)
    const open = (at: number, steps: number, maxSkip = 100): { outcome: string; left: number } => {
      const message = messages[at]
      if (message === undefined) throw new Error('no such message')
      const budget = { steps }
      const limits = { maxSkip, maxKeep: 100, maxMessageKeysPerSession: 100 }
      const result = decryptMessage(bob, message.header, message.payload, { ...context, limits, budget })
      return { outcome: result.ok ? 'opened' : result.reason, left: budget.steps }
    }
    expect(open(5, 10)).toEqual({ outcome: 'opened', left: 5 })
    expect(open(5, 5)).toEqual({ outcome: 'opened', left: 0 })
    expect(open(5, 4)).toEqual({ outcome: 'too-many-skipped', left: 4 })
    expect(open(5, 100, 4)).toEqual({ outcome: 'too-many-skipped', left: 100 })
    expect(open(0, 0)).toEqual({ outcome: 'opened', left: 0 })
  })
})
