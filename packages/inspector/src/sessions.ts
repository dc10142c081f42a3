import { bytesToHex as hex, isPublicKey } from '@status-stack/crypto'
import type { DirectEntry } from '@status-stack/status-pfs/primitives'
import type { Keyring } from './keyring.ts'
import { limits as defaults, type InspectLimits } from './limits.ts'
import { createRatchetSearch, type Message, type OpenedRatchet, type Session, takesPart } from './ratchet-search.ts'
import { missingKey, type Refusal, refusal } from './tree.ts'

/** Sessions over a capture. */
export interface Sessions {
  /** Opens an entry that a ratchet sealed; `sender` is 65 bytes where the layer below told it. */
  readonly open: (entry: DirectEntry, sender: Uint8Array | undefined) => OpenedRatchet | Refusal
  /** Another blob begins: the search may start anew. */
  readonly nextBlob: () => void
  readonly count: () => number
}

const isKey = (bytes: Uint8Array): boolean => bytes.length === 33 && isPublicKey(bytes)

/** Why the shape of an entry says that it cannot be opened. */
function shapeProblem({ ratchet: header, x3dh, payload }: DirectEntry, limits: InspectLimits): Refusal | undefined {
  const malformed = refusal('malformed', 'ratchet header or payload of the wrong size, or a key that is no point')
  if (header === undefined || !isKey(header.key) || !isKey(header.id)) return malformed
  if (x3dh !== undefined && !isKey(x3dh.key)) return malformed
  if (payload.length < 48) return malformed
  // BOUNDED: chainSteps
  if (header.n <= limits.chainSteps) return undefined
  return refusal('too-many-skipped', `message ${header.n} of its chain: at most ${limits.chainSteps} are derived`)
}

export function createSessions(ring: Keyring, limits: InspectLimits = defaults): Sessions {
  const sessions: Session[] = []
  const search = createRatchetSearch(ring, limits)

  const remember = (session: Session): void => {
    sessions.push(session)
    // BOUNDED: sessions
    if (sessions.length > limits.sessions) sessions.shift()
  }

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
        const found = search.openIn(session, message, unseen)
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
    const fresh = [...search.candidates(entry, sender)]
    // Its X3DH header goes out until the first answer: till then its side has one ratchet key.
    const most = entry.x3dh === undefined ? limits.unseenKeys : 0
    for (let unseen = 0; unseen <= most; unseen++) {
      for (const session of fresh) {
        const found = search.openIn(session, message, unseen)
        if (found === undefined) continue
        remember(session)
        return { found: { ...found, by: entry.x3dh === undefined ? 'search' : 'its X3DH header' }, tried: fresh.length }
      }
    }
    return { tried: fresh.length }
  }

  /** Why no session opens an entry; `tried` is how many secrets were. */
  const refusalOf = (entry: DirectEntry, { header }: Message, tried: number): Refusal => {
    const session = sessions.find(({ id }) => id === hex(header.id))
    if (session?.steps.some(({ key }) => hex(key) === hex(header.key))) {
      return refusal('bad-mac', 'the chain of this ratchet key is known, and the tag does not fit')
    }
    if (search.isExhausted()) return missingKey('search-limit', 'no session found within the bounds of the search')
    if (entry.x3dh !== undefined && tried > 0) {
      return refusal('bad-mac', 'the secret of its X3DH header is known, and the tag does not fit')
    }
    return ring.pairs.has(hex(header.id)) || session !== undefined
      ? missingKey('unknown-session', `no given key starts or continues this session (${tried} secrets tried)`)
      : missingKey('unknown-prekey', 'the private key of the prekey that names this session was not given')
  }

  return {
    nextBlob: search.nextBlob,
    count: () => sessions.length,
    open: (entry, sender) => {
      const problem = shapeProblem(entry, limits)
      const header = entry.ratchet
      if (problem !== undefined || header === undefined) return problem ?? refusal('malformed', 'no ratchet header')
      const message = { header, payload: entry.payload }
      const known = openKnown(entry, message, sender)
      if (known !== undefined) return known
      const { found, tried } = openNew(entry, message, sender)
      return found ?? refusalOf(entry, message, tried)
    }
  }
}
