import { ecdhX, hkdfSha256, utf8Bytes } from '@status-stack/crypto'
import {
  associatedData,
  decryptMessage,
  decryptWithKey,
  deriveCipherKeys,
  encryptMessage,
  encryptWithKey,
  initiatorRatchet,
  kdfChainKey,
  kdfRootKey,
  keyPairOf,
  type MessageHeader,
  type RatchetState,
  responderRatchet,
  withoutMessageKey
} from '@status-stack/status-pfs/primitives'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { recordedRandom } from './support.ts'

export const doubleratchet: Adapter = {
  file: 'doubleratchet.json',
  sections: {
    kdf_rk: { reproduce: rootStep },
    kdf_ck: {
      reproduce: (vector, check) => {
        const step = kdfChainKey(vectorBytes(vector['ck']))
        check.bytes('chainKey', vector['chainKey'], step.chainKey)
        check.bytes('messageKey', vector['messageKey'], step.messageKey)
      }
    },
    derive_enc_keys: {
      reproduce: (vector, check) => {
        const keys = deriveCipherKeys(vectorBytes(vector['messageKey']))
        check.bytes('encKey', vector['encKey'], keys.encryptionKey)
        check.bytes('authKey', vector['authKey'], keys.authenticationKey)
        check.bytes('iv', vector['iv'], keys.iv)
      }
    },
    dh: {
      reproduce: (vector, check) => {
        const own = keyPairOf(vectorBytes(vector['privateKey']))
        const other = keyPairOf(vectorBytes(vector['otherPrivateKey']))
        check.bytes('publicKey', vector['publicKey'], other.publicKey)
        check.bytes('sharedSecret', vector['sharedSecret'], ecdhX(own.privateKey, other.publicKey))
        check.bytes('sharedSecret', vector['sharedSecret'], ecdhX(other.privateKey, own.publicKey))
      }
    },
    encrypt: {
      reproduce: (vector, check) => {
        const plaintext = vectorBytes(vector['plaintext'])
        const ciphertext = encryptWithKey(vectorBytes(vector['messageKey']), plaintext, vectorBytes(vector['ad']))
        checkCiphertext('ciphertext', vector['ciphertext'], ciphertext, check)
      },
      decode: (vector, check) => {
        const ciphertext = vectorBytes(vector['ciphertext'])
        const plaintext = decryptWithKey(vectorBytes(vector['messageKey']), ciphertext, vectorBytes(vector['ad']))
        check.bytes('plaintext', vector['plaintext'], plaintext)
      }
    },
    decrypt_invalid: {
      decode: (vector, check) =>
        check.refused('ciphertext', () => {
          const key = vectorBytes(vector['messageKey'])
          if (decryptWithKey(key, vectorBytes(vector['ciphertext']), vectorBytes(vector['ad'])) === undefined)
            throw new Error('the MAC is wrong')
        })
    },
    transcript: { reproduce: replay }
  }
}

function checkCiphertext(field: string, expected: string, actual: Uint8Array, check: Check): void {
  check.bytes(field, expected, actual, [
    ['iv', 16],
    ['ciphertext', actual.length - 48],
    ['tag', 32]
  ])
}

const rootInfo = utf8Bytes('rsZUpEuXUqqwXBvSy3EcievAh4cMj6QL')

function rootStep(vector: VectorCase, check: Check): void {
  const rootKey = vectorBytes(vector['rk'])
  const dh = vectorBytes(vector['dhOut'])
  const step = kdfRootKey(rootKey, dh)
  check.bytes('rootKey', vector['rootKey'], step.rootKey)
  check.bytes('chainKey', vector['chainKey'], step.chainKey)
  // Nobody uses the header key, so no step returns it: it is what the same derivation gives behind the chain key.
  check.bytes('headerKey', vector['headerKey'], hkdfSha256(dh, rootKey, rootInfo, 96).slice(64))
}

type Party = 'alice' | 'bob'

interface Sent {
  readonly header: MessageHeader
  readonly payload: Uint8Array
}

