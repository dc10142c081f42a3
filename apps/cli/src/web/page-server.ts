import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { securityHeaders } from '@status-stack/web'
import type { webSocketUpgrade } from '@status-stack/websocket-transport/server'
import { CliError, codeOf } from '../errors.ts'
import { limits } from '../limits.ts'
import type { PageFile } from './page-files.ts'

/** What is served. */
export interface PageContent {
  readonly files: ReadonlyMap<string, PageFile>
  /** The text of `/node.json`. */
  readonly nodeFile: () => string
  readonly upgrade: (port: number) => ReturnType<typeof webSocketUpgrade>
}

/** A running server of the page. */
export interface PageServer {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Pages of this server, as browsers name their origin. */
export const originsOf = (port: number): readonly string[] => [`http://127.0.0.1:${port}`, `http://localhost:${port}`]

/** Names by which a browser may ask: a page elsewhere whose name was made to point here sends its own. */
const isMeant = (host: string | undefined): boolean => /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host ?? '')

/**
 * Serves the page on this machine alone. Without TLS a browser trusts a page of loopback only, and no other machine may have its
 * messages pass in the clear. @throws CliError `page-listen`
 */
export async function servePage(content: PageContent, port: number): Promise<PageServer> {
  const server = createServer(
    {
      maxHeaderSize: limits.pageHeaderBytes,
      headersTimeout: limits.pageRequestMs,
      requestTimeout: limits.pageRequestMs,
      connectionsCheckingInterval: limits.pageRequestMs
    },
    (request, response) => answer(request, response, content)
  )
  // BOUNDED: limits.pageConnections
  server.maxConnections = limits.pageConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(
        new CliError(
          'failed',
          'page-listen',
          `the page cannot be served on 127.0.0.1:${port} (${codeOf(error) ?? 'unexpected'})`,
          'choose another port with --http'
        )
      )
    )
    server.listen(port, '127.0.0.1', resolve)
  })
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

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

function answer(request: IncomingMessage, response: ServerResponse, content: PageContent): void {
  const { status, headers, body = '' } = answerTo(request, content)
  response.writeHead(status, { ...securityHeaders, ...headers, 'content-length': String(Buffer.byteLength(body)) })
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
      body: nodeFile()
    }
  }
  const file = files.get(path)
  if (file === undefined) return { status: 404 }
  const { type, lasting, bytes } = file
  const caching = lasting ? 'max-age=31536000, immutable' : 'no-cache'
  return { status: 200, headers: { 'content-type': type, 'cache-control': caching }, body: bytes }
}
