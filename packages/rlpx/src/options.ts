import { longestDelayMs } from '@status-stack/utils'
import { callerError, check } from './errors.ts'
import { type NetRestrict, parseNetRestrict } from './peers/net-restrict.ts'

/** Values of a host, all optional. Times in milliseconds, sizes in bytes. */
export interface HostOptions {
  /** Where to listen; `false` only dials. Port 0 takes a free one. @default { host: '127.0.0.1', port: 0 } */
  readonly listen?: { readonly host?: string | undefined; readonly port?: number | undefined } | false | undefined
  /** Our name in Hello, 1–128 ASCII characters. @default 'status-stack/rlpx' */
  readonly clientName?: string | undefined
  /** Base protocol version we announce: 5 with Snappy, 4 without. @default 5 */
  readonly protocolVersion?: 4 | 5 | undefined
  /** Most peers after the handshake; static dials and trusted peers are not held back. 0–10 000. @default 25 */
  readonly maxPeers?: number | undefined
  /** Most inbound peers within `maxPeers`. @default maxPeers */
  readonly maxInboundPeers?: number | undefined
  /** Inbound connections that have not finished both handshakes; the oldest of the busiest address makes room. 1–10 000. @default 50 */
  readonly maxPendingInbound?: number | undefined
  /** Dials at the same time. 1–1000. @default 16 */
  readonly maxConcurrentDials?: number | undefined
  /** Least time between two accepted connections of one public address (IPv6: one /64). 0 turns it off. @default 30 000 */
  readonly inboundThrottleMs?: number | undefined
  /** Networks that dials go to and connections come from, as {@link parseNetRestrict} reads them. @default all */
  readonly netRestrict?: string | undefined
  /** Limit for the connection itself, before the handshakes. @default 15 000 */
  readonly dialTimeoutMs?: number | undefined
  /** Limit for both handshakes together. @default 5 000 */
  readonly handshakeTimeoutMs?: number | undefined
  /** Between two Pings, whatever else is sent. @default 15 000 */
  readonly pingIntervalMs?: number | undefined
  /** Silence after which a peer counts as gone. @default 30 000 */
  readonly idleTimeoutMs?: number | undefined
  /** Longest time a peer may take none of the bytes we have for it. @default 20 000 */
  readonly writeTimeoutMs?: number | undefined
  /** How long a closed connection may take to send its Disconnect. @default 1 000 */
  readonly lingerMs?: number | undefined
  /** First wait before a static peer at a public address is dialed again; doubles up to fourfold. @default 35 000 */
  readonly redialDelayMs?: number | undefined
  /** The same for loopback and private addresses. @default 1 000 */
  readonly redialDelayLocalMs?: number | undefined
  /** Largest message, decompressed. 1 KiB – 0xffffff. @default 10 MiB */
  readonly maxMessageBytes?: number | undefined
  /** Bytes queued for one peer above which `send` waits. @default 1 MiB */
  readonly sendHighWaterBytes?: number | undefined
  /** Bytes queued for one peer above which it is closed; holds against callers that do not wait. @default 32 MiB */
  readonly sendLimitBytes?: number | undefined
  /** How long `stop` waits for capabilities that do not return. @default 5 000 */
  readonly stopTimeoutMs?: number | undefined
}

/** {@link HostOptions} with every default filled in. */
export type ResolvedHostOptions = {
  readonly [K in keyof Omit<HostOptions, 'listen' | 'netRestrict'>]-?: NonNullable<HostOptions[K]>
} & {
  readonly listen: { readonly host: string; readonly port: number } | false
  readonly netRestrict: NetRestrict | undefined
}

function integer(name: string, value: number | undefined, fallback: number, low: number, high: number): number {
  const result = value === undefined ? fallback : value
  check.integer(name, result, low, high)
  return result
}

/** Checks and fills options once. @throws TransportError `invalid-argument`, of `netRestrict` `invalid-text`, `too-large` */
export function resolveHostOptions(options: HostOptions = {}): ResolvedHostOptions {
  const delay = (name: keyof HostOptions & string, fallback: number, low = 1): number =>
    integer(name, options[name] as number | undefined, fallback, low, longestDelayMs)
  const maxPeers = integer('maxPeers', options.maxPeers, 25, 0, 10_000)
  const { clientName = 'status-stack/rlpx', protocolVersion = 5 } = options
  check.text('clientName', clientName)
  if (!/^[\x20-\x7e]{1,128}$/.test(clientName)) {
    throw callerError('invalid-argument', 'clientName: expected 1 to 128 printable ASCII characters', {
      argument: 'clientName'
    })
  }
  if (options.listen !== undefined && options.listen !== false) {
    check.options('listen', options.listen, ['host', 'port'])
    if (options.listen.host !== undefined) check.text('listen.host', options.listen.host)
  }
  check.integer('protocolVersion', protocolVersion, 4, 5)
  const sendHighWaterBytes = integer('sendHighWaterBytes', options.sendHighWaterBytes, 1 << 20, 1024, 1 << 30)
  const resolved: ResolvedHostOptions = {
    listen:
      options.listen === false
        ? false
        : Object.freeze({
            host: options.listen?.host ?? '127.0.0.1',
            port: integer('listen.port', options.listen?.port, 0, 0, 65_535)
          }),
    clientName,
    protocolVersion,
    maxPeers,
    maxInboundPeers: integer('maxInboundPeers', options.maxInboundPeers, maxPeers, 0, 10_000),
    maxPendingInbound: integer('maxPendingInbound', options.maxPendingInbound, 50, 1, 10_000),
    maxConcurrentDials: integer('maxConcurrentDials', options.maxConcurrentDials, 16, 1, 1000),
    netRestrict: options.netRestrict === undefined ? undefined : parseNetRestrict(options.netRestrict),
    inboundThrottleMs: delay('inboundThrottleMs', 30_000, 0),
    dialTimeoutMs: delay('dialTimeoutMs', 15_000),
    handshakeTimeoutMs: delay('handshakeTimeoutMs', 5_000),
    pingIntervalMs: delay('pingIntervalMs', 15_000),
    idleTimeoutMs: delay('idleTimeoutMs', 30_000),
    writeTimeoutMs: delay('writeTimeoutMs', 20_000),
    lingerMs: delay('lingerMs', 1_000),
    redialDelayMs: delay('redialDelayMs', 35_000),
    redialDelayLocalMs: delay('redialDelayLocalMs', 1_000),
    maxMessageBytes: integer('maxMessageBytes', options.maxMessageBytes, 10 << 20, 1024, 0xff_ff_ff),
    sendHighWaterBytes,
    sendLimitBytes: integer('sendLimitBytes', options.sendLimitBytes, 32 << 20, sendHighWaterBytes, 2 ** 31),
    stopTimeoutMs: delay('stopTimeoutMs', 5_000)
  }
  check.options('options', options, Object.keys(resolved))
  return Object.freeze(resolved)
}
