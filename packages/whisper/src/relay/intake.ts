import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import type { RefusalReason } from '../events.ts'
import { limits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeBatchAcknowledged, encodeEnvelopeError, joinMessageResponse } from '../packets/confirmations.ts'
import {
  checkEnvelopes,
  createEnvelopeSpan,
  type EnvelopeSpan,
  envelopesOfList,
  forEachEnvelope,
  readEnvelope
} from '../packets/envelope-reader.ts'
import { topicBytes, topicLength, topicNumberAt } from '../topic.ts'
import { isClockError, type Judgement } from './acceptance.ts'
import type { Archive, PacketArchive } from './archive.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import { ownRefused, pooledOf } from './entries.ts'
import type { Gossip } from './gossip.ts'
import { candidateOf, createSpanJudge, offBySeconds } from './judging.ts'
import { markKnown } from './known-peers.ts'
import type { Peer } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'
import { createRepeats } from './repeats.ts'
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
  /** An envelope of another network, judged as one of a peer. @throws WhisperError `invalid-envelope` */
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

/** What one packet came to. */
interface PacketOutcome {
  /** What of it an archive has to have before it is confirmed; absent without an archive. */
  readonly archive: PacketArchive | undefined
  /** Encoded error entries. */
  readonly errors: Uint8Array[]
  /** The first reason to disconnect in strict mode. */
  violation: RefusalReason | undefined
}

