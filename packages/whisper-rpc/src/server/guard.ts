import { invalidOption } from '../errors.ts'

/** Who may talk to a server over HTTP. */
export interface GuardOptions {
  /**
   * Names that the Host header may have beside IP addresses, `*` = any. It keeps web pages out whose name was made to point
   * here. @default ['localhost']
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Web origins that may call, `*` = any: a host name for any scheme and port, or a whole origin. Requests without an
   * Origin header are not from web pages and pass. @default ['localhost', '127.0.0.1', '[::1]']
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * Secret of at least 32 bytes: every request needs `Authorization: Bearer <JWT>`, signed with it by HS256.
   * @default no token
   */
  readonly tokenSecret?: Uint8Array | undefined
  /** Oldest token, by its `iat`; seconds, 0 = any age, then `exp` alone counts. @default 0 */
  readonly tokenMaxAgeSeconds?: number | undefined
  /** Listen beyond loopback without a token. @default false */
  readonly insecure?: boolean | undefined
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Whether a host to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** @throws RpcError `invalid-option` */
export function assertGuard(host: string, { tokenSecret, tokenMaxAgeSeconds = 0, insecure }: GuardOptions): void {
  if (tokenSecret !== undefined && tokenSecret.length < 32) {
    throw invalidOption(`tokenSecret: expected at least 32 bytes, got ${tokenSecret.length}`)
  }
  if (!(tokenMaxAgeSeconds >= 0)) throw invalidOption('tokenMaxAgeSeconds: expected 0 or more')
  if (!isLoopback(host) && tokenSecret === undefined && insecure !== true) {
    throw invalidOption(`host: ${host} is not loopback; give a tokenSecret, or say insecure`)
  }
}

/** The host of a Host header, without its port; `undefined` when it makes no sense. */
function hostOf(header: string): string | undefined {
  const [, host] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(header) ?? []
  return host?.toLowerCase()
}

/** Whether a Host header is an IP address or an allowed name; HTTP/1.0 has none. */
export function isHostAllowed(header: string | undefined, allowed: readonly string[] = ['localhost']): boolean {
  if (header === undefined || allowed.includes('*')) return true
  const host = hostOf(header)
  if (host === undefined) return false
  return (
    host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || allowed.some(name => name.toLowerCase() === host)
  )
}

/** Whether an Origin header, when there is one, is allowed. */
export function isOriginAllowed(origin: string | undefined, allowed: readonly string[] = loopback): boolean {
  if (origin === undefined || allowed.includes('*')) return true
  const host = /^[a-z][a-z0-9+.-]*:\/\/(\[[0-9a-fA-F:.]+\]|[^:/[\]]+)(?::\d{1,5})?$/i.exec(origin)?.[1]?.toLowerCase()
  return allowed.some(name => name.toLowerCase() === origin.toLowerCase() || name.toLowerCase() === host)
}
