import { compressPublicKey, bytesToHex as hex } from '@status-stack/crypto'
import {
  agreedSecret,
  associatedData,
  type DirectEntry,
  decryptWithKey,
  kdfChainKey,
  kdfRootKey,
  type RatchetHeader
} from '@status-stack/status-pfs/primitives'
import type { Keyring } from './keyring.ts'
import type { InspectLimits } from './limits.ts'

/** One step of a session's root chain, seen from above: both sides' ratchet keys in turn. */
interface Step {
  /** Ratchet key that starts the chain, 33 bytes. */
  readonly key: Uint8Array
  readonly rootKey: Uint8Array
  readonly chainKey: Uint8Array
}

/** A session as far as a capture shows it. `steps[0]` is the prekey, whose chain starts as the agreed secret. */
export interface Session {
  /** Prekey that names the session, hex. */
  readonly id: string
  readonly initiator: Uint8Array
  readonly responder: Uint8Array
  readonly ephemeral: string
  steps: readonly Step[]
}

/** A message of a session, with who sealed it. */
export interface OpenedRatchet {
  readonly plaintext: Uint8Array
  /** 65 bytes each. */
  readonly sender: Uint8Array
  readonly recipient: Uint8Array
  /** Which turn of the ratchet, from 0: how many times the root key changed. */
  readonly turn: number
  /** How the session was known. */
  readonly by: 'earlier in the capture' | 'its X3DH header' | 'search'
}

/** What the ratchet sealed, with its header. */
export interface Message {
  readonly header: RatchetHeader
  readonly payload: Uint8Array
}

/** What may still be tried for one blob. */
interface Budget {
  secrets: number
  rootSteps: number
  chainKeys: number
}

/** The plaintext when this chain key is that of the message: its tag says so. */
function tryChain(chainKey: Uint8Array, { header, payload }: Message, budget: Budget): Uint8Array | undefined {
  // BOUNDED: chainKeys
  if (budget.chainKeys <= header.n) {
    budget.chainKeys = 0
    return undefined
  }
  budget.chainKeys -= header.n + 1
  let key = chainKey
  for (let n = 0; n < header.n; n++) key = kdfChainKey(key).chainKey
  return decryptWithKey(kdfChainKey(key).messageKey, payload, associatedData(header))
}

/** Finds chain keys of sessions, within what may be tried for one blob. */
export interface RatchetSearch {
  /** Another blob begins: its bounds are whole again. */
  readonly nextBlob: () => void
  /** Whether the bounds ended the search. */
  readonly isExhausted: () => boolean
  /**
   * Opens a message of a session, or of one of its later steps over `unseen` ratchet keys that no message showed; the session then
   * knows those steps.
   */
  readonly openIn: (session: Session, message: Message, unseen: number) => OpenedRatchet | undefined
  /** Sessions that could be this one: agreed between everybody known, over the header's ephemeral key or any of ours. */
  readonly candidates: (entry: DirectEntry, sender: Uint8Array | undefined) => Iterable<Session>
}

export function createRatchetSearch(ring: Keyring, limits: InspectLimits): RatchetSearch {
  const whole = (): Budget => ({ secrets: limits.secrets, rootSteps: limits.rootSteps, chainKeys: limits.chainKeys })
  let budget = whole()

  const next = ({ rootKey, key: last }: Step, key: Uint8Array): Step | undefined => {
    // BOUNDED: rootSteps
    if (budget.rootSteps <= 0) return undefined
    const dh = ring.agree(key, last)
    if (dh === undefined) return undefined
    budget.rootSteps--
    return { key, ...kdfRootKey(rootKey, dh) }
  }

  /** Steps behind `from` that end with the message's key, over `unseen` keys of the pool that no message showed. */
  const reach = (
    from: readonly Step[],
    message: Message,
    unseen: number
  ): { readonly steps: readonly Step[]; readonly plaintext: Uint8Array } | undefined => {
    const tip = from.at(-1)
    if (tip === undefined) return undefined
    if (unseen === 0) {
      const step = next(tip, message.header.key)
      const plaintext = step && tryChain(step.chainKey, message, budget)
      return step && plaintext && { steps: [...from, step], plaintext }
    }
    const used = new Set([hex(message.header.key), ...from.map(({ key }) => hex(key))])
    for (const [id, { publicKey }] of ring.pairs) {
      if (used.has(id)) continue
      const step = next(tip, publicKey)
      const found = step && reach([...from, step], message, unseen - 1)
      if (found !== undefined) return found
    }
    return undefined
  }

  const openIn = (session: Session, message: Message, unseen: number): OpenedRatchet | undefined => {
    const at = session.steps.findIndex(({ key }) => hex(key) === hex(message.header.key))
    const seen = session.steps[at]
    const plaintext = seen && tryChain(seen.chainKey, message, budget)
    if (seen !== undefined) return plaintext && opened(session, plaintext, at)
    const found = reach(session.steps, message, unseen)
    if (found === undefined) return undefined
    session.steps = found.steps
    return opened(session, found.plaintext, found.steps.length - 1)
  }

  const candidates = function* (entry: DirectEntry, sender: Uint8Array | undefined): Generator<Session> {
    const prekey = entry.ratchet?.id ?? new Uint8Array()
    const everybody = ring.known()
    const ephemerals =
      entry.x3dh === undefined ? [...ring.pairs.values()].map(pair => pair.publicKey) : [entry.x3dh.key]
    for (const initiator of everybody) {
      for (const responder of everybody) {
        if (initiator === responder || !takesPart(sender, initiator, responder)) continue
        if (entry.x3dh !== undefined && sender !== undefined && hex(initiator) !== hex(sender)) continue
        for (const ephemeral of ephemerals) {
          // BOUNDED: secrets
          if (budget.secrets-- <= 0) return
          const dh = [
            ring.agree(compressPublicKey(initiator), prekey),
            ring.agree(ephemeral, compressPublicKey(responder)),
            ring.agree(ephemeral, prekey)
          ] as const
          if (dh[0] === undefined || dh[1] === undefined || dh[2] === undefined) continue
          // Copies: agreement wipes what it is given.
          const secret = agreedSecret(dh[0].slice(), dh[1].slice(), dh[2].slice())
          const steps = [{ key: prekey, rootKey: secret, chainKey: secret }]
          yield { id: hex(prekey), initiator, responder, ephemeral: hex(ephemeral), steps }
        }
      }
    }
  }

  return {
    nextBlob: () => {
      budget = whole()
    },
    isExhausted: () => budget.rootSteps <= 0 || budget.chainKeys <= 0 || budget.secrets < 0,
    openIn,
    candidates
  }
}

/** Whether the sender, where it is known, is one of the two. */
export const takesPart = (sender: Uint8Array | undefined, initiator: Uint8Array, responder: Uint8Array): boolean =>
  sender === undefined || hex(sender) === hex(initiator) || hex(sender) === hex(responder)

function opened(session: Session, plaintext: Uint8Array, turn: number): OpenedRatchet {
  // The initiator's keys stand at odd places of the root chain, the responder's (its prekey first) at even ones.
  const [sender, recipient] =
    turn % 2 === 1 ? [session.initiator, session.responder] : [session.responder, session.initiator]
  return { plaintext, sender, recipient, turn, by: 'earlier in the capture' }
}
