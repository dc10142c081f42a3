import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { securityHeaders } from '../headers.ts'
import { serverLimits as limits } from './limits.ts'
import type { PageFile } from './page-files.ts'

/** What is served. */
export interface PageContent {
  /** Of {@link readPageFiles}. */
  readonly files: ReadonlyMap<string, PageFile>
  /** The text of `/node.json`, which names the node that the page joins by itself. */
  readonly nodeFile: () => string
  /** Takes requests for a WebSocket once the port is known: `webSocketUpgrade` of websocket-transport, which checks their origin. */
  readonly upgrade: (port: number) => (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** A running server of the page. */
export interface PageServer {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number
  /** Closes it, and the connections to it. */
  readonly close: () => Promise<void>
}

/**
 * Pages of this server, as browsers name their origin.
 *
 * @example
 * ```ts
 * originsOf(8580) // ['http://127.0.0.1:8580', 'http://localhost:8580']
 * ```
 */
export const originsOf = (port: number): readonly string[] => [`http://127.0.0.1:${port}`, `http://localhost:${port}`]

/** Names by which a browser may ask: a page elsewhere whose name was made to point here sends its own. */
const isMeant = (host: string | undefined): boolean => /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host ?? '')

/**
 * Serves the page on this machine alone. Without TLS a browser trusts a page of loopback only, and no other machine may have its
 * messages pass in the clear.
 *
 * @param port 0 for one that is free
 * @throws the error of the system where it cannot listen, such as `EADDRINUSE`
 * @example
 * ```ts
 * const upgrade = (port: number) => webSocketUpgrade({ path: '/rlpx', origins: originsOf(port) }, host.accept)
 * const { port } = await servePage({ files, nodeFile: () => '{}', upgrade }, 8580)
 * ```
 */
export async function servePage(content: PageContent, port: number): Promise<PageServer> {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.requestMs
    },
    (request, response) => answer(request, response, content)
  )
  // BOUNDED: limits.connections
  server.maxConnections = limits.connections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // The listening socket may fail later, for want of files say: that ends one connection, not the process.
  server.on('error', () => undefined)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const upgrade = content.upgrade(bound)
  server.on('upgrade', (request, socket, head) => {
    if (isMeant(request.headers.host)) upgrade(request, socket, head)
    else socket.destroy()
  })
  return {
    port: bound,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const nothing = new Uint8Array()

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

function answer(request: IncomingMessage, response: ServerResponse, content: PageContent): void {
  const { status, headers, body = nothing } = answerTo(request, content)
  response.writeHead(status, { ...securityHeaders, ...headers, 'content-length': String(body.length) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function answerTo({ headers, method, url = '' }: IncomingMessage, { files, nodeFile }: PageContent): Answer {
  if (!isMeant(headers.host)) return { status: 403 }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } }
  const [path = ''] = url.split(/[?#]/, 1)
  if (path === '/node.json') {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: new TextEncoder().encode(nodeFile())
    }
  }
  const file = files.get(path)
  if (file === undefined) return { status: 404 }
  const { type, lasting, bytes } = file
  const caching = lasting ? 'max-age=31536000, immutable' : 'no-cache'
  return { status: 200, headers: { 'content-type': type, 'cache-control': caching }, body: bytes }
}
