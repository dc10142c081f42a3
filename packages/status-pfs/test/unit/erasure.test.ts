import { aesGcmSeal, concatBytes, ecdhX } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { generateKeyPair } from '../../src/keys.ts'
import { limits } from '../../src/limits.ts'
import { protections, strongerProtection, weakerProtection } from '../../src/protection.ts'
import type { RatchetState } from '../../src/ratchet/ratchet.ts'
import type { DeviceRecord } from '../../src/records/peer.ts'
import type { SelfRecord } from '../../src/records/self.ts'
import type { Session } from '../../src/records/session.ts'
import { addSession, replaceRatchet } from '../../src/sessions.ts'
import { openStatic, sealStatic, staticOverhead } from '../../src/static-dh.ts'
import type { Transaction } from '../../src/transaction.ts'
import { seededRandom } from '../support/sealers.ts'

// Secrets are overwritten in the turn in which they are of no more use, and not those that still are.

const random = seededRandom('erasure')
const isErased = (key: Uint8Array): boolean => key.every(byte => byte === 0)
const secret = (): Uint8Array => random.bytes(32)

function ratchet(): RatchetState {
  return {
    rootKey: secret(),
    sendChainKey: secret(),
    recvChainKey: secret(),
    sendN: 0,
    recvN: 0,
    pn: 0,
    keysCount: 1,
    self: generateKeyPair(random),
    messageKeys: [{ ratchetKey: random.bytes(33), n: 0, key: secret(), seq: 0, atMs: 0, opened: false }]
  }
}

const secretsOf = ({ rootKey, sendChainKey, recvChainKey, self }: RatchetState): readonly Uint8Array[] => [
  rootKey,
  sendChainKey,
  recvChainKey,
  self.privateKey
]

function session(usedMs: number): Session {
  return {
    bundleId: random.bytes(33),
    role: 'initiator',
    ephemeral: random.bytes(33),
    headerPending: false,
    remoteVersion: 1,
    createdMs: 0,
    usedMs,
    ratchet: ratchet(),
    seen: new Uint8Array()
  }
}

test('a step of the ratchet overwrites the keys that it replaced, and none that it kept', () => {
  const one = session(0)
  const before = one.ratchet
  const next = { ...before, sendChainKey: secret(), sendN: 1 }
  replaceRatchet(one, next)
  expect(one.ratchet).toBe(next)
  expect(secretsOf(before).map(isErased)).toEqual([false, true, false, false])
  expect(secretsOf(next).some(isErased)).toBe(false)

  const last = { ...next, rootKey: secret(), recvChainKey: secret(), self: generateKeyPair(random) }
  replaceRatchet(one, last)
  expect(secretsOf(next).map(isErased)).toEqual([true, false, true, true])
  expect(secretsOf(last).some(isErased)).toBe(false)
})

test('the session that was used longest ago makes room, and its secrets are overwritten', () => {
  const used = Array.from({ length: limits.maxSessionsPerDevice }, (_, at) => session(100 + ((at * 7) % 11)))
  const oldest = used.reduce((a, b) => (b.usedMs < a.usedMs ? b : a))
  const device = { sessions: [...used] } as unknown as DeviceRecord
  const fresh = session(500)
  addSession({} as Transaction, {} as SelfRecord, device, fresh)
  expect(device.sessions).toEqual([...used.filter(each => each !== oldest), fresh])
  const secrets = ({ ratchet: state }: Session): readonly Uint8Array[] => [
    ...secretsOf(state),
    ...state.messageKeys.map(({ key }) => key)
  ]
  expect(secrets(oldest).every(isErased)).toBe(true)
  expect(device.sessions.flatMap(secrets).some(isErased)).toBe(false)
})

test('the key of a message without forward secrecy is overwritten, whether it opens or not', () => {
  const [identity, ephemeral] = [generateKeyPair(random), generateKeyPair(random)]
  const plaintext = new TextEncoder().encode('hello')
  const sealed = sealStatic(identity.publicKey, ephemeral, random.bytes(12), plaintext)
  const given: Uint8Array[] = []
  const dh = {
    ecdhX: (publicKey: Uint8Array) => {
      const shared = ecdhX(identity.privateKey, publicKey)
      given.push(shared)
      return shared
    }
  }
  expect(openStatic(dh, ephemeral.publicKey, sealed)).toEqual(plaintext)
  const changed = sealed.with(0, (sealed[0] ?? 0) ^ 1)
  expect(openStatic(dh, ephemeral.publicKey, changed)).toBeUndefined()
  expect(given.map(isErased)).toEqual([true, true])
  // One byte less than tag and nonce take is asked for no key.
  expect(openStatic(dh, ephemeral.publicKey, new Uint8Array(staticOverhead - 1))).toBeUndefined()
  expect(given).toHaveLength(2)
  // Nothing at all may be sealed.
  const [key, nonce] = [ecdhX(ephemeral.privateKey, identity.publicKey), random.bytes(12)]
  const empty = concatBytes(aesGcmSeal(key, nonce, new Uint8Array()), nonce)
  expect(openStatic(dh, ephemeral.publicKey, empty)).toEqual(new Uint8Array())
})

test('of two protections the stronger and the weaker are those of their order', () => {
  for (const [i, a] of protections.entries())
    for (const [j, b] of protections.entries()) {
      expect(strongerProtection(a, b)).toBe(protections[Math.max(i, j)])
      expect(weakerProtection(a, b)).toBe(protections[Math.min(i, j)])
    }
})
