import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Rpc } from '../rpc.ts'
import { assertGuard, isHostAllowed, isOriginAllowed } from './guard.ts'
import { authorityOf, closed, listen } from './listen.node.ts'
import { type RpcServer, resolveServerOptions, type ServerOptions } from './options.ts'
import { isTokenValid } from './token.ts'

const contentTypes = ['application/json', 'application/json-rpc', 'application/jsonrequest']

/** A refusal: HTTP status and text. */
interface Refusal {
  readonly status: number
  readonly text: string
}

/**
 * Serves the API over HTTP: POST of one message or batch. Loopback and port 8545 by default.
 * @throws RpcError `invalid-option`, `address-in-use`
 */
export async function serveHttp(rpc: Rpc, options: ServerOptions = {}): Promise<RpcServer> {
  const resolved = resolveServerOptions(options, 8545)
  assertGuard(resolved.host, options)
  const connectionsCheckingInterval = Math.min(resolved.requestTimeoutMs, 30_000)
  const server = createServer({ connectionsCheckingInterval }, (request, response) => {
    respond(rpc, options, resolved.maxBodyBytes, request, response).catch(() => response.destroy())
  })
  server.maxConnections = resolved.maxConnections
  server.requestTimeout = resolved.requestTimeoutMs
  server.headersTimeout = resolved.requestTimeoutMs
  server.keepAliveTimeout = resolved.idleTimeoutMs
  await listen(server, resolved)
  return {
    url: `http://${authorityOf(server)}`,
    close: async () => {
      const done = closed(server)
      server.closeAllConnections()
      await done
    }
  }
}

async function respond(
  rpc: Rpc,
  options: ServerOptions,
  maxBodyBytes: number,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const refusal = refusalOf(request, options, maxBodyBytes)
  const { origin } = request.headers
  if (refusal?.status !== 403 && origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader('access-control-allow-headers', 'content-type, authorization')
    response.setHeader('vary', 'origin')
  }
  if (refusal !== undefined) return refuse(request, response, refusal)
  if (request.method === 'OPTIONS') return finish(response, 204)
  if (!(await isTokenValid(request.headers.authorization, options))) {
    return refuse(request, response, { status: 401, text: 'missing or invalid token' })
  }
  // Health checks ask with an empty GET.
  if (request.method === 'GET') return finish(response, 200)
  const body = await bodyOf(request, maxBodyBytes)
  if (body === undefined) return refuse(request, response, { status: 413, text: tooLarge(maxBodyBytes) })
  const answer = await rpc.call(body, { signal: gone.signal })
  response.setHeader('content-type', 'application/json')
  finish(response, 200, answer)
}

/** What a request is refused for before its body is read. */
function refusalOf(
  { method, headers, url }: IncomingMessage,
  { allowedHosts, allowedOrigins }: ServerOptions,
  maxBodyBytes: number
): Refusal | undefined {
  if (!isHostAllowed(headers.host, allowedHosts)) return { status: 403, text: 'invalid host specified' }
  if (!isOriginAllowed(headers.origin, allowedOrigins)) return { status: 403, text: 'origin not allowed' }
  if (method === 'OPTIONS') return undefined
  const length = Number(headers['content-length'] ?? 0)
  const empty = length === 0 && headers['transfer-encoding'] === undefined && url?.includes('?') !== true
  if (method === 'GET' && empty) return undefined
  if (method !== 'POST' && method !== 'GET') return { status: 405, text: 'method not allowed' }
  if (length > maxBodyBytes) return { status: 413, text: tooLarge(maxBodyBytes) }
  const [type] = (headers['content-type'] ?? '').split(';')
  if (method === 'GET' || !contentTypes.includes(type?.trim().toLowerCase() ?? '')) {
    return { status: 415, text: 'invalid content type, only application/json is supported' }
  }
  return undefined
}

function tooLarge(maxBodyBytes: number): string {
  return `content length too large, at most ${maxBodyBytes} bytes`
}

/** The whole body as text; `undefined` when it is longer than allowed. */
async function bodyOf(request: IncomingMessage, maxBodyBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBodyBytes) return undefined
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  return parts.join('') + decoder.decode()
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, text }: Refusal): void {
  // What is left of the body is not read: the connection ends with the answer.
  if (!request.complete) response.setHeader('connection', 'close')
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  finish(response, status, `${text}\n`)
}

function finish(response: ServerResponse, status: number, body?: string): void {
  response.statusCode = status
  response.end(body)
}
