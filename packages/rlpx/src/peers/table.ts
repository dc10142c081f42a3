import type { PeerInfo } from '../host/types.ts'
import type { CounterSnapshot } from '../metrics.ts'
import type { Session } from '../session/session.ts'
import { addressKey } from './address.ts'
import { type Admission, admission, type Candidate } from './admission.ts'

/** Every connection of a host: pending, peers by id, and those that are closing. */
export interface PeerTable {
  readonly add: (session: Session) => void
  readonly admission: (candidate: Candidate) => Admission
  /** The session is a peer from now on. */
  readonly open: (session: Session, nowMs: number) => PeerInfo
  /** The session counts no more; answers its facts if it was a peer. */
  readonly close: (session: Session) => PeerInfo | undefined
  readonly get: (peerId: string) => Session | undefined
  readonly info: (peerId: string) => PeerInfo | undefined
  readonly peers: () => readonly PeerInfo[]
  /** Pending and open. */
  readonly all: () => readonly Session[]
  /** What to wait for: connections whose end is under way. */
  readonly finishing: () => readonly Promise<void>[]
  readonly pendingInbound: () => number
  /** Whom to drop when too many are pending: the oldest connection of the address that has most. */
  readonly oldestOfBusiestAddress: () => Session | undefined
  readonly gauges: () => Pick<CounterSnapshot, 'pendingInbound' | 'peersInbound' | 'peersOutbound' | 'queuedBytes'>
}

export interface TableBounds {
  readonly ownPeerId: string
  readonly maxPeers: number
  readonly maxInboundPeers: number
}

interface Open {
  readonly session: Session
  readonly info: PeerInfo
}

/** A session that has become a peer, as plain facts. */
function infoOf(session: Session, nowMs: number): PeerInfo {
  return {
    peerId: session.peerId ?? '',
    publicKey: session.publicKey ?? new Uint8Array(0),
    remoteAddress: session.remoteAddress,
    remotePort: session.remotePort,
    direction: session.direction,
    flags: session.flags,
    clientName: session.hello?.clientName ?? '',
    protocolVersion: session.hello?.version ?? 0,
    capabilities: session.negotiated.map(({ capability: { name, version }, offset }) => ({
      name,
      version,
      offset
    })),
    connectedAtMs: nowMs
  }
}

/** The oldest inbound session of the address that has most of them. */
function oldestOfBusiest(pending: ReadonlySet<Session>): Session | undefined {
  const byAddress = new Map<string, Session[]>()
  for (const session of pending) {
    if (session.direction !== 'inbound') continue
    const key = addressKey(session.remoteAddress)
    const alike = byAddress.get(key)
    if (alike === undefined) byAddress.set(key, [session])
    else alike.push(session)
  }
  let busiest: Session[] = []
  for (const sessions of byAddress.values()) if (sessions.length > busiest.length) busiest = sessions
  return busiest[0]
}

export function createPeerTable(bounds: TableBounds): PeerTable {
  // BOUNDED: inbound by `maxPendingInbound`, outbound by `maxConcurrentDials`.
  const pending = new Set<Session>()
  // BOUNDED: `maxPeers`, and the static and trusted peers that the user named.
  const open = new Map<string, Open>()
  const finishing = new Set<Promise<void>>()

  const inbound = (): number => {
    let peers = 0
    for (const { session } of open.values()) if (session.direction === 'inbound') peers++
    return peers
  }
  const pendingInbound = (): number => {
    let sessions = 0
    for (const { direction } of pending) if (direction === 'inbound') sessions++
    return sessions
  }

  return {
    add: session => {
      pending.add(session)
    },
    admission: candidate => {
      const existing = open.get(candidate.peerId)?.session
      const { ownPeerId, maxPeers, maxInboundPeers } = bounds
      return admission(
        {
          ownPeerId,
          maxPeers,
          maxInboundPeers,
          peers: open.size - (existing === undefined ? 0 : 1),
          inboundPeers: inbound() - (existing?.direction === 'inbound' ? 1 : 0),
          existing
        },
        candidate
      )
    },
    open: (session, nowMs) => {
      pending.delete(session)
      const info = infoOf(session, nowMs)
      open.set(info.peerId, { session, info })
      return info
    },
    close: session => {
      pending.delete(session)
      finishing.add(session.finished)
      void session.finished.then(() => finishing.delete(session.finished))
      const entry = open.get(session.peerId ?? '')
      if (entry?.session !== session) return undefined
      open.delete(entry.info.peerId)
      return entry.info
    },
    get: peerId => open.get(peerId)?.session,
    info: peerId => open.get(peerId)?.info,
    peers: () => [...open.values()].map(({ info }) => info),
    all: () => [...pending, ...[...open.values()].map(({ session }) => session)],
    finishing: () => [...finishing],
    pendingInbound,
    oldestOfBusiestAddress: () => oldestOfBusiest(pending),
    gauges: () => {
      const sessions = [...open.values()].map(({ session }) => session)
      return {
        pendingInbound: pendingInbound(),
        peersInbound: inbound(),
        peersOutbound: sessions.length - inbound(),
        queuedBytes: sessions.reduce((sum, { queuedBytes }) => sum + queuedBytes, 0)
      }
    }
  }
}
