import { equalBytes, generatePrivateKey } from '@status-stack/crypto'
import { parseCompleteEnode } from '@status-stack/rlpx'
import {
  abortedError,
  addressBytes,
  callerError,
  check,
  environmentError,
  systemClock,
  systemScheduler,
  throwIfAborted
} from '@status-stack/rlpx/carrier'
import { longestDelayMs, whenAborted } from '@status-stack/utils'
import type { Clock, DatagramCarrier, Scheduler } from '../ports.ts'
import { expirationSeconds } from './core.ts'
import { loadPacketCodec, type ReceivedPacket } from './packet.ts'
import { udpCarrier } from './udp.node.ts'

/** What the answer of a node to one Ping says. */
export interface ClockProbe {
  /** The node's clock minus ours, in milliseconds; exact to about a second and half the way there and back. */
  readonly aheadMs: number
  /** From our Ping to its Pong, milliseconds by our clock. */
  readonly roundTripMs: number
  /** The address at which the node saw us. */
  readonly seenAs: string
}

/** Values of {@link probeClock}, all optional. */
export interface ClockProbeOptions {
  /** How long the node may take to answer, milliseconds. @default 3 000 */
  readonly timeoutMs?: number | undefined
  /** Ends the wait: the probe rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** A day: our Ping must be read also by a node whose clock is ahead of ours. */
const generousSeconds = 86_400

/**
 * Asks a node for its time with one discovery Ping, from a key of its own: the Pong names the second until which it is
 * good. SPEC: discovery v4; DEVIATION: that this is 20 seconds from then is go-ethereum's habit (and ours), not a rule.
 * @throws TransportError `timeout` when nothing answers, `invalid-text` for an enode without an IP address, `aborted`
 *
 * @example
 * ```ts
 * const { aheadMs } = await probeClock('enode://…@192.0.2.7:30303')
 * ```
 */
export async function probeClock(
  enodeUrl: string,
  options: ClockProbeOptions = {},
  deps: {
    readonly clock?: Clock | undefined
    readonly scheduler?: Scheduler | undefined
    readonly datagrams?: DatagramCarrier | undefined
  } = {}
): Promise<ClockProbe> {
  check.options('options', options, ['timeoutMs', 'signal'])
  check.ports(deps, { clock: ['nowMs'], scheduler: ['after'], datagrams: ['bind'] })
  const { timeoutMs = 3_000, signal } = options
  const { clock = systemClock, scheduler = systemScheduler, datagrams = udpCarrier } = deps
  check.signal('signal', signal)
  check.integer('timeoutMs', timeoutMs, 1, longestDelayMs)
  const node = parseCompleteEnode(enodeUrl)
  if (addressBytes(node.host) === undefined) throw callerError('invalid-text', 'discovery: expected an IP address')
  throwIfAborted(signal)
  const codec = await loadPacketCodec()
  const privateKey = generatePrivateKey()
  const v6 = node.host.includes(':')
  const socket = await datagrams.bind({ host: v6 ? '::' : '0.0.0.0', port: 0 })
  let release = (): void => undefined
  try {
    return await new Promise<ClockProbe>((resolve, reject) => {
      const onAbort = (): void => {
        if (signal !== undefined) reject(abortedError(signal))
      }
      const callOff = whenAborted(signal, onAbort)
      const cancel = scheduler.after(timeoutMs, () => {
        reject(environmentError('timeout', 'discovery: no Pong in time', { timeoutMs }))
      })
      release = () => {
        callOff()
        cancel()
      }
      const sentMs = clock.nowMs()
      const { bytes, hash } = codec.encode(
        {
          kind: 'ping',
          from: { address: socket.address, udpPort: socket.port, tcpPort: 0 },
          to: { address: node.host, udpPort: node.udpPort, tcpPort: node.tcpPort },
          expiration: Math.floor(sentMs / 1000) + generousSeconds
        },
        privateKey
      )
      socket.receive(datagram => {
        let packet: ReceivedPacket
        try {
          packet = codec.decode(datagram)
        } catch {
          return
        }
        const { content, publicKey } = packet
        if (content.kind !== 'pong' || !equalBytes(publicKey, node.publicKey) || !equalBytes(content.pingHash, hash))
          return
        const now = clock.nowMs()
        // Seconds are cut off there; on average half a second was lost.
        const theirs = (content.expiration - expirationSeconds) * 1000 + 500
        const roundTripMs = now - sentMs
        resolve({ aheadMs: Math.round(theirs - (sentMs + roundTripMs / 2)), roundTripMs, seenAs: content.to.address })
      })
      socket.send(bytes, { address: node.host, port: node.udpPort })
    })
  } finally {
    release()
    await socket.close()
  }
}
