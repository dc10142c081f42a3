import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { quotaAddress, raceAbort } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import type { RefusalReason } from '../events.ts'
import { limits } from '../limits.ts'
import {
  checkEnvelopes,
  createEnvelopeSpan,
  envelopesOfList,
  forEachEnvelope,
  readEnvelope
} from '../packets/envelope-reader.ts'
import { topicNumberAt } from '../topic.ts'
import { createAdmission } from './admission.ts'
import type { Archive } from './archive.ts'
import type { NodeContext } from './context.ts'
import { ownRefused, pooledOf } from './entries.ts'
import { createEnvelopeIntake, type PacketOutcome } from './envelope-intake.ts'
import type { Gossip } from './gossip.ts'
import { createSpanJudge } from './judging.ts'
import { confirmationOf, confirmKept } from './packet-confirmation.ts'
import type { Peer } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'
import { createStoring } from './storing.ts'

/** What became of an envelope of another network. */
export type OfferOutcome =
  | { readonly kind: 'accepted' }
  /** It is or was in the pool. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** Takes envelopes in: from peers, and our own. */
export interface Intake {
  /** One Messages packet: every envelope is processed even after an error. @throws WhisperError `invalid-packet`, `invalid-envelope`, `bad-envelope` */
  readonly receive: (peer: Peer, payload: Uint8Array) => Promise<void>
  /** An envelope written here. `matched` settles when the filters have seen it. @throws WhisperError `pow-too-low`, `message-too-large`, `pool-full`, `invalid-envelope` */
  readonly injectOwn: (bytes: Uint8Array) => { readonly entry: PooledEnvelope; readonly matched: Promise<void> }
  /** An envelope of another network, judged as one of a peer; it may not be stored yet. @throws WhisperError `invalid-envelope` */
  readonly offer: (bytes: Uint8Array) => Promise<OfferOutcome>
  /** Hands new envelopes to the archive, if there is one. False when it could not store them: then they are not confirmed. */
  readonly archive: (entries: readonly PooledEnvelope[]) => Promise<boolean>
}

/** The limits of a link that its envelopes count for. */
export interface IntakeLimits {
  /** Whether one more envelope of this topic may come from this peer now. */
  readonly topicAllowed: (peer: Peer, topic: Uint8Array) => boolean
  /** A packet of this peer held so many envelopes. */
  readonly charge: (peer: Peer, envelopes: number) => void
}

/** Who brought what a peer sends: an address has one share, whatever it has of node keys. */
function ownerOf({ id, link }: Peer): string {
  return quotaAddress(link.remoteAddress) ?? id
}

export function createIntake(context: NodeContext, gossip: Gossip, archive: Archive, linkLimits: IntakeLimits): Intake {
  const { options, pool, slicer } = context
  const judgeSpan = createSpanJudge(context)
  const admission = createAdmission(context)
  const takeEnvelope = createEnvelopeIntake(context, admission, linkLimits.topicAllowed)
  const storing = createStoring({ items: limits.storingPackets, bytes: limits.storingBytes })
  const storingOffers = createStoring({ items: limits.storingOffers, bytes: limits.storingOfferBytes })

  const offer = async (bytes: Uint8Array): Promise<OfferOutcome> => {
    const span = createEnvelopeSpan()
    readEnvelope(bytes, 0, bytes.length, span)
    const id = bytesToHex(keccak256(bytes))
    if (pool.get(id) !== undefined || pool.wasEvicted(id) || pool.hasExpired(id)) return { kind: 'known' }
    const pow = judgeSpan(bytes, span, false)
    if (typeof pow !== 'number') {
      return { kind: 'refused', reason: pow.kind === 'dropped' ? 'expired' : pow.reason }
    }
    const entry = pooledOf(id, bytes, span, topicNumberAt(bytes, span.topicStart), pow, false)
    if (!admission.add(entry)) return { kind: 'refused', reason: 'pool-full' }
    gossip.flush()
    // Begun in this turn: a peer whose copy comes next is told that it is kept once it is. Not waited for each time: the two networks would
    // exchange no more than a slow archive stores one by one.
    const full = storingOffers.follow(storingOffers, bytes.length, archive.keep([entry], 'other network'))
    await admission.match(entry, bytes, span)
    if (full !== undefined) await full
    return { kind: 'accepted' }
  }

  return {
    archive: entries => archive.keep(entries, 'own'),
    receive: async (peer, payload) => {
      const { signal } = peer.abort
      const range = envelopesOfList(payload)
      linkLimits.charge(peer, await checkEnvelopes(payload, range, slicer, signal))
      const outcome: PacketOutcome = { archive: archive.packet(ownerOf(peer)), errors: [], violation: undefined }
      let isKept: Promise<boolean> | undefined
      try {
        await forEachEnvelope(payload, range, span => takeEnvelope(peer, payload, span, outcome), slicer, signal)
      } finally {
        gossip.flush()
        // Also when the link ended half-way: what is pooled by now is no news when another peer sends it.
        isKept = outcome.archive?.kept()
      }
      const reason = outcome.violation
      const isLast = options.strict && reason !== undefined
      const confirm = confirmationOf(context, peer, payload, outcome.errors)
      if (isKept === undefined) confirm()
      else {
        const confirmed = confirmKept(isKept, confirm)
        const full = storing.follow(peer, payload.length, confirmed)
        // An archive that does not answer holds up a link as long as there is one.
        if (isLast) await raceAbort(confirmed, signal)
        else if (full !== undefined) await raceAbort(full, signal)
      }
      if (isLast) {
        throw new WhisperError('bad-envelope', `envelope: ${reason}`, { origin: 'peer', details: { reason } })
      }
    },
    injectOwn: bytes => {
      const span = createEnvelopeSpan()
      readEnvelope(bytes, 0, bytes.length, span)
      const id = bytesToHex(keccak256(bytes))
      const known = pool.get(id)
      if (known !== undefined) return { entry: known, matched: Promise.resolve() }
      const pow = judgeSpan(bytes, span, true)
      if (typeof pow !== 'number') throw ownRefused(context, bytes, pow)
      const entry = pooledOf(id, bytes, span, topicNumberAt(bytes, span.topicStart), pow, true)
      if (!admission.add(entry)) {
        throw new WhisperError('pool-full', 'envelope pool: full of envelopes with more proof of work', {
          origin: 'environment'
        })
      }
      admission.exchange(entry)
      return { entry, matched: admission.match(entry, bytes, span) ?? Promise.resolve() }
    },
    offer
  }
}
