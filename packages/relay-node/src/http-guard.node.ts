import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isLoopback } from '@status-stack/devp2p-transport'

/** Where a server listens, and the names beside addresses by which it is meant. */
export interface HostRules {
  /** Address or name that it listens on. */
  readonly listenHost: string
  /** Names that a Host header may have as well. */
  readonly names: readonly string[]
}

export interface HttpRefusal {
  readonly status: 400 | 403
  readonly reason: string
}

/**
 * Why a request is not answered: a web page whose name was made to point here (DNS rebinding) sends its own name as Host, and
 * two Host headers are read differently by different programs. A loopback server answers to loopback names and addresses, one
 * that listens elsewhere to that address, one on all addresses to any address; and each to the names it was told of.
 * SPEC: RFC 9112, section 3.2.
 */
export function refusalOf(request: IncomingMessage, rules: HostRules): HttpRefusal | undefined {
  const [host, ...more] = request.headersDistinct['host'] ?? []
  if (host === undefined || more.length > 0) return { status: 400, reason: 'exactly one Host header is expected' }
  const name = nameIn(host)
  if (name === undefined) return { status: 400, reason: 'the Host header is malformed' }
  if (!isMeant(name, rules)) return { status: 403, reason: 'this host name is not served here' }
  const origins = request.headersDistinct['origin'] ?? []
  if (!origins.every(origin => isOwnOrigin(origin, rules))) return { status: 403, reason: 'this origin is not allowed' }
  return undefined
}

/** The host of a Host header in lower case, without port, brackets and the dot of a full name; `undefined` when malformed. */
function nameIn(header: string): string | undefined {
  const [, v6, other] = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([a-zA-Z0-9._-]{1,253}))(?::\d{1,5})?$/.exec(header) ?? []
  if (v6 !== undefined) return isIP(v6) === 6 ? v6.toLowerCase() : undefined
  return other?.toLowerCase().replace(/\.$/, '')
}

function isMeant(name: string, { listenHost, names }: HostRules): boolean {
  if (name === 'localhost' || (isIP(name) !== 0 && isLoopback(name))) return true
  if (names.some(one => one.toLowerCase() === name) || listenHost.toLowerCase() === name) return true
  return isIP(name) !== 0 && (listenHost === '0.0.0.0' || listenHost === '::')
}

function isOwnOrigin(origin: string, rules: HostRules): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(.+)$/i.exec(origin)?.[1]
  const name = host === undefined ? undefined : nameIn(host)
  return name !== undefined && isMeant(name, rules)
}
