import { equalBytes, generatePrivateKey } from '@status-stack/crypto'
import { check } from '../checks.ts'
import { keyPairOf } from '../keys.ts'
import type { Random } from '../ports.ts'
import { associatedData, decryptWithKey, type MessageHeader } from './cipher.ts'
import { kdfChainKey } from './keys.ts'
import { findMessageKey, type MessageKey, type RatchetLimits, ratchetLimits, trimMessageKeys } from './message-keys.ts'
import { type RatchetState, rootStep } from './ratchet.ts'

/** Why a message could not be decrypted. */
export type DecryptFailure = 'bad-mac' | 'already-used' | 'too-many-skipped'

/** What became of decrypting a message: the next state and the plaintext, or why not. */
export type Decrypted =
  | { readonly ok: true; readonly state: RatchetState; readonly plaintext: Uint8Array }
  /** Nothing changed. */
  | { readonly ok: false; readonly reason: DecryptFailure }

/** What decryption needs besides the state: randomness and the time. */
export interface DecryptContext {
  /** Makes our next ratchet key when the other side has a new one. */
  readonly random: Random
  /** Unix milliseconds: when keys of skipped messages were stored. */
  readonly nowMs: number
  /** Bounds on skipping and keeping. @default `ratchetLimits` */
  readonly limits?: RatchetLimits
  /** Chain steps that may be taken to reach the message; what is taken is subtracted. @default no other bound than `maxSkip` */
  readonly budget?: { steps: number }
}

/** The receiving half of the state while one message is worked on. */
interface Receiving {
  rootKey: Uint8Array
  chainKey: Uint8Array
  n: number
  /** Of the next own ratchet pair, when the message turns the ratchet. */
  nextPrivateKey?: Uint8Array
  readonly skipped: { readonly ratchetKey: Uint8Array; readonly n: number; readonly key: Uint8Array }[]
}

function skipTo(
  receiving: Receiving,
  ratchetKey: Uint8Array,
  until: number,
  { limits: { maxSkip } = ratchetLimits, budget }: DecryptContext
): DecryptFailure | undefined {
  if (until < receiving.n) return 'already-used'
  const steps = until - receiving.n
  // BOUNDED: maxSkip, budget
  if (steps > maxSkip || steps > (budget?.steps ?? maxSkip)) return 'too-many-skipped'
  if (budget !== undefined) budget.steps -= steps
  while (receiving.n < until) {
    const { chainKey, messageKey } = kdfChainKey(receiving.chainKey)
    receiving.skipped.push({ ratchetKey, n: receiving.n, key: messageKey })
    receiving.chainKey = chainKey
    receiving.n++
  }
  return undefined
}

/** Steps the receiving half up to the message; answers why not, when it cannot be reached. */
function advance(
  state: RatchetState,
  header: MessageHeader,
  receiving: Receiving,
  context: DecryptContext
): DecryptFailure | undefined {
  if (state.remote === undefined || !equalBytes(state.remote, header.key)) {
    // A responder that heard nothing yet has no receiving chain that could hold skipped messages.
    const failure = state.remote === undefined ? undefined : skipTo(receiving, state.remote, header.pn, context)
    if (failure !== undefined) return failure
    // Drawn here, as status-go does, so that recorded key sequences fit failing messages too; used after the tag fits.
    receiving.nextPrivateKey = generatePrivateKey(context.random)
    const step = rootStep(state.rootKey, state.self.privateKey, header.key)
    receiving.rootKey = step.rootKey
    receiving.chainKey = step.chainKey
    receiving.n = 0
  }
  return skipTo(receiving, header.key, header.n, context)
}

function storeKeys(
  state: RatchetState,
  receiving: Receiving,
  header: MessageHeader,
  messageKey: Uint8Array,
  context: DecryptContext
) {
  const stored = [
    ...receiving.skipped.map(skipped => ({ ...skipped, opened: false })),
    { ratchetKey: header.key, n: header.n, key: messageKey, opened: true }
  ].map((key, i) => ({ ...key, seq: state.keysCount + i, atMs: context.nowMs }))
  const keysCount = state.keysCount + stored.length
  return {
    keysCount,
    messageKeys: trimMessageKeys([...state.messageKeys, ...stored], keysCount, context.limits ?? ratchetLimits)
  }
}

function decryptWithStored(
  state: RatchetState,
  stored: MessageKey,
  payload: Uint8Array,
  ad: Uint8Array,
  nowMs: number
): Decrypted {
  const plaintext = decryptWithKey(stored.key, payload, ad)
  if (plaintext === undefined) return { ok: false, reason: 'bad-mac' }
  const messageKeys = stored.opened
    ? state.messageKeys
    : state.messageKeys.map(key => (key === stored ? { ...key, opened: true, atMs: nowMs } : key))
  return { ok: true, state: { ...state, messageKeys }, plaintext }
}

/**
 * Opens one message: in order, out of order, or again while its key waits for confirmation. The key of the message is
 * kept in the state that comes back; the caller deletes it when the plaintext is durable.
 * The own ratchet pair turns only after the tag has been verified: a forgery costs one DH, not three.
 * @throws CryptoError `invalid-public-key` when `header.key` is not a point
 *
 * @example
 * ```ts
 * const opened = decryptMessage(state, header, payload, { random, nowMs: Date.now() })
 * if (opened.ok) show(opened.plaintext)
 * else console.log(opened.reason)
 * ```
 */
export function decryptMessage(
  state: RatchetState,
  header: MessageHeader,
  payload: Uint8Array,
  context: DecryptContext
): Decrypted {
  check.object('state', state)
  check.object('header', header)
  check.bytes('header.key', header.key, 33)
  check.bytes('payload', payload)
  const ad = associatedData(header)
  const stored = findMessageKey(state.messageKeys, header.key, header.n)
  if (stored !== undefined) return decryptWithStored(state, stored, payload, ad, context.nowMs)

  const receiving: Receiving = { rootKey: state.rootKey, chainKey: state.recvChainKey, n: state.recvN, skipped: [] }
  const failure = advance(state, header, receiving, context)
  if (failure !== undefined) return { ok: false, reason: failure }
  const { chainKey, messageKey } = kdfChainKey(receiving.chainKey)
  const plaintext = decryptWithKey(messageKey, payload, ad)
  if (plaintext === undefined) return { ok: false, reason: 'bad-mac' }

  const received = {
    ...state,
    ...storeKeys(state, receiving, header, messageKey, context),
    recvChainKey: chainKey,
    recvN: header.n + 1
  }
  return { ok: true, state: turnSending(received, receiving, header.key), plaintext }
}

/** The second half of a DH ratchet step: our next pair and its sending chain. */
function turnSending(state: RatchetState, receiving: Receiving, remote: Uint8Array): RatchetState {
  if (receiving.nextPrivateKey === undefined) return state
  const self = keyPairOf(receiving.nextPrivateKey)
  const step = rootStep(receiving.rootKey, self.privateKey, remote)
  return { ...state, rootKey: step.rootKey, sendChainKey: step.chainKey, pn: state.sendN, sendN: 0, self, remote }
}
