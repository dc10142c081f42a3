import { rootCodeOf } from '@status-stack/utils'
import { peerIdOf } from '../enode.ts'
import { callerError, environmentError, type TransportError } from '../errors.ts'
import { addressBytes } from '../peers/address.ts'
import { createDialer, type Dialer } from '../peers/dialer.ts'
import { notAllowed } from '../peers/net-restrict.ts'
import { createStaticPeers, type StaticPeers } from '../peers/static-peers.ts'
import type { NodeAddress } from '../ports.ts'
import type { HostContext } from './context.ts'
import { type HostSessions, type SessionObserver, theirsIn } from './sessions.ts'
import type { PeerInfo } from './types.ts'

/** The connections that a host makes by itself: one after the other on request, and those it keeps. */
export interface HostConnections {
  readonly dialer: Dialer
  readonly statics: StaticPeers
  /** Dials a node that is not known to be refused; static and trusted from now on where the flags say so. */
  readonly dial: (
    node: NodeAddress,
    flags: { readonly static?: boolean | undefined; readonly trusted?: boolean | undefined },
    signal: AbortSignal | undefined
  ) => Promise<PeerInfo>
  readonly addStatic: (node: NodeAddress, trusted: boolean) => void
  readonly setTrusted: (peerId: string, on: boolean) => void
  /** What sessions report here. */
  readonly observer: SessionObserver
}

/** A name is judged once it is resolved. */
function assertAllowed({ host }: NodeAddress, { options }: HostContext): void {
  if (addressBytes(host) !== undefined && options.netRestrict?.contains(host) === false) throw notAllowed()
}

function assertDialable(node: NodeAddress, peerId: string, context: HostContext): void {
  const { bans, ownPeerId } = context
  if (peerId === ownPeerId) throw environmentError('refused', 'dial: that is this node itself', { reason: 10 })
  if (bans.hasPeer(peerId) || bans.hasAddress(node.host)) {
    throw callerError('refused', 'dial: the node or its address is banned')
  }
  assertAllowed(node, context)
}

/** What the operating system said of a dial: a carrier puts its code behind the error, or at the end of the message. */
function systemIn({ cause, message }: TransportError): { readonly system?: string } {
  const system = rootCodeOf(cause) ?? /^dial: (E[A-Z_]+)$/.exec(message)?.[1]
  return system === undefined ? {} : { system }
}

/** The dialer of a host; `failed` hears of every dial that did not become a peer. */
function createHostDialer(
  { carrier, counters, options, scheduler }: HostContext,
  begin: HostSessions['begin'],
  failed: (peerId: string, error: TransportError, node: NodeAddress) => void
): Dialer {
  return createDialer({
    carrier,
    scheduler,
    admits: options.netRestrict?.contains,
    maxConcurrentDials: options.maxConcurrentDials,
    dialTimeoutMs: options.dialTimeoutMs,
    duplicateWaitMs: options.handshakeTimeoutMs,
    started: () => {
      counters.dialsStarted++
    },
    begin: (stream, node) => {
      const session = begin(stream, node.publicKey)
      // A program that has what it wants in the moment that the peer is added calls off its dials, and this one is over.
      return error => {
        if (session.stage !== 'open') session.abort(error)
      }
    },
    finished: (peerId, error, node) => {
      if (error === undefined) return
      counters.dialsFailed++
      failed(peerId, error, node)
    }
  })
}

/** @param begin takes a connected stream over; called only once the host runs */
export function createHostConnections(context: HostContext, begin: HostSessions['begin']): HostConnections {
  const { clock, events, options, ownPeerId, scheduler, table, trusted, wallClock } = context

  const dialer = createHostDialer(context, begin, (peerId, error, { host, port }) => {
    const dueMs = statics.lost(peerId, true)
    const next = dueMs === undefined ? {} : { nextAtMs: wallClock.nowMs() + dueMs - clock.nowMs() }
    events.emit('dialfailed', { peerId, host, port, code: error.code, ...systemIn(error), ...theirsIn(error), ...next })
  })

  const statics = createStaticPeers({
    clock,
    scheduler,
    delays: options,
    isConnected: peerId => table.get(peerId) !== undefined,
    dial: node => {
      // Failures come back through `finished`, which plans the next attempt.
      connect(node).catch(() => undefined)
    }
  })

  const connect = (node: NodeAddress, signal?: AbortSignal): Promise<PeerInfo> => {
    const peerId = peerIdOf(node.publicKey)
    const existing = table.info(peerId)
    if (existing !== undefined) return Promise.resolve(existing)
    statics.attempted(peerId)
    return dialer.dial(node, signal)
  }

  const setTrusted = (peerId: string, on: boolean): void => {
    if (on) trusted.add(peerId)
    else trusted.delete(peerId)
    const session = table.get(peerId)
    if (session !== undefined) session.flags.trusted = on
  }

  const addStatic = (node: NodeAddress, isTrusted: boolean): void => {
    const peerId = peerIdOf(node.publicKey)
    if (peerId === ownPeerId) throw callerError('invalid-argument', 'static peer: that is this node itself')
    assertAllowed(node, context)
    if (isTrusted) setTrusted(peerId, true)
    const session = table.get(peerId)
    if (session !== undefined) session.flags.static = true
    statics.add(peerId, node)
  }

  return {
    dialer,
    statics,
    addStatic,
    setTrusted,
    dial: async (node, flags, signal) => {
      const peerId = peerIdOf(node.publicKey)
      assertDialable(node, peerId, context)
      if (flags.trusted === true) setTrusted(peerId, true)
      if (flags.static === true) addStatic(node, false)
      return connect(node, signal)
    },
    observer: {
      isStatic: statics.has,
      opened: ({ peerId }) => {
        statics.opened(peerId)
      },
      announced: dialer.connected,
      lost: peerId => {
        statics.lost(peerId, false)
      },
      dialFailed: dialer.failed
    }
  }
}
