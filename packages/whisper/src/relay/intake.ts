import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { envelopeBloom } from '../bloom.ts'
import { decodeEnvelope, type Envelope, envelopeHash, sentSeconds } from '../envelope.ts'
import { WhisperError } from '../errors.ts'
import type { RefusalReason } from '../events.ts'
import type { Candidate } from '../filters/filter-index.ts'
import { hardLimits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import {
  type EnvelopeError,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  envelopeErrorCode
} from '../packets/confirmations.ts'
import { decodeMessages } from '../packets/messages.ts'
import type { Archived } from '../ports.ts'
import { envelopePowOfBytes } from '../pow.ts'
import { breathe } from '../wait.ts'
import { isClockError, judgeEnvelope, type Verdict } from './acceptance.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import type { Gossip } from './gossip.ts'
import type { Peer } from './peer.ts'
import type { PooledEnvelope } from './pool.ts'

/** Takes envelopes in: from peers, and our own. */
export interface Intake {
  /** One Messages packet: every envelope is processed even after an error. @throws WhisperError `invalid-packet`, `invalid-envelope`, `bad-envelope` */
  readonly receive: (peer: Peer, payload: Uint8Array) => Promise<void>
  /** An envelope written here. @throws WhisperError `pow-too-low`, `message-too-large`, `pool-full`, `invalid-envelope` */
  readonly injectOwn: (bytes: Uint8Array) => PooledEnvelope
  /** Hands new envelopes to the archive, if there is one. False when it could not store them: then they are not confirmed. */
  readonly archive: (entries: readonly PooledEnvelope[]) => Promise<boolean>
}

type Outcome =
  | { readonly kind: 'new'; readonly entry: PooledEnvelope }
  | { readonly kind: 'known' | 'dropped' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly description: string }

/** Envelopes of one packet that are taken in before others get a turn: some 20 ms. */
const envelopesPerTurn = 1000

export function archivedOf(entry: PooledEnvelope): Archived {
  const { envelope, bytes, hash } = entry
  return {
    bytes,
    hash,
    topic: envelope.topic,
    sentSeconds: sentSeconds(envelope),
    expirySeconds: envelope.expiry
  }
}

export function candidateOf(entry: PooledEnvelope): Candidate {
  return { envelope: entry.envelope, hash: entry.hash, pow: entry.pow, p2p: false }
}

/** The same envelope over its own copy of the bytes: a pooled one must not keep its whole packet alive. */
function detach(raw: Uint8Array, envelope: Envelope): { readonly bytes: Uint8Array; readonly envelope: Envelope } {
  const bytes = raw.slice()
  const view = (part: Uint8Array): Uint8Array => {
    const at = part.byteOffset - raw.byteOffset
    return bytes.subarray(at, at + part.length)
  }
  return { bytes, envelope: { ...envelope, topic: view(envelope.topic), data: view(envelope.data) } }
}

export function createIntake(
  context: NodeContext,
  gossip: Gossip,
  topicAllowed: (peer: Peer, topic: Uint8Array) => boolean
): Intake {
  const { options, pool, index, events, requirements, trackers } = context

  const judge = (envelope: Envelope, bytes: Uint8Array, known: PooledEnvelope | undefined, own: boolean): Verdict => {
    const current = requirements.current()
    return judgeEnvelope(
      envelope,
      {
        pow: futureSeconds => known?.pow ?? envelopePowOfBytes(bytes, envelope, futureSeconds),
        bloom: () => known?.bloom ?? envelopeBloom(envelope.topic)
      },
      // What we write ourselves goes to others: our own filter has no say in it.
      own ? { ...current, bloom: undefined } : current,
      nowSeconds(context)
    )
  }

  /** Pools a judged envelope and offers it to the filters and the peers. */
  const admit = (entry: PooledEnvelope): boolean => {
    const { added, evicted } = pool.add(entry)
    for (const { id } of evicted) {
      events.emit('envelopeevicted', { hash: id })
      gossip.forget(id)
      trackers.get(id)?.end()
      trackers.delete(id)
    }
    if (!added) return false
    events.emit('envelopepooled', {
      hash: entry.id,
      topic: bytesToHex(entry.envelope.topic),
      expiry: entry.envelope.expiry
    })
    index.match(candidateOf(entry))
    return true
  }

  const accept = (peer: Peer, raw: Uint8Array, envelope: Envelope, hash: Uint8Array): Outcome => {
    const id = bytesToHex(hash)
    const known = pool.get(id)
    events.emit('envelopereceived', { hash: id, peerId: peer.id })
    const verdict = judge(envelope, raw, known, false)
    if (verdict.kind !== 'accepted') return verdict
    if (known !== undefined) {
      known.knownTo.add(peer)
      context.meter.duplicate(raw.length)
      return { kind: 'known' }
    }
    if (pool.wasEvicted(id)) return { kind: 'known' }
    if (!topicAllowed(peer, envelope.topic)) {
      return { kind: 'refused', reason: 'topic-rate', description: 'topic rate limit exceeded' }
    }
    const entry: PooledEnvelope = {
      ...detach(raw, envelope),
      hash,
      id,
      pow: verdict.pow,
      bloom: verdict.bloom,
      knownTo: new WeakSet([peer]),
      own: false
    }
    if (!admit(entry)) return { kind: 'refused', reason: 'pool-full', description: 'envelope pool is full' }
    gossip.offer(entry)
    return { kind: 'new', entry }
  }

  const archive = async (entries: readonly PooledEnvelope[]): Promise<boolean> => {
    const port = context.mailserver?.archive
    if (port === undefined || entries.length === 0) return true
    try {
      await port.accept(entries.map(archivedOf))
      return true
    } catch {
      events.emit('archivefailed', { envelopes: entries.length })
      context.logger.error('whisper:archive: storing failed', { envelopes: entries.length })
      return false
    }
  }

  const confirm = (peer: Peer, payload: Uint8Array, errors: readonly EnvelopeError[]): void => {
    if (!options.confirmations) return
    const batch = keccak256(payload)
    // Not awaited: two peers that answer each other's packets must not wait for each other.
    peer.send(packetCodes.messageResponse, encodeMessageResponse({ batch, errors })).catch(() => undefined)
    peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch)).catch(() => undefined)
  }

  return {
    archive,
    receive: async (peer, payload) => {
      const parsed = decodeMessages(payload).map(raw => ({ raw, envelope: decodeEnvelope(raw) }))
      const errors: EnvelopeError[] = []
      const fresh: PooledEnvelope[] = []
      let punish: RefusalReason | undefined
      for (const [index, { raw, envelope }] of parsed.entries()) {
        if (index > 0 && index % envelopesPerTurn === 0) await breathe()
        const hash = envelopeHash(raw)
        const outcome = accept(peer, raw, envelope, hash)
        if (outcome.kind === 'new') fresh.push(outcome.entry)
        if (outcome.kind === 'dropped') {
          events.emit('enveloperefused', { hash: bytesToHex(hash), peerId: peer.id, reason: 'expired' })
        }
        if (outcome.kind !== 'refused') continue
        events.emit('enveloperefused', { hash: bytesToHex(hash), peerId: peer.id, reason: outcome.reason })
        // What our own bounds turn away is not the peer's fault: no error entry, no punishment.
        if (outcome.reason === 'pool-full' || outcome.reason === 'topic-rate') continue
        // BOUNDED: our answer stays below the peer's packet limit.
        if (errors.length < hardLimits.sentErrors) {
          errors.push({ hash, code: envelopeErrorCode, description: outcome.description })
        }
        if (!isClockError(outcome.reason)) punish ??= outcome.reason
      }
      gossip.flush()
      // DEVIATION: status-go confirms what it failed to store; then the sender would not send it again.
      if (await archive(fresh)) confirm(peer, payload, errors)
      if (options.strict && punish !== undefined) {
        throw new WhisperError('bad-envelope', `envelope: ${punish}`, { origin: 'peer', details: { reason: punish } })
      }
    },
    injectOwn: bytes => {
      const envelope = decodeEnvelope(bytes)
      const hash = envelopeHash(bytes)
      const id = bytesToHex(hash)
      const known = pool.get(id)
      if (known !== undefined) return known
      const verdict = judge(envelope, bytes, undefined, true)
      if (verdict.kind === 'refused' && verdict.reason === 'low-pow') {
        throw new WhisperError('pow-too-low', 'envelope: its PoW is below our own minimum', {
          origin: 'caller',
          details: { pow: verdict.pow, least: requirements.minPow() }
        })
      }
      if (verdict.kind === 'refused' && verdict.reason === 'too-large') {
        throw new WhisperError('message-too-large', 'envelope: larger than the maximum message size', {
          origin: 'caller',
          details: { got: bytes.length, most: requirements.current().maxMessageSize }
        })
      }
      if (verdict.kind !== 'accepted') {
        const why = verdict.kind === 'dropped' ? 'expired' : verdict.reason
        throw new WhisperError('invalid-envelope', `envelope: ${why}`, { origin: 'caller' })
      }
      const entry: PooledEnvelope = {
        ...detach(bytes, envelope),
        hash,
        id,
        pow: verdict.pow,
        bloom: verdict.bloom,
        knownTo: new WeakSet(),
        own: true
      }
      if (!admit(entry)) {
        throw new WhisperError('pool-full', 'envelope pool: full of envelopes with more proof of work', {
          origin: 'environment'
        })
      }
      return entry
    }
  }
}
