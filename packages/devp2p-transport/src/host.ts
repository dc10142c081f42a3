import { bytesToHex, publicKeyOf } from '@status-stack/crypto'
import { checkPrivateKey } from './arguments.ts'
import { assertCapabilities, sortedCapabilities } from './capability.ts'
import { type CompleteEnode, formatEnode, nodeIdOf, parseCompleteEnode, parseEnode, peerIdOf } from './enode.ts'
import { callerError, check, environmentError, peerError, type TransportError, throwIfAborted } from './errors.ts'
import type { Ending, Host, HostDeps, HostEventName, HostEvents, PeerInfo, RefusalReason } from './host-types.ts'
import { limits } from './limits.ts'
import { count, createCounters } from './metrics.ts'
import { type HostOptions, resolveHostOptions } from './options.ts'
import { encodeHello } from './p2p/messages.ts'
import type { DisconnectReason } from './p2p/reasons.ts'
import { addressBytes, addressKey, isLocal } from './peers/address.ts'
import { createDialer } from './peers/dialer.ts'
import { createExpiringSet } from './peers/expiring.ts'
import { notAllowed } from './peers/net-restrict.ts'
import { createStaticPeers } from './peers/static-peers.ts'
import { createPeerTable } from './peers/table.ts'
import type { ByteStream, StreamListener } from './ports.ts'
import { Session, type SessionHooks, type SessionStage } from './session.ts'
import type { SessionParts } from './session-parts.ts'
import { tcpCarrier } from './stream/tcp.node.ts'
import { systemClock, systemRandom, systemScheduler } from './system.node.ts'

const foreverMs = Number.MAX_SAFE_INTEGER / 2

/**
 * A node: listens, dials, keeps its peers and runs the capabilities with each of them. Nothing happens before `start`.
 * @throws TransportError `invalid-argument` for a bad key, capability or option
 */
