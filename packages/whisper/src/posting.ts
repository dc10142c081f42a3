import { bytesToHex } from '@status-stack/crypto'
import { raceAbort, withSignals, withTimeout } from '@status-stack/utils'
import { check, checkPow, checkRouteKey, checkSigner, checkTopic, maxUint32 } from './checks.ts'
import { type Envelope, encodeEnvelope, envelopeHash, envelopeSize } from './envelope.ts'
import { WhisperError } from './errors.ts'
import { limits } from './limits.ts'
import { asymmetricOverhead } from './message/asymmetric.ts'
import { paddingAlignment, signatureLength } from './message/layout.ts'
import { symmetricOverhead } from './message/symmetric.ts'
import { sealMessage } from './message/wrap.ts'
import { packetCodes } from './packets/codes.ts'
import { powPrefix, powTargetBits } from './pow.ts'
import { type NodeContext, nowSeconds } from './relay/context.ts'
import type { Gossip } from './relay/gossip.ts'
import type { Intake } from './relay/intake.ts'
import { createPostTracker } from './relay/posts.ts'
import type { PowOptions, RouteKey } from './route.ts'
import type { PowSearcher } from './search/searcher.ts'
import type { PostEnvelope, Posted, PostMessage } from './whisper-types.ts'

/** Bytes around the data of an envelope alone in a Messages packet, at most: headers, expiry, ttl, topic, nonce. */
const packetOverhead = 48
/** Leading zero bits of a digest that is zero. */
const digestBits = 256
/** flags and the longest size field. */
const layoutOverhead = 4

/** Longest payload for a key, bytes: what still fits a packet of `maxMessageSize`, signed and padded. */
export function payloadLimitOf(key: RouteKey, maxMessageSize: number): number {
  const overhead = key.kind === 'symmetric' ? symmetricOverhead : asymmetricOverhead
  const plaintext = Math.floor((maxMessageSize - packetOverhead - overhead) / paddingAlignment) * paddingAlignment
  return Math.max(0, Math.min(limits.maxPayload, plaintext - layoutOverhead - signatureLength - 1))
}

/** Works on an envelope until its PoW is right. SPEC: go-ethereum `Envelope.Seal`. */
export async function sealEnvelope(
  envelope: Omit<Envelope, 'nonce'>,
  pow: PowOptions,
  searcher: PowSearcher,
  options: Pick<PostEnvelope, 'signal' | 'onProgress'> = {}
): Promise<Envelope> {
  const { target, timeSeconds } = pow
  const search = { timeMs: timeSeconds * 1000, signal: options.signal, onProgress: options.onProgress }
  if (target === 0) return { ...envelope, nonce: 0n }
  if (target < 0) {
    // The work itself takes the time: the message would otherwise lose that much of its life.
    const later = { ...envelope, expiry: (envelope.expiry + timeSeconds) >>> 0 }
    const { nonce } = await searcher.best(powPrefix(later), search)
    return { ...later, nonce }
  }
  const prefix = powPrefix(envelope)
  const bits = powTargetBits(target, envelope.data.length, envelope.ttl, prefix.length)
  // No digest has more bits: a peer or a program may ask for any number.
  const isPossible = timeSeconds > 0 && bits <= digestBits
  const nonce = isPossible ? await searcher.search(prefix, bits, search) : undefined
  if (nonce === undefined) {
    throw new WhisperError(
      'pow-not-reached',
      `failed to reach the PoW target, specified pow time (${timeSeconds} seconds) was insufficient`,
      { origin: 'environment', details: { bits, seconds: timeSeconds } }
    )
  }
  return { ...envelope, nonce }
}

/** What `post` and `postEnvelope` have in common. */
const common = ['payload', 'signer', 'ttlSeconds', 'pow', 'targetPeer', 'onProgress', 'signal']

/** @param where what else there is: where the message goes @throws WhisperError `invalid-argument` */
export function checkPost(message: Omit<PostMessage, 'route'>, where: readonly string[]): void {
  check.options('message', message, [...common, ...where])
  const { payload, signer, ttlSeconds, pow, targetPeer, onProgress, signal } = message
  check.bytes('payload', payload)
  if (signer !== undefined) checkSigner('signer', signer)
  if (ttlSeconds !== undefined) check.integer('ttlSeconds', ttlSeconds, 0, maxUint32)
  if (pow !== undefined) checkPow('pow', pow)
  if (targetPeer !== undefined) check.text('targetPeer', targetPeer)
  if (onProgress !== undefined) check.function('onProgress', onProgress)
  check.signal('signal', signal)
}

