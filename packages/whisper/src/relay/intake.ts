import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { forEachSliced } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import type { RefusalReason } from '../events.ts'
import { limits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import {
  encodeBatchAcknowledged,
  encodeEnvelopeError,
  envelopeErrorCode,
  joinMessageResponse
} from '../packets/confirmations.ts'
import {
  checkEnvelopes,
  createEnvelopeSpan,
  type EnvelopeSpan,
  envelopesOfList,
  forEachEnvelope,
  readEnvelope
} from '../packets/envelope-reader.ts'
import type { Archived } from '../ports.ts'
import { topicBytes, topicLength, topicNumber } from '../topic.ts'
import { isClockError, type Verdict } from './acceptance.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import type { Gossip } from './gossip.ts'
import { archivedOf, candidateOf, judgeSpan, offBySeconds } from './judging.ts'
import { markKnown } from './known-peers.ts'
import type { Peer } from './peer.ts'
import { createPooledEnvelope, type PooledEnvelope } from './pooled-envelope.ts'

/** Takes envelopes in: from peers, and our own. */
export interface Intake {
  /** One Messages packet: every envelope is processed even after an error. @throws WhisperError `invalid-packet`, `invalid-envelope`, `bad-envelope` */
  readonly receive: (peer: Peer, payload: Uint8Array) => Promise<void>
  /** An envelope written here. `matched` settles when the filters have seen it. @throws WhisperError `pow-too-low`, `message-too-large`, `pool-full`, `invalid-envelope` */
  readonly injectOwn: (bytes: Uint8Array) => { readonly entry: PooledEnvelope; readonly matched: Promise<void> }
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
  /** New envelopes, for an archive. */
  readonly fresh: PooledEnvelope[]
  /** Encoded error entries. */
  readonly errors: Uint8Array[]
  /** The first reason to disconnect in strict mode. */
  violation: RefusalReason | undefined
}

export function createIntake(context: NodeContext, gossip: Gossip, linkLimits: IntakeLimits): Intake {
  const { options, pool, index, events, trackers, slicer } = context

  /** Pools a judged envelope; false when the pool is full of better ones. */
  const admit = (entry: PooledEnvelope): boolean => {
    const { added, evicted } = pool.add(entry)
    for (const { id } of evicted) {
      events.emit('envelopeevicted', { hash: id })
      trackers.get(id)?.end()
      trackers.delete(id)
    }
    if (!added) return false
    events.emit('envelopepooled', {
      hash: entry.id,
      topic: bytesToHex(topicBytes(entry.topic)),
      expiry: entry.expiry
    })
    return true
  }

  const match = (entry: PooledEnvelope, from?: string): Promise<void> | undefined => {
    if (!index.hears(entry.topic)) return undefined
    const matched = index.match(candidateOf(entry, from))
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

  const judged = (peer: Peer, hash: Uint8Array, span: EnvelopeSpan, verdict: Verdict, outcome: PacketOutcome): void => {
    if (verdict.kind === 'dropped') refuse(peer, hash, span, 'expired')
    if (verdict.kind !== 'refused') return
    const { reason, description } = verdict
    refuse(peer, hash, span, reason)
    // BOUNDED: limits.sentErrors, so that our answer stays below the peer's packet limit.
    if (outcome.errors.length < limits.sentErrors) {
      outcome.errors.push(encodeEnvelopeError({ hash, code: envelopeErrorCode, description }))
    }
    if (!isClockError(reason)) outcome.violation ??= reason
  }

  const accept = (
    peer: Peer,
    packet: Uint8Array,
    span: EnvelopeSpan,
    outcome: PacketOutcome
  ): Promise<void> | undefined => {
    const raw = packet.subarray(span.start, span.end)
    const hash = keccak256(raw)
    const id = bytesToHex(hash)
    events.emit('envelopereceived', { hash: id, peerId: peer.id })
    const known = pool.get(id)
    if (known !== undefined) markKnown(known, peer.slot)
    // A repeat is no news and no fault: our own envelopes come back, and a slow peer sends what has just left the pool.
    if (known !== undefined || pool.wasEvicted(id) || pool.hasExpired(id)) {
      context.meter.duplicate(raw.length)
      return undefined
    }
    const verdict = judgeSpan(context, packet, span, false)
    if (verdict.kind !== 'accepted') {
      judged(peer, hash, span, verdict, outcome)
      return undefined
    }
    const topic = packet.subarray(span.topicStart, span.topicStart + topicLength)
    // What our own bounds turn away is not the peer's fault: no error entry, no disconnect.
    if (!linkLimits.topicAllowed(peer, topic)) {
      refuse(peer, hash, span, 'topic-rate')
      return undefined
    }
    const entry = pooledOf(id, new Uint8Array(raw), span, topicNumber(topic), verdict.pow, false)
    markKnown(entry, peer.slot)
    if (!admit(entry)) {
      refuse(peer, hash, span, 'pool-full')
      return undefined
    }
    if (context.mailserver?.archive !== undefined) outcome.fresh.push(entry)
    return match(entry, peer.id)
  }

  const archive = async (entries: readonly PooledEnvelope[]): Promise<boolean> => {
    const port = context.mailserver?.archive
    if (port === undefined || entries.length === 0) return true
    const archived: Archived[] = []
    await forEachSliced(entries, entry => void archived.push(archivedOf(entry)), { slicer })
    try {
      await port.accept(archived)
      return true
    } catch {
      events.emit('archivefailed', { envelopes: entries.length })
      context.logger.error('whisper:archive: storing failed', { envelopes: entries.length })
      return false
    }
  }

  const confirm = (peer: Peer, payload: Uint8Array, errors: readonly Uint8Array[]): void => {
    if (!options.confirmations) return
    const batch = keccak256(payload)
    peer.answer(packetCodes.messageResponse, joinMessageResponse(batch, errors))
    peer.answer(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
  }

  return {
    archive,
    receive: async (peer, payload) => {
      const { signal } = peer.abort
      const range = envelopesOfList(payload)
      linkLimits.charge(peer, await checkEnvelopes(payload, range, slicer, signal))
      const outcome: PacketOutcome = { fresh: [], errors: [], violation: undefined }
      try {
        await forEachEnvelope(payload, range, span => accept(peer, payload, span, outcome), slicer, signal)
      } finally {
        gossip.flush()
      }
      // DEVIATION: status-go confirms what it failed to store; then the sender would not send it again.
      if (await archive(outcome.fresh)) confirm(peer, payload, outcome.errors)
      const reason = outcome.violation
      if (options.strict && reason !== undefined) {
        throw new WhisperError('bad-envelope', `envelope: ${reason}`, { origin: 'peer', details: { reason } })
      }
    },
    injectOwn: bytes => {
      const span = createEnvelopeSpan()
      readEnvelope(bytes, 0, bytes.length, span)
      const id = bytesToHex(keccak256(bytes))
      const known = pool.get(id)
      if (known !== undefined) return { entry: known, matched: Promise.resolve() }
      const verdict = judgeSpan(context, bytes, span, true)
      if (verdict.kind !== 'accepted') throw ownRefused(context, bytes, verdict)
      const topic = topicNumber(bytes.subarray(span.topicStart, span.topicStart + topicLength))
      const entry = pooledOf(id, new Uint8Array(bytes), span, topic, verdict.pow, true)
      if (!admit(entry)) {
        throw new WhisperError('pool-full', 'envelope pool: full of envelopes with more proof of work', {
          origin: 'environment'
        })
      }
      return { entry, matched: match(entry) ?? Promise.resolve() }
    }
  }
}

function pooledOf(
  id: string,
  bytes: Uint8Array,
  span: EnvelopeSpan,
  topic: number,
  pow: number,
  own: boolean
): PooledEnvelope {
  return createPooledEnvelope({ id, bytes, topic, expiry: span.expiry, ttl: span.ttl, pow, own })
}

/** Why an envelope of our own cannot go out. */
function ownRefused(
  { requirements }: NodeContext,
  bytes: Uint8Array,
  verdict: Exclude<Verdict, { kind: 'accepted' }>
): WhisperError {
  if (verdict.kind === 'refused' && verdict.reason === 'low-pow') {
    return new WhisperError('pow-too-low', 'envelope: its PoW is below our own minimum', {
      origin: 'caller',
      details: { pow: verdict.pow, least: requirements.minPow() }
    })
  }
  if (verdict.kind === 'refused' && verdict.reason === 'too-large') {
    return new WhisperError('message-too-large', 'envelope: larger than the maximum message size', {
      origin: 'caller',
      details: { got: bytes.length, most: requirements.current().maxMessageSize }
    })
  }
  const why = verdict.kind === 'dropped' ? 'expired' : verdict.reason
  return new WhisperError('invalid-envelope', `envelope: ${why}`, { origin: 'caller' })
}