export function createIntake(context: NodeContext, gossip: Gossip, archive: Archive, linkLimits: IntakeLimits): Intake {
  const { options, pool, index, events, trackers, slicer } = context
  const judgeSpan = createSpanJudge(context)
  const storing = createStoring()
  const noteRepeat = createRepeats(context)

  /** Pools a judged envelope; false when the pool is full of better ones. */
  const admit = (entry: PooledEnvelope): boolean => {
    const { added, evicted } = pool.add(entry)
    for (const { id } of evicted) {
      events.emit('envelopeevicted', { hash: id })
      trackers.get(id)?.end()
      trackers.delete(id)
    }
    if (!added) return false
    if (events.wants('envelopepooled')) {
      const topic = bytesToHex(topicBytes(entry.topic))
      events.emit('envelopepooled', { hash: entry.id, topic, expiry: entry.expiry })
    } else events.tally('envelopepooled')
    return true
  }

  /** Other networks get what is new here, unless a light node should keep to itself. */
  const exchange = (entry: PooledEnvelope): void => {
    if (context.requirements.light() && !entry.own) return
    for (const take of context.exchanges) take(entry)
  }

  const match = (entry: PooledEnvelope, from?: string, hash?: Uint8Array): Promise<void> | undefined => {
    if (!index.hears(entry.topic)) return undefined
    // In light mode everything of others comes as if a trusted peer had sent it. SPEC: K-31.
    const p2p = context.protocol.lightIsPeerToPeer && context.requirements.light() && !entry.own
    const matched = index.match(candidateOf(entry, from, p2p, hash))
    return typeof matched === 'boolean' ? undefined : matched.then(() => undefined)
  }

  const refuse = (peer: Peer, hash: Uint8Array, span: EnvelopeSpan, reason: RefusalReason): void => {
    const off = offBySeconds(reason, span, nowSeconds(context))
    events.emit('enveloperefused', {
      hash: bytesToHex(hash),
      peerId: peer.id,
      reason,
      ...(off === undefined ? {} : { offBySeconds: off })
    })
  }

  const refused = (
    peer: Peer,
    hash: Uint8Array,
    span: EnvelopeSpan,
    verdict: Exclude<Judgement, number>,
    outcome: PacketOutcome
  ): void => {
    if (verdict.kind === 'dropped') {
      refuse(peer, hash, span, 'expired')
      return
    }
    const { reason, description } = verdict
    refuse(peer, hash, span, reason)
    // BOUNDED: limits.sentErrors, so that our answer stays below the peer's packet limit.
    if (outcome.errors.length < limits.sentErrors) {
      outcome.errors.push(encodeEnvelopeError({ hash, code: context.protocol.envelopeErrorCode, description }))
    }
    if (!isClockError(reason)) outcome.violation ??= reason
  }

  const noteReceived = (peer: Peer, id: string): void => {
    if (events.wants('envelopereceived')) events.emit('envelopereceived', { hash: id, peerId: peer.id })
    else events.tally('envelopereceived')
  }

  const accept = (
    peer: Peer,
    packet: Uint8Array,
    span: EnvelopeSpan,
    outcome: PacketOutcome
  ): Promise<void> | undefined => {
    const raw = packet.subarray(span.start, span.end)
    const twin = pool.twinOf(packet, span)
    if (twin !== undefined) {
      noteReceived(peer, twin.id)
      noteRepeat({ peer, id: twin.id, raw, span, entry: twin }, outcome.archive)
      return undefined
    }
    const hash = keccak256(raw)
    const id = bytesToHex(hash)
    noteReceived(peer, id)
    const known = pool.get(id)
    if (known !== undefined || pool.wasEvicted(id) || pool.hasExpired(id)) {
      noteRepeat({ peer, id, raw, span, entry: known }, outcome.archive)
      return undefined
    }
    const pow = judgeSpan(packet, span, false)
    if (typeof pow !== 'number') {
      refused(peer, hash, span, pow, outcome)
      return undefined
    }
    // What our own bounds turn away is not the peer's fault: no error entry, no disconnect.
    const isLimited = options.rateLimitPerTopic > 0
    if (isLimited && !linkLimits.topicAllowed(peer, packet.subarray(span.topicStart, span.topicStart + topicLength))) {
      refuse(peer, hash, span, 'topic-rate')
      return undefined
    }
    const entry = pooledOf(id, raw, span, topicNumberAt(packet, span.topicStart), pow, false)
    markKnown(entry, peer.slot)
    if (!admit(entry)) {
      refuse(peer, hash, span, 'pool-full')
      // Our memory is full, the archive is not: what is confirmed is kept.
      outcome.archive?.repeated(entry, { stored: Promise.resolve(false) })
      return undefined
    }
    exchange(entry)
    outcome.archive?.fresh(entry)
    return match(entry, peer.id, hash)
  }

  /** What confirms a packet once what was in it is stored: by then its bytes may be those of another one. */
  const confirmationOf = (peer: Peer, payload: Uint8Array, { errors }: PacketOutcome) => {
    // DEVIATION: status-go confirms to everyone; go-ethereum, whose Status has no word about it, throws the packets away.
    if (!options.confirmations || !peer.knowsConfirmations) return (): void => undefined
    const batch = keccak256(payload)
    return (): void =>
      peer.answer([
        { code: packetCodes.messageResponse, payload: joinMessageResponse(batch, errors) },
        { code: packetCodes.batchAcknowledged, payload: encodeBatchAcknowledged(batch) }
      ])
  }

  /** DEVIATION: status-go confirms what it failed to store; then the sender would not send it again. */
  const confirmKept = async (isKept: Promise<boolean>, confirm: () => void): Promise<void> => {
    if (await isKept) confirm()
  }

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
    if (!admit(entry)) return { kind: 'refused', reason: 'pool-full' }
    gossip.flush()
    await match(entry)
    await archive.keep([entry])
    return { kind: 'accepted' }
  }

  return {
    archive: archive.keep,
    receive: async (peer, payload) => {
      const { signal } = peer.abort
      const range = envelopesOfList(payload)
      linkLimits.charge(peer, await checkEnvelopes(payload, range, slicer, signal))
      const outcome: PacketOutcome = { archive: archive.packet(), errors: [], violation: undefined }
      let isKept: Promise<boolean> | undefined
      try {
        await forEachEnvelope(payload, range, span => accept(peer, payload, span, outcome), slicer, signal)
      } finally {
        gossip.flush()
        // Also when the link ended half-way: what is pooled by now is no news when another peer sends it.
        isKept = outcome.archive?.kept()
      }
      const reason = outcome.violation
      const isLast = options.strict && reason !== undefined
      const confirm = confirmationOf(peer, payload, outcome)
      if (isKept === undefined) confirm()
      else {
        const confirmed = confirmKept(isKept, confirm)
        const full = storing.follow(peer, payload.length, confirmed)
        if (isLast) await confirmed
        else if (full !== undefined) await full
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
      if (!admit(entry)) {
        throw new WhisperError('pool-full', 'envelope pool: full of envelopes with more proof of work', {
          origin: 'environment'
        })
      }
      exchange(entry)
      return { entry, matched: match(entry) ?? Promise.resolve() }
    },
    offer
  }
}
