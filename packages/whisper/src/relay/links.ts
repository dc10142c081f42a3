import { check } from '../checks.ts'
import { WhisperError } from '../errors.ts'
import type { PeerLink } from '../ports.ts'
import { announcedNow, announceRequirements } from './announce.ts'
import type { NodeContext } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import { createDuplicateLinkRule, type RunningLink } from './duplicate-link.ts'
import type { Gossip } from './gossip.ts'
import { shakeHands } from './handshake.ts'
import { createPeerSlots } from './known-peers.ts'
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

function stopped(): WhisperError {
  return new WhisperError('link-closed', 'node: stopped', { origin: 'environment' })
}

function checkLink(link: PeerLink): void {
  check.object('link', link)
  check.text('link.peerId', link.peerId)
  check.object('link.flags', link.flags)
  for (const name of ['packets', 'send', 'close'] as const) check.function(`link.${name}`, link[name])
}

export function createLinks(context: NodeContext, parts: LinkParts): Links {
  const { gossip, dispatch, rateLimiter } = parts
  const { options, clock, events, peers, pool, requirements, slicer } = context
  // BOUNDED: maxPeers; ids whose handshake is under way count too.
  const running = new Map<string, RunningLink>()
  // BOUNDED: one newer link for each id in `running`.
  const replacing = new Set<string>()
  const mayReplace = createDuplicateLinkRule(context)
  const slots = createPeerSlots(pool, options.maxPeers, slicer)
  const limiters = new WeakMap<Peer, LinkLimiter>()
  let stops = 0

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
      const limiter = rateLimiter.open(link, clock.nowMs())
      limiters.set(peer, limiter)
      void announceRequirements(context.protocol, peer, requirements, announced)
      events.emit('peerattached', { peerId: link.peerId })
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

  const refuse = async (link: PeerLink, error: WhisperError): Promise<never> => {
    await link.close('done')
    throw error
  }

  /** Resolves when the id of the link is free; refuses the link when it does not become so. */
  const claim = async (link: PeerLink): Promise<void> => {
    const { peerId } = link
    const older = running.get(peerId)
    const before = stops
    let free = older === undefined
    if (older !== undefined && !replacing.has(peerId)) {
      replacing.add(peerId)
      free = await mayReplace(older)
      // In the turn in which the place is taken, so that no other link gets between.
      replacing.delete(peerId)
    }
    if (before !== stops) await refuse(link, stopped())
    if (!free || replacing.has(peerId)) {
      await refuse(link, new WhisperError('duplicate-peer', 'peer: it already has a link', { origin: 'environment' }))
    }
    if (running.size >= options.maxPeers) {
      const details = { most: options.maxPeers }
      await refuse(
        link,
        new WhisperError('too-many-peers', `peers: at most ${details.most}`, { origin: 'environment', details })
      )
    }
  }

  /** Runs a link to its end. Its error, if it did not end well. */
  const run = async (link: PeerLink): Promise<unknown> => {
    const { peerId } = link
    let over = (): void => undefined
    const done = new Promise<void>(resolve => {
      over = resolve
    })
    const self: RunningLink = { abort: new AbortController(), done, peer: undefined, onPacket: () => undefined }
    running.set(peerId, self)
    let failure: unknown
    try {
      await serve(link, self)
    } catch (error) {
      failure = error
    }
    running.delete(peerId)
    const wasAsked = WhisperError.is(failure) && failure.code === 'link-closed'
    const violated = WhisperError.is(failure) && failure.origin === 'peer'
    self.abort.abort(failure ?? new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' }))
    events.emit('peerdetached', {
      peerId,
      ...(WhisperError.is(failure) && !wasAsked ? { error: failure } : {})
    })
    over()
    await link.close(violated ? 'subprotocol-error' : 'done').catch(() => undefined)
    return wasAsked ? undefined : failure
  }

  return {
    attach: async link => {
      checkLink(link)
      await claim(link)
      const failure = await run(link)
      if (failure !== undefined) throw failure
    },
    stop: async () => {
      stops += 1
      const all = [...running.values()]
      for (const { abort } of all) abort.abort(stopped())
      await Promise.all(all.map(({ done }) => done))
    },
    limiterOf: peer => limiters.get(peer)
  }
}
