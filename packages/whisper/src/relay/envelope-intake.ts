import { bytesToHex, keccak256 } from '@status-stack/crypto'
import type { RefusalReason } from '../events.ts'
import { limits } from '../limits.ts'
import { encodeEnvelopeError } from '../packets/confirmations.ts'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { topicLength, topicNumberAt } from '../topic.ts'
import { isClockError, type Judgement } from './acceptance.ts'
import type { Admission } from './admission.ts'
import type { PacketArchive } from './archive.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import { pooledOf } from './entries.ts'
import { createSpanJudge, offBySeconds } from './judging.ts'
import { markKnown } from './known-peers.ts'
import type { Peer } from './peer.ts'
import { createRepeats } from './repeats.ts'

/** What one packet came to. */
export interface PacketOutcome {
  /** What of it an archive has to have before it is confirmed; absent without an archive. */
  readonly archive: PacketArchive | undefined
  /** Encoded error entries. */
  readonly errors: Uint8Array[]
  /** The first reason to disconnect in strict mode. */
  violation: RefusalReason | undefined
}

/**
 * Takes the envelope at `span` of a peer's packet: a repeat is noted, a bad one refused, a good one pooled and shown to the filters. What it
 * answers settles when they have seen it.
 */
export type EnvelopeIntake = (
  peer: Peer,
  packet: Uint8Array,
  span: EnvelopeSpan,
  outcome: PacketOutcome
) => Promise<void> | undefined

export function createEnvelopeIntake(
  context: NodeContext,
  admission: Admission,
  topicAllowed: (peer: Peer, topic: Uint8Array) => boolean
): EnvelopeIntake {
  const { options, pool, events } = context
  const judgeSpan = createSpanJudge(context)
  const noteRepeat = createRepeats(context)

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

  return (peer, packet, span, outcome) => {
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
    if (isLimited && !topicAllowed(peer, packet.subarray(span.topicStart, span.topicStart + topicLength))) {
      refuse(peer, hash, span, 'topic-rate')
      return undefined
    }
    const entry = pooledOf(id, raw, span, topicNumberAt(packet, span.topicStart), pow, false)
    markKnown(entry, peer.slot)
    if (!admission.add(entry)) {
      refuse(peer, hash, span, 'pool-full')
      // Our memory is full, the archive is not: what is confirmed is kept.
      outcome.archive?.repeated(entry, { stored: Promise.resolve(false) })
      return undefined
    }
    admission.exchange(entry)
    outcome.archive?.fresh(entry)
    return admission.match(entry, packet, span, peer.id)
  }
}
