import { loadVectors, type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { keyPairOf } from '../../src/keys.ts'
import { associatedData, decryptWithKey, encryptWithKey } from '../../src/ratchet/cipher.ts'
import { decryptMessage } from '../../src/ratchet/decrypt.ts'
import { deriveCipherKeys, kdfChainKey, kdfRootKey } from '../../src/ratchet/keys.ts'
import { withoutMessageKey } from '../../src/ratchet/message-keys.ts'
import { encryptMessage, initiatorRatchet, type RatchetState, responderRatchet } from '../../src/ratchet/ratchet.ts'

const { sections } = await loadVectors('doubleratchet')
const cases = (section: string): readonly VectorCase[] => sections[section] ?? []

/** A ratchet state in the spelling of the vectors. */
function shown(state: RatchetState): unknown {
  const storedMessageKeys: Record<string, Record<string, string>> = {}
  for (const key of state.messageKeys) {
    const owner = vectorHex(key.ratchetKey)
    storedMessageKeys[owner] = { ...storedMessageKeys[owner], [key.n]: vectorHex(key.key) }
  }
  return {
    dhRemote: vectorHex(state.remote ?? new Uint8Array(0)),
    dhSelfPrivate: vectorHex(state.self.privateKey),
    dhSelfPublic: vectorHex(state.self.publicKey),
    keysCount: state.keysCount,
    pn: state.pn,
    recvChainKey: vectorHex(state.recvChainKey),
    recvN: state.recvN,
    rootKey: vectorHex(state.rootKey),
    sendChainKey: vectorHex(state.sendChainKey),
    sendN: state.sendN,
    storedMessageKeys
  }
}

const privateKeys = (pairs: { privateKey: string }[] | null) => (pairs ?? []).map(pair => vectorBytes(pair.privateKey))

test('S-11 KDF_RK reproduces root and chain key', () => {
  for (const c of cases('kdf_rk')) {
    const step = kdfRootKey(vectorBytes(c.rk), vectorBytes(c.dhOut))
    expect({ rootKey: vectorHex(step.rootKey), chainKey: vectorHex(step.chainKey) }).toEqual({
      rootKey: c.rootKey,
      chainKey: c.chainKey
    })
  }
  expect(cases('kdf_rk').length).toBeGreaterThan(0)
})

test('S-11 KDF_CK reproduces chain and message key', () => {
  for (const c of cases('kdf_ck')) {
    const step = kdfChainKey(vectorBytes(c.ck))
    expect({ chainKey: vectorHex(step.chainKey), messageKey: vectorHex(step.messageKey) }).toEqual({
      chainKey: c.chainKey,
      messageKey: c.messageKey
    })
  }
  expect(cases('kdf_ck').length).toBeGreaterThan(0)
})

test('S-11 message keys derive encryption key, authentication key and IV', () => {
  for (const c of cases('derive_enc_keys')) {
    const keys = deriveCipherKeys(vectorBytes(c.messageKey))
    expect(vectorHex(keys.encryptionKey)).toBe(c.encKey)
    expect(vectorHex(keys.authenticationKey)).toBe(c.authKey)
    expect(vectorHex(keys.iv)).toBe(c.iv)
  }
  expect(cases('derive_enc_keys').length).toBeGreaterThan(0)
})

test('S-11 ciphertexts match byte for byte and open again; a flipped bit does not', () => {
  for (const c of cases('encrypt')) {
    const [key, ad] = [vectorBytes(c.messageKey), vectorBytes(c.ad)]
    expect(vectorHex(encryptWithKey(key, vectorBytes(c.plaintext), ad))).toBe(c.ciphertext)
    expect(decryptWithKey(key, vectorBytes(c.ciphertext), ad)).toEqual(vectorBytes(c.plaintext))
  }
  for (const c of cases('decrypt_invalid')) {
    expect(decryptWithKey(vectorBytes(c.messageKey), vectorBytes(c.ciphertext), vectorBytes(c.ad))).toBeUndefined()
  }
})

describe('transcripts', () => {
  for (const c of cases('transcript')) {
    test(`S-11 transcript ${c.name}: every header, ciphertext and state`, () => {
      const prekey = keyPairOf(vectorBytes(c.bobSignedPreKeyPrivate))
      const secret = vectorBytes(c.sharedKey)
      const pools: Record<string, Uint8Array[]> = {
        alice: privateKeys(c.aliceGeneratedDhKeys),
        bob: privateKeys(c.bobGeneratedDhKeys)
      }
      const draw = (party: string) => ({
        bytes: () => pools[party]?.shift() ?? expect.fail(`${party} has no more generated keys`)
      })
      const first = keyPairOf(draw('alice').bytes())
      const states: Record<string, RatchetState> = {
        alice: initiatorRatchet(secret, prekey.publicKey, first),
        bob: responderRatchet(secret, prekey)
      }
      expect(shown(states.alice!)).toEqual(c.aliceInitialState)
      expect(shown(states.bob!)).toEqual(c.bobInitialState)

      const sent = new Map<number, { header: { key: Uint8Array; n: number; pn: number }; payload: Uint8Array }>()
      for (const step of c.steps) {
        const state = states[step.party]!
        if (step.op === 'encrypt') {
          const out = encryptMessage(state, vectorBytes(step.plaintext))
          expect(vectorHex(associatedData(out.header))).toBe(step.headerEncoded)
          expect(vectorHex(out.payload)).toBe(step.ciphertext)
          sent.set(step.message, out)
          states[step.party] = out.state
        } else if (step.op === 'decrypt') {
          const message = sent.get(step.message)!
          const payload = step.ciphertextOverride ? vectorBytes(step.ciphertextOverride) : message.payload
          const out = decryptMessage(state, message.header, payload, {
            random: draw(step.party),
            nowMs: 0,
            limits: c as never
          })
          expect(out.ok).toBe(step.ok)
          if (out.ok) {
            expect(vectorHex(out.plaintext)).toBe(step.plaintext)
            states[step.party] = out.state
          }
        } else {
          expect(step.op).toBe('delete_message_key')
          const { header } = sent.get(step.message)!
          states[step.party] = { ...state, messageKeys: withoutMessageKey(state.messageKeys, header.key, header.n) }
        }
        expect(shown(states[step.party]!), `after step ${JSON.stringify(step).slice(0, 80)}`).toEqual(step.state)
      }
      expect(pools).toEqual({ alice: [], bob: [] })
    })
  }
})
