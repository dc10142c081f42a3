import { check } from '../checks.ts'
import { WhisperError } from '../errors.ts'
import type { PeerLink } from '../ports.ts'
import { announcedNow, announceRequirements } from './announce.ts'
import type { NodeContext } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import type { RunningLink } from './duplicate-link.ts'
import type { Gossip } from './gossip.ts'
import { shakeHands } from './handshake.ts'
import { createPeerSlots } from './known-peers.ts'
import { createLinkPlaces } from './link-places.ts'
import { createPeer, type Peer } from './peer.ts'
import type { LinkLimiter, RateLimiter } from './rate-limiter.ts'
import { readPackets } from './reading.ts'

/** Runs the protocol on links. */
export interface Links {
  readonly attach: (link: PeerLink) => Promise<void>
  /** Closes every link and waits for their loops. */
  readonly stop: () => Promise<void>
  readonly limiterOf: (peer: Peer) => LinkLimiter | undefined
}

/** What the links need of the rest of the node. */
export interface LinkParts {
  readonly gossip: Gossip
  readonly dispatch: Dispatch
  readonly rateLimiter: RateLimiter
  /** Waits while the readers of what this peer brought are behind. */
  readonly room: (peer: Peer) => Promise<void> | undefined
  /** The link of a peer has ended. */
  readonly detached: (peer: Peer) => void
}

function checkLink(link: PeerLink): void {
  check.object('link', link)
  check.text('link.peerId', link.peerId)
  check.object('link.flags', link.flags)
  for (const name of ['packets', 'send', 'close'] as const) check.function(`link.${name}`, link[name])
}

export function createLinks(context: NodeContext, parts: LinkParts): Links {
  const { gossip, dispatch, rateLimiter } = parts
  const { options, steady, events, peers, pool, requirements, slicer } = context
  const places = createLinkPlaces(context)
  const slots = createPeerSlots(pool, options.maxPeers, slicer)
  const limiters = new WeakMap<Peer, LinkLimiter>()

  const detach = (peer: Peer): void => {
    peers.delete(peer.id)
    gossip.forget(peer)
    const { slot } = peer
    peer.slot = -1
    slots.release(slot)
    parts.detached(peer)
  }

  const serve = async (link: PeerLink, self: RunningLink): Promise<void> => {
    const { abort } = self
    const meter = context.meter.open(link.peerId)
    const packets = link.packets()[Symbol.asyncIterator]()
    let peer: Peer | undefined
    try {
      const announced = announcedNow(requirements)
      const status = await shakeHands(context, { link, packets, meter, abort })
      if (status === undefined) return
      self.onPacket()
      const slot = await slots.take()
      peer = createPeer(context, { link, status, meter, abort, slot })
      abort.signal.throwIfAborted()
      self.peer = peer
      peers.set(link.peerId, peer)
      const limiter = rateLimiter.open(link, steady.nowMs())
      limiters.set(peer, limiter)
      void announceRequirements(context.protocol, peer, requirements, announced)
      events.emit('peerconnected', { peerId: link.peerId })
      gossip.flush()
      await readPackets(context, peer, packets, {
        limiter,
        meter,
        dispatch,
        onPacket: () => self.onPacket(),
        room: parts.room
      })
    } finally {
      if (peer !== undefined) detach(peer)
      meter.close()
    }
  }

  /** Runs a link to its end. Its error, if it did not end well. */
  const run = async (link: PeerLink): Promise<unknown> => {
    const { peerId } = link
    const self = places.take(peerId)
    let failure: unknown
    try {
      await serve(link, self)
    } catch (error) {
      failure = error
    }
    const over = places.leave(peerId)
    const wasAsked = WhisperError.is(failure) && failure.code === 'link-closed'
    const violated = WhisperError.is(failure) && failure.origin === 'peer'
    self.abort.abort(failure ?? new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' }))
    events.emit('peerdisconnected', { peerId, ...(WhisperError.is(failure) && !wasAsked ? { error: failure } : {}) })
    over()
    await link.close(violated ? 'subprotocol-error' : 'done').catch(() => undefined)
    return wasAsked ? undefined : failure
  }

  return {
    attach: async link => {
      checkLink(link)
      await places.claim(link)
      const failure = await run(link)
      if (failure !== undefined) throw failure
    },
    stop: places.stop,
    limiterOf: peer => limiters.get(peer)
  }
}
