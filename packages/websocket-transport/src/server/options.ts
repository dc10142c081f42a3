import { callerError, check, type NetRestrict, parseNetRestrict } from '@status-stack/rlpx/carrier'
import { formatWebSocketUrl } from '../addresses.ts'

/** Values of the listening side, all optional. */
export interface WebSocketServerOptions {
  /** Path at which WebSockets are opened; anything else is 404. @default '/' */
  readonly path?: string | undefined
  /**
   * Origins of pages that may connect, exactly as browsers write them (`https://app.example.org`), or `any`. Programs that state no
   * origin are let in: whoever is not a browser can state anything. @default no page
   */
  readonly origins?: readonly string[] | 'any' | undefined
  /**
   * Networks whose `X-Forwarded-For` is believed, as CIDR masks (`127.0.0.1/32`). Behind a proxy it has to be named here: all limits
   * by address would else count the proxy's own. @default none
   */
  readonly trustedProxies?: string | undefined
  /** What others dial where it is not the address we listen at: `wss://node.example.org/rlpx`. @default ws at that address */
  readonly publicUrl?: string | undefined
  /** WebSocket Ping, and a peer that has not answered the one before is closed. 1 000 – 600 000 ms. @default 25 000 */
  readonly pingIntervalMs?: number | undefined
}

/** {@link WebSocketServerOptions} with every default filled in. */
export interface ResolvedServerOptions {
  readonly path: string
  readonly origins: ReadonlySet<string> | 'any'
  readonly trustedProxies: NetRestrict | undefined
  readonly publicUrl: string | undefined
  readonly pingIntervalMs: number
}

function originsOf(origins: WebSocketServerOptions['origins']): ResolvedServerOptions['origins'] {
  if (origins === 'any') return 'any'
  if (origins === undefined) return new Set()
  check.array('origins', origins)
  for (const origin of origins) {
    check.text('origins', origin)
    // `null` is what sandboxed pages and files of the disk all say: it identifies no site.
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw callerError('invalid-argument', 'origins: expected origins such as https://app.example.org', {
        argument: 'origins'
      })
    }
  }
  return new Set(origins)
}

const names = [
  'path',
  'origins',
  'trustedProxies',
  'publicUrl',
  'pingIntervalMs'
] satisfies (keyof WebSocketServerOptions)[]

/**
 * Checks and fills options once.
 *
 * @param more names of the options that there are besides
 * @throws TransportError `invalid-argument`, of `trustedProxies` and `publicUrl` `invalid-text`
 */
export function resolveServerOptions(
  options: WebSocketServerOptions,
  more: readonly string[] = []
): ResolvedServerOptions {
  check.options('options', options, [...names, ...more])
  const { path = '/', trustedProxies, publicUrl, pingIntervalMs = 25_000 } = options
  check.text('path', path)
  if (!/^\/[\w\-./~%]*$/.test(path))
    throw callerError('invalid-argument', 'path: expected a path such as /rlpx', { argument: 'path' })
  check.integer('pingIntervalMs', pingIntervalMs, 1_000, 600_000)
  if (publicUrl !== undefined) check.text('publicUrl', publicUrl)
  if (publicUrl !== undefined) formatWebSocketUrl(new Uint8Array(65), publicUrl)
  return Object.freeze({
    path,
    origins: originsOf(options.origins),
    trustedProxies: trustedProxies === undefined ? undefined : parseNetRestrict(trustedProxies, 'trustedProxies'),
    publicUrl,
    pingIntervalMs
  })
}
