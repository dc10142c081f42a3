import { bytesToHex, compressPublicKey, isPublicKey } from '@status-stack/crypto'
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
import { limits as defaults, type InspectLimits } from './limits.ts'
import { missingKey, type Refusal, refusal } from './tree.ts'

/** One step of a session's root chain, seen from above: both sides' ratchet keys in turn. */
interface Step {
  /** Ratchet key that starts the chain, 33 bytes. */
  readonly key: Uint8Array
  readonly rootKey: Uint8Array
  readonly chainKey: Uint8Array
}

/** A session as far as a capture shows it. `steps[0]` is the prekey, whose chain starts as the agreed secret. */
interface Session {
  /** Prekey that names the session, hex. */
  readonly id: string
  readonly initiator: Uint8Array
  readonly responder: Uint8Array
  readonly ephemeral: string
  steps: readonly Step[]
}

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

/** Sessions over a capture. */
export interface Sessions {
  /** Opens an entry that a ratchet sealed; `sender` is 65 bytes where the layer below told it. */
  readonly open: (entry: DirectEntry, sender: Uint8Array | undefined) => OpenedRatchet | Refusal
  /** Another blob begins: the search may start anew. */
  readonly nextBlob: () => void
  readonly count: () => number
}

const hex = bytesToHex
const isKey = (bytes: Uint8Array): boolean => bytes.length === 33 && isPublicKey(bytes)

interface Message {
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

export function createSessions(ring: Keyring, limits: InspectLimits = defaults): Sessions {
  const sessions: Session[] = []
  let budget: Budget = { secrets: 0, rootSteps: 0, chainKeys: 0 }
  const nextBlob = (): void => {
    budget = { secrets: limits.secrets, rootSteps: limits.rootSteps, chainKeys: limits.chainKeys }
  }
  nextBlob()

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

  const remember = (session: Session): void => {
    sessions.push(session)
    // BOUNDED: sessions
    if (sessions.length > limits.sessions) sessions.shift()
  }

  /** Sessions that could be this one: agreed between everybody known, over the header's ephemeral key or any of ours. */
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

  const takesPart = (sender: Uint8Array | undefined, initiator: Uint8Array, responder: Uint8Array): boolean =>
    sender === undefined || hex(sender) === hex(initiator) || hex(sender) === hex(responder)

  const openKnown = (
    entry: DirectEntry,
    message: Message,
    sender: Uint8Array | undefined
  ): OpenedRatchet | undefined => {
    const named = sessions.filter(
      ({ id, initiator, responder, ephemeral }) =>
        id === hex(message.header.id) &&
        takesPart(sender, initiator, responder) &&
        (entry.x3dh === undefined || ephemeral === hex(entry.x3dh.key))
    )
    for (let unseen = 0; unseen <= limits.unseenKeys; unseen++) {
      for (const session of named.toReversed()) {
        const found = openIn(session, message, unseen)
        if (found !== undefined) return found
      }
    }
    return undefined
  }

  const openNew = (
    entry: DirectEntry,
    message: Message,
    sender: Uint8Array | undefined
  ): { readonly found?: OpenedRatchet; readonly tried: number } => {
    const fresh = [...candidates(entry, sender)]
    // Its X3DH header goes out until the first answer: till then its side has one ratchet key.
    const most = entry.x3dh === undefined ? limits.unseenKeys : 0
    for (let unseen = 0; unseen <= most; unseen++) {
      for (const session of fresh) {
        const found = openIn(session, message, unseen)
        if (found === undefined) continue
        remember(session)
        return { found: { ...found, by: entry.x3dh === undefined ? 'search' : 'its X3DH header' }, tried: fresh.length }
      }
    }
    return { tried: fresh.length }
  }

  return {
    nextBlob,
    count: () => sessions.length,
    open: (entry, sender) => {
      const header = entry.ratchet
      const malformed = refusal('malformed', 'ratchet header or payload of the wrong size, or a key that is no point')
      if (header === undefined || !isKey(header.key) || !isKey(header.id)) return malformed
      if (entry.x3dh !== undefined && !isKey(entry.x3dh.key)) return malformed
      if (entry.payload.length < 48) return malformed
      // BOUNDED: chainSteps
      if (header.n > limits.chainSteps) {
        return refusal('too-many-skipped', `message ${header.n} of its chain: at most ${limits.chainSteps} are derived`)
      }
      const message = { header, payload: entry.payload }
      const known = openKnown(entry, message, sender)
      if (known !== undefined) return known
      const { found, tried } = openNew(entry, message, sender)
      if (found !== undefined) return found
      const session = sessions.find(({ id }) => id === hex(header.id))
      if (session?.steps.some(({ key }) => hex(key) === hex(header.key))) {
        return refusal('bad-mac', 'the chain of this ratchet key is known, and the tag does not fit')
      }
      if (budget.rootSteps <= 0 || budget.chainKeys <= 0 || budget.secrets < 0) {
        return missingKey('search-limit', 'no session found within the bounds of the search')
      }
      if (entry.x3dh !== undefined && tried > 0) {
        return refusal('bad-mac', 'the secret of its X3DH header is known, and the tag does not fit')
      }
      return ring.pairs.has(hex(header.id)) || session !== undefined
        ? missingKey('unknown-session', `no given key starts or continues this session (${tried} secrets tried)`)
        : missingKey('unknown-prekey', 'the private key of the prekey that names this session was not given')
    }
  }

  function opened(session: Session, plaintext: Uint8Array, turn: number): OpenedRatchet {
    // The initiator's keys stand at odd places of the root chain, the responder's (its prekey first) at even ones.
    const [sender, recipient] =
      turn % 2 === 1 ? [session.initiator, session.responder] : [session.responder, session.initiator]
    return { plaintext, sender, recipient, turn, by: 'earlier in the capture' }
  }
}