/** Both sides of a recorded conversation; the state is compared after every step. */
function replay(vector: VectorCase, check: Check): void {
  const secret = vectorBytes(vector['sharedKey'])
  const prekey = keyPairOf(vectorBytes(vector['bobSignedPreKeyPrivate']))
  check.bytes('bobSignedPreKeyPublic', vector['bobSignedPreKeyPublic'], prekey.publicKey)
  const random = {
    alice: recordedRandom(privateKeysOf(vector['aliceGeneratedDhKeys'])),
    bob: recordedRandom(privateKeysOf(vector['bobGeneratedDhKeys']))
  }
  const state: Record<Party, RatchetState> = {
    alice: initiatorRatchet(secret, prekey.publicKey, keyPairOf(random.alice.bytes(32))),
    bob: responderRatchet(secret, prekey)
  }
  checkState('aliceInitialState', vector['aliceInitialState'], state.alice, check)
  checkState('bobInitialState', vector['bobInitialState'], state.bob, check)
  const { maxSkip, maxKeep, maxMessageKeysPerSession } = vector
  const limits = { maxSkip, maxKeep, maxMessageKeysPerSession }
  const sent = new Map<number, Sent>()
  for (const [index, step] of vector['steps'].entries()) {
    const field = `steps[${index}]`
    const party: Party = step.party
    if (step.op === 'encrypt') state[party] = encryptStep(field, step, state[party], sent, check)
    else if (step.op === 'delete_message_key') {
      const { header } = messageOf(step, sent)
      const messageKeys = withoutMessageKey(state[party].messageKeys, header.key, header.n)
      state[party] = { ...state[party], messageKeys }
    } else if (step.op === 'decrypt') {
      const { header, payload } = messageOf(step, sent)
      const bytes = step.ciphertextOverride === undefined ? payload : vectorBytes(step.ciphertextOverride)
      const result = decryptMessage(state[party], header, bytes, { random: random[party], nowMs: 0, limits })
      check.equal(`${field}.ok`, step.ok, result.ok)
      if (result.ok) {
        check.bytes(`${field}.plaintext`, step.plaintext, result.plaintext)
        state[party] = result.state
      }
    } else throw new Error(`${field}: unknown op ${step.op}`)
    checkState(`${field}.state`, step.state, state[party], check)
  }
}

function encryptStep(
  field: string,
  // biome-ignore lint/suspicious/noExplicitAny: a step of the vector
  step: any,
  state: RatchetState,
  sent: Map<number, Sent>,
  check: Check
): RatchetState {
  const { header, payload, state: next } = encryptMessage(state, vectorBytes(step.plaintext))
  check.equal(`${field}.header`, step.header, { dh: header.key, n: header.n, pn: header.pn })
  check.bytes(`${field}.headerEncoded`, step.headerEncoded, associatedData(header), [
    ['n', 4],
    ['pn', 4],
    ['key', 33]
  ])
  check.bytes(`${field}.messageKey`, step.messageKey, kdfChainKey(state.sendChainKey).messageKey)
  checkCiphertext(`${field}.ciphertext`, step.ciphertext, payload, check)
  sent.set(step.message, { header, payload })
  return next
}

function messageOf(step: { readonly message: number }, sent: ReadonlyMap<number, Sent>): Sent {
  const message = sent.get(step.message)
  if (message === undefined) throw new Error(`message ${step.message} was never encrypted`)
  return message
}

function privateKeysOf(pairs: readonly { readonly privateKey: string }[] | null): readonly string[] {
  return (pairs ?? []).map(pair => pair.privateKey)
}

// biome-ignore lint/suspicious/noExplicitAny: a state of the vector
function checkState(field: string, expected: any, state: RatchetState, check: Check): void {
  const stored: Record<string, Record<string, Uint8Array>> = {}
  for (const { ratchetKey, n, key } of state.messageKeys) {
    const name = vectorHex(ratchetKey)
    stored[name] = { ...stored[name], [String(n)]: key }
  }
  check.equal(field, expected, {
    dhRemote: state.remote ?? new Uint8Array(),
    dhSelfPrivate: state.self.privateKey,
    dhSelfPublic: state.self.publicKey,
    keysCount: state.keysCount,
    pn: state.pn,
    recvChainKey: state.recvChainKey,
    recvN: state.recvN,
    rootKey: state.rootKey,
    sendChainKey: state.sendChainKey,
    sendN: state.sendN,
    storedMessageKeys: stored
  })
}
