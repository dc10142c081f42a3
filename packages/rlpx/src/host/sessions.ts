import { createHoldingBudget } from '@status-stack/utils'
import { sortedCapabilities } from '../capability.ts'
import type { TransportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { count } from '../metrics.ts'
import { encodeHello } from '../p2p/messages.ts'
import type { DisconnectReason } from '../p2p/reasons.ts'
import type { ByteStream } from '../ports.ts'
import { Session, type SessionHooks, type SessionStage } from '../session/session.ts'
import type { SessionParts } from '../session/session-parts.ts'
import type { HostContext } from './context.ts'
import { refusalOf } from './refusal.ts'
import type { Ending, PeerInfo, RefusalReason } from './types.ts'

/** Connections of a host from their first byte to their end. */
export interface HostSessions {
  /** Takes a connected stream over; the key of an outbound one is whom it has to meet. */
  readonly begin: (stream: ByteStream, remotePublicKey: Uint8Array | undefined) => Session
  /** Why `session` will not have become a peer, where the session itself cannot tell. */
  readonly noteRefusal: (session: Session, reason: RefusalReason) => void
}

/** What the dialing side of the host wants to know of sessions. */
export interface SessionObserver {
  readonly isStatic: (peerId: string) => boolean
  /** The session is a peer; called before the event and again after it by `announced`. */
  readonly opened: (peer: PeerInfo) => void
  readonly announced: (peer: PeerInfo) => void
  readonly lost: (peerId: string) => void
  readonly dialFailed: (peerId: string, error: TransportError) => void
}

function sessionParts(context: HostContext): SessionParts {
  const { privateKey, publicKey, capabilities, options, status, clock, scheduler, random, counters } = context
  return {
    privateKey,
    capabilities,
    hello: () =>
      encodeHello({
        version: options.protocolVersion,
        clientName: options.clientName,
        capabilities: sortedCapabilities(capabilities),
        listenPort: status.listener?.port ?? 0,
        key: publicKey.subarray(1)
      }),
    clock,
    scheduler,
    random,
    options,
    counters,
    // BOUNDED: limits.unfinishedFrameBytes
    unfinished: createHoldingBudget(limits.unfinishedFrameBytes),
    // BOUNDED: limits.totalUnreadBytes
    unread: createHoldingBudget(
      Math.max(limits.totalUnreadBytes, options.maxPeers * (limits.unreadBytes + limits.packetOverheadBytes))
    )
  }
}

/** What a peer without a shared capability announces, from the error that its session ended with. */
export function theirsIn({ details: { theirs } }: TransportError): { readonly theirs?: string } {
  return typeof theirs === 'string' ? { theirs } : {}
}

export function createHostSessions(context: HostContext, observer: SessionObserver): HostSessions {
  const { bans, counters, events, status, table, trusted, wallClock } = context
  const parts = sessionParts(context)
  const refusalReason = new WeakMap<Session, RefusalReason>()

  const admit: SessionHooks['admit'] = (session, stage) => {
    const refuse = (why: RefusalReason, reason: DisconnectReason): DisconnectReason => {
      refusalReason.set(session, why)
      return reason
    }
    const { peerId } = session
    if (peerId === undefined) return refuse('bad-handshake', 'invalid-identity')
    if (status.phase !== 'running') return refuse('stopped', 'client-quitting')
    if (bans.hasPeer(peerId)) return refuse('banned', 'requested')
    session.flags.trusted = trusted.has(peerId)
    session.flags.static = observer.isStatic(peerId)
    const decision = table.admission({ peerId, direction: session.direction, flags: session.flags })
    if (decision.kind === 'refuse') return refuse(decision.why, decision.reason)
    if (decision.kind === 'replace' && stage === 'hello') table.get(peerId)?.disconnect('already-connected')
    return undefined
  }

  const opened = (session: Session): void => {
    const info = table.open(session, wallClock.nowMs())
    observer.opened(info)
    events.emit('peerconnected', info)
    observer.announced(info)
  }

  const ended = (session: Session, ending: Ending, stage: SessionStage, error: TransportError): void => {
    const info = table.close(session)
    if (info !== undefined) {
      const label = ending.reason ?? ending.failure ?? 'unknown'
      count(counters.ended, `${ending.by}:${label}`)
      events.emit('peerdisconnected', { ...info, ending })
      observer.lost(info.peerId)
      return
    }
    const { direction, remoteAddress, peerId } = session
    const reason = refusalReason.get(session) ?? refusalOf(ending, stage)
    const reasonCode = ending.reasonCode === undefined ? {} : { reasonCode: ending.reasonCode }
    const id = peerId === undefined ? {} : { peerId }
    const facts = { direction, remoteAddress, ...id, ...reasonCode, ...theirsIn(error) }
    events.refused(reason, stage === 'open' ? 'hello' : stage, facts)
    if (direction === 'outbound' && peerId !== undefined) observer.dialFailed(peerId, error)
  }

  return {
    begin: (stream, remotePublicKey) => {
      const session = new Session(parts, { admit, opened, ended }, stream, remotePublicKey)
      table.add(session)
      session.start()
      return session
    },
    noteRefusal: (session, reason) => {
      refusalReason.set(session, reason)
    }
  }
}
