import { check } from '../checks.ts'
import { type GuardOptions, guardNames } from './guard.ts'

/**
 * Why a server gave a client up: it did not read what it asked for, it sent something else than JSON, there were as many connections as allowed, or
 * its calls held much for longest when those of all held too much.
 */
export type DropReason = 'slow-reader' | 'not-json' | 'too-many' | 'large-calls'

/** A server over TCP. */
export interface ServerOptions extends GuardOptions {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string | undefined
  /** Port, 0 = any free one. @default 8545 for HTTP, 8546 for WebSocket */
  readonly port?: number | undefined
  /** Bytes of one request, message or batch; a connection whose running calls have as many waits. @default 5 MiB */
  readonly maxBodyBytes?: number | undefined
  /** Connections at a time; further ones are closed. @default 256 */
  readonly maxConnections?: number | undefined
  /**
   * Time for a whole request to arrive, and for which an HTTP client may read nothing of its answer, a large one given more; milliseconds.
   * @default 30 000
   */
  readonly requestTimeoutMs?: number | undefined
  /** An idle connection is closed after this time, a WebSocket when it does not answer a ping; milliseconds. @default 120 000 */
  readonly idleTimeoutMs?: number | undefined
  /** Bytes that wait for a slow reader before its WebSocket or socket is closed. @default 16 MiB */
  readonly maxBufferedBytes?: number | undefined
  /** A client was given up. @default nobody is told */
  readonly onDrop?: ((reason: DropReason) => void) | undefined
}

/** A server that listens. */
export interface RpcServer {
  /** `http://…`, `ws://…`, or the path of the socket. */
  readonly url: string
  /**
   * Stops listening and closes what is open. A WebSocket or a socket whose calls still run is given `graceMs` to answer
   * them; nothing further is read meanwhile. Idempotent. @default 0
   */
  readonly close: (graceMs?: number) => Promise<void>
}

/** {@link ServerOptions} of a server over TCP with every default filled in. */
export type ResolvedServerOptions = {
  readonly [Name in Exclude<keyof ServerOptions, keyof GuardOptions | 'onDrop'>]-?: Exclude<
    ServerOptions[Name],
    undefined
  >
}

const numbers = [
  'port',
  'maxBodyBytes',
  'maxConnections',
  'requestTimeoutMs',
  'idleTimeoutMs',
  'maxBufferedBytes'
] as const satisfies (keyof ServerOptions)[]

/** What a server over TCP can be told. */
const tcpNames: readonly string[] = ['host', 'onDrop', ...numbers, ...guardNames]

/**
 * @param names of the options that this server has
 * @throws RpcError `invalid-argument`
 */
export function resolveServerOptions(
  options: ServerOptions,
  defaultPort: number,
  names = tcpNames
): ResolvedServerOptions {
  check.options('options', options, names)
  if (options.host !== undefined) check.text('host', options.host)
  if (options.onDrop !== undefined) check.function('onDrop', options.onDrop)
  const range = (name: (typeof numbers)[number], fallback: number, low: number, high: number): number => {
    const { [name]: value = fallback } = options
    check.integer(name, value, low, high)
    return value
  }
  const mib = 1024 * 1024
  return {
    host: options.host ?? '127.0.0.1',
    port: range('port', defaultPort, 0, 65_535),
    maxBodyBytes: range('maxBodyBytes', 5 * mib, 1, 1024 * mib),
    maxConnections: range('maxConnections', 256, 1, 1_000_000),
    requestTimeoutMs: range('requestTimeoutMs', 30_000, 1, 3_600_000),
    idleTimeoutMs: range('idleTimeoutMs', 120_000, 1, 86_400_000),
    maxBufferedBytes: range('maxBufferedBytes', 16 * mib, 1, 4096 * mib)
  }
}
