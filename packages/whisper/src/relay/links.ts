import { WhisperError } from '../errors.ts'
import { packetCodes } from '../packets/codes.ts'
import { decodeStatus, encodeStatus, type PeerStatus } from '../packets/status.ts'
import type { Packet, PeerLink } from '../ports.ts'
import { delay, orAbort } from '../wait.ts'
import { announceRequirements } from './announce.ts'
import type { LinkMeter } from './bandwidth.ts'
import type { NodeContext } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import type { Gossip } from './gossip.ts'
import { createPeer, type Peer } from './peer.ts'
import type { LinkLimiter, RateLimiter } from './rate-limiter.ts'
import { createSuccession, type RunningLink } from './succession.ts'

/** Runs the protocol on links. */
export interface Links {
  readonly attach: (link: PeerLink) => Promise<void>
  /** Closes every link and waits for their loops. */
  readonly stop: () => Promise<void>
  readonly limiterOf: (peer: Peer) => LinkLimiter | undefined
}

function isOwedAnswer(peer: Peer, code: number): boolean {
  return (code === packetCodes.batchAcknowledged || code === packetCodes.messageResponse) && peer.owedAnswers > 0
}

/** Waits while the readers of deliveries are behind. */
export type RoomForDeliveries = (signal: AbortSignal) => Promise<void>