export function createHost(deps: HostDeps, hostOptions: HostOptions = {}): Host {
  check.object('deps', deps)
  check.object('options', hostOptions)
  const options = resolveHostOptions(hostOptions)
  assertCapabilities(deps.capabilities)
  checkPrivateKey('privateKey', deps.privateKey)
  const {
    clock = systemClock,
    scheduler = deps.timers ?? systemScheduler,
    random = systemRandom,
    carrier = tcpCarrier,
    logger
  } = deps
  const privateKey = deps.privateKey.slice()
  const publicKey = publicKeyOf(privateKey)
  const ownPeerId = bytesToHex(nodeIdOf(publicKey))
  const events = new EventTarget()
  const counters = createCounters()
  const trusted = new Set<string>()
  const throttle = createExpiringSet(clock, limits.throttleEntries)
  const bannedIds = createExpiringSet(clock, limits.banEntries)
  const bannedAddresses = createExpiringSet(clock, limits.banEntries)
  const table = createPeerTable({ ownPeerId, maxPeers: options.maxPeers, maxInboundPeers: options.maxInboundPeers })
  let listener: StreamListener | undefined
  let externalAddress: string | undefined
  let advertised: { readonly tcpPort?: number | undefined; readonly udpPort?: number | undefined } = {}
  let state: 'idle' | 'running' | 'stopping' = 'idle'
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  const emit = <T extends HostEventName>(type: T, detail: HostEvents[T]): void => {
    events.dispatchEvent(new CustomEvent(type, { detail }))
  }

  const refused = (
    reason: RefusalReason,
    stage: 'accept' | 'handshake' | 'hello',
    facts: Omit<HostEvents['refused'], 'reason' | 'stage'>
  ): void => {
    count(counters.refused, reason)
    logger?.debug(`refused: ${reason}`, { stage, direction: facts.direction })
    emit('refused', { reason, stage, ...facts })
  }

  const parts: SessionParts = {
    privateKey,
    capabilities: deps.capabilities,
    hello: () =>
      encodeHello({
        version: options.protocolVersion,
        clientName: options.clientName,
        capabilities: sortedCapabilities(deps.capabilities),
        listenPort: listener?.port ?? 0,
        key: publicKey.subarray(1)
      }),
    clock,
    scheduler,
    random,
    options,
    counters
  }

  const refusalReason = new WeakMap<Session, RefusalReason>()

  const admit: SessionHooks['admit'] = (session, stage) => {
    const refuse = (why: RefusalReason, reason: DisconnectReason): DisconnectReason => {
      refusalReason.set(session, why)
      return reason
    }
    const { peerId } = session
    if (peerId === undefined) return refuse('bad-handshake', 'invalid-identity')
    if (state !== 'running') return refuse('stopped', 'client-quitting')
    if (bannedIds.has(peerId)) return refuse('banned', 'requested')
    session.flags.trusted = trusted.has(peerId)
    session.flags.static = statics.has(peerId)
    const decision = table.admission({ peerId, direction: session.direction, flags: session.flags })
    if (decision.kind === 'refuse') return refuse(decision.why, decision.reason)
    if (decision.kind === 'replace' && stage === 'hello') table.get(peerId)?.disconnect('already-connected')
    return undefined
  }

  const opened = (session: Session): void => {
    const info = table.open(session, clock.nowMs())
    statics.opened(info.peerId)
    emit('peeradded', info)
    dialer.connected(info)
  }

  const ended = (session: Session, ending: Ending, stage: SessionStage, error: TransportError): void => {
    const info = table.close(session)
    if (info !== undefined) {
      const label = ending.reason ?? ending.failure ?? 'unknown'
      count(counters.ended, `${ending.by}:${label}`)
      emit('peerremoved', { ...info, ending })
      statics.lost(info.peerId, false)
      return
    }
    const { direction, remoteAddress, peerId } = session
    const reason = refusalReason.get(session) ?? refusalOf(ending, stage)
    const reasonCode = ending.reasonCode === undefined ? {} : { reasonCode: ending.reasonCode }
    const id = peerId === undefined ? {} : { peerId }
    refused(reason, stage === 'open' ? 'hello' : stage, { direction, remoteAddress, ...id, ...reasonCode })
    if (direction === 'outbound' && peerId !== undefined) dialer.failed(peerId, error)
  }

  const hooks: SessionHooks = { admit, opened, ended }

  const begin = (stream: ByteStream, remotePublicKey: Uint8Array | undefined): void => {
    const session = new Session(parts, hooks, stream, remotePublicKey)
    table.add(session)
    session.start()
  }

  const dialer = createDialer({
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
      begin(stream, node.publicKey)
    },
    finished: (peerId, error) => {
      if (error === undefined) return
      counters.dialsFailed++
      const nextAtMs = statics.lost(peerId, true)
      emit('dialfailed', { peerId, code: error.code, ...(nextAtMs === undefined ? {} : { nextAtMs }) })
    }
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

  const connect = (node: CompleteEnode, signal?: AbortSignal): Promise<PeerInfo> => {
    const peerId = peerIdOf(node.publicKey)
    const existing = table.info(peerId)
    if (existing !== undefined) return Promise.resolve(existing)
    statics.attempted(peerId)
    return dialer.dial(node, signal)
  }

  const accept = (stream: ByteStream): void => {
    const { remoteAddress } = stream
    const reject = (reason: RefusalReason): void => {
      stream.destroy()
      refused(reason, 'accept', { direction: 'inbound', remoteAddress })
    }
    const key = addressKey(remoteAddress)
    counters.accepted++
    if (state !== 'running') reject('stopped')
    else if (options.netRestrict?.contains(remoteAddress) === false) reject('not-allowed')
    else if (bannedAddresses.has(key)) reject('banned')
    else if (options.inboundThrottleMs > 0 && !isLocal(remoteAddress) && throttle.has(key)) reject('throttled')
    else {
      if (options.inboundThrottleMs > 0 && !isLocal(remoteAddress)) throttle.add(key, options.inboundThrottleMs)
      if (table.pendingInbound() >= options.maxPendingInbound) {
        const oldest = table.oldestOfBusiestAddress()
        if (oldest !== undefined) {
          refusalReason.set(oldest, 'pending-limit')
          oldest.abort(peerError('refused', 'too many pending connections'))
        }
      }
      begin(stream, undefined)
    }
  }

  /** A name is judged once it is resolved. */
  const assertAllowed = ({ host }: CompleteEnode): void => {
    if (addressBytes(host) !== undefined && options.netRestrict?.contains(host) === false) throw notAllowed()
  }

  const assertRunning = (): void => {
    if (state !== 'running') throw callerError('stopped', 'the host is not running')
  }

  const start = async (signal: AbortSignal | undefined): Promise<void> => {
    await stopping
    throwIfAborted(signal)
    if (state === 'running') return
    if (options.listen !== false) {
      listener = await carrier.listen(options.listen, accept)
      if (signal?.aborted === true) {
        await listener.close()
        listener = undefined
        throwIfAborted(signal)
      }
      emit('listening', { address: listener?.address ?? '', port: listener?.port ?? 0 })
    }
    state = 'running'
    statics.start()
  }

  const stop = async (): Promise<void> => {
    await starting?.catch(() => undefined)
    if (state === 'idle') return
    state = 'stopping'
    statics.stop()
    dialer.stop()
    const closed = listener?.close()
    listener = undefined
    const peers = table.peers().length
    const sessions = table.all()
    for (const session of sessions) session.disconnect('client-quitting')
    let cancel = (): void => undefined
    const timeout = new Promise<void>(resolve => {
      cancel = scheduler.after(options.stopTimeoutMs, resolve)
    })
    await Promise.race([
      Promise.all([closed, ...table.finishing(), ...sessions.map(({ finished }) => finished)]),
      timeout
    ])
    cancel()
    state = 'idle'
    emit('stopped', { peers })
  }

  const idOf = (enodeUrlOrPeerId: string): string => {
    check.text('peer', enodeUrlOrPeerId)
    return /^[0-9a-f]{64}$/i.test(enodeUrlOrPeerId)
      ? enodeUrlOrPeerId.toLowerCase()
      : peerIdOf(parseEnode(enodeUrlOrPeerId).publicKey)
  }

  const setTrusted = (peerId: string, on: boolean): void => {
    if (on) trusted.add(peerId)
    else trusted.delete(peerId)
    const session = table.get(peerId)
    if (session !== undefined) session.flags.trusted = on
  }

  const addStatic = (node: CompleteEnode, flags: { readonly trusted?: boolean | undefined }): void => {
    const peerId = peerIdOf(node.publicKey)
    if (peerId === ownPeerId) throw callerError('invalid-argument', 'static peer: that is this node itself')
    assertAllowed(node)
    if (flags.trusted === true) setTrusted(peerId, true)
    const session = table.get(peerId)
    if (session !== undefined) session.flags.static = true
    statics.add(peerId, node)
  }

  const host: Host = {
    peerId: ownPeerId,
    publicKey,
    start: ({ signal } = {}) => {
      starting ??= start(signal).finally(() => {
        starting = undefined
      })
      return starting
    },
    stop: () => {
      stopping ??= stop().finally(() => {
        stopping = undefined
      })
      return stopping
    },
    dial: async (enodeUrl, { signal, static: isStatic, trusted: isTrusted } = {}) => {
      throwIfAborted(signal)
      assertRunning()
      const node = parseCompleteEnode(enodeUrl)
      const peerId = peerIdOf(node.publicKey)
      if (peerId === ownPeerId) throw environmentError('refused', 'dial: that is this node itself', { reason: 10 })
      if (bannedIds.has(peerId) || bannedAddresses.has(addressKey(node.host))) {
        throw callerError('refused', 'dial: the node or its address is banned')
      }
      assertAllowed(node)
      if (isTrusted === true) setTrusted(peerId, true)
      if (isStatic === true) addStatic(node, {})
      return connect(node, signal)
    },
    addStatic: (enodeUrl, options = {}) => {
      addStatic(parseCompleteEnode(enodeUrl), options)
    },
    addTrusted: id => {
      setTrusted(idOf(id), true)
    },
    removeTrusted: id => {
      setTrusted(idOf(id), false)
    },
    removePeer: async id => {
      const peerId = idOf(id)
      statics.remove(peerId)
      setTrusted(peerId, false)
      const session = table.get(peerId)
      session?.disconnect('requested')
      await session?.finished
    },
    ban: (target, durationMs = foreverMs) => {
      checkTarget(target)
      check.number('durationMs', durationMs, 0, Number.MAX_SAFE_INTEGER)
      if ('peerId' in target) {
        bannedIds.add(target.peerId.toLowerCase(), durationMs)
        table.get(target.peerId.toLowerCase())?.disconnect('requested')
        return
      }
      const key = addressKey(target.address)
      bannedAddresses.add(key, durationMs)
      for (const session of table.all()) if (addressKey(session.remoteAddress) === key) session.disconnect('requested')
    },
    unban: target => {
      checkTarget(target)
      if ('peerId' in target) bannedIds.delete(target.peerId.toLowerCase())
      else bannedAddresses.delete(addressKey(target.address))
    },
    peers: () => table.peers(),
    enode: () => {
      const unspecified = listener?.address === '0.0.0.0' || listener?.address === '::'
      const own = listener === undefined || unspecified ? '127.0.0.1' : listener.address
      return formatEnode({
        publicKey,
        host: externalAddress ?? own,
        tcpPort: advertised.tcpPort ?? listener?.port ?? 0,
        ...(advertised.udpPort === undefined ? {} : { udpPort: advertised.udpPort })
      })
    },
    setExternalAddress: address => {
      if (address !== undefined) check.text('address', address)
      externalAddress = address
    },
    setAdvertisedPorts: ports => {
      check.object('ports', ports)
      for (const [name, port] of Object.entries(ports)) {
        if (port !== undefined) check.integer(name, port, 0, 65_535)
      }
      advertised = { ...ports }
    },
    metrics: () => ({
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
    }),
    addEventListener: (type, listener, options) => {
      events.addEventListener(type, listener as EventListener, options)
    },
    removeEventListener: (type, listener) => {
      events.removeEventListener(type, listener as EventListener)
    },
    [Symbol.asyncDispose]: () => host.stop()
  }
  return host
}

function checkTarget(target: { peerId: string } | { address: string }): void {
  check.object('target', target)
  if ('peerId' in target) check.text('peerId', target.peerId)
  else check.text('address', target.address)
}

const refusalByReason: Partial<Record<DisconnectReason, RefusalReason>> = {
  'useless-peer': 'useless-peer',
  'invalid-identity': 'invalid-identity',
  'unexpected-identity': 'unexpected-identity',
  'client-quitting': 'stopped'
}

function refusalOf(ending: Ending, stage: SessionStage): RefusalReason {
  if (ending.by === 'peer') return 'refused-by-peer'
  if (ending.by === 'us') {
    const { reason } = ending
    return (reason === undefined || reason === 'unknown' ? undefined : refusalByReason[reason]) ?? 'stopped'
  }
  if (ending.failure === 'timeout') return 'handshake-timeout'
  if (ending.failure === 'network') return 'network'
  return stage === 'hello' ? 'bad-hello' : 'bad-handshake'
}