function checked(message: PostEnvelope): void {
  checkPost(message, ['topic', 'key', 'padding'])
  if (message.key === undefined) {
    throw new WhisperError('no-key', 'unable to encrypt the message: neither symmetric nor assymmetric key provided', {
      origin: 'caller'
    })
  }
  checkTopic('topic', message.topic)
  checkRouteKey('key', message.key)
  if (message.padding !== undefined) check.bytes('padding', message.padding)
}

export type Poster = (message: PostEnvelope) => Promise<Posted>

export function createPoster(
  context: NodeContext,
  intake: Intake,
  gossip: Gossip,
  searcher: PowSearcher,
  running: () => AbortSignal
): Poster {
  const { options, requirements, random, peers, trackers, scheduler } = context

  const seal = async (message: PostEnvelope, stopped: AbortSignal): Promise<Envelope> => {
    const ttl =
      message.ttlSeconds === undefined || message.ttlSeconds === 0 ? options.defaultTtlSeconds : message.ttlSeconds
    const data = sealMessage(message, random)
    const { maxMessageSize } = requirements.current()
    if (envelopeSize({ data }) > maxMessageSize) {
      throw new WhisperError('message-too-large', `message: ${data.length + 20} bytes, at most ${maxMessageSize}`, {
        origin: 'caller',
        details: { got: data.length + 20, most: maxMessageSize }
      })
    }
    const expiry = Math.min(0xffff_ffff, nowSeconds(context) + ttl)
    return withSignals([message.signal, stopped], signal =>
      sealEnvelope({ expiry, ttl, topic: message.topic, data }, message.pow ?? options.defaultPow, searcher, {
        signal,
        ...(message.onProgress === undefined ? {} : { onProgress: message.onProgress })
      })
    )
  }

  const sendDirectly = async (peerId: string, envelope: Envelope, bytes: Uint8Array): Promise<Posted> => {
    const peer = peers.get(peerId)
    if (peer === undefined) throw unknownPeer(peerId)
    await peer.send(packetCodes.p2pMessage, context.protocol.peerToPeer.encodeMessages([bytes]))
    const hash = envelopeHash(bytes)
    const tracker = createPostTracker()
    tracker.end()
    return { hash, expiry: envelope.expiry, sentTo: [peerId], confirmations: tracker.confirmations }
  }

  return async message => {
    checked(message)
    const stopped = running()
    message.signal?.throwIfAborted()
    if (message.targetPeer !== undefined && !peers.has(message.targetPeer)) throw unknownPeer(message.targetPeer)
    const envelope = await seal(message, stopped)
    const bytes = encodeEnvelope(envelope)
    if (message.targetPeer !== undefined) return sendDirectly(message.targetPeer, envelope, bytes)
    const tracker = createPostTracker()
    const id = bytesToHex(envelopeHash(bytes))
    // Before the envelope can go anywhere: a fast peer's confirmation must find it.
    trackers.set(id, tracker)
    try {
      const { entry, matched } = intake.injectOwn(bytes)
      tracker.expect(gossip.recipientsOf(entry))
      gossip.flush()
      // Begun in this turn: a peer that sends it back is told that it is kept once it is.
      const stored = intake.archive([entry])
      await matched
      await raceAbort(stored, stopped)
    } catch (error) {
      trackers.delete(id)
      throw error
    }
    // Stopping the node ends its trackers. No listener on a signal that all posts share: a hundred at once are fine.
    await withTimeout(tracker.idle(), scheduler, options.sendWaitMs)
    return {
      hash: envelopeHash(bytes),
      expiry: envelope.expiry,
      sentTo: tracker.sentTo(),
      confirmations: tracker.confirmations
    }
  }
}

export function unknownPeer(peerId: string): WhisperError {
  return new WhisperError('unknown-peer', `Could not find peer with ID: ${peerId}`, { origin: 'caller' })
}
