import { checkPrivateKey } from '../arguments.ts'
import { assertCapabilities } from '../capability.ts'
import { parseEnode, peerIdOf } from '../enode.ts'
import { callerError, check, throwIfAborted } from '../errors.ts'
import type { CounterSnapshot } from '../metrics.ts'
import { type HostOptions, resolveHostOptions } from '../options.ts'
import { checkBanTarget, isTarget } from '../peers/bans.ts'
import { createAcceptor } from './acceptor.ts'
import { createHostConnections, type HostConnections } from './connections.ts'
import { createHostContext, type HostContext } from './context.ts'
import { createHostLifecycle } from './lifecycle.ts'
import { createOwnAddress } from './own-address.ts'
import { createHostSessions, type HostSessions } from './sessions.ts'
import type { Host, HostDeps } from './types.ts'

const foreverMs = Number.MAX_SAFE_INTEGER / 2

/** The peer id of 64 hex digits, a public key, an enode URL (also an incomplete one), or an address of this carrier. */
function peerIdIn(text: string, { addresses }: HostContext): string {
  check.text('peer', text)
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  const isKey = /^(enode:\/\/|[0-9a-f]{128}$)/i.test(text)
  return peerIdOf((isKey ? parseEnode(text) : addresses.parse(text)).publicKey)
}

const flagNames = ['static', 'trusted'] as const

/** @throws TransportError `invalid-argument` */
function checkFlags(flags: { readonly [Name in (typeof flagNames)[number]]?: boolean | undefined }): void {
  for (const name of flagNames) if (flags[name] !== undefined) check.boolean(name, flags[name])
}

function snapshot({ counters, table }: HostContext, { dialer, statics }: HostConnections): CounterSnapshot {
  return {
    bytesIn: counters.bytesIn,
    bytesOut: counters.bytesOut,
    framesIn: counters.framesIn,
    framesOut: counters.framesOut,
    dialsStarted: counters.dialsStarted,
    dialsFailed: counters.dialsFailed,
    accepted: counters.accepted,
    ...table.gauges(),
    pendingOutbound: dialer.active(),
    staticPeers: statics.size(),
    refused: Object.fromEntries(counters.refused),
    ended: Object.fromEntries(counters.ended)
  }
}

/**
 * A node on any carrier: listens, dials, keeps its peers and runs the capabilities with each of them. Nothing happens before
 * `start`. Over TCP use `createHost` of `@status-stack/devp2p-transport`, over WebSocket `@status-stack/websocket-transport`.
 *
 * @throws TransportError `invalid-argument` for a bad key, capability or option
 * @example
 * ```ts
 * const host = createHost({ privateKey, capabilities: [echo], carrier: createMemoryNetwork().carrier('127.0.0.1') })
 * await host.start()
 * ```
 */
export function createHost(deps: HostDeps, hostOptions: HostOptions = {}): Host {
  check.object('deps', deps)
  check.object('options', hostOptions)
  const options = resolveHostOptions(hostOptions)
  assertCapabilities(deps.capabilities)
  checkPrivateKey('privateKey', deps.privateKey)
  check.object('carrier', deps.carrier)
  check.ports(deps, {
    carrier: ['dial', 'listen'],
    clock: ['nowMs'],
    scheduler: ['after'],
    random: ['bytes'],
    logger: ['debug', 'info', 'warn', 'error']
  })
  const context = createHostContext(deps, options)
  const { addresses, bans, events, status, table } = context
  const connections: HostConnections = createHostConnections(context, (stream, key) => sessions.begin(stream, key))
  const sessions: HostSessions = createHostSessions(context, connections.observer)
  const accept = createAcceptor(context, sessions)
  const own = createOwnAddress(context.publicKey, addresses.format)
  const { setTrusted, statics } = connections
  const idOf = (text: string): string => peerIdIn(text, context)

  const host: Host = {
    peerId: context.ownPeerId,
    publicKey: context.publicKey,
    ...createHostLifecycle(context, connections, accept),
    accept: stream => {
      check.object('stream', stream)
      accept(stream)
    },
    dial: async (address, given = {}) => {
      check.options('options', given, ['signal', ...flagNames])
      const { signal, ...flags } = given
      check.signal('signal', signal)
      checkFlags(flags)
      throwIfAborted(signal)
      if (!status.dials) throw callerError('stopped', 'the host is not running, or is stopping')
      return connections.dial(addresses.parse(address), flags, signal)
    },
    addStatic: (address, given = {}) => {
      check.options('options', given, ['trusted'])
      checkFlags(given)
      connections.addStatic(addresses.parse(address), given.trusted === true)
    },
    addTrusted: peer => {
      setTrusted(idOf(peer), true)
    },
    removeTrusted: peer => {
      setTrusted(idOf(peer), false)
    },
    removePeer: async peer => {
      const peerId = idOf(peer)
      statics.remove(peerId)
      setTrusted(peerId, false)
      const session = table.get(peerId)
      session?.disconnect('requested')
      await session?.finished
    },
    ban: (target, durationMs = foreverMs) => {
      checkBanTarget(target)
      check.number('durationMs', durationMs, 0, Number.MAX_SAFE_INTEGER)
      bans.add(target, durationMs)
      for (const session of table.all()) if (isTarget(target, session)) session.disconnect('requested')
    },
    unban: target => {
      checkBanTarget(target)
      bans.remove(target)
    },
    peers: () => table.peers(),
    enode: () => own.text(status.listener),
    setExternalAddress: own.setExternalAddress,
    setAdvertisedPorts: own.setAdvertisedPorts,
    metrics: () => snapshot(context, connections),
    on: events.on,
    [Symbol.asyncDispose]: () => host.stop()
  }
  return host
}