export function createLinks(
  context: NodeContext,
  gossip: Gossip,
  dispatch: Dispatch,
  rateLimiter: RateLimiter,
  hooks: { readonly room: RoomForDeliveries; readonly detached: (peer: Peer) => void }
): Links {
  const { options, clock, scheduler, events, peers, requirements } = context
  // BOUNDED: maxPeers; ids whose handshake is under way count too.
  const busy = new Map<string, RunningLink>()
  // BOUNDED: one newer link for each id in `busy`.
  const succeeding = new Set<string>()
  const makesRoom = createSuccession(context)
  let stops = 0
  const limiters = new WeakMap<Peer, LinkLimiter>()

  const sendStatus = async (link: PeerLink, meter: LinkMeter, signal: AbortSignal): Promise<void> => {
    const payload = encodeStatus({
      minPow: requirements.minPow(),
      bloom: requirements.bloom(),
      light: requirements.light(),
      confirmations: options.confirmations,
      rateLimits: {
        address: BigInt(Math.floor(options.rateLimitPerAddress)),
        peer: BigInt(Math.floor(options.rateLimitPerPeer)),
        topic: BigInt(Math.floor(options.rateLimitPerTopic))
      }
    })
    await link.send(packetCodes.status, payload, { signal })
    meter.sent(packetCodes.status, payload.length)
  }

  const checkSize = ({ payload }: Packet): void => {
    const most = requirements.current().maxMessageSize
    if (payload.length > most) {
      throw new WhisperError('packet-too-large', `packet: ${payload.length} bytes, at most ${most}`, {
        origin: 'peer',
        details: { got: payload.length, most }
      })
    }
  }

  const awaitStatus = async (
    packets: AsyncIterator<Packet>,
    meter: LinkMeter,
    gone: AbortController
  ): Promise<PeerStatus | undefined> => {
    const cancel = scheduler.after(options.handshakeTimeoutMs, () => {
      gone.abort(
        new WhisperError('handshake-timeout', 'handshake: no Status in time', {
          origin: 'peer',
          details: { timeoutMs: options.handshakeTimeoutMs }
        })
      )
    })
    try {
      const first = await orAbort(packets.next(), gone.signal)
      if (first.done === true) return undefined
      meter.received(first.value.code, first.value.payload.length)
      checkSize(first.value)
      if (first.value.code !== packetCodes.status) {
        throw new WhisperError('handshake-failed', `handshake: expected Status, got packet ${first.value.code}`, {
          origin: 'peer',
          details: { code: first.value.code }
        })
      }
      const status = decodeStatus(first.value.payload)
      if (status.light && requirements.light() && options.restrictLightLinks) {
        throw new WhisperError('handshake-failed', 'handshake: both sides are light nodes', { origin: 'peer' })
      }
      return status
    } finally {
      cancel()
    }
  }

  const throttle = async (peer: Peer, limiter: LinkLimiter, over: { count: number }): Promise<void> => {
    let counted = false
    for (;;) {
      const { waitMs, scope } = limiter.packet(clock.nowMs())
      if (waitMs === 0) return
      if (!counted) {
        counted = true
        over.count += 1
        events.emit('ratelimited', { peerId: peer.id, scope, count: over.count })
        if (options.rateLimitTolerance > 0 && over.count >= options.rateLimitTolerance) {
          throw new WhisperError('rate-limit-exceeded', `rate limit: ${over.count} packets over it`, {
            origin: 'peer',
            details: { count: over.count }
          })
        }
      }
      await delay(scheduler, waitMs, peer.gone.signal)
      peer.gone.signal.throwIfAborted()
    }
  }

  const readPackets = async (
    peer: Peer,
    packets: AsyncIterator<Packet>,
    meter: LinkMeter,
    heard: () => void
  ): Promise<void> => {
    const limiter = rateLimiter.open(peer.link, clock.nowMs())
    limiters.set(peer, limiter)
    const over = { count: 0 }
    for (;;) {
      const next = await orAbort(packets.next(), peer.gone.signal)
      if (next.done === true) return
      heard()
      const { code, payload } = next.value
      meter.received(code, payload.length)
      checkSize(next.value)
      // Otherwise a flood that we pass on would use up the limit of those who confirm it.
      if (isOwedAnswer(peer, code)) peer.owedAnswers -= 1
      else await throttle(peer, limiter, over)
      await dispatch(peer, code, payload)
      if (peer.leases === 0) await hooks.room(peer.gone.signal)
      peer.gone.signal.throwIfAborted()
    }
  }

  const forget = (peer: Peer): void => {
    peers.delete(peer.id)
    peer.cancelTimer?.()
    peer.cancelTimer = undefined
    for (const id of peer.queue.keys()) context.trackers.get(id)?.settle(peer.id, false)
    peer.queue.clear()
    hooks.detached(peer)
  }

  const serve = async (link: PeerLink, running: RunningLink): Promise<void> => {
    const { gone } = running
    const meter = context.meter.open(link.peerId)
    const packets = link.packets()[Symbol.asyncIterator]()
    let peer: Peer | undefined
    try {
      const announced = { minPow: requirements.minPow(), bloom: requirements.bloom() }
      const sending = sendStatus(link, meter, gone.signal)
      // A peer that talks first must be heard even if it never takes our Status.
      sending.catch(error => gone.abort(error))
      const status = await awaitStatus(packets, meter, gone)
      if (status === undefined) return
      await orAbort(sending, gone.signal)
      running.heard()
      peer = createPeer(link, status, meter, gone)
      running.peer = peer
      peers.set(link.peerId, peer)
      void announceRequirements(peer, requirements, announced)
      events.emit('peerattached', { peerId: link.peerId })
      gossip.offerPool(peer)
      gossip.flush()
      await readPackets(peer, packets, meter, () => running.heard())
    } finally {
      if (peer !== undefined) forget(peer)
      meter.close()
    }
  }

  const refuse = async (link: PeerLink, error: WhisperError): Promise<never> => {
    await link.close('done')
    throw error
  }

  const attach = async (link: PeerLink): Promise<void> => {
    const { peerId } = link
    const older = busy.get(peerId)
    const before = stops
    let free = older === undefined
    if (older !== undefined && !succeeding.has(peerId)) {
      succeeding.add(peerId)
      free = await makesRoom(older)
      // In the turn in which the place is taken, so that no other link gets between.
      succeeding.delete(peerId)
    }
    if (before !== stops)
      await refuse(link, new WhisperError('link-closed', 'node: stopped', { origin: 'environment' }))
    if (!free || succeeding.has(peerId)) {
      await refuse(link, new WhisperError('duplicate-peer', 'peer: it has a link already', { origin: 'environment' }))
    }
    if (busy.size >= options.maxPeers) {
      const details = { most: options.maxPeers }
      await refuse(
        link,
        new WhisperError('too-many-peers', `peers: at most ${details.most}`, { origin: 'environment', details })
      )
    }
    let over = (): void => undefined
    const done = new Promise<void>(resolve => {
      over = resolve
    })
    const running: RunningLink = { gone: new AbortController(), done, peer: undefined, heard: () => undefined }
    busy.set(peerId, running)
    let failure: unknown
    try {
      await serve(link, running)
    } catch (error) {
      failure = error
    }
    busy.delete(peerId)
    const asked = WhisperError.is(failure) && failure.code === 'link-closed'
    const violated = WhisperError.is(failure) && failure.origin === 'peer'
    running.gone.abort(
      failure ?? new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' })
    )
    events.emit('peerdetached', {
      peerId,
      ...(WhisperError.is(failure) && !asked ? { error: failure } : {})
    })
    over()
    await link.close(violated ? 'subprotocol-error' : 'done').catch(() => undefined)
    if (failure !== undefined && !asked) throw failure
  }

  return {
    attach,
    stop: async () => {
      stops += 1
      const all = [...busy.values()]
      for (const { gone } of all) {
        gone.abort(new WhisperError('link-closed', 'node: stopped', { origin: 'environment' }))
      }
      await Promise.all(all.map(({ done }) => done))
    },
    limiterOf: peer => limiters.get(peer)
  }
}
