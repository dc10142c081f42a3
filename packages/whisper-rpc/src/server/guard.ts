import { check } from '../checks.ts'
import { invalidOption } from '../errors.ts'

/** Who may talk to a server over HTTP. */
export interface GuardOptions {
  /**
   * Names that the Host header may have beside IP addresses, `*` = any. It keeps web pages out whose name was made to point
   * here. @default ['localhost']
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Web origins that may call, `*` = any: a whole origin (`https://app.example`), or a host name for any scheme and port. Requests
   * without an Origin header are not from web pages and pass. A page of this machine is a page all the same: any program can serve
   * one. @default none over HTTP, `http://localhost` over WebSocket, as at go-ethereum
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * Secret of at least 32 bytes: every request needs `Authorization: Bearer <JWT>`, signed with it by HS256.
   * @default no token
   */
  readonly tokenSecret?: Uint8Array | undefined
  /**
   * Oldest token, by its `iat`, which it must have; seconds. 0 = any age: then a token must have an `exp`. Tokens end either way.
   * @default 60, as at go-ethereum
   */
  readonly tokenMaxAgeSeconds?: number | undefined
  /** Listen beyond loopback without a token. @default false */
  readonly insecure?: boolean | undefined
}

/** The names of {@link GuardOptions}. */
export const guardNames: readonly (keyof GuardOptions)[] = [
  'allowedHosts',
  'allowedOrigins',
  'tokenSecret',
  'tokenMaxAgeSeconds',
  'insecure'
]

/** Whether a host to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** @throws RpcError `invalid-argument` */
export function assertGuard(host: string, options: GuardOptions): void {
  const { tokenSecret, tokenMaxAgeSeconds = 0, insecure, allowedHosts, allowedOrigins } = options
  if (tokenSecret !== undefined) check.bytes('tokenSecret', tokenSecret, { min: 32 })
  // A year and a day: what is older is no token that ends.
  check.number('tokenMaxAgeSeconds', tokenMaxAgeSeconds, 0, 366 * 86_400)
  if (insecure !== undefined) check.boolean('insecure', insecure)
  for (const [name, list] of Object.entries({ allowedHosts, allowedOrigins })) {
    if (list === undefined) continue
    check.array(name, list)
    for (const each of list) check.text(name, each)
  }
  if (!isLoopback(host) && tokenSecret === undefined && insecure !== true) {
    throw invalidOption('host', `${host} is not loopback; give a tokenSecret, or say insecure`)
  }
}

/** The host of a Host header, without its port; `undefined` when it makes no sense. */
function hostOf(header: string): string | undefined {
  const [, host] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(header) ?? []
  return host?.toLowerCase()
}

/** Whether a Host header is an IP address or an allowed name; HTTP/1.0 may have none. */
export function isHostAllowed(
  header: string | undefined,
  allowed: readonly string[] = ['localhost'],
  mayBeAbsent = false
): boolean {
  if (header === undefined) return mayBeAbsent
  if (allowed.includes('*')) return true
  const host = hostOf(header)
  if (host === undefined) return false
  return (
    host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || allowed.some(name => name.toLowerCase() === host)
  )
}

/** What decides whether a request is let in, as the server read it. */
export interface RequestHead {
  readonly httpVersion: string
  /** Names and values in turn, repeated ones included. */
  readonly rawHeaders: readonly string[]
  readonly url?: string | undefined
  readonly headers: { readonly host?: string | undefined }
}

/** Headers that decide who a request is for and from: two of one are two answers. */
const single = new Set(['host', 'origin', 'authorization', 'content-type', 'content-length'])

/**
 * Why the head of a request makes no sense; `undefined` when it does.
 * SPEC: RFC 9112, 3.2: a request with more than one Host, or without one in HTTP/1.1, is answered with 400; the host of a target in
 * absolute form counts instead of the header, so such targets, which only proxies get, are refused.
 */
export function headFault({ httpVersion, rawHeaders, url, headers }: RequestHead): string | undefined {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (seen.has(name) && single.has(name)) return `more than one ${name} header`
    seen.add(name)
  }
  if (headers.host === undefined && httpVersion !== '1.0') return 'missing host header'
  if (url !== undefined && !url.startsWith('/') && url !== '*') return 'request target is not a path'
  return undefined
}

/** Whether an Origin header, when there is one, is allowed. */
export function isOriginAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes('*')) return true
  const host = /^[a-z][a-z0-9+.-]*:\/\/(\[[0-9a-fA-F:.]+\]|[^:/[\]]+)(?::\d{1,5})?$/i.exec(origin)?.[1]?.toLowerCase()
  return allowed.some(name => name.toLowerCase() === origin.toLowerCase() || name.toLowerCase() === host)
}
